package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.LatentTower;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.embedding.TargetExtractor;
import io.noesis.alignment.embedding.TargetSpec;
import io.noesis.alignment.embedding.Targets;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.reconstruction.embedded.EmbeddedModel;
import io.noesis.reconstruction.embedded.EmbeddedModels;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Latents as targets and as pictures, against tests/fixtures/make/latent_targets.py. */
class LatentPicturesTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion");

  @TempDir static Path cache;

  private static ModelPack pack(String name) {
    return name.equals("embedded")
        ? new EmbeddedModels(cache).open(EmbeddedModel.GENERATOR)
        : ModelPack.open(FOLDER.resolve(name));
  }

  private static Tensor targets(LatentTower tower) {
    TargetSpec spec =
        new TargetSpec(
            List.of(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(tower),
            Optional.empty(),
            OnnxOptions.SINGLE_THREADED);
    Stimulus seen =
        new Stimulus(
            "one",
            "",
            Optional.empty(),
            Optional.of(FOLDER.resolve("latents/picture.png")),
            Map.of());
    try (TargetExtractor extractor = Targets.registry().get("latent").open(spec)) {
      var found = extractor.extract(StimulusSet.of(List.of(seen)), Progress.NONE);
      assertEquals(tower.space(), found.space());
      return found.values();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-stable-diffusion", "embedded"})
  void latentsAreThoseOfThePackAndDecodeToItsPicture(String name) {
    ModelPack pack = pack(name);
    Tensor latents = targets(LatentPictures.tower(pack, OptionalInt.empty()));
    Tensor expected = Npy.read(FOLDER.resolve("latents/" + name + ".npy"));
    assertEquals(expected.size(), latents.size());
    double largest = 0;
    double off = 0;
    for (int i = 0; i < latents.size(); i++) {
      largest = Math.max(largest, Math.abs(expected.array()[i]));
      off = Math.max(off, Math.abs(expected.array()[i] - latents.array()[i]));
    }
    assertTrue(off <= 1e-5 * largest, off + " of " + largest);
    try (LatentPictures pictures =
        LatentPictures.open(pack, OptionalInt.empty(), OnnxOptions.SINGLE_THREADED)) {
      assertEquals(4, pictures.shaped(latents).shape().rank());
      PixelImage made = pictures.pictures(latents).get(0);
      PixelImage wanted = PixelImage.read(FOLDER.resolve("latents/" + name + ".png"));
      assertEquals(wanted.width(), made.width());
      for (int i = 0; i < made.rgb().length; i++) {
        assertEquals(wanted.rgb()[i] & 0xff, made.rgb()[i] & 0xff, 1, "grey level " + i);
      }
    }
  }

  @Test
  void theSpaceNamesPackAndSizesAndIsThatOfTheGenerator() {
    ModelPack pack = pack("embedded");
    EmbeddingSpace space = LatentPictures.tower(pack, OptionalInt.empty()).space();
    assertEquals("noesis-embedded-generator", space.model());
    assertEquals("latents 4x16x16", space.layer());
    assertEquals(1024, space.dim());
    try (DiffusionPipeline generator = DiffusionPipeline.open(pack, OnnxOptions.SINGLE_THREADED)) {
      assertEquals(Optional.of(space), generator.latents());
    }
    ModelPack other = pack("tiny-stable-diffusion");
    assertEquals(
        "latents 4x32x32", LatentPictures.tower(other, OptionalInt.of(64)).space().layer());
    assertEquals(
        "tiny-stable-diffusion", LatentPictures.tower(other, OptionalInt.of(64)).space().model());
  }

  @Test
  void picturesOfAnotherSizeAreEncodedWhereTheGraphTakesThem() {
    LatentTower tower = LatentPictures.tower(pack("tiny-stable-diffusion"), OptionalInt.of(48));
    assertEquals(List.of(4, 24, 24), tower.shape());
    assertEquals(4 * 24 * 24, targets(tower).size());
    LatentTower fixed = LatentPictures.tower(pack("embedded"), OptionalInt.of(128));
    assertTrue(
        assertThrows(ModelException.class, () -> targets(fixed))
            .getMessage()
            .contains("not pictures of 128 pixels"));
    assertTrue(
        assertThrows(
                ModelException.class,
                () ->
                    LatentPictures.open(
                        pack("embedded"), OptionalInt.of(128), OnnxOptions.SINGLE_THREADED))
            .getMessage()
            .contains("targets.pixels"));
  }

  @Test
  void anUnfitSizeOrAPackWithoutAutoencoderIsRefused() {
    assertTrue(
        assertThrows(
                RecipeException.class,
                () -> LatentPictures.tower(pack("embedded"), OptionalInt.of(66)))
            .getMessage()
            .contains("a multiple of 4"));
    assertTrue(
        assertThrows(
                ModelException.class,
                () -> LatentPictures.tower(pack("tiny-kandinsky"), OptionalInt.empty()))
            .getMessage()
            .contains("vae_encoder"));
  }

  /** MindEye 1 shows its low-level picture to the encoder in a way of its own. */
  @Test
  void aProfileThatShowsPicturesOtherwiseStartsFromPictures() {
    for (String name : List.of("takagi", "mindeye1")) {
      Profile profile = Profiles.registry().get(name);
      Profile ofAnyKind =
          new Profile(
              List.of(),
              profile.plan(),
              profile.sampler(),
              profile.without(),
              profile.entry(),
              profile.offsetNoise(),
              profile.pixels(),
              profile.startPixels(),
              profile.candidates(),
              profile.blend(),
              profile.sources());
      try (DiffusionPipeline generator =
          DiffusionPipeline.open(
              pack("tiny-image-embedding"), OnnxOptions.SINGLE_THREADED, ofAnyKind)) {
        assertEquals(!name.equals("mindeye1"), generator.latents().isPresent(), name);
      }
    }
  }

  @Test
  void familiesTellTheAxesOfTheirFurtherConditions() {
    Map<String, Map<String, Integer>> known =
        Map.of(
            "tiny-versatile-diffusion", Map.of("text", 2),
            "tiny-stable-diffusion-xl", Map.of("pooled", 1),
            "tiny-controlnet", Map.of("control", 3),
            "tiny-controlnet-residuals", Map.of("control", 3),
            "tiny-image-embedding", Map.of());
    known.forEach(
        (name, axes) -> {
          try (DiffusionPipeline generator =
              DiffusionPipeline.open(pack(name), OnnxOptions.SINGLE_THREADED)) {
            assertEquals(axes.keySet(), generator.also().keySet(), name);
            axes.forEach(
                (condition, rank) -> {
                  List<Integer> shape = generator.also().get(condition);
                  assertEquals(rank, shape.size(), name);
                  assertTrue(shape.stream().allMatch(n -> n > 0), name + shape);
                });
            boolean texts = name.equals("tiny-versatile-diffusion");
            SamplingPlan usual = SamplingPlan.of(5, 2);
            assertEquals(texts ? Set.of() : axes.keySet(), generator.needs(usual), name);
            assertEquals(
                axes.keySet(),
                generator.needs(new SamplingPlan(5, 2, 0, 1, Map.of("mix", 0.4))),
                name);
          }
        });
  }
}
