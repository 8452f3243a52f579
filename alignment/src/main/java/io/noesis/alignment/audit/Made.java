package io.noesis.alignment.audit;

import io.noesis.alignment.score.Condition;
import io.noesis.alignment.score.Score;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pictures or captions that were made from the decoded embeddings of one subject.
 *
 * @param what {@code pictures} or {@code captions}
 * @param primary the metric that decides, declared beforehand, without its pool size
 * @param scores what was scored, by what it was made from
 * @param inputs what the model was given of a stimulus
 * @param drawn how many were drawn per stimulus
 * @param choice how one of them was chosen
 */
public record Made(
    String what,
    String primary,
    Map<Condition, List<Score>> scores,
    List<Input> inputs,
    int drawn,
    Choice choice) {
  /** What a model may be given of a stimulus. */
  public enum Input {
    /** Its decoded embedding. */
    DECODED_EMBEDDING("the decoded embedding"),
    /** A caption that was itself made from its decoded embedding. */
    DECODED_CAPTION("the caption made from the decoded embedding"),
    /** Words of its true caption. */
    TRUE_CAPTION("the true caption"),
    /** Its picture or anything computed from it. */
    TRUE_PICTURE("the true picture");

    private final String words;

    Input(String words) {
      this.words = words;
    }

    boolean isTruth() {
      return this == TRUE_CAPTION || this == TRUE_PICTURE;
    }

    String words() {
      return words;
    }
  }

  /** How one of several drawn for a stimulus was chosen. */
  public enum Choice {
    /** There was only one, or the first was taken. */
    FIRST,
    /** The one nearest to the decoded embedding, without a look at the truth. */
    NEAREST_TO_DECODED,
    /** The one nearest to what was shown. */
    NEAREST_TO_TRUTH
  }

  /** Copies the collections. */
  public Made {
    scores = Map.copyOf(scores);
    inputs = List.copyOf(inputs);
  }

  /** The score that decides, of what was made from one thing. */
  Optional<Score> primary(Condition condition) {
    return scores.getOrDefault(condition, List.of()).stream()
        .filter(s -> s.metric().startsWith(primary + "@"))
        .findFirst();
  }
}
