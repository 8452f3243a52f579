package io.noesis.ingest.simulate;

import io.noesis.ingest.simulate.stimulus.SceneFeatures;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A simulated EEG or MEG study before it is written: each source in the head carries one number
 * (latent) of a picture, a random mixture of what the picture shows; subjects differ in where
 * sources are, how strong and how late; noise is that of {@link EpochNoise}. The same plan and seed
 * give the same study, whatever the number of threads. Immutable.
 */
public final class SimulatedEpochStudy {
  private final EpochSimulationSpec spec;
  private final Seed seed;
  private final PictureSet pictures;
  private final Matrix latents;
  private final EpochNoise noise;
  private final List<SimulatedEpochSubject> subjects;

  private SimulatedEpochStudy(EpochSimulationSpec spec, Seed seed) {
    this.spec = spec;
    this.seed = seed;
    this.pictures = PictureSet.of(spec.pictures(), Leak.NONE, seed.child("pictures"));
    this.latents = latents(pictures, spec.code().sources(), seed.child("latents").random());
    this.noise = EpochNoise.of(spec.sensors());
    List<SimulatedEpochSubject> made = new ArrayList<>();
    for (int s = 1; s <= spec.subjects(); s++) {
      String label = String.format(Locale.ROOT, "%02d", s);
      Seed own = seed.child("sub-" + label);
      EpochForward forward = EpochForward.of(spec, noise, latents, seed.child("sources"), own);
      made.add(SimulatedEpochSubject.of(label, pictures, forward, own));
    }
    this.subjects = List.copyOf(made);
  }

  /**
   * Plans a study.
   *
   * @param spec the plan
   * @param seed where all randomness comes from
   * @return the study
   */
  public static SimulatedEpochStudy of(EpochSimulationSpec spec, Seed seed) {
    return new SimulatedEpochStudy(spec, seed);
  }

  /** Mixtures of attributes, each with mean 0 and variance 1 over the pictures. */
  private static Matrix latents(PictureSet pictures, int sources, PinnedRandom random) {
    Tensor features =
        SceneFeatures.matrix(pictures.stimuli().stream().map(SimulatedStimulus::scene).toList());
    int count = features.dim(0);
    int width = features.dim(1);
    double[] out = new double[count * sources];
    for (int k = 0; k < sources; k++) {
      double[] weights = new double[width];
      for (int f = 0; f < width; f++) {
        weights[f] = random.nextGaussian();
      }
      double mean = 0;
      double square = 0;
      for (int p = 0; p < count; p++) {
        double sum = 0;
        for (int f = 0; f < width; f++) {
          sum += features.array()[p * width + f] * weights[f];
        }
        out[p * sources + k] = sum;
        mean += sum / count;
      }
      for (int p = 0; p < count; p++) {
        out[p * sources + k] -= mean;
        square += out[p * sources + k] * out[p * sources + k] / count;
      }
      for (int p = 0; p < count; p++) {
        out[p * sources + k] /= Math.sqrt(square);
      }
    }
    return Matrix.wrap(count, sources, out);
  }

  /** The plan. */
  public EpochSimulationSpec spec() {
    return spec;
  }

  /** Where all randomness comes from. */
  public Seed seed() {
    return seed;
  }

  /** All pictures, by id. */
  public List<SimulatedStimulus> stimuli() {
    return pictures.stimuli();
  }

  /** What sources carry of each picture, {@code [pictures, sources]}. */
  public Tensor latents() {
    return latents.toTensor();
  }

  /** The subjects. */
  public List<SimulatedEpochSubject> subjects() {
    return subjects;
  }

  /**
   * The epochs of one subject, in the order of its trials.
   *
   * @param subject one of {@link #subjects()}
   * @return {@code [trials, channels, samples]}, microvolts or femtotesla
   */
  public Tensor epochs(SimulatedEpochSubject subject) {
    return subject.epochs(noise, latents);
  }

  /**
   * How well single trials could be decoded at best: for the evoked code, the correlation of each
   * latent with what the best linear decoder makes of so many averaged trials. For the induced code
   * no such number is known.
   *
   * @param subject one of {@link #subjects()}
   * @param repetitions trials that are averaged
   * @return one for each latent; empty for the induced code
   */
  public List<Double> ceiling(SimulatedEpochSubject subject, int repetitions) {
    return spec.code().code() == EpochCodePlan.Code.INDUCED
        ? List.of()
        : subject.ceiling(noise, latents, repetitions);
  }

  /**
   * Writes the study in the layout {@code arrays}, whole or not at all.
   *
   * @param folder the final folder; made when missing
   * @param existing what to do with a study that is there already
   * @param progress hears of pictures and subjects
   * @throws io.noesis.run.OutputException when the folder is in use or cannot be written; nothing
   *     is then left behind
   */
  public void write(Path folder, Existing existing, Progress progress) {
    WholeFolder.write(
        folder, existing, temporary -> new EpochStudyWriter(this, temporary).write(progress));
  }
}
