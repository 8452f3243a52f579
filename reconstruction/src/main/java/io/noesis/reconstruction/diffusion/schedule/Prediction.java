package io.noesis.reconstruction.diffusion.schedule;

/**
 * What a network predicts of {@code x = alpha * clean + sigma * noise}: the noise, the velocity
 * {@code alpha * noise - sigma * clean} (Salimans and Ho 2022, arXiv:2202.00512), or the clean
 * sample.
 */
public enum Prediction {
  /** The noise. */
  EPSILON("epsilon"),
  /** The velocity. */
  V("v_prediction"),
  /** The clean sample. */
  SAMPLE("sample");

  private final String key;

  Prediction(String key) {
    this.key = key;
  }

  /** The name in a {@code scheduler_config.json}. */
  String key() {
    return key;
  }

  /** The clean sample from {@code x = alpha * clean + sigma * noise}. */
  Linear clean(double alpha, double sigma) {
    return switch (this) {
      case EPSILON -> new Linear(1 / alpha, -sigma / alpha);
      case V -> new Linear(alpha, -sigma);
      case SAMPLE -> new Linear(0, 1);
    };
  }

  /** The noise from {@code x = alpha * clean + sigma * noise}. */
  Linear noise(double alpha, double sigma) {
    return switch (this) {
      case EPSILON -> new Linear(0, 1);
      case V -> new Linear(sigma, alpha);
      case SAMPLE -> new Linear(1 / sigma, -alpha / sigma);
    };
  }

  /** The clean sample from {@code x = clean + sigma * noise}; the network saw x / sqrt(s^2+1). */
  Linear cleanUnscaled(double sigma) {
    double square = sigma * sigma + 1;
    return switch (this) {
      case EPSILON -> new Linear(1, -sigma);
      case V -> new Linear(1 / square, -sigma / Math.sqrt(square));
      case SAMPLE -> new Linear(0, 1);
    };
  }
}
