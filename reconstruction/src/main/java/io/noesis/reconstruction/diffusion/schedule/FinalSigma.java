package io.noesis.reconstruction.diffusion.schedule;

/** The noise that a run ends with. */
public enum FinalSigma {
  /** None. */
  ZERO("zero"),
  /** That of the cleanest step of training. */
  SIGMA_MIN("sigma_min");

  private final String key;

  FinalSigma(String key) {
    this.key = key;
  }

  /** The name in a {@code scheduler_config.json}. */
  String key() {
    return key;
  }
}
