package io.noesis.ingest.manifest;

import io.noesis.run.Check;
import io.noesis.run.Fingerprint;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A public model that can be fetched by name.
 *
 * @param name lower-case letters, digits, {@code -} and {@code .}
 * @param form whether it is ready for use
 * @param title what it is, in one line
 * @param licence of the weights
 * @param terms where licence and terms can be read
 * @param files what belongs to it
 * @param next what to do with a checkpoint
 */
public record CatalogueModel(
    String name,
    Form form,
    String title,
    String licence,
    String terms,
    List<CatalogueFile> files,
    Optional<String> next) {
  /** What the files are. */
  public enum Form {
    /** A model pack, as a folder of files or as one {@code .zip}. */
    PACK,
    /** Weights of another program: kept for a script of {@code reconstruction/export}. */
    CHECKPOINT
  }

  /** Checks the name and copies the files. */
  public CatalogueModel {
    files = List.copyOf(files);
    Check.argument(
        name.matches("[a-z0-9][a-z0-9.-]*"),
        "name: expected lower-case letters, digits, '-' and '.', found '%s'",
        name);
    Check.argument(!files.isEmpty(), "files: '%s' has none, expected at least one", name);
  }

  /** Whether it comes as one {@code .zip}. */
  public boolean archive() {
    String path = files.get(0).path().toString();
    return files.size() == 1 && path.toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  /** SHA-256 over the digests of its files. */
  public String digest() {
    return Fingerprint.ofText(
        String.join("\n", files.stream().map(f -> f.path() + " " + f.sha256()).toList()));
  }
}
