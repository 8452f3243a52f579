package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.train.Lineage;
import io.noesis.run.AuditException;
import io.noesis.run.CorruptDataException;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainingExperimentTest {
  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;

  @BeforeAll
  static void simulate() {
    study = SmallPeople.write(shared.resolve("study"));
  }

  private static DecodingRecipe recipe(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "study.subjects=[\"01\"]",
                "evaluation.permutations=99",
                "evaluation.bootstraps=99",
                "encoder.settings.encoder.width=16",
                "encoder.settings.encoder.depth=1",
                "encoder.settings.filling.width=16",
                "encoder.pretraining.training=[{epochs: 4, batchSize: 16,"
                    + " validation: {part: 0.2, patience: 0}}]",
                "encoder.training.epochs=3",
                "encoder.training.batchSize=16"));
    all.addAll(List.of(overrides));
    return DecodingRecipe.of(Recipes.tree("simulated-mae", all));
  }

  private Experiment experiment(DecodingRecipe recipe, String out) {
    Execution execution = SmallPeople.execution(study, temporary.resolve(out));
    return new Experiment(recipe, execution.withAllowed(Set.of("NO-SIGNAL")));
  }

  @Test
  void whatWasPretrainedIsKeptWithItsLineageAndStartsTheDecoder() throws Exception {
    experiment(recipe(), "run").train();
    Path decoder = temporary.resolve("run/sub-01/decoder");
    Path pretrained = decoder.resolve("fold-001_pretrained.safetensors");
    try (Safetensors in = Safetensors.open(pretrained)) {
      Lineage lineage = Lineage.read(in.metadata(), pretrained).orElseThrow();
      assertEquals(List.of("simulated/01"), lineage.subjects());
      assertEquals(48, lineage.stimuli().size(), "training pictures only");
      assertEquals("training trials", in.metadata().get("rows"));
      assertTrue(in.names().contains("masked.mask_token"), in.names()::toString);
    }
    assertTrue(
        Files.isRegularFile(
            decoder.resolve("fold-001_pretraining/masked-autoencoder/training.jsonl")));
    String facts = Files.readString(temporary.resolve("run/sub-01/metrics.jsonl"));
    assertTrue(facts.contains("pretraining, masked-autoencoder"), facts);
    byte[] first = Files.readAllBytes(decoder.resolve("fold-001.safetensors"));
    // As if it had been killed while the decoder was trained.
    Files.delete(decoder.resolve("fold-001.safetensors"));
    Files.delete(temporary.resolve("run/sub-01/training.done.json"));
    experiment(recipe(), "run").train();
    assertArrayEquals(first, Files.readAllBytes(decoder.resolve("fold-001.safetensors")));
    Files.delete(decoder.resolve("fold-001.safetensors"));
    Files.delete(temporary.resolve("run/sub-01/training.done.json"));
    withoutOne(pretrained, "masked.encoder.blocks.0.mlp.into.weight");
    CorruptDataException older =
        assertThrows(CorruptDataException.class, () -> experiment(recipe(), "run").train());
    assertTrue(
        older.getMessage().contains("'encoder.blocks.0.mlp.into.weight'"), older::getMessage);
    assertTrue(older.getMessage().contains("another release"), older::getMessage);
    RunFolder scratch = experiment(recipe("encoder.pretraining=null"), "scratch").train();
    byte[] other = Files.readAllBytes(scratch.file("sub-01/decoder/fold-001.safetensors"));
    assertFalse(java.util.Arrays.equals(first, other), "it starts from what was pretrained");
  }

  /** As a release would have written it whose network had no such array. */
  private static void withoutOne(Path file, String array) {
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Safetensors in = Safetensors.open(file)) {
      writer.metadata(in.metadata());
      assertTrue(in.names().contains(array), in.names()::toString);
      in.names().stream()
          .filter(name -> !name.equals(array))
          .forEach(name -> writer.add(name, in.read(name)));
    }
    writer.write(file);
  }

  @Test
  void pretrainingOnTestTrialsIsALeak() {
    DecodingRecipe leaky = recipe("encoder.pretraining.rows=all-trials");
    AuditException blocked =
        assertThrows(AuditException.class, () -> experiment(leaky, "run").train());
    assertTrue(blocked.getMessage().contains("LEAK-FIT"), blocked::getMessage);
    assertEquals(List.of(), experiment(recipe(), "run").check().blocking());
  }

  private static Lineage lineage(Path file) {
    try (Safetensors in = Safetensors.open(file)) {
      return Lineage.read(in.metadata(), file).orElseThrow();
    }
  }

  @Test
  void othersTeachWhatTheyMayAndAreNamed() throws Exception {
    String everybody = "study.subjects=[\"01\",\"02\"]";
    DecodingRecipe recipe = recipe(everybody, "encoder.pretraining.rows=other-subjects");
    assertEquals(List.of(), experiment(recipe, "run").check().blocking());
    experiment(recipe, "run").train();
    Path decoder = temporary.resolve("run/sub-02/decoder");
    Lineage pretrained = lineage(decoder.resolve("fold-001_pretrained.safetensors"));
    assertEquals(List.of("simulated/01"), pretrained.subjects());
    assertEquals(48, pretrained.stimuli().size(), "training pictures only");
    Lineage own = lineage(decoder.resolve("fold-001.safetensors"));
    assertEquals(List.of("simulated/02"), own.subjects());
    assertEquals(List.of(pretrained), own.parents());
    String facts = Files.readString(temporary.resolve("run/sub-02/metrics.jsonl"));
    assertTrue(facts.contains("\"pretrained on\":\"48 trials of simulated/01\""), facts);
    RecipeException alone =
        assertThrows(
            RecipeException.class,
            () -> experiment(recipe("encoder.pretraining.rows=other-subjects"), "alone").train());
    assertTrue(alone.getMessage().contains("other-subjects"), alone::getMessage);
  }

  private static DecodingRecipe from(String study, String subjects) {
    return recipe(
        "encoder.pretraining.rows=other-study",
        "encoder.pretraining.study={manifest: simulated, root: "
            + study
            + ", subjects: "
            + subjects
            + "}");
  }

  @Test
  void anotherStudyTeachesUnlessItKnowsWhoOrWhatIsTested() {
    // The same pictures, by another person; then the same person.
    AuditException pictures =
        assertThrows(
            AuditException.class, () -> experiment(from("../study", "[\"02\"]"), "run").train());
    assertTrue(pictures.getMessage().contains("LEAK-LINEAGE"), pictures::getMessage);
    assertTrue(pictures.getMessage().contains("12 test stimuli"), pictures::getMessage);
    AuditException person =
        assertThrows(
            AuditException.class, () -> experiment(from("../study", "[\"01\"]"), "run").train());
    assertTrue(person.getMessage().contains("subject 01"), person::getMessage);
    SmallPeople.write(shared.resolve("elsewhere"), Seed.of(6));
    DecodingRecipe clean = from("../elsewhere", "[\"02\", \"03\"]");
    experiment(clean, "run").train();
    Path decoder = temporary.resolve("run/sub-01/decoder");
    Lineage pretrained = lineage(decoder.resolve("fold-001_pretrained.safetensors"));
    assertEquals(List.of("simulated/02", "simulated/03"), pretrained.subjects());
    assertEquals(60, pretrained.stimuli().size(), "training and test pictures of that study");
    assertEquals(List.of(pretrained), lineage(decoder.resolve("fold-001.safetensors")).parents());
    // Data that a result hangs on belong to the identity of its run.
    SmallPeople.write(shared.resolve("third"), Seed.of(7));
    Execution execution = SmallPeople.execution(study, temporary.resolve("none"));
    assertNotEquals(
        Plan.of(clean, execution).identity(),
        Plan.of(from("../third", "[\"02\", \"03\"]"), execution).identity());
    assertThrows(RecipeException.class, () -> recipe("encoder.pretraining.rows=other-study"));
  }

  @Test
  void aNetworkWithoutPretrainingSaysWhichHaveOne() {
    DecodingRecipe recipe =
        DecodingRecipe.of(
            Recipes.tree(
                "simulated-network",
                List.of(
                    "study.subjects=[\"01\"]",
                    "encoder.start=random",
                    "encoder.pretraining.rows=training")));
    RecipeException refused =
        assertThrows(RecipeException.class, () -> experiment(recipe, "run").train());
    assertTrue(refused.getMessage().contains("mind-vis"), refused::getMessage);
  }
}
