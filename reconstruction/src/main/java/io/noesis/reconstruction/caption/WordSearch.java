package io.noesis.reconstruction.caption;

import io.noesis.run.Check;

/** How the next word is chosen. */
public sealed interface WordSearch {
  /** The rule in words, for reports. */
  String words();

  /** Always the most likely. */
  record Greedy() implements WordSearch {
    @Override
    public String words() {
      return "always the most likely";
    }
  }

  /**
   * The most likely sentence among some kept on the way, by the rules of transformers: finished
   * sentences leave the beam and are kept apart, until that many are better than any that could
   * still come.
   *
   * @param width how many are kept
   * @param lengthPenalty a sentence's log-probability is divided by its length to this power
   */
  record Beam(int width, double lengthPenalty) implements WordSearch {
    /** Checks the numbers. */
    public Beam {
      Check.argument(width > 0, "the width of a beam must be at least 1, found %d", width);
      Check.argument(
          Double.isFinite(lengthPenalty), "lengthPenalty must be finite, found %s", lengthPenalty);
    }

    @Override
    public String words() {
      return "the best of a beam of " + width + ", length penalty " + lengthPenalty;
    }
  }

  /**
   * Beam search by the rules of ClipCap (Mokady et al. 2021, arXiv:2111.09734): sentences are
   * compared by the mean log-probability of their words at every step, finished ones stay in the
   * beam as they are, and it ends when all are finished.
   *
   * @param width how many are kept
   */
  record MeanBeam(int width) implements WordSearch {
    /** Checks the number. */
    public MeanBeam {
      Check.argument(width > 0, "the width of a beam must be at least 1, found %d", width);
    }

    @Override
    public String words() {
      return "the best of a beam of " + width + ", by mean log-probability";
    }
  }

  /**
   * Drawn from the smallest set of words that holds most of the probability (Holtzman et al. 2020,
   * arXiv:1904.09751).
   *
   * @param temperature logits are divided by this
   * @param topP how much of the probability the set holds, above 0 to 1
   */
  record Nucleus(double temperature, double topP) implements WordSearch {
    /** Checks the numbers. */
    public Nucleus {
      Check.argument(
          temperature > 0 && Double.isFinite(temperature),
          "temperature must be above 0, found %s",
          temperature);
      Check.argument(topP > 0 && topP <= 1, "topP must lie within 0 and 1, found %s", topP);
    }

    @Override
    public String words() {
      return "drawn from the likeliest " + topP + " of probability, temperature " + temperature;
    }
  }
}
