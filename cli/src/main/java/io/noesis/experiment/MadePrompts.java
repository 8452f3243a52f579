package io.noesis.experiment;

import io.noesis.alignment.score.Condition;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import java.util.Optional;

/**
 * The captions that a run made, as the texts that its pictures are made with: for each condition
 * and stimulus the one that was made of the same decoded, mean, category, noise or true embedding.
 * What was shown, and captions that were copied from elsewhere, are none of them.
 */
final class MadePrompts {
  private final Optional<MadeTable> made;
  private final boolean needed;
  private final Progress progress;
  private boolean warned;

  private MadePrompts(Optional<MadeTable> made, boolean needed, Progress progress) {
    this.made = made;
    this.needed = needed;
    this.progress = progress;
  }

  /**
   * Of one subject.
   *
   * @param run where captions were made
   * @param subject label
   * @param spec the section of pictures
   * @param root of the pictures' seeds
   * @param progress hears where a second stage goes without
   * @throws RecipeException when a generator is to read captions, and none were made or with
   *     another seed: those of noise are then of other noise
   */
  static MadePrompts of(
      RunFolder run, String subject, PicturesSpec spec, long root, Progress progress) {
    boolean needed = spec.prompt() != PicturesSpec.Prompt.NONE;
    if (!needed && spec.refine().isEmpty()) {
      return new MadePrompts(Optional.empty(), false, progress);
    }
    Optional<MadeRequest> request =
        MadeRequest.read(run, MadeRequest.CAPTIONS).filter(r -> r.finished(run, subject));
    Optional<MadeTable> made = request.map(r -> MadeTable.read(run.file(r.table(subject))));
    Optional<String> seed = request.map(r -> r.facts().getOrDefault("seed root", ""));
    if (needed && seed.isPresent() && !seed.get().equals(Long.toString(root))) {
      throw new RecipeException(
          "making pictures with captions as prompts: those of "
              + run.path()
              + " were made with the seed "
              + seed.get()
              + ", pictures are asked for with "
              + root
              + ". Give both the same --seed.");
    }
    if (made.isEmpty() && needed) {
      throw new RecipeException(
          "making pictures with captions as prompts: none were made of subject "
              + subject
              + " in "
              + run.path()
              + ". Make them first: noesis caption, or a recipe with the section captions; or set"
              + " pictures.prompt: none.");
    }
    MadePrompts prompts = new MadePrompts(made, needed, progress);
    if (made.isEmpty()) {
      prompts.warn("no captions were made; make them first");
    }
    return prompts;
  }

  /**
   * The text of one picture.
   *
   * @param condition one that is made from embeddings
   * @param stimulus its id
   * @return the caption; empty where a second stage goes without, or nothing reads any
   */
  String of(Condition condition, String stimulus) {
    if (made.isEmpty()) {
      return "";
    }
    Optional<String> caption =
        made.get()
            .row(condition.key(), stimulus)
            .filter(row -> !row.key().isEmpty())
            .map(MadeTable.Row::content);
    if (caption.isEmpty() && needed) {
      throw new RecipeException(
          "making pictures with captions as prompts: no caption was made of '"
              + stimulus
              + "' for the condition '"
              + condition.key()
              + "'. Let the section captions have the conditions and stimuli of the section"
              + " pictures, and the same seed, and make the captions again.");
    }
    if (caption.isEmpty()) {
      warn("no caption was made of '" + stimulus + "' for the condition '" + condition.key() + "'");
    }
    return caption.orElse("");
  }

  private void warn(String why) {
    if (!warned) {
      warned = true;
      progress.warn("the second stage of pictures reads an empty text where " + why);
    }
  }
}
