package io.noesis.ingest.simulate.stimulus;

import io.noesis.run.Fingerprint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pairs of category and colour that training pools never show, so that a generator can be asked
 * for something new made of known parts. Rule: of each category, the two colours whose SHA-256 of
 * {@code "noesis-held-out-1:CATEGORY:COLOUR"} is smallest.
 */
final class HeldOutPairs {
  private static final int PER_CATEGORY = 2;
  private static final Map<ObjectCategory, List<SceneColour>> PAIRS = pairs();

  private HeldOutPairs() {}

  static boolean contains(ObjectCategory category, SceneColour colour) {
    return of(category).contains(colour);
  }

  static List<SceneColour> of(ObjectCategory category) {
    List<SceneColour> known = PAIRS.get(category);
    return known != null ? known : rule(category.name());
  }

  private static List<SceneColour> rule(String category) {
    List<SceneColour> colours = new ArrayList<>(List.of(SceneColour.values()));
    colours.sort(
        Comparator.comparing(
            colour -> Fingerprint.ofText("noesis-held-out-1:" + category + ":" + colour.word())));
    return List.copyOf(colours.subList(0, PER_CATEGORY));
  }

  private static Map<ObjectCategory, List<SceneColour>> pairs() {
    Map<ObjectCategory, List<SceneColour>> pairs = new HashMap<>();
    ObjectCategories.all().forEach(each -> pairs.put(each, rule(each.name())));
    return Map.copyOf(pairs);
  }
}
