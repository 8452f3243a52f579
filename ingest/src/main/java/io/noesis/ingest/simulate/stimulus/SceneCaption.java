package io.noesis.ingest.simulate.stimulus;

import io.noesis.run.PinnedRandom;
import java.util.List;

/** Puts a scene into English words; which synonym is used is drawn from a named seed. */
final class SceneCaption {
  private SceneCaption() {}

  static String of(Scene scene, PinnedRandom random) {
    String things = things(scene, random);
    String where = pick(where(scene.position()), random);
    String setting = pick(setting(scene.background()), random);
    return switch (random.nextInt(4)) {
      case 0 -> things + " " + where + ", " + setting;
      case 1 -> things + " " + setting + ", " + where;
      case 2 -> setting + ", " + things + " " + where;
      default -> "a picture of " + things + " " + where + ", " + setting;
    };
  }

  /** The words with {@code a} or {@code an} before them. */
  static String withArticle(String words) {
    return ("aeiou".indexOf(words.charAt(0)) >= 0 ? "an " : "a ") + words;
  }

  /** All ways in which a size may be worded. */
  static List<String> sizeWords(SceneSize size) {
    return switch (size) {
      case SMALL -> List.of("small", "little", "tiny");
      case MEDIUM -> List.of("medium-sized", "mid-sized", "average-sized");
      case LARGE -> List.of("large", "big", "huge");
    };
  }

  /** All ways in which a position may be worded. */
  static List<String> where(ScenePosition position) {
    return switch (position) {
      case LEFT -> List.of("on the left", "on the left side", "at the left");
      case RIGHT -> List.of("on the right", "on the right side", "at the right");
      case TOP -> List.of("at the top", "near the top", "in the upper part");
      case BOTTOM -> List.of("at the bottom", "near the bottom", "in the lower part");
      case CENTRE -> List.of("in the centre", "in the middle", "at the centre");
    };
  }

  /** All ways in which a background may be worded. */
  static List<String> setting(Background background) {
    return switch (background) {
      case STUDIO ->
          List.of(
              "on a plain grey background", "in a plain grey studio", "in front of a grey wall");
      case WHITE ->
          List.of("on a white background", "on a plain white background", "on empty white paper");
      case SKY ->
          List.of("in a cloudy sky", "against a bright sky with clouds", "up among the clouds");
      case MEADOW -> List.of("in a grassy meadow", "on a meadow with hills", "in a field of grass");
      case BEACH ->
          List.of("on a sandy beach", "at the beach by the sea", "on the sand by the sea");
      case NIGHT ->
          List.of("under a starry night sky", "at night under the moon", "in front of a night sky");
      case CITY ->
          List.of("on a city street", "in front of a city skyline", "on a road in the city");
      case ROOM ->
          List.of(
              "in a room with a wooden floor", "inside a room with a window", "in a living room");
    };
  }

  private static String things(Scene scene, PinnedRandom random) {
    String described = pick(sizeWords(scene.size()), random) + " " + scene.colour().word() + " ";
    return scene.count() == SceneCount.ONE
        ? withArticle(described + scene.category().word())
        : scene.count().word() + " " + described + scene.category().plural();
  }

  private static String pick(List<String> words, PinnedRandom random) {
    return words.get(random.nextInt(words.size()));
  }
}
