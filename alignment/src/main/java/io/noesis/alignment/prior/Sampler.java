package io.noesis.alignment.prior;

import io.noesis.alignment.diffusion.Denoiser;
import io.noesis.alignment.diffusion.NoiseSchedule;
import io.noesis.alignment.diffusion.Predicts;
import io.noesis.alignment.diffusion.PriorSizes;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Draws embeddings step by step, from noise to none. */
final class Sampler {
  static final String NOISY = "noisy";
  static final String PREDICTION = "prediction";

  private final NoiseSchedule schedule;
  private final Predicts predicts;
  private final PriorSizes sizes;
  private final Sampling sampling;
  private final OnnxModel model;
  private final double[] signal;

  Sampler(
      NoiseSchedule schedule,
      Predicts predicts,
      PriorSizes sizes,
      Sampling sampling,
      OnnxModel model) {
    this.schedule = schedule;
    this.predicts = predicts;
    this.sizes = sizes;
    this.sampling = sampling;
    this.model = model;
    this.signal = schedule.signal();
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

  /** Row by row, so that no row depends on others; the listener hears before each step. */
  Tensor draw(Tensor decoded, List<? extends RowNoise> noise, Runnable step) {
    int rows = decoded.dim(0);
    int size = sizes.embeddingSize();
    float[] out = new float[rows * size];
    for (int row = 0; row < rows; row++) {
      RowNoise own = noise.get(row);
      double[] start = own.normal(size);
      float[] x = new float[size];
      for (int i = 0; i < size; i++) {
        x[i] = (float) start[i];
      }
      float[] one = drawn(x, decoded.rows(new int[] {row}), own, step);
      System.arraycopy(one, 0, out, row * size, size);
    }
    return Tensor.wrap(out, shape(rows));
  }

  private int[] shape(int rows) {
    return IntStream.concat(IntStream.of(rows), sizes.embedding().stream().mapToInt(i -> i))
        .toArray();
  }

  /** From a start of one row to an embedding. */
  float[] drawn(float[] start, Tensor condition, RowNoise noise, Runnable listener) {
    float[] x = start;
    int[] times = times(schedule.steps(), sampling.steps());
    for (int step = 0; step < times.length; step++) {
      listener.run();
      double now = signal[times[step]];
      double next = step + 1 < times.length ? signal[times[step + 1]] : 1;
      x = stepped(x, predicted(x, times[step], condition), now, next, noise);
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
  float[] stepped(float[] x, float[] prediction, double now, double next, RowNoise noise) {
    double sigma = sampling.eta() * Math.sqrt((1 - next) / (1 - now) * Math.max(0, 1 - now / next));
    double direction = Math.sqrt(Math.max(0, 1 - next - sigma * sigma));
    double[] fresh = sigma > 0 ? noise.normal(x.length) : new double[x.length];
    float[] out = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      double clean = prediction[i];
      double error = prediction[i];
      if (predicts == Predicts.EMBEDDING) {
        error = (x[i] - Math.sqrt(now) * clean) / Math.sqrt(1 - now);
      } else {
        clean = (x[i] - Math.sqrt(1 - now) * error) / Math.sqrt(now);
      }
      out[i] = (float) (Math.sqrt(next) * clean + direction * error + sigma * fresh[i]);
    }
    return out;
  }
}
