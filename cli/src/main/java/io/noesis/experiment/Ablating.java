package io.noesis.experiment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.encoders.BrainEncoder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Decodes test rows once more without each region, by the same decoder, prior and noise, and keeps
 * what came: one file for each region and fold below {@value #FOLDER}.
 */
final class Ablating {
  static final String FOLDER = "ablation";

  private final RunFolder run;
  private final DecodingRecipe recipe;

  Ablating(RunFolder run, DecodingRecipe recipe) {
    this.run = run;
    this.recipe = recipe;
  }

  /**
   * Decodes one fold.
   *
   * @param subject whose rows they are
   * @param fold its number
   * @param rows whose test rows are decoded
   * @param encoder of the fold
   * @param prior what is drawn where there is one, else what was decoded
   */
  void decode(
      SubjectWork subject,
      int fold,
      FoldRows rows,
      BrainEncoder encoder,
      Function<EncoderPrior.Test, EncoderPrior.Drawn> prior) {
    Seed seed = Training.seed(recipe, subject.label(), subject.folds().get(fold).name());
    Regions regions = subject.regions();
    int number = 0;
    for (String region : regions.columns().keySet()) {
      Tensor without = regions.without(region, rows.test());
      EncoderPrior.Test test =
          new EncoderPrior.Test(
              subject.label(),
              without,
              encoder.encode(without, subject.label(), rows.told()),
              seed);
      Tensor values = EncoderSpec.flat(prior.apply(test).values());
      Npy.write(
          run.file(values(subject.label(), number++, fold)),
          recipe.encoder().rescale().of(values, rows));
    }
  }

  /** Says which regions there are; written last, when all folds are decoded. */
  static void end(RunFolder run, SubjectWork subject) {
    if (subject.regions().columns().isEmpty()) {
      return;
    }
    ObjectNode json = YamlTree.emptyMapping();
    json.put("of", subject.voxels());
    ArrayNode all = json.putArray("regions");
    subject
        .regions()
        .columns()
        .forEach(
            (region, columns) -> {
              ObjectNode one = all.addObject();
              one.put("name", region).put("columns", columns.size());
            });
    run.writeJson(index(subject.label()), json);
  }

  /**
   * What was decoded without one region.
   *
   * @param name of the region
   * @param columns how many numbers, or channels, were left out
   * @param of how many there are
   * @param decoded test rows of all folds
   */
  record Without(String name, int columns, int of, Decoded decoded) {}

  /** What a run keeps of one subject, in the order of the atlas; nothing where it has none. */
  static List<Without> read(RunFolder run, Decoded whole) {
    String subject = whole.subject();
    List<Without> all = new ArrayList<>();
    if (!Files.isRegularFile(run.file(index(subject)))) {
      return all;
    }
    var json = run.readJson(index(subject));
    for (var region : json.path("regions")) {
      List<Tensor> folds = new ArrayList<>();
      for (int fold = 0; fold < whole.folds().size(); fold++) {
        folds.add(Npy.read(run.file(values(subject, all.size(), fold))));
      }
      Tensor values = Tensor.concatenate(folds.toArray(Tensor[]::new));
      all.add(
          new Without(
              region.path("name").asText(),
              region.path("columns").asInt(),
              json.path("of").asInt(),
              whole.with(values, whole.trainingMeans())));
    }
    return all;
  }

  private static String index(String subject) {
    return Decoded.folder(subject) + "/" + FOLDER + "/regions.json";
  }

  private static String values(String subject, int region, int fold) {
    return String.format(
        "%s/%s/region-%03d_fold-%03d_decoded.npy",
        Decoded.folder(subject), FOLDER, region + 1, fold + 1);
  }
}
