package io.noesis.ingest.simulate.stimulus;

/**
 * One kind of object that a scene can show.
 *
 * @param name the name in ids, features and recipes, for example {@code "ice-cream"}
 * @param word the English singular, for example {@code "ice cream"}
 * @param plural the English plural, for example {@code "ice creams"}
 * @param group the superordinate group
 * @param drawing how it is drawn
 */
public record ObjectCategory(
    String name, String word, String plural, ObjectGroup group, Drawing drawing) {

  /** The singular with its article, for prompts: {@code "an airplane"}. */
  public String withArticle() {
    return SceneCaption.withArticle(word);
  }

  @Override
  public String toString() {
    return name;
  }
}
