package io.noesis.encoders.torch;

import io.noesis.run.Check;

/** How an optimiser turns gradients into steps. */
public sealed interface UpdateRule {
  /**
   * Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv:1711.05101).
   *
   * @param beta1 decay of the mean gradient
   * @param beta2 decay of the mean squared gradient
   * @param epsilon added to the root of the latter
   */
  record AdamW(double beta1, double beta2, double epsilon) implements UpdateRule {
    /** Checks the ranges. */
    public AdamW {
      checkMoments(beta1, beta2, epsilon);
    }

    /** 0.9, 0.999, 1e-8: the paper's and PyTorch's. */
    public static AdamW defaults() {
      return new AdamW(0.9, 0.999, 1e-8);
    }
  }

  /**
   * Adam, whose weight decay is part of the gradient (Kingma and Ba 2015, arXiv:1412.6980).
   *
   * @param beta1 decay of the mean gradient
   * @param beta2 decay of the mean squared gradient
   * @param epsilon added to the root of the latter
   */
  record Adam(double beta1, double beta2, double epsilon) implements UpdateRule {
    /** Checks the ranges. */
    public Adam {
      checkMoments(beta1, beta2, epsilon);
    }

    /** 0.9, 0.999, 1e-8: the paper's and PyTorch's. */
    public static Adam defaults() {
      return new Adam(0.9, 0.999, 1e-8);
    }
  }

  /**
   * Gradient descent with momentum.
   *
   * @param momentum decay of the running gradient; 0 for none
   */
  record Sgd(double momentum) implements UpdateRule {
    /** Checks the range. */
    public Sgd {
      Check.argument(
          momentum >= 0 && momentum < 1, "momentum: expected 0 to below 1, found %s", momentum);
    }
  }

  private static void checkMoments(double beta1, double beta2, double epsilon) {
    Check.argument(
        beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0,
        "Adam: expected betas from 0 to below 1 and epsilon above 0, found %s, %s, %s",
        beta1,
        beta2,
        epsilon);
  }
}
