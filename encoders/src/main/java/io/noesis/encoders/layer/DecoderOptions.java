package io.noesis.encoders.layer;

import io.noesis.run.Check;

/**
 * What a {@link SemanticDecoder} computes.
 *
 * @param drive what is done to the input
 * @param gain μ, by which the input is multiplied
 * @param evolution what the context layer does
 * @param scores what a concept's logit is made of
 * @param sharpness by which logits are multiplied
 * @param feedback what attending does
 * @param kept α, the part of the state that stays when a slot is attended to
 * @param fedBack β, by which the concepts' vectors are multiplied before they are added
 */
public record DecoderOptions(
    Drive drive,
    double gain,
    Evolution evolution,
    Scores scores,
    Sharpness sharpness,
    Feedback feedback,
    double kept,
    double fedBack) {
  /** What is done to the input. */
  public enum Drive {
    /** Nothing, as published. */
    AS_IS,
    /**
     * The embedding and what the linear map makes of it are both divided by the root of their mean
     * square: a small input leaves γ near ½, and a short embedding (of length 1, as CLIP's are) is
     * drowned by the map's constants.
     */
    RMS
  }

  /** What the context layer does when the state evolves. */
  public enum Evolution {
    /** h' = B·sig(sig(h) + V·sig(q)), q' = W·sig(h'). */
    RECURRENT,
    /** q' = W·sig(v₀ + V·sig(q)). */
    FEED_FORWARD
  }

  /** What a concept's logit is made of. */
  public enum Scores {
    /** aᵀγ + a₀ with a learned a₀, as published. */
    OFFSET,
    /** aᵀ(γ − ½). */
    CENTRED
  }

  /** What attending to a slot adds to the state. */
  public enum Feedback {
    /** All concepts of the slot, each by its share: attention (P-SA). */
    SOFT("attention to all concepts"),
    /** One concept, drawn in training, the most probable one later (P-Samp). */
    HARD("attention to one concept"),
    /** Nothing, and the state does not evolve: every slot is read out of the input (P-Direct). */
    DIRECT("no feedback");

    private final String words;

    Feedback(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * By what logits are multiplied: the inverse of a temperature.
   *
   * @param first its value, where it is learned the first one
   * @param learned whether it is learned; the same matrix gives logits and what is fed back, whose
   *     sizes then need not agree
   */
  public record Sharpness(double first, boolean learned) {
    /** Checks the value. */
    public Sharpness {
      Check.argument(
          first > 0 && Double.isFinite(first),
          "semantic decoder: expected a sharpness above 0, found %s",
          first);
    }
  }

  /** Checks the numbers. */
  public DecoderOptions {
    Check.argument(
        Double.isFinite(gain) && gain != 0 && Double.isFinite(kept) && Double.isFinite(fedBack),
        "semantic decoder: expected a gain other than 0 and finite kept and fedBack, found %s, %s,"
            + " %s",
        gain,
        kept,
        fedBack);
  }

  /** As published: μ = α = β = 1, and attention to all concepts. */
  public static DecoderOptions defaults() {
    return new DecoderOptions(
        Drive.AS_IS,
        1,
        Evolution.RECURRENT,
        Scores.OFFSET,
        new Sharpness(1, false),
        Feedback.SOFT,
        1,
        1);
  }

  /** The same with an input of unit size, centred scores and a learned sharpness. */
  public DecoderOptions scaled() {
    return new DecoderOptions(
        Drive.RMS,
        gain,
        evolution,
        Scores.CENTRED,
        new Sharpness(sharpness.first(), true),
        feedback,
        kept,
        fedBack);
  }

  /** The same with another feedback. */
  public DecoderOptions with(Feedback other) {
    return new DecoderOptions(drive, gain, evolution, scores, sharpness, other, kept, fedBack);
  }

  /** The same with another way to evolve. */
  public DecoderOptions with(Evolution other) {
    return new DecoderOptions(drive, gain, other, scores, sharpness, feedback, kept, fedBack);
  }
}
