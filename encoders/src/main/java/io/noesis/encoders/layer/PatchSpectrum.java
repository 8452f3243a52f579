package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;

/**
 * The discrete Fourier transform of patches, as a target (Jiang et al. 2024, arXiv:2405.18765). All
 * bins are kept, as its program does, though those above half the rate mirror those below. Each of
 * both is standardised over all bins and patches of a row (variance of n − 1). Without gradients.
 *
 * @param amplitude {@code [batch, patches, samples]}, from the absolute values
 * @param phase {@code [batch, patches, samples]}, from the angles within ±π
 */
record PatchSpectrum(Value amplitude, Value phase) {
  /** Least standard deviation: rows that are zero everywhere stay so. */
  private static final double LEAST = 1e-12;

  /**
   * The spectra of patches.
   *
   * @param patches {@code [batch, patches, samples]}, at least 2 samples
   */
  static PatchSpectrum of(Value patches) {
    Check.argument(
        patches.rank() == 3 && patches.dim(2) > 1,
        "spectra of patches: expected [batch, patches, samples] with 2 samples and more, found %s",
        patches.shape());
    Value own = patches.detach();
    int samples = own.dim(2);
    Value real = Ops.matmul(own, waves(samples, 0).like(own));
    // A quarter of a wave later, cos is −sin. Adding 0 leaves no −0, whose angle would be −π.
    Value imaginary = Ops.add(Ops.matmul(own, waves(samples, 1).like(own)), 0);
    Value power = Ops.add(Ops.square(real), Ops.square(imaginary));
    return new PatchSpectrum(
        standardised(Ops.sqrt(power)), standardised(Ops.angle(real, imaginary)));
  }

  /**
   * cos(2π·(sample·bin / samples + quarters / 4)), exactly 0 where it is.
   *
   * @return {@code [samples, bins]}, float64
   */
  private static Value waves(int samples, int quarters) {
    double[] waves = new double[samples * samples];
    for (int sample = 0; sample < samples; sample++) {
      for (int bin = 0; bin < samples; bin++) {
        long place = ((long) sample * bin * 4 + (long) quarters * samples) % (4L * samples);
        boolean zero = place == samples || place == 3L * samples;
        waves[sample * samples + bin] = zero ? 0 : Math.cos(Math.PI * place / (2.0 * samples));
      }
    }
    return Value.of(waves, samples, samples);
  }

  private static Value standardised(Value numbers) {
    Value rows = Ops.reshape(numbers, numbers.dim(0), -1);
    Value far = Ops.subtract(rows, Ops.mean(rows, 1));
    Value squares = Ops.sum(Ops.square(far), 1);
    Value sd = Ops.sqrt(Ops.multiply(squares, 1.0 / (rows.dim(1) - 1)));
    return Ops.reshape(Ops.divide(far, Ops.atLeast(sd, LEAST)), numbers.shape().toArray());
  }
}
