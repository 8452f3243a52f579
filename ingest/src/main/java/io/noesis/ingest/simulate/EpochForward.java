package io.noesis.ingest.simulate;

import io.noesis.ingest.simulate.EpochCodePlan.Code;
import io.noesis.ingest.simulate.SensorPlan.Modality;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * How one simulated subject's sources reach the sensors. Where a source is and when it answers is
 * nearly the same for all subjects; places, strengths and delays differ a little.
 *
 * @param plan the plan
 * @param patterns {@code [sources, channels]}
 * @param courses when each source answers and how fast it swings
 * @param gain by which patterns are multiplied, in units of the noise
 */
public record EpochForward(
    EpochSimulationSpec plan, Matrix patterns, List<Course> courses, double gain) {
  private static final double SOURCE_DEPTH = 0.75;
  private static final double JITTER = 0.12;
  private static final double DELAY_SD = 0.01;

  /**
   * A wave under a bell.
   *
   * @param peakSeconds middle of the bell
   * @param widthSeconds its standard deviation
   * @param hz of the wave
   */
  public record Course(double peakSeconds, double widthSeconds, double hz) {
    double at(double seconds, double phase) {
      double off = (seconds - peakSeconds) / widthSeconds;
      double wave = Math.cos(2 * Math.PI * hz * (seconds - peakSeconds) + phase);
      return Math.exp(-off * off / 2) * wave;
    }
  }

  /**
   * @param plan the plan
   * @param noise of its epochs
   * @param latents {@code [stimuli, sources]}
   * @param common seed of what all subjects share
   * @param own seed of the subject
   */
  static EpochForward of(
      EpochSimulationSpec plan, EpochNoise noise, Matrix latents, Seed common, Seed own) {
    int sources = plan.code().sources();
    List<double[]> sensors = plan.sensors().positions();
    PinnedRandom places = common.child("places").random();
    PinnedRandom differences = own.child("places").random();
    double[] patterns = new double[sources * sensors.size()];
    for (int k = 0; k < sources; k++) {
      double[] place = new double[3];
      double[] direction = new double[3];
      for (int a = 0; a < 3; a++) {
        place[a] = places.nextGaussian() + JITTER * differences.nextGaussian();
        direction[a] = places.nextGaussian() + JITTER * differences.nextGaussian();
      }
      place[2] = Math.abs(place[2]);
      double strength = Math.exp(2 * JITTER * differences.nextGaussian());
      double[] pattern = pattern(plan.sensors().modality(), sensors, unit(place), unit(direction));
      for (int c = 0; c < pattern.length; c++) {
        patterns[k * pattern.length + c] = strength * pattern[c];
      }
    }
    EpochForward unscaled =
        new EpochForward(
            plan,
            Matrix.wrap(sources, sensors.size(), patterns),
            courses(plan, common.child("courses").random(), own.child("delays").random()),
            1);
    double gain = gain(unscaled.information(noise), latents, plan.code().noiseCeiling());
    return new EpochForward(plan, unscaled.patterns(), unscaled.courses(), gain);
  }

  private static List<Course> courses(
      EpochSimulationSpec plan, PinnedRandom common, PinnedRandom own) {
    List<Course> courses = new ArrayList<>();
    boolean evoked = plan.code().code() == Code.EVOKED;
    for (int k = 0; k < plan.code().sources(); k++) {
      double peak =
          (evoked ? 0.1 : 0.2) + 0.3 * common.nextDouble() + DELAY_SD * own.nextGaussian();
      double width = evoked ? 0.04 + 0.03 * common.nextDouble() : 0.1 + 0.05 * common.nextDouble();
      courses.add(new Course(peak, width, 3 + 4 * common.nextDouble()));
    }
    return List.copyOf(courses);
  }

  /** Potentials of a dipole in a sphere, or fields around it; their mean square is 1. */
  private static double[] pattern(
      Modality modality, List<double[]> sensors, double[] place, double[] direction) {
    double[] out = new double[sensors.size()];
    double mean = 0;
    for (int c = 0; c < out.length; c++) {
      double[] off = new double[3];
      for (int a = 0; a < 3; a++) {
        off[a] = sensors.get(c)[a] - SOURCE_DEPTH * place[a];
      }
      double[] seen = modality == Modality.EEG ? off : cross(off, sensors.get(c));
      out[c] = dot(direction, seen) / Math.pow(dot(off, off), 1.5);
      mean += out[c] / out.length;
    }
    double square = 0;
    for (int c = 0; c < out.length; c++) {
      // Electrodes are referred to their average.
      out[c] -= modality == Modality.EEG ? mean : 0;
      square += out[c] * out[c] / out.length;
    }
    for (int c = 0; c < out.length; c++) {
      out[c] /= Math.sqrt(square);
    }
    return out;
  }

  private static double[] cross(double[] a, double[] b) {
    return new double[] {
      a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    };
  }

  private static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }

  private static double[] unit(double[] vector) {
    double length = Math.sqrt(dot(vector, vector));
    return new double[] {vector[0] / length, vector[1] / length, vector[2] / length};
  }

  /** {@code [sources, samples]} of the wave at phase 0. */
  private Matrix waveforms() {
    int samples = plan.sensors().samples();
    double[] out = new double[courses.size() * samples];
    for (int k = 0; k < courses.size(); k++) {
      for (int t = 0; t < samples; t++) {
        out[k * samples + t] = courses.get(k).at(plan.sensors().time(t), 0);
      }
    }
    return Matrix.wrap(courses.size(), samples, out);
  }

  Matrix information(EpochNoise noise) {
    return noise.information(patterns, waveforms());
  }

  /** The gain at which single trials tell the planned share, by bisection. */
  private static double gain(Matrix information, Matrix latents, double ceiling) {
    if (ceiling == 0) {
      return 0;
    }
    double low = 0;
    double high = 1;
    while (mean(told(information, latents, high * high)) < ceiling) {
      high *= 2;
    }
    for (int step = 0; step < 60; step++) {
      double middle = (low + high) / 2;
      if (mean(told(information, latents, middle * middle)) < ceiling) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /**
   * The share of each latent's variance that the best linear decoder tells: 1 − diag((C⁻¹ + g²·n·
   * GᵀΣ⁻¹G)⁻¹) / diag(C), C being the latents' covariance.
   *
   * @param noise of the epochs
   * @param latents {@code [stimuli, sources]}
   * @param repetitions trials that are averaged
   */
  double[] told(EpochNoise noise, Matrix latents, int repetitions) {
    return told(information(noise), latents, gain * gain * repetitions);
  }

  private static double[] told(Matrix information, Matrix latents, double scale) {
    Matrix covariance = covariance(latents);
    int n = covariance.rows();
    double[] precision = LinearAlgebra.inverseSpd(covariance).array().clone();
    for (int i = 0; i < precision.length; i++) {
      precision[i] += scale * information.array()[i];
    }
    Matrix left = LinearAlgebra.inverseSpd(Matrix.wrap(n, n, precision));
    double[] out = new double[n];
    for (int k = 0; k < n; k++) {
      out[k] = 1 - left.at(k, k) / covariance.at(k, k);
    }
    return out;
  }

  private static Matrix covariance(Matrix latents) {
    Matrix gram = LinearAlgebra.transposedGram(latents);
    double[] out = gram.array().clone();
    for (int i = 0; i < out.length; i++) {
      out[i] /= latents.rows();
    }
    return Matrix.wrap(gram.rows(), gram.columns(), out);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /**
   * What sources add to an epoch.
   *
   * @param latents of the picture, one per source
   * @param random phases of the induced code
   * @return {@code [channels, samples]}, in units of the noise
   */
  Matrix signal(double[] latents, PinnedRandom random) {
    int samples = plan.sensors().samples();
    int channels = patterns.columns();
    boolean evoked = plan.code().code() == Code.EVOKED;
    double[] out = new double[channels * samples];
    for (int k = 0; k < courses.size(); k++) {
      double phase = evoked ? 0 : 2 * Math.PI * random.nextDouble();
      double size = gain * (evoked ? latents[k] : Math.max(0, 1 + latents[k]));
      for (int t = 0; t < samples; t++) {
        double now = size * courses.get(k).at(plan.sensors().time(t), phase);
        for (int c = 0; c < channels; c++) {
          out[c * samples + t] += now * patterns.at(k, c);
        }
      }
    }
    return Matrix.wrap(channels, samples, out);
  }
}
