package io.noesis.experiment;

import io.noesis.encoders.ridge.PenaltyChoice;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.run.Check;
import java.util.Optional;

/**
 * How responses are predicted from features of stimuli.
 *
 * @param method by what
 * @param ridge penalties or fractions of ridge, and how they are chosen
 * @param weightings of banded ridge: how many weightings of the feature spaces are tried
 * @param network of the method network: its architecture takes {@code [trials, spaces, features]}
 */
public record EncodingModelSpec(
    Method method, RidgeSpec ridge, int weightings, Optional<EncoderSpec> network) {
  /** By what responses are predicted. */
  public enum Method {
    /**
     * Ridge on all feature spaces side by side; fractional where {@code ridge.fractions} are given.
     */
    RIDGE("ridge"),
    /** Ridge with a penalty of its own for every voxel and feature space. */
    BANDED("banded ridge"),
    /** A network, whose tokens are the feature spaces. */
    NETWORK("a network");

    private final String words;

    Method(String words) {
      this.words = words;
    }

    /** By what, in words. */
    String words() {
      return words;
    }
  }

  /** Checks that a network is named where one is asked for. */
  public EncodingModelSpec {
    Check.argument(
        (method == Method.NETWORK) == network.isPresent(),
        "method: %s; a network is given with method network, and only then",
        method);
    Check.argument(weightings >= 1, "weightings: expected at least 1, found %d", weightings);
  }

  /** Ridge with a penalty for each voxel; 100 weightings where it is banded. */
  public static EncodingModelSpec defaults() {
    return new EncodingModelSpec(
        Method.RIDGE,
        RidgeSpec.defaults().withChoice(PenaltyChoice.PER_TARGET),
        100,
        Optional.empty());
  }
}
