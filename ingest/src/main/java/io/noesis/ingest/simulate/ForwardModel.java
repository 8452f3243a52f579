package io.noesis.ingest.simulate;

import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How one simulated subject responds to pictures: {@code beta = mean + (f - 1/k) W}, with f the
 * zeros and ones of a picture's attributes and k the number of values of each attribute; with the
 * code {@link StimulusCode#GATED} the terms of all attributes but the background take its sign.
 * Weights are Gaussian, where the plan says so alike among neighbours, their sizes given by the
 * voxel's ROI, and scaled so that signal and noise have the planned shares.
 *
 * @param weights {@code [features, voxels]}, scanner units
 * @param responses {@code [pictures, voxels]}: the true betas, scanner units
 * @param voxels what each voxel is made of
 */
public record ForwardModel(Tensor weights, Tensor responses, List<VoxelTruth> voxels) {
  /** Typical mean of a voxel. */
  private static final double BASELINE = 10_000;

  /** Standard deviation of single-trial betas, signal and noise together, over the baseline. */
  private static final double BETA_SD = 0.02;

  /** Mean response of a voxel with signal, over the baseline. */
  private static final double BETA_MEAN = 0.02;

  /** Weights of a kernel below this are left out. */
  private static final double NEGLIGIBLE = 1e-3;

  /** The attribute whose values turn the sign of the others' effects. */
  private static final String GATE = "background";

  public ForwardModel {
    voxels = List.copyOf(voxels);
  }

  /**
   * @param features {@code [pictures, features]} zeros and ones, and velocities where pictures move
   * @param names of the features, with their attribute in front
   * @param brain where the voxels lie
   * @param efficiency how much noise the betas take over from the volumes
   * @param signal the plan
   * @param seed of this subject
   */
  static ForwardModel of(
      Tensor features,
      List<String> names,
      SimulatedBrain brain,
      DesignEfficiency efficiency,
      SignalPlan signal,
      Seed seed) {
    int voxels = brain.rois().size();
    int pictures = features.dim(0);
    double[] scale = new double[features.dim(1)];
    double[] centre = new double[features.dim(1)];
    List<String> families = families(names, centre);
    int[][] signs = signs(features, families, signal.code());
    float[] weights = new float[centre.length * voxels];
    float[] responses = new float[pictures * voxels];
    List<VoxelTruth> truths = new ArrayList<>();
    PinnedRandom ceilings = seed.child("ceilings").random();
    PinnedRandom baselines = seed.child("baselines").random();
    double[][] preferences =
        preferences(brain, scale.length, signal.smoothMm(), seed.child("weights").random());
    for (int v = 0; v < voxels; v++) {
      Roi roi = brain.rois().get(v);
      double baseline = BASELINE * (0.85 + 0.3 * baselines.nextDouble());
      double ceiling = ceiling(signal.noiseCeiling(), ceilings);
      for (int f = 0; f < scale.length; f++) {
        double share = roi.weight(families.get(f)) / (1 - centre[f]);
        scale[f] = Math.sqrt(share) * preferences[v][f];
      }
      double[] response = respond(features, scale, centre, signs);
      double sd = centred(response);
      boolean silent = roi == Roi.SILENT || sd == 0 || ceiling == 0;
      VoxelTruth truth = truth(roi, baseline, silent ? 0 : ceiling, efficiency);
      double factor = silent ? 0 : truth.betaSignalSd() / sd;
      for (int f = 0; f < scale.length; f++) {
        weights[f * voxels + v] = (float) (factor * scale[f]);
      }
      for (int p = 0; p < pictures; p++) {
        responses[p * voxels + v] = (float) (truth.betaMean() + factor * response[p]);
      }
      truths.add(truth);
    }
    return new ForwardModel(
        Tensor.wrap(weights, centre.length, voxels),
        Tensor.wrap(responses, pictures, voxels),
        truths);
  }

  /**
   * {@code [voxels][features]} of mean 0 and variance 1: white, or white noise seen through a
   * Gaussian kernel that is brought to length 1 at each voxel, since it meets the brain's rim.
   */
  private static double[][] preferences(
      SimulatedBrain brain, int features, double smoothMm, PinnedRandom random) {
    double[][] white = new double[brain.rois().size()][features];
    for (double[] voxel : white) {
      Arrays.setAll(voxel, f -> random.nextGaussian());
    }
    if (smoothMm == 0) {
      return white;
    }
    double sigma = smoothMm / (2 * Math.sqrt(2 * Math.log(2)));
    List<List<Double>> places = brain.mask().positionsMm(IntStream.range(0, white.length));
    double[][] smooth = new double[white.length][features];
    for (int v = 0; v < white.length; v++) {
      double length = 0;
      for (int u = 0; u < white.length; u++) {
        double square = 0;
        for (int axis = 0; axis < 3; axis++) {
          double apart = places.get(v).get(axis) - places.get(u).get(axis);
          square += apart * apart;
        }
        double weight = Math.exp(-square / (2 * sigma * sigma));
        if (weight < NEGLIGIBLE) {
          continue;
        }
        length += weight * weight;
        for (int f = 0; f < features; f++) {
          smooth[v][f] += weight * white[u][f];
        }
      }
      for (int f = 0; f < features; f++) {
        smooth[v][f] /= Math.sqrt(length);
      }
    }
    return smooth;
  }

  /** The attribute of each feature; fills in 1/k for an attribute of k values, 0 for velocities. */
  private static List<String> families(List<String> names, double[] centre) {
    List<String> families = new ArrayList<>();
    Map<String, Integer> counts = new HashMap<>();
    for (String name : names) {
      String family = name.substring(0, name.indexOf(':'));
      families.add(family);
      counts.merge(family, 1, Integer::sum);
    }
    for (int f = 0; f < centre.length; f++) {
      boolean velocity = Motion.NAMES.contains(names.get(f));
      centre[f] = velocity ? 0 : 1.0 / counts.getOrDefault(families.get(f), 1);
    }
    return families;
  }

  /** A ceiling around the planned mean, evenly spread over up to half of it on each side. */
  private static double ceiling(double mean, PinnedRandom random) {
    double spread = Math.min(0.5 * mean, 0.9 * (1 - mean));
    return mean + spread * (2 * random.nextDouble() - 1);
  }

  /** The sign of each feature's term in each picture: {@code [pictures][features]}. */
  private static int[][] signs(Tensor features, List<String> families, StimulusCode code) {
    int columns = families.size();
    int first = families.indexOf(GATE);
    int[][] signs = new int[features.dim(0)][columns];
    for (int p = 0; p < signs.length; p++) {
      int sign = 1;
      for (int f = 0; f < columns && code == StimulusCode.GATED; f++) {
        boolean shown = features.array()[p * columns + f] == 1;
        sign = shown && GATE.equals(families.get(f)) && (f - first) % 2 == 1 ? -1 : sign;
      }
      for (int f = 0; f < columns; f++) {
        signs[p][f] = GATE.equals(families.get(f)) ? 1 : sign;
      }
    }
    return signs;
  }

  private static double[] respond(
      Tensor features, double[] weights, double[] centre, int[][] signs) {
    double[] out = new double[features.dim(0)];
    for (int p = 0; p < out.length; p++) {
      for (int f = 0; f < weights.length; f++) {
        out[p] += (features.array()[p * weights.length + f] - centre[f]) * weights[f] * signs[p][f];
      }
    }
    return out;
  }

  /** Takes the mean away and returns the standard deviation. */
  private static double centred(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double square = 0;
    for (int p = 0; p < values.length; p++) {
      values[p] -= mean;
      square += values[p] * values[p] / values.length;
    }
    return Math.sqrt(square);
  }

  private static VoxelTruth truth(
      Roi roi, double baseline, double ceiling, DesignEfficiency efficiency) {
    double betaSd = BETA_SD * baseline;
    double signal = Math.sqrt(ceiling) * betaSd;
    double betaNoise = Math.sqrt(1 - ceiling) * betaSd;
    double noise = betaNoise / Math.sqrt(efficiency.noiseGain());
    double within = noise * Math.sqrt(efficiency.noiseGainWithinRun());
    return new VoxelTruth(
        roi,
        baseline,
        ceiling > 0 ? BETA_MEAN * baseline : 0,
        signal,
        noise,
        betaNoise,
        within,
        ceiling,
        signal == 0 ? 0 : signal * signal / (signal * signal + within * within));
  }
}
