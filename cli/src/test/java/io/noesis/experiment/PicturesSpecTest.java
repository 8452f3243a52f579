package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.reconstruction.diffusion.EmbeddingRequest;
import io.noesis.reconstruction.diffusion.ImageGenerator;
import io.noesis.reconstruction.diffusion.SamplingPlan;
import io.noesis.reconstruction.pack.ModelFolder;
import io.noesis.run.ExitCode;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The keys of the sections pictures and captions, with the models on board. */
class PicturesSpecTest {
  @TempDir Path folder;

  private static PicturesSpec pictures(String... keys) {
    return recipe("pictures", keys).pictures().orElseThrow();
  }

  private static DecodingRecipe recipe(String section, String... keys) {
    return DecodingRecipe.of(
        Recipes.tree(
            "simulated-pictures", Arrays.stream(keys).map(k -> section + "." + k).toList()));
  }

  private PackModels models() {
    return new PackModels(new ModelFolder(folder), 1);
  }

  @Test
  void everyKeyOfSamplingMakesAnotherPicture() {
    Set<String> made = new HashSet<>();
    List<String[]> all =
        List.of(
            new String[] {},
            new String[] {"scheduler=ddim"},
            new String[] {"spacing=linspace"},
            new String[] {"scheduler=euler", "spacing=leading"},
            new String[] {"steps=4"},
            new String[] {"guidance=1.5"});
    for (String[] keys : all) {
      PicturesSpec spec =
          pictures(keys.length == 0 || !keys[0].startsWith("steps") ? with("steps=3", keys) : keys);
      try (ImageGenerator generator = models().generator(spec)) {
        SamplingPlan plan = spec.plan(generator.plan());
        float[] row = new float[generator.space().dim()];
        Arrays.fill(row, (float) (1 / Math.sqrt(row.length)));
        made.add(
            Arrays.toString(
                generator
                    .generate(
                        EmbeddingRequest.of(Tensor.wrap(row, 1, row.length), List.of(3L), plan),
                        Progress.NONE)
                    .images()
                    .get(0)
                    .rgb()));
      }
    }
    assertEquals(all.size(), made.size());
  }

  private static String[] with(String one, String... more) {
    String[] out = Arrays.copyOf(more, more.length + 1);
    out[more.length] = one;
    return out;
  }

  @Test
  void whatIsGivenWinsOverTheProfileAndIsSaid() {
    PicturesSpec spec =
        pictures(
            "profile=mindeye2",
            "steps=7",
            "guidance=5",
            "scheduler=ddim",
            "spacing=trailing",
            "candidates=2");
    assertEquals(
        "steps 7 for 38, scheduler ddim for euler, spacing trailing for sgm, candidates 2 for 1",
        spec.beside());
    SamplingPlan plan = spec.plan(spec.sampling().plan().orElseThrow());
    assertEquals(7, plan.steps());
    assertEquals(5, plan.guidance());
    assertEquals("", pictures().beside());
    assertEquals(16, pictures("profile=mindeye1").chosenAmong());
    assertEquals(
        Map.of("mix", 0.0, "class-token", 1.0, "noise-level", 20.0),
        pictures("profile=mindeye1", "strength=1", "settings={noise-level: 20}")
            .plan(pictures("profile=mindeye1").sampling().plan().orElseThrow())
            .settings());
  }

  @Test
  void strengthAndStartGoTogether() {
    SamplingPlan own = SamplingPlan.of(20, 5);
    for (PicturesSpec wrong :
        List.of(
            pictures("strength=0.5"),
            pictures("start=nearest"),
            pictures("start=nearest", "strength=1"))) {
      RecipeException refused = assertThrows(RecipeException.class, () -> wrong.plan(own));
      assertTrue(refused.getMessage().contains("start"), refused.getMessage());
    }
    PicturesSpec profile = pictures("profile=takagi");
    SamplingPlan published = profile.sampling().plan().orElseThrow();
    String said = assertThrows(RecipeException.class, () -> profile.plan(published)).getMessage();
    assertTrue(said.contains("of the profile takagi"), said);
    assertEquals(0.5, pictures("start=nearest", "strength=0.5").plan(own).strength());
    assertEquals(0.8, pictures("profile=takagi", "start=nearest").plan(published).strength());
  }

