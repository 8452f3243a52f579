package io.noesis.experiment;

import io.noesis.alignment.score.Condition;
import io.noesis.experiment.MadeTable.Row;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.report.Report.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How many different captions were written, and what saying the same of everything would be worth:
 * a language model writes fluent sentences of noise, too, and one that has collapsed writes few.
 */
final class CaptionVariety {
  private static final int LONGEST = 60;

  private CaptionVariety() {}

  /**
   * What a report says of it.
   *
   * @param table captions of one subject
   * @param stimuli with their categories
   * @return lines for its data card
   */
  static List<Line> lines(MadeTable table, StimulusSet stimuli) {
    List<Line> lines = new ArrayList<>();
    Stream.of(Condition.DECODED, Condition.NOISE, Condition.CEILING)
        .filter(condition -> !table.of(condition.key()).isEmpty())
        .map(condition -> different(condition.key(), condition.words(), table))
        .forEach(lines::add);
    if (!table.of(MadeTable.SHOWN).isEmpty()) {
      lines.add(different(MadeTable.SHOWN, "true", table));
    }
    majority(table.of(Condition.DECODED.key()), stimuli).ifPresent(lines::add);
    return lines;
  }

  private static Line different(String condition, String words, MadeTable table) {
    Map<String, Long> counts = counts(table.of(condition).stream().map(Row::content));
    Map.Entry<String, Long> most = most(counts);
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    String example = most.getKey();
    String text = counts.size() + " of " + all;
    if (most.getValue() > 1) {
      text +=
          String.format(
              Locale.ROOT,
              "; %d times '%s'",
              most.getValue(),
              example.length() <= LONGEST ? example : example.substring(0, LONGEST) + "...");
    }
    return new Line("different captions, " + words, text);
  }

  /** The share of the commonest category, which needs no brain. */
  private static Optional<Line> majority(List<Row> rows, StimulusSet stimuli) {
    Map<String, Long> counts =
        counts(
            rows.stream()
                .map(Row::stimulus)
                .filter(stimuli::contains)
                .map(id -> stimuli.get(id).category())
                .filter(category -> !category.isBlank()));
    if (counts.size() < 2) {
      return Optional.empty();
    }
    Map.Entry<String, Long> most = most(counts);
    double share = (double) most.getValue() / rows.size();
    return Optional.of(
        new Line(
            "category named without looking",
            String.format(Locale.ROOT, "always '%s': right of %.3f", most.getKey(), share)));
  }

  private static Map<String, Long> counts(Stream<String> texts) {
    return texts.collect(
        Collectors.groupingBy(text -> text, LinkedHashMap::new, Collectors.counting()));
  }

  /** The commonest, of several the first. */
  private static Map.Entry<String, Long> most(Map<String, Long> counts) {
    long times = counts.values().stream().max(Comparator.naturalOrder()).orElseThrow();
    return counts.entrySet().stream().filter(e -> e.getValue() == times).findFirst().orElseThrow();
  }
}
