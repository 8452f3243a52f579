package io.noesis.reconstruction.diffusion.schedule;

/** What {@code abar} is beyond the cleanest step of training. */
public enum FinalAlpha {
  /** 1: the last step removes all noise. */
  ONE,
  /** As at the cleanest step: the last step leaves its noise, as Stable Diffusion was made. */
  FIRST_STEP;

  double value(double first) {
    return this == ONE ? 1 : first;
  }
}
