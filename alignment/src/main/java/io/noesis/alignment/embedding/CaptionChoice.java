package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import java.util.List;

/** What becomes of several captions of one stimulus where one target is made of them. */
public enum CaptionChoice {
  /** The first caption counts. */
  FIRST("the first caption of each stimulus"),
  /**
   * The mean of the embeddings of all captions, as Takagi and Nishimoto (2023) and Brain-Diffuser
   * (Ozcelik and VanRullen 2023, doi:10.1038/s41598-023-42891-8) have it. In a space of unit
   * vectors the mean is brought back to length 1; in others, theirs included, it stays as it is.
   */
  MEAN("the mean of all captions of each stimulus"),
  /**
   * Networks meet one caption, drawn anew for each trial at every step of the training, as
   * NeuroPictor, WAVE and GLIM do; where nothing is trained by steps (held-out trials, scores,
   * galleries, ridge) {@link #MEAN} stands for them, of numbers of words {@link #FIRST}.
   */
  EACH("one caption of each stimulus, drawn at every step, in training; elsewhere the mean of all");

  private final String words;

  CaptionChoice(String words) {
    this.words = words;
  }

  /**
   * The captions that a target is made of.
   *
   * @param stimulus whose
   * @return none where it has none
   */
  public List<String> of(Stimulus stimulus) {
    return this == FIRST ? stimulus.caption().stream().toList() : stimulus.captions();
  }

  /** What of the identity of targets the choice is; the first caption needs none. */
  public String several() {
    return this == FIRST ? "" : words;
  }

  /** For readers. */
  public String words() {
    return words;
  }
}
