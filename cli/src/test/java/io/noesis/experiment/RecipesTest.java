package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.RecipeException;
import io.noesis.run.YamlTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class RecipesTest {
  /** Every recipe binds, says what it does, and survives being written and read. */
  @TestFactory
  List<DynamicTest> shippedRecipesBind() {
    return Recipes.shipped().entrySet().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(),
                    () -> {
                      assertTrue(e.getValue().length() > 20, "the first line says what it does");
                      Recipe recipe = Recipe.of(Recipes.tree(e.getKey(), List.of()));
                      assertEquals(e.getKey(), recipe.name());
                      Recipe again = Recipe.of(YamlTree.parse(recipe.resolved(), "again"));
                      assertEquals(recipe, again);
                      assertEquals(recipe.hash(), again.hash());
                    }))
        .toList();
  }

  @Test
  void overridesAndTheSeedChangeTheHashButTheFolderDoesNot() {
    DecodingRecipe base = recipe("simulated");
    assertEquals(3, recipe("simulated", "seed=3").seed());
    assertNotEquals(base.hash(), recipe("simulated", "seed=3").hash());
    assertNotEquals(base.hash(), recipe("simulated", "encoder.settings.folds=3").hash());
    assertEquals(base.hash(), recipe("simulated", "study.root=/somewhere").hash());
  }

  @Test
  void anEncoderCanBeThatOfAnotherRecipe(@TempDir Path folder) throws Exception {
    DecodingRecipe bridge = recipe("simulated-mindbridge");
    DecodingRecipe real = recipe("haxby2001-vt", "encoder={as: simulated-mindbridge}");
    assertEquals(bridge.encoder(), real.encoder());
    assertEquals(recipe("haxby2001-vt").study(), real.study());
    DecodingRecipe shorter =
        recipe(
            "haxby2001-vt",
            "encoder={as: simulated-mindbridge, training: {epochs: 3}, settings: {width: 64}}");
    assertEquals(3, shorter.encoder().training().orElseThrow().epochs());
    assertEquals(64, shorter.encoder().training().orElseThrow().batchSize());
    assertEquals(64, shorter.encoder().settings().path("width").asInt());
    assertEquals(400, shorter.encoder().settings().path("pooled").asInt());
    assertFalse(shorter.resolved().contains("as:"), "the run's recipe is written out");
    Path one = folder.resolve("one.yaml");
    Path two = folder.resolve("two.yaml");
    Files.writeString(one, "name: one\nencoder: {as: " + two + "}\n");
    Files.writeString(two, "name: two\nencoder: {as: " + one + "}\n");
    String circle = assertThrows(RecipeException.class, () -> recipe(one.toString())).getMessage();
    assertTrue(circle.contains("of each other"), circle);
    String none =
        assertThrows(
                RecipeException.class,
                () -> recipe("haxby2001-vt", "encoder={as: simulated-encoding}"))
            .getMessage();
    assertTrue(none.contains("has no encoder"), none);
    assertThrows(RecipeException.class, () -> recipe("haxby2001-vt", "encoder={as: simulatd}"));
  }

  @Test
  void everyProblemIsReportedAtOnceWithItsKeyPath() {
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () ->
                recipe(
                    "simulated",
                    "evaluation.permutation=99",
                    "evaluation.pool=tests",
                    "targts.of=caption"));
    assertTrue(e.getMessage().contains("evaluation.permutation"), e.getMessage());
    assertTrue(e.getMessage().contains("did you mean 'permutations'"), e.getMessage());
    assertTrue(e.getMessage().contains("evaluation.pool"), e.getMessage());
    assertTrue(e.getMessage().contains("did you mean 'targets'"), e.getMessage());
  }

  @Test
  void namesThatPointIntoRegistriesAreChecked() {
    assertTrue(
        assertThrows(RecipeException.class, () -> recipe("simulated", "split.rule=by-stimuls"))
            .getMessage()
            .contains("by-stimulus"));
    assertTrue(
        assertThrows(RecipeException.class, () -> recipe("simulated", "encoder.architecture=rigde"))
            .getMessage()
            .contains("ridge"));
    assertTrue(
        assertThrows(
                RecipeException.class, () -> recipe("simulated", "encoder.settings.penalty=[1]"))
            .getMessage()
            .contains("penalties"));
    assertTrue(
        assertThrows(RecipeException.class, () -> Recipes.tree("simulatd", List.of()))
            .getMessage()
            .contains("Did you mean 'simulated'"));
  }

  @Test
  void aRecipeOfOnesOwnIsAFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(file, "name: mine\nstudy: {layout: bids}\n");
    ObjectNode tree = Recipes.tree(file.toString(), List.of("title=Mine"));
    assertEquals("Mine", DecodingRecipe.of(tree).title());
    assertEquals("caption", DecodingRecipe.of(tree).targets().of());
  }

  @Test
  void everythingThatCanBeNamedIsDescribed() {
    for (String kind : Catalogue.kinds().keySet()) {
      assertFalse(Catalogue.names(kind).isEmpty(), kind);
      for (String name : Catalogue.names(kind).keySet()) {
        assertTrue(Catalogue.detail(kind, name).length() > name.length() + 10, kind + " " + name);
      }
    }
    assertTrue(Catalogue.detail("architectures", "ridge").contains("penalties"));
    assertTrue(
        assertThrows(RecipeException.class, () -> Catalogue.names("metric"))
            .getMessage()
            .contains("'metrics'"));
  }

  private static DecodingRecipe recipe(String name, String... overrides) {
    return DecodingRecipe.of(Recipes.tree(name, List.of(overrides)));
  }

  private static void refused(String words, String name, String... overrides) {
    RecipeException e = assertThrows(RecipeException.class, () -> recipe(name, overrides));
    assertTrue(e.getMessage().contains(words), e::getMessage);
  }

  /** What is fitted in one step would not look at them. */
  @Test
  void settingsOfTrainingBelongToNetworks() {
    for (String linear : List.of("ridge", "banded-ridge", "gaussian-inversion")) {
      String architecture = "encoder={architecture: " + linear + "}";
      recipe("simulated", architecture);
      String why = "found settings, and " + linear + " is not trained by gradients";
      refused("training: " + why, "simulated", architecture, "encoder.training.epochs=3");
      refused(
          "pretraining: " + why, "simulated", architecture, "encoder.pretraining.rows=training");
      refused(
          "prior.trained: together with the encoder, and " + linear,
          "simulated",
          architecture,
          "encoder.prior.trained=together");
    }
    refused("training: found", "simulated-low-level", "also.low-level.encoder.training.epochs=3");
    refused(
        "training: found", "haxby2001-vt", "encoder={as: simulated-prior, training: {epochs: 3}}");
    refused(
        "training: null",
        "haxby2001-vt",
        "encoder={as: simulated-network, start: random, architecture: ridge, settings: null}");
    DecodingRecipe without =
        recipe(
            "haxby2001-vt",
            "encoder={as: simulated-network, start: random, architecture: ridge, settings: null,"
                + " training: null}");
    assertEquals(recipe("haxby2001-vt").encoder(), without.encoder());
    assertEquals(
        3,
        recipe("haxby2001-vt", "encoder={as: simulated-prior, prior: {training: {epochs: 3}}}")
            .encoder()
            .prior()
            .orElseThrow()
            .training()
            .epochs());
  }

  /** The prior that the loss trains has its settings there. */
  @Test
  void aPriorThatIsTrainedTogetherHasNoTrainingOfItsOwn() {
    for (String ignored :
        List.of("training.epochs=3", "folds=3", "dropCondition=0.5", "network.timeWidth=32")) {
      refused("would change nothing here", "simulated-mindeye1", "encoder.prior." + ignored);
    }
    recipe("simulated-mindeye1", "encoder.prior.sampling.steps=3");
  }

  @Test
  void aStartFromRidgeNeedsRowsThatApprove() {
    String[] none = {
      "encoder.training.validation.part=0", "encoder.training.validation.patience=0"
    };
    RecipeException e =
        assertThrows(RecipeException.class, () -> recipe("haxby2001-vt-network", none));
    assertTrue(e.getMessage().contains("validation.part is 0"), e::getMessage);
    recipe("haxby2001-vt-network", none[0], none[1], "encoder.start=random");
  }
}
