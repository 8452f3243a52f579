package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.PixelImage;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxProvider;
import io.noesis.reconstruction.diffusion.schedule.Schedulers;
import io.noesis.reconstruction.diffusion.schedule.Spacing;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Another sampler, spacing, start or device than the pack's own. */
class SamplingKnobsTest {
  private static final Path PACK =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion/tiny-image-embedding");

  private static DiffusionPipeline open(Profile profile) {
    return DiffusionPipeline.open(ModelPack.open(PACK), OnnxOptions.SINGLE_THREADED, profile);
  }

  private static EmbeddingRequest request(SamplingPlan plan) {
    float[] row = {1, 0, -1, 0.5f, 2, 0, 0, 1, -2, 0, 1, 0};
    return EmbeddingRequest.of(Tensor.wrap(row, 1, 12), List.of(7L), plan);
  }

  @Test
  void everySamplerAndSpacingMakesItsOwnPicture() {
    Set<Tensor> made = new HashSet<>();
    Set<String> fingerprints = new HashSet<>();
    int count = 0;
    for (Optional<Spacing> spacing :
        List.of(
            Optional.<Spacing>empty(),
            Optional.of(Spacing.TRAILING),
            Optional.of(Spacing.LINSPACE))) {
      for (String sampler : List.of("ddim", "pndm", "euler", "dpm-solver++", "heun")) {
        try (DiffusionPipeline p = open(Profile.USUAL.with(Optional.of(sampler), spacing))) {
          made.add(p.generate(request(SamplingPlan.of(5, 2)), Progress.NONE).latents());
          fingerprints.add(p.fingerprint());
          assertEquals(
              sampler + spacing.map(s -> ", " + s.key()).orElse(", leading"),
              p.facts().get("scheduler"));
          count++;
        }
      }
    }
    assertEquals(count, made.size());
    assertEquals(count, fingerprints.size());
  }

  @Test
  void theSpacingAloneKeepsThePacksSampler() {
    try (DiffusionPipeline own = open(Profile.USUAL);
        DiffusionPipeline other =
            open(Profile.USUAL.with(Optional.empty(), Optional.of(Spacing.TRAILING)))) {
      assertEquals("ddim, leading", own.facts().get("scheduler"));
      assertEquals("ddim, trailing", other.facts().get("scheduler"));
      assertEquals(own.scheduler().getClass(), other.scheduler().getClass());
      assertNotEquals(own.fingerprint(), other.fingerprint());
    }
  }

  @Test
  void theSamplerGivenWinsOverTheProfilesAndTheRestStays() {
    Profile mixed = Profiles.registry().get("takagi").with(Optional.of("euler"), Optional.empty());
    Profile.Sampler sampler = mixed.sampler().orElseThrow();
    assertEquals("euler", sampler.name());
    assertEquals("leading", sampler.settings().get("timestep_spacing"));
    assertEquals(Profile.Entry.ONE_STEP_NOISIER, mixed.entry());
    assertTrue(
        mixed.describe().stream()
            .anyMatch(line -> line.startsWith("sampler: euler") && line.contains("given beside")),
        mixed.describe().toString());
  }

  @Test
  void samplersThatLayOutTheirStepsThemselvesTakeNoSpacing() {
    for (var entry : Schedulers.registry().entries()) {
      assertEquals(
          !Set.of("lcm", "edm-euler", "unclip", "dalle2-ddim").contains(entry.name()),
          entry.value().usesSpacing(),
          entry.name());
    }
    assertThrows(
        RecipeException.class,
        () -> open(Profile.USUAL.with(Optional.of("ddimm"), Optional.empty())));
  }

  @Test
  void picturesToStartFromTakeTheGeneratorsSize() {
    byte[] rgb = new byte[3 * 50 * 40];
    java.util.Arrays.fill(rgb, (byte) 255);
    PixelImage white = PixelImage.wrap(50, 40, rgb);
    try (DiffusionPipeline p = open(Profile.USUAL)) {
      Tensor start = p.start(List.of(white));
      assertEquals(Tensor.zeros(1, 3, 32, 32).shape(), start.shape());
      assertEquals(1, start.array()[0]);
      SamplingPlan plan = SamplingPlan.of(4, 2).withStrength(0.5);
      Tensor from =
          p.generate(request(SamplingPlan.of(4, 2)).from(start, plan), Progress.NONE).latents();
      Tensor alone = p.generate(request(SamplingPlan.of(4, 2)), Progress.NONE).latents();
      assertNotEquals(alone, from);
    }
  }

  @Test
  @DisabledOnOs(OS.MAC)
  void aCardThatCannotBeHadIsRefusedWithTheRemedy() {
    OnnxOptions card = OnnxOptions.SINGLE_THREADED.on("cuda:1");
    assertEquals(OnnxProvider.CUDA, card.provider());
    assertEquals(1, card.device());
    String said =
        assertThrows(ModelException.class, () -> DiffusionPipeline.open(ModelPack.open(PACK), card))
            .getMessage();
    assertTrue(said.contains("onnx-cuda"), said);
    assertThrows(
        IllegalArgumentException.class, () -> OnnxOptions.SINGLE_THREADED.on("cuda:first"));
    assertThrows(IllegalArgumentException.class, () -> OnnxOptions.SINGLE_THREADED.on("gpu"));
  }
}
