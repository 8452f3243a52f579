package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.tensor.Tensor;

/** {@code ofSample * sample + ofOutput * output}. */
record Linear(double ofSample, double ofOutput) {
  Tensor of(Tensor sample, Tensor output) {
    return Sum.of(ofSample, sample, ofOutput, output);
  }
}
