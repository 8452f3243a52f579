package io.noesis.ingest.simulate.stimulus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads attributes out of sentences in the words of {@link Scene#caption}, however they were put
 * together: what a captioner trained on these captions says of a picture.
 */
public final class CaptionWords {
  /** The attributes in the order of {@link Scene#id}. */
  public static final List<String> ATTRIBUTES =
      List.of("category", "colour", "size", "position", "count", "background");

  private static final Map<String, Map<String, Pattern>> PATTERNS = patterns();

  private CaptionWords() {}

  /**
   * What a sentence says. Of two different values of one attribute none counts.
   *
   * @param sentence any text
   * @return the value of each attribute that is named exactly once, as {@link Scene#id} has it
   */
  public static Map<String, String> attributes(String sentence) {
    String text = sentence.toLowerCase(Locale.ROOT);
    Map<String, String> found = new LinkedHashMap<>();
    PATTERNS.forEach(
        (attribute, values) -> {
          List<String> named = new ArrayList<>();
          values.forEach(
              (value, pattern) -> {
                if (pattern.matcher(text).find()) {
                  named.add(value);
                }
              });
          if (named.size() == 1) {
            found.put(attribute, named.get(0));
          }
        });
    return found;
  }

  /**
   * What a scene shows, in the same words.
   *
   * @param scene the scene
   * @return the value of every attribute
   */
  public static Map<String, String> attributes(Scene scene) {
    Map<String, String> out = new LinkedHashMap<>();
    List<String> values =
        List.of(
            scene.category().name(),
            scene.colour().word(),
            scene.size().word(),
            scene.position().word(),
            scene.count().word(),
            scene.background().word());
    for (int k = 0; k < values.size(); k++) {
      out.put(ATTRIBUTES.get(k), values.get(k));
    }
    return out;
  }

  private static Map<String, Map<String, Pattern>> patterns() {
    Map<String, Map<String, Pattern>> all = new LinkedHashMap<>();
    Map<String, Pattern> categories = new LinkedHashMap<>();
    for (ObjectCategory each : ObjectCategories.all()) {
      categories.put(each.name(), oneOf(List.of(each.word(), each.plural())));
    }
    all.put("category", categories);
    // The things' colour stands before their name; settings name colours too: "empty white paper".
    Map<String, Pattern> colours = new LinkedHashMap<>();
    List<String> sizes = new ArrayList<>();
    for (SceneSize size : SceneSize.values()) {
      sizes.addAll(SceneCaption.sizeWords(size));
    }
    for (SceneColour each : SceneColour.values()) {
      colours.put(
          each.word(),
          Pattern.compile("\\b(" + String.join("|", sizes) + ") " + each.word() + "\\b"));
    }
    all.put("colour", colours);
    all.put("size", words(SceneSize.values(), SceneSize::word, SceneCaption::sizeWords));
    all.put("position", words(ScenePosition.values(), ScenePosition::word, SceneCaption::where));
    Map<String, Pattern> counts = new LinkedHashMap<>();
    for (SceneCount each : SceneCount.values()) {
      String number = each == SceneCount.ONE ? "an?" : each.word();
      counts.put(
          each.word(), Pattern.compile("\\b" + number + " (" + String.join("|", sizes) + ")\\b"));
    }
    all.put("count", counts);
    all.put("background", words(Background.values(), Background::word, SceneCaption::setting));
    return all;
  }

  private static <E> Map<String, Pattern> words(
      E[] values, Function<E, String> name, Function<E, List<String>> wordings) {
    Map<String, Pattern> out = new LinkedHashMap<>();
    for (E value : values) {
      out.put(name.apply(value), oneOf(wordings.apply(value)));
    }
    return out;
  }

  private static Pattern oneOf(List<String> phrases) {
    return Pattern.compile(
        "\\b(" + String.join("|", phrases.stream().map(Pattern::quote).toList()) + ")\\b");
  }
}
