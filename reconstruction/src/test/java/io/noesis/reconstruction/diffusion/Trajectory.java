package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.reconstruction.diffusion.schedule.SamplerState;
import io.noesis.reconstruction.diffusion.schedule.Schedule;
import io.noesis.reconstruction.diffusion.schedule.Scheduler;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A sampler that remembers the latents after every call, to be held against those of diffusers. */
final class Trajectory implements Scheduler {
  /** Allowed after every call: the largest difference, over the largest latent after that call. */
  static final double TOLERANCE = 1e-4;

  private final Scheduler sampler;
  private final List<Tensor> samples = new ArrayList<>();

  Trajectory(Scheduler sampler) {
    this.sampler = sampler;
  }

  @Override
  public Schedule schedule(int steps, double strength) {
    Schedule real = sampler.schedule(steps, strength);
    return new Schedule() {
      @Override
      public int calls() {
        return real.calls();
      }

      @Override
      public int begin() {
        return real.begin();
      }

      @Override
      public float timestep(int call) {
        return real.timestep(call);
      }

      @Override
      public double initialNoise() {
        return real.initialNoise();
      }

      @Override
      public Tensor modelInput(SamplerState state) {
        return real.modelInput(state);
      }

      @Override
      public SamplerState step(SamplerState state, Tensor output, NoiseSource noise) {
        SamplerState next = real.step(state, output, noise);
        samples.add(next.sample());
        return next;
      }

      @Override
      public Tensor noised(Tensor clean, Tensor noise) {
        return real.noised(clean, noise);
      }
    };
  }

  @Override
  public boolean learnsVariance() {
    return sampler.learnsVariance();
  }

  /**
   * Holds every call against what diffusers had then.
   *
   * @param expected {@code [calls, n, channels, height, width]}
   * @param what whose run it is
   */
  void assertFollows(Tensor expected, Object what) {
    assertEquals(expected.dim(0), samples.size(), () -> "calls of " + what);
    for (int call = 0; call < samples.size(); call++) {
      int[] sizes = expected.shape().toArray();
      int[] one = Arrays.copyOfRange(sizes, 1, sizes.length);
      int count = samples.get(call).size();
      float[] values = Arrays.copyOfRange(expected.array(), call * count, (call + 1) * count);
      assertSample(call, Tensor.wrap(values, one), what);
    }
  }

  private void assertSample(int call, Tensor expected, Object what) {
    Tensor found = samples.get(call);
    assertEquals(expected.shape(), found.shape());
    double largest = 0;
    double apart = 0;
    for (int k = 0; k < found.size(); k++) {
      double value = expected.array()[k];
      largest = Math.max(largest, Math.abs(value));
      apart = Math.max(apart, Math.abs(value - found.array()[k]));
    }
    double error = apart / largest;
    assertTrue(error <= TOLERANCE, "call " + call + " is " + error + " off, " + what);
  }
}
