package io.noesis.ingest.simulate;

import io.noesis.ingest.simulate.stimulus.SceneFeatures;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A simulated study before it is written: pictures, subjects, runs and the truth. The same plan and
 * seed give the same study, whatever the number of threads. Immutable.
 */
public final class SimulatedStudy {
  private final SimulationSpec spec;
  private final Seed seed;
  private final PictureSet pictures;
  private final Tensor features;
  private final Optional<Motion> motion;
  private final List<SimulatedSubject> subjects;

  private SimulatedStudy(
      SimulationSpec spec,
      Seed seed,
      PictureSet pictures,
      Tensor features,
      Optional<Motion> motion,
      List<SimulatedSubject> subjects) {
    this.spec = spec;
    this.seed = seed;
    this.pictures = pictures;
    this.features = features;
    this.motion = motion;
    this.subjects = List.copyOf(subjects);
  }

  /**
   * Plans a study.
   *
   * @param spec the plan
   * @param seed where all randomness comes from
   * @return the study
   */
  public static SimulatedStudy of(SimulationSpec spec, Seed seed) {
    PictureSet pictures = PictureSet.of(spec.pictures(), spec.leak(), seed.child("pictures"));
    Tensor scenes =
        SceneFeatures.matrix(pictures.stimuli().stream().map(SimulatedStimulus::scene).toList());
    Optional<Motion> motion =
        spec.motion() == 0
            ? Optional.empty()
            : Optional.of(Motion.of(scenes.dim(0), spec.motion(), seed.child("motion")));
    Tensor features = motion.map(moving -> moving.beside(scenes)).orElse(scenes);
    List<SimulatedSubject> subjects = new ArrayList<>();
    for (int s = 0; s < spec.subjects(); s++) {
      String label = String.format(Locale.ROOT, "%02d", s + 1);
      subjects.add(subject(spec, pictures, features, label, seed.child("sub-" + label)));
    }
    return new SimulatedStudy(spec, seed, pictures, features, motion, subjects);
  }

  private static SimulatedSubject subject(
      SimulationSpec spec, PictureSet pictures, Tensor features, String label, Seed seed) {
    double difference = 0.05 * (2 * seed.child("voxels").random().nextDouble() - 1);
    int voxels = (int) Math.round(spec.voxels() * (1 + difference));
    SimulatedBrain brain = SimulatedBrain.of(voxels, spec.signal().noiseVoxels());
    List<PlannedRun> runs = new RunPlan(spec, pictures, seed.child("runs")).runs();
    DesignEfficiency efficiency = DesignEfficiency.of(runs, spec.signal().rho());
    ForwardModel model =
        ForwardModel.of(
            features,
            names(spec.motion() > 0),
            brain,
            efficiency,
            spec.signal(),
            seed.child("model"));
    return new SimulatedSubject(label, brain, model, runs, spec.signal(), seed.child("bold"));
  }

  /** The plan. */
  public SimulationSpec spec() {
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

  /**
   * The pictures' attributes {@code [pictures, features]}: zeros and ones, and where they move the
   * velocity in two more columns.
   */
  public Tensor features() {
    return features;
  }

  /** The names of the features. */
  List<String> featureNames() {
    return names(motion.isPresent());
  }

  private static List<String> names(boolean moving) {
    List<String> names = new ArrayList<>(SceneFeatures.names());
    if (moving) {
      names.addAll(Motion.NAMES);
    }
    return names;
  }

  /** How pictures move; empty where they stand still. */
  Optional<Motion> motion() {
    return motion;
  }

  /** The subjects. */
  public List<SimulatedSubject> subjects() {
    return subjects;
  }

  /**
   * Writes the study as a BIDS folder, whole or not at all: everything goes to a temporary folder
   * beside the final one, which is then renamed.
   *
   * @param folder the final folder; made when missing
   * @param existing what to do with a study that is there already
   * @param progress hears of pictures and runs
   * @throws io.noesis.run.OutputException when the folder is in use or cannot be written; nothing
   *     is then left behind
   */
  public void write(Path folder, Existing existing, Progress progress) {
    WholeFolder.write(
        folder, existing, temporary -> new StudyWriter(this, temporary).write(progress));
  }
}
