package io.noesis.ingest.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a file or folder holds.
 *
 * @param path what was looked at
 * @param format name of its format in {@link Formats}
 * @param facts in the order to show them
 */
public record Summary(Path path, String format, List<Fact> facts) {
  /**
   * One line.
   *
   * @param label what: {@code shape}
   * @param value the value in words: {@code [40, 64, 64, 576]}
   */
  public record Fact(String label, String value) {}

  /** Copies the list. */
  public Summary {
    facts = List.copyOf(facts);
  }

  /** Collects facts in order. */
  static final class Builder {
    private final Path path;
    private final String format;
    private final List<Fact> facts = new ArrayList<>();

    Builder(Path path, String format) {
      this.path = path;
      this.format = format;
    }

    Builder add(String label, Object value) {
      facts.add(new Fact(label, String.valueOf(value)));
      return this;
    }

    Summary build() {
      return new Summary(path, format, facts);
    }
  }
}
