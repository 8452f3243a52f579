package io.noesis.reconstruction.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.ingest.manifest.ModelSpace;
import io.noesis.reconstruction.diffusion.DiffusionPipeline;
import io.noesis.reconstruction.diffusion.EmbeddingPrior;
import io.noesis.reconstruction.diffusion.Priors;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user says about the space of a pack, in its manifest. */
class StatedSpaceTest {
  private static final Path PACKS = Path.of("src/test/resources/io/noesis/reconstruction");

  @TempDir Path root;
  private ModelFolder folder;

  @BeforeEach
  void folder() {
    folder = new ModelFolder(root);
    copy("pack/tiny-clip-12");
  }

  private ModelPack copy(String name) {
    Path from = PACKS.resolve(name);
    Path to = root.resolve(from.getFileName());
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.sorted().toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ModelPack.open(to);
  }

  private static ModelSpace space(ModelPack pack) {
    return pack.manifest().flatMap(ModelManifest::space).orElseThrow();
  }

  @Test
  void onlyTheNamesOfTheSpaceChangeAndWhoSaidSoIsKept() {
    ModelPack before = copy("diffusion/tiny-ip-adapter");
    ModelPack after =
        StatedSpace.ofTower(folder, "tiny-clip-12").write(before, StatedSpace.Part.TAKEN);
    ModelSpace stated = space(after);
    assertEquals("tiny-clip-12", stated.model());
    assertEquals("image_embeds", stated.layer());
    assertEquals(
        before.manifest().orElseThrow(),
        after.manifest().orElseThrow().withSpace(space(before)),
        "nothing else");
    assertEquals(List.of(), PackCheck.problems(after, Progress.NONE));
    String said = StatedSpace.facts(after).get("space of the model");
    assertTrue(said.contains("the pack tiny-clip-12, output image_embeds, vision.onnx"), said);
    assertTrue(said.contains("SHA-256"), said);
    assertTrue(said.endsWith("calls it image encoder of the adapter, image_embeds"), said);
    ModelPack again = StatedSpace.named("another", "layer").write(after, StatedSpace.Part.TAKEN);
    assertEquals("another", space(again).model());
    assertTrue(
        StatedSpace.facts(again).get("space of the model").contains("of the adapter"),
        "what the exporter said is not forgotten");
    assertTrue(StatedSpace.facts(before).isEmpty());
  }

  @Test
  void aPipelineOfTextsWithoutAManifestGetsOne() {
    ModelPack before = copy("diffusion/tiny-stable-diffusion");
    assertTrue(before.manifest().isEmpty());
    copy("pack/tiny-clip");
    StatedSpace text = StatedSpace.ofTower(folder, "tiny-clip:text_tokens");
    assertEquals(Optional.of(new StatedSpace.Sizes(16, 77)), text.sizes());
    ModelPack after = text.write(before, StatedSpace.Part.TAKEN);
    assertEquals(before.dialect(), after.dialect());
    assertEquals(before.kind(), after.kind());
    assertEquals(before.graphs(), after.graphs());
    try (DiffusionPipeline pipeline = DiffusionPipeline.open(after, OnnxOptions.SINGLE_THREADED)) {
      assertEquals("tiny-clip", pipeline.space().model());
      assertEquals("text_tokens", pipeline.space().layer());
      assertEquals(77, pipeline.tokens());
      assertTrue(
          pipeline.facts().get("space of the model").contains("the pack itself names none"),
          pipeline.facts()::toString);
    }
  }

  @Test
  void whatAPriorIsGivenIsStatedApart() {
    ModelPack before = copy("diffusion/prior/tiny-unclip-prior-12");
    ModelPack after =
        StatedSpace.ofTower(folder, "tiny-clip-12:text_embeds")
            .write(before, StatedSpace.Part.GIVEN);
    assertEquals(space(before), space(after));
    try (EmbeddingPrior prior = Priors.open(after, OnnxOptions.SINGLE_THREADED)) {
      assertEquals("tiny-clip-12", prior.given().model());
      assertEquals("image_embeds", prior.given().layer(), "as targets of such texts are called");
      assertTrue(prior.facts().containsKey("space that the prior is given"));
    }
    StatedSpace small = StatedSpace.ofTower(folder, "tiny-clip-12:image_tokens");
    ModelPack adapter = copy("diffusion/tiny-ip-adapter");
    assertThrows(ModelException.class, () -> small.write(adapter, StatedSpace.Part.GIVEN));
  }

  @Test
  void otherSizesAndOutputsAreRefusedAndNothingIsWritten() throws IOException {
    ModelPack adapter = copy("diffusion/tiny-ip-adapter");
    String manifest = Files.readString(adapter.folder().resolve(ModelPack.MANIFEST));
    StatedSpace tokens = StatedSpace.ofTower(folder, "tiny-clip-12:image_tokens");
    String sizes =
        assertThrows(ModelException.class, () -> tokens.write(adapter, StatedSpace.Part.TAKEN))
            .getMessage();
    assertTrue(sizes.contains("takes embeddings of 12 numbers"), sizes);
    assertTrue(sizes.contains("5 tokens of 12 numbers"), sizes);
    assertEquals(manifest, Files.readString(adapter.folder().resolve(ModelPack.MANIFEST)));
    assertThrows(ModelException.class, () -> StatedSpace.ofTower(folder, "tiny-clip-12:none"));
    assertThrows(ModelException.class, () -> StatedSpace.ofTower(folder, "tiny-clap"));
  }
}
