package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slots of the semantic decoder, from the shipped recipe on a small study. */
class SlotsExperimentTest {
  @TempDir Path temporary;

  private static DecodingRecipe recipe(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "evaluation.permutations=199",
                "evaluation.bootstraps=99",
                "encoder.settings.backbone.width=64",
                "encoder.settings.width=48",
                "encoder.settings.hidden=24",
                "encoder.training.epochs=40",
                "encoder.training.batchSize=16"));
    all.addAll(List.of(overrides));
    return DecodingRecipe.of(Recipes.tree("simulated-tensor-brain", all));
  }

  /** A score of single trials. */
  private static double score(TsvTable scores, String encoder, String metric) {
    for (int row = 0; row < scores.rows(); row++) {
      if (scores.texts("encoder").get(row).equals("tensor-brain, " + encoder)
          && scores.texts("metric").get(row).equals(metric)
          && scores.texts("variant").get(row).equals("single trials")) {
        return Double.parseDouble(scores.texts("value").get(row));
      }
    }
    throw new AssertionError("no score " + metric + " of " + encoder);
  }

  /** Which trials are right in a slot, by hand. */
  private static boolean[] right(Path run, String slot) throws IOException {
    Tensor logits = Npy.read(run.resolve("sub-01/heads/" + slot + ".npy"));
    Tensor targets = Npy.read(run.resolve("heads/" + slot + "/targets.npy"));
    List<String> ids = new ArrayList<>();
    new ObjectMapper()
        .readTree(run.resolve("heads/" + slot + "/targets.json").toFile())
        .path("ids")
        .forEach(id -> ids.add(id.asText()));
    List<String> shown = Tsv.read(run.resolve("sub-01/decoded.tsv")).texts("stimulus");
    boolean[] right = new boolean[logits.dim(0)];
    for (int row = 0; row < right.length; row++) {
      int largest = 0;
      for (int i = 1; i < logits.dim(1); i++) {
        largest = logits.at(row, i) > logits.at(row, largest) ? i : largest;
      }
      right[row] = targets.at(ids.indexOf(shown.get(row)), largest) == 1;
    }
    return right;
  }

  private static double share(boolean[] right) {
    int count = 0;
    for (boolean each : right) {
      count += each ? 1 : 0;
    }
    return count / (double) right.length;
  }

  @Test
  void slotsAreScoredOneByOneAndTogether() throws IOException {
    Path study = SmallPeople.write(temporary.resolve("study"));
    Path run = temporary.resolve("run");
    Execution execution = SmallPeople.execution(study, run).withAllowed(Set.of("NO-SIGNAL"));
    new Experiment(recipe(), execution).run();
    TsvTable scores = Tsv.read(run.resolve("scores.tsv"));
    boolean[] group = right(run, "group");
    boolean[] colour = right(run, "colour");
    boolean[] background = right(run, "background");
    assertEquals(share(group), score(scores, "group", "category_accuracy@6"), 1e-9);
    assertEquals(share(colour), score(scores, "colour", "category_accuracy@10"), 1e-9);
    assertEquals(share(background), score(scores, "background", "category_accuracy@8"), 1e-9);
    for (int row = 0; row < group.length; row++) {
      group[row] &= colour[row] && background[row];
    }
    assertEquals(share(group), score(scores, "all slots", "category_accuracy@480"), 1e-9);
  }

  private static void refused(String words, String... overrides) {
    RecipeException e = assertThrows(RecipeException.class, () -> recipe(overrides));
    assertTrue(e.getMessage().contains(words), e::getMessage);
  }

  @Test
  void whatCannotBeIsRefusedWhenItIsRead() {
    refused(
        "only heads",
        "targets={of: attribute, attribute: {column: colour, concepts: [red, blue]}}");
    refused("found none and targets", "encoder.heads.colour={of: attribute}");
    refused("found colour and targets of 'caption'", "encoder.heads.colour.of=caption");
    refused(
        "before it is measured",
        "encoder.settings.windows=[{step: input}, {step: attend, slot: a}]");
  }
}
