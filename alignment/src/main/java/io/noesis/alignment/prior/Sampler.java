package io.noesis.alignment.prior;

import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Draws embeddings step by step, from noise to none. */
final class Sampler {
  static final String NOISY = "noisy";
  static final String PREDICTION = "prediction";

  private final PriorSpec spec;
  private final PriorSizes sizes;
  private final Sampling sampling;
  private final OnnxModel model;
  private final double[] signal;

  Sampler(PriorSpec spec, PriorSizes sizes, Sampling sampling, OnnxModel model) {
    this.spec = spec;
    this.sizes = sizes;
    this.sampling = sampling;
    this.model = model;
    this.signal = spec.schedule().signal();
  }

  PriorSizes sizes() {
    return sizes;
  }

  /** Steps of the schedule from the noisiest; the last one leads to no noise at all. */
  static int[] times(int total, int taken) {
    int count = Math.min(total, taken);
    return IntStream.range(0, count)
        .map(i -> (int) Math.round((total - 1.0) - (double) i * total / count))
        .map(t -> Math.max(0, t))
        .toArray();
  }

  /** Row by row, so that no row depends on others. */
  Tensor draw(Tensor decoded, Seed seed) {
    int rows = decoded.dim(0);
    int size = sizes.embeddingSize();
    float[] out = new float[rows * size];
    for (int row = 0; row < rows; row++) {
      PinnedRandom random = seed.child("row " + row).random();
      float[] one = draw(decoded.rows(new int[] {row}), random);
      System.arraycopy(one, 0, out, row * size, size);
    }
    return Tensor.wrap(out, shape(rows));
  }

  private int[] shape(int rows) {
    return IntStream.concat(IntStream.of(rows), sizes.embedding().stream().mapToInt(i -> i))
        .toArray();
  }

  private float[] draw(Tensor condition, PinnedRandom random) {
    float[] start = new float[sizes.embeddingSize()];
    for (int i = 0; i < start.length; i++) {
      start[i] = (float) random.nextGaussian();
    }
    return drawn(start, condition, random);
  }

  /** From a start of one row to an embedding. */
  float[] drawn(float[] start, Tensor condition, PinnedRandom random) {
    float[] x = start;
    int[] times = times(spec.schedule().steps(), sampling.steps());
    for (int step = 0; step < times.length; step++) {
      double now = signal[times[step]];
      double next = step + 1 < times.length ? signal[times[step + 1]] : 1;
      x = stepped(x, predicted(x, times[step], condition), now, next, random);
    }
    return x;
  }

  private float[] predicted(float[] x, int time, Tensor condition) {
    float[] with = asked(x, time, condition, 1);
    if (sampling.guidance() == 1) {
      return with;
    }
    float[] without = asked(x, time, condition, 0);
    for (int i = 0; i < with.length; i++) {
      with[i] = (float) (without[i] + sampling.guidance() * (with[i] - without[i]));
    }
    return with;
  }

  private float[] asked(float[] x, int time, Tensor condition, int keep) {
    Tensor prediction =
        Objects.requireNonNull(
            model
                .run(
                    Map.of(
                        NOISY,
                        OnnxInput.of(Tensor.wrap(x, shape(1))),
                        Denoiser.TIMESTEP,
                        OnnxInput.of(Tensor.wrap(new float[] {time}, 1, 1)),
                        Denoiser.CONDITION,
                        OnnxInput.of(condition),
                        Denoiser.KEEP,
                        OnnxInput.of(Tensor.wrap(new float[] {keep}, 1, 1))))
                .get(PREDICTION));
    return Arrays.copyOf(prediction.array(), x.length);
  }

  /** From signal ā to ā' (arXiv:2010.02502, equation 12); σ is that of all noise for η = 1. */
  float[] stepped(float[] x, float[] prediction, double now, double next, PinnedRandom random) {
    double sigma = sampling.eta() * Math.sqrt((1 - next) / (1 - now) * Math.max(0, 1 - now / next));
    double direction = Math.sqrt(Math.max(0, 1 - next - sigma * sigma));
    float[] out = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      double clean = prediction[i];
      double noise = prediction[i];
      if (spec.predicts() == Predicts.EMBEDDING) {
        noise = (x[i] - Math.sqrt(now) * clean) / Math.sqrt(1 - now);
      } else {
        clean = (x[i] - Math.sqrt(1 - now) * noise) / Math.sqrt(now);
      }
      double fresh = sigma > 0 ? sigma * random.nextGaussian() : 0;
      out[i] = (float) (Math.sqrt(next) * clean + direction * noise + fresh);
    }
    return out;
  }
}