  @Test
  void unknownNamesAreRefusedWithTheKnownOnes() {
    Map<String, String> known =
        Map.of(
            "profile=mindeye3", "mindeye2",
            "scheduler=dddim", "ddim",
            "spacing=trailng", "trailing",
            "start=nearst", "nearest",
            "device=cudaa", "cuda",
            "device=cpu:1", "no card 1");
    known.forEach(
        (wrong, nearest) -> {
          RecipeException refused = assertThrows(RecipeException.class, () -> pictures(wrong));
          assertTrue(refused.getMessage().contains(nearest), refused.getMessage());
          assertEquals(ExitCode.USAGE, refused.exitCode());
        });
    assertThrows(RecipeException.class, () -> pictures("scheduler=lcm", "spacing=leading"));
    assertThrows(RecipeException.class, () -> recipe("captions", "device=card"));
  }

  @Test
  @DisabledOnOs(OS.MAC)
  void aDeviceThatIsNotThereEndsWithSixForGeneratorTowerAndCaptioner() {
    PicturesSpec pictures = pictures("device=cuda");
    CaptionsSpec captions = recipe("captions", "device=tensorrt").captions().orElseThrow();
    TargetsSpec targets = recipe("captions").targets();
    for (org.junit.jupiter.api.function.Executable opening :
        List.<org.junit.jupiter.api.function.Executable>of(
            () -> models().generator(pictures),
            () -> models().tower(pictures, targets),
            () ->
                models()
                    .captioner(
                        captions,
                        new Embeddings(
                            new io.noesis.alignment.embedding.EmbeddingSpace(
                                "none",
                                "none",
                                1,
                                io.noesis.alignment.embedding.EmbeddingSpace.Scaling.RAW),
                            List.of(),
                            Tensor.zeros(0, 1)),
                        Map.of()))) {
      ModelException refused = assertThrows(ModelException.class, opening);
      assertTrue(refused.getMessage().contains("-P onnx-cuda"), refused.getMessage());
      assertEquals(ExitCode.MODEL, refused.exitCode());
    }
  }

  @Test
  void aPriorOfAnotherGeneratorIsRefused() {
    String pack =
        "../reconstruction/src/test/resources/io/noesis/reconstruction/diffusion/prior/tiny-unclip-prior";
    ModelException refused =
        assertThrows(ModelException.class, () -> models().generator(pictures("prior=" + pack)));
    assertTrue(refused.getMessage().contains("the prior draws"), refused.getMessage());
    assertEquals(ExitCode.MODEL, refused.exitCode());
    assertThrows(ModelException.class, () -> models().generator(pictures("prior=none")));
  }

  @Test
  void aPriorsOwnKeysWinOverItsPackAndAreSaid() {
    String packs = "../reconstruction/src/test/resources/io/noesis/reconstruction/diffusion/";
    String prior = packs + "prior/tiny-unclip-prior-12";
    String pack = "pack=" + packs + "tiny-kandinsky";
    PicturesSpec plain = pictures(pack, "steps=2", "prior=" + prior);
    assertEquals(PriorPackSpec.of(prior), plain.prior().orElseThrow());
    PicturesSpec given =
        pictures(pack, "steps=2", "prior={pack: " + prior + ", steps: 2, guidance: 1.5, seed: 8}");
    float[] row = new float[12];
    Arrays.fill(row, 0.3f);
    List<Tensor> made = new java.util.ArrayList<>();
    for (PicturesSpec spec : List.of(plain, given)) {
      try (ImageGenerator generator = models().generator(spec)) {
        float[] of = Arrays.copyOf(row, generator.space().dim());
        made.add(
            generator
                .generate(
                    EmbeddingRequest.of(
                        Tensor.wrap(of, 1, of.length), List.of(3L), spec.plan(generator.plan())),
                    Progress.NONE)
                .latents());
        Map<String, String> facts = generator.facts();
        assertEquals(
            spec == given,
            facts.get("prior").endsWith("2 steps with guidance 1.5"),
            facts::toString);
        assertEquals(
            spec == given ? "5 steps with guidance 4.0" : null,
            facts.get("in the place of the prior's own"));
      }
    }
    assertNotEquals(made.get(0), made.get(1));
    for (String wrong :
        List.of(
            "prior={steps: 3}",
            "prior={pack: a, steps: 0}",
            "prior={pack: a, step: 3}",
            "prior=[a]")) {
      assertThrows(RecipeException.class, () -> pictures(wrong), wrong);
    }
  }

