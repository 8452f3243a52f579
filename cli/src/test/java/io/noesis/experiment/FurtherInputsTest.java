package io.noesis.experiment;

import static io.noesis.experiment.LowLevelRun.execution;
import static io.noesis.experiment.LowLevelRun.pictures;
import static io.noesis.experiment.LowLevelRun.recipe;
import static io.noesis.experiment.LowLevelRun.table;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.score.Condition;
import io.noesis.reconstruction.caption.Captioner;
import io.noesis.reconstruction.diffusion.EmbeddingRequest;
import io.noesis.reconstruction.diffusion.ImageGenerator;
import io.noesis.reconstruction.diffusion.LatentPictures;
import io.noesis.reconstruction.diffusion.Pictures;
import io.noesis.reconstruction.diffusion.SamplingPlan;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Further targets that a generator takes beside its embeddings. */
class FurtherInputsTest {
  @TempDir Path temporary;

  /** The generator on board, as if it also took texts in those axes. */
  private record TakingText(ImageGenerator inner, List<Integer> axes, List<Tensor> seen)
      implements ImageGenerator {
    @Override
    public EmbeddingSpace space() {
      return inner.space();
    }

    @Override
    public SamplingPlan plan() {
      return inner.plan();
    }

    @Override
    public Pictures generate(EmbeddingRequest request, Progress progress) {
      seen.add(Objects.requireNonNull(request.also().get("text")));
      return inner.generate(request.with(Map.of()), progress);
    }

    @Override
    public Map<String, List<Integer>> also() {
      return Map.of("text", axes);
    }

    @Override
    public Set<String> needs(SamplingPlan sampling) {
      return sampling.settings().containsKey("mix") ? Set.of("text") : Set.of();
    }

    @Override
    public Optional<EmbeddingSpace> latents() {
      return inner.latents();
    }

    @Override
    public Tensor start(List<PixelImage> pictures) {
      return inner.start(pictures);
    }

    @Override
    public String fingerprint() {
      return inner.fingerprint();
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  private static MakingModels taking(List<Integer> axes, List<Tensor> seen) {
    PackModels own = new PackModels(ModelPlaces.usual().packs(), 1);
    return new MakingModels() {
      @Override
      public ImageGenerator generator(PicturesSpec spec) {
        return new TakingText(own.generator(spec), axes, seen);
      }

      @Override
      public LatentPictures latents(TargetsSpec targets, PicturesSpec spec) {
        return own.latents(targets, spec);
      }

      @Override
      public Optional<PictureTower> tower(PicturesSpec spec, TargetsSpec targets) {
        return own.tower(spec, targets);
      }

      @Override
      public Captioner captioner(
          CaptionsSpec spec, Embeddings training, Map<String, String> captions) {
        return own.captioner(spec, training, captions);
      }
    };
  }

  @Test
  void whatTheGeneratorTakesInOtherAxesIsRefused() {
    try (ImageGenerator taking = taking(List.of(3, 50), List.of()).generator(pictures())) {
      ModelException refused =
          assertThrows(
              ModelException.class,
              () -> FurtherInputs.requireFit(recipe(), Map.of("text", taking.space()), taking));
      assertTrue(refused.getMessage().contains("128 numbers"), refused.getMessage());
      assertTrue(refused.getMessage().contains("[3, 50]"), refused.getMessage());
      RecipeException lacking =
          assertThrows(
              RecipeException.class,
              () ->
                  FurtherInputs.requireFit(
                      recipe("pictures.settings={mix: 0.4}"), Map.of(), taking));
      assertTrue(lacking.getMessage().contains("Add also.text"), lacking.getMessage());
    }
  }

  @Test
  void aConditionThatTheGeneratorDoesNotTakeIsRefusedBeforeTraining() {
    Path out = temporary.resolve("unknown");
    RecipeException refused =
        assertThrows(
            RecipeException.class,
            () ->
                new Experiment(
                        recipe("also.text={targets: {of: caption, pack: embedded}}"),
                        execution(out))
                    .train());
    assertTrue(refused.getMessage().contains("'text'"), refused.getMessage());
    assertTrue(refused.getMessage().contains("low-level"), refused.getMessage());
    assertFalse(Files.exists(out.resolve("sub-01/decoder")), "nothing was trained");
    assertFalse(Files.exists(out.resolve("also/text/sub-01/decoder")), "nothing was trained");
  }

  @Test
  void textsAreHandedOnInTheAxesOfTheGeneratorAndForeignLatentsStartByWayOfTheirPicture() {
    Path pack =
        Path.of(
                "../reconstruction/src/test/resources/io/noesis/reconstruction/diffusion"
                    + "/tiny-stable-diffusion")
            .toAbsolutePath();
    DecodingRecipe other =
        recipe(
            "also.text={targets: {of: caption, pack: embedded}, stretch: training}",
            "also.low-level.targets.pack=" + pack,
            "pictures.stimuli=2",
            "pictures.conditions=[decoded, ceiling]");
    Path out = temporary.resolve("texts");
    List<Tensor> seen = new ArrayList<>();
    new Experiment(other, execution(out), taking(List.of(2, 64), seen)).train();
    assertEquals(List.of(2, 64), List.of(seen.get(0).dim(1), seen.get(0).dim(2)));
    RunFolder texts = RunFolder.open(out.resolve("also/text"));
    TargetTable targets = TargetTable.read(texts);
    MadeTable table = table(out);
    assertEquals(2, table.stimuli().size());
    Tensor all = Tensor.concatenate(seen.toArray(Tensor[]::new));
    assertEquals(4, all.dim(0), "two of each condition");
    // The decoded ones come first, then the true ones in their order.
    int[] rows = targets.embeddings().rowsOf(table.stimuli());
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(targets.embeddings().values().row(rows[i]), all.row(2 + i));
    }
    Map<String, String> facts =
        MadePng.texts(out.resolve(table.of(Condition.DECODED.key()).get(0).content()));
    assertEquals(
        "the picture of the decoded low-level latents of tiny-stable-diffusion, strength 0.7",
        facts.get("Noesis started from"));
    assertTrue(facts.get("Noesis also text").contains("moved away from the training mean"));
  }
}
