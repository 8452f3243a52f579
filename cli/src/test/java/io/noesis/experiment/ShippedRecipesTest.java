package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.loss.LossSpec;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.run.ModelException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every shipped recipe binds; those of simulated fMRI pass the audits of a small study. */
class ShippedRecipesTest {
  private static final String NEEDS_A_PACK = "simulated-prior-tokens";

  @TempDir static Path shared;
  private static Path study;

  @BeforeAll
  static void simulate() {
    study = SmallPeople.writeMoving(shared.resolve("study"), 8);
  }

  static Stream<String> names() {
    return Recipes.shipped().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void itsSettingsBind(String name) {
    Recipe recipe = Recipe.of(Recipes.tree(name, List.of()));
    assertEquals(name, recipe.name(), "a recipe has the name of its file");
    if (recipe instanceof DecodingRecipe decoding) {
      decoding.encoder().training().map(spec -> spec.loss()).ifPresent(LossSpec::make);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void thoseOfSimulatedPicturesPassTheAudits(String name) {
    ObjectNode tree = Recipes.tree(name, List.of());
    if (tree.path("study").path("manifest").asText().equals("simulated")
        && Recipe.of(tree) instanceof DecodingRecipe recipe) {
      Execution execution =
          SmallPeople.execution(study, shared.resolve("none-" + name))
              .withPlaces(KeptEmbeddings.places().withPacks(shared.resolve("packs")));
      Experiment experiment = new Experiment(recipe, execution);
      if (name.equals(NEEDS_A_PACK)) {
        ModelException e = assertThrows(ModelException.class, experiment::check);
        assertTrue(e.getMessage().contains("'openai-clip-vit-b-32'"), e::getMessage);
      } else {
        assertEquals(List.of(), experiment.check().blocking());
      }
    }
  }

  /** The sizes that the recipes' first lines ask for. */
  @ParameterizedTest
  @MethodSource("names")
  void itsNetworkCanBeBuilt(String name) {
    ObjectNode tree = Recipes.tree(name, List.of());
    String manifest = tree.path("study").path("manifest").asText();
    if (manifest.equals("simulated-eeg") && Recipe.of(tree) instanceof DecodingRecipe recipe) {
      List<List<Double>> sensors =
          Stream.iterate(0.0, angle -> angle + 0.4)
              .limit(16)
              .map(angle -> List.of(Math.cos(angle), Math.sin(angle), 0.1))
              .toList();
      NetworkSizes sizes = NetworkSizes.ofEpochs(16, 40, 8).withPositions(sensors);
      assertDoesNotThrow(
          () ->
              Architectures.adaptsToSubjects(
                  recipe.encoder().architecture(), recipe.encoder().settings(), sizes));
    }
  }
}