  @Test
  void textsAreRefusedWhereNothingReadsThem() {
    String packs = "../reconstruction/src/test/resources/io/noesis/reconstruction/diffusion/";
    Map<List<String>, String> wrong =
        Map.of(
            List.of("prompt=caption"), "prompt: caption is read beside embeddings",
            List.of("prompt=caption-alone"), "makes pictures of texts",
            List.of("negative=a dog"), "this kind of model reads no text",
            List.of("prompt=caption", "pack=" + packs + "tiny-stable-diffusion"),
                "Set prompt: caption-alone",
            List.of("prompt=caption-alone", "pack=" + packs + "tiny-ip-adapter"),
                "Set prompt: caption to",
            List.of("negative=a dog", "guidance=1", "pack=" + packs + "tiny-ip-adapter"),
                "Set guidance above 1");
    wrong.forEach(
        (keys, why) -> {
          PicturesSpec spec = pictures(keys.toArray(String[]::new));
          RecipeException refused =
              assertThrows(RecipeException.class, () -> models().generator(spec), keys::toString);
          assertTrue(refused.getMessage().contains(why), refused.getMessage());
        });
    assertThrows(RecipeException.class, () -> pictures("prompt=captions"));
    PicturesSpec prompted = pictures("prompt=caption", "stimuli=4");
    Map<String, String> unfit =
        Map.of(
            "stimuli=2", "made of 2 stimuli, pictures of 4",
            "seed=9", "different seeds",
            "conditions=[decoded]", "are not made");
    unfit.forEach(
        (key, why) -> {
          RecipeException refused =
              assertThrows(
                  RecipeException.class,
                  () -> prompted.requireCaptions(recipe("captions", key).captions(), 42));
          assertTrue(refused.getMessage().contains(why), refused.getMessage());
        });
    prompted.requireCaptions(recipe("captions", "stimuli=4", "seed=42").captions(), 42);
    assertThrows(
        RecipeException.class, () -> prompted.requireCaptions(java.util.Optional.empty(), 42));
  }

  @Test
  void tokensAndASecondStageRunFromRecipes() {
    String packs = "../reconstruction/src/test/resources/io/noesis/reconstruction/diffusion/";
    PicturesSpec spec =
        pictures(
            "pack=" + packs + "tiny-unclip-xl",
            "profile=mindeye2",
            "steps=2",
            "refine={pack: " + packs + "tiny-stable-diffusion-xl, steps: 4, strength: 0.5}");
    try (ImageGenerator generator = models().generator(spec)) {
      assertEquals(72, generator.space().dim(), "6 tokens of 12");
      assertTrue(
          generator.facts().get("refined by").contains("4 steps with guidance 5.0, strength 0.5"),
          generator.facts().toString());
      EmbeddingRequest request =
          EmbeddingRequest.of(Tensor.zeros(1, 72), List.of(1L), spec.plan(generator.plan()));
      assertNotEquals(
          generator.generate(request.withCaptions(List.of("dog")), Progress.NONE).latents(),
          generator.generate(request.withCaptions(List.of("the cat")), Progress.NONE).latents());
    }
    for (String wrong :
        List.of(
            "refine={profile: mindeye2-refine}",
            "refine={pack: a, strength: 1}",
            "refine={pack: a, profile: none}")) {
      assertThrows(RecipeException.class, () -> pictures(wrong), wrong);
    }
    assertThrows(ModelException.class, () -> models().generator(pictures("refine={pack: none}")));
  }

  @Test
  void theBestOfSeveralTakesTheTowerOfTheSpace() {
    PicturesSpec spec = pictures("steps=2");
    try (ImageGenerator generator = models().generator(spec);
        PictureTower tower = models().tower(spec, recipe("pictures").targets()).orElseThrow()) {
      assertEquals(generator.space().model() + " " + generator.space().layer(), tower.name());
      PixelImage black = PixelImage.wrap(64, 64, new byte[3 * 64 * 64]);
      assertNotEquals(0, tower.encode(List.of("a"), i -> black).values().size());
    }
  }
}
