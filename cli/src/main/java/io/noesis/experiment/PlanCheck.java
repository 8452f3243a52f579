package io.noesis.experiment;

import io.noesis.alignment.train.Augmentations;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.ingest.study.Study;
import io.noesis.run.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Refuses what a run would refuse later, before any recording is read. */
final class PlanCheck {
  private PlanCheck() {}

  /**
   * Refuses augmentations that need time, where responses have none.
   *
   * @param recipe what may change a result
   * @param study that is decoded
   * @param subjects of it
   * @throws io.noesis.run.RecipeException naming the augmentation
   */
  static void requireTime(DecodingRecipe recipe, Study study, List<String> subjects) {
    List<TrainingSpec> all = new ArrayList<>(recipe.encoder().training().stream().toList());
    recipe.adaptation().flatMap(AdaptationSpec::training).ifPresent(all::add);
    recipe
        .encoder()
        .pretraining()
        .filter(spec -> spec.study().isEmpty() && spec.weights().isEmpty())
        .ifPresent(spec -> all.addAll(spec.training()));
    List<Augmentations.Spec> named =
        all.stream().flatMap(spec -> spec.batches().augment().stream()).toList();
    if (!named.isEmpty() && !subjects.stream().allMatch(study::ofEpochs)) {
      Augmentations.requireNoneOfEpochs(named, "[trials, voxels]");
    }
  }

  /**
   * Refuses targets, heads and inputs that cannot be made, as far as no model is needed to know,
   * and packs that are not there.
   *
   * @param plan whose study is open
   * @param places where packs are
   * @throws io.noesis.run.DataException when a file is missing or does not fit the stimuli, or the
   *     stimulus table does not say what it must
   * @throws io.noesis.run.ModelException when a pack is missing or damaged
   */
  static void requireTargets(Plan plan, ModelPlaces places) {
    DecodingRecipe recipe = plan.recipe();
    EncoderSpec encoder = recipe.encoder();
    Stream.of(
            Stream.of(recipe.targets()),
            encoder.heads().values().stream(),
            encoder.inputs().values().stream())
        .flatMap(specs -> specs)
        .forEach(spec -> requireTarget(spec, plan.study(), places));
    packs(recipe)
        .filter(name -> !name.equals(TargetsSpec.EMBEDDED))
        .forEach(name -> places.packs().open(name));
  }

  private static void requireTarget(TargetsSpec spec, Study study, ModelPlaces places) {
    if (spec.broughtAlong() || spec.attribute().isPresent()) {
      TargetTable.make(spec, study, places, Progress.NONE);
    } else {
      TargetTable.open(spec, study.folder(), places).close();
    }
  }

  private static Stream<String> packs(DecodingRecipe recipe) {
    Optional<PicturesSpec> pictures = recipe.pictures();
    return Stream.of(
            recipe.captions().filter(spec -> !spec.retrieves()).map(CaptionsSpec::pack),
            pictures.map(PicturesSpec::pack),
            pictures.flatMap(PicturesSpec::prior).map(PriorPackSpec::pack),
            pictures.flatMap(PicturesSpec::refine).map(RefineSpec::pack))
        .flatMap(Optional::stream);
  }
}
