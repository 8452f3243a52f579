package io.noesis.reconstruction.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.score.Exchange;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.Score;
import io.noesis.run.Parallel;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Registry;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What every metric of pictures and captions must keep, and what each says of clear cases. */
class OutputMetricsTest {
  private static final int STIMULI = 12;
  private static final int SIDE = 16;
  private static final int DIM = 24;
  private static final List<String> THINGS =
      List.of("cat", "fish", "sailboat", "house", "car", "apple");

  /** In the words of simulated studies; every attribute has more than one value. */
  private static final List<String> SCENES =
      List.of(
          "two small red %s on the left in a grassy meadow,",
          "a large blue %s in the centre on a sandy beach,",
          "a medium-sized green %s at the top on a white background,",
          "three small yellow %s at the bottom in a cloudy sky,",
          "a large purple %s on the right on a city street,");

  private static final Resampling PLAN =
      new Resampling(199, 99, Exchange.ANY_UNIT, Seed.of(4).child("score"));

  @Test
  void namesAreUniqueAndTheDecidingOnesAreThere() {
    assertTrue(PictureMetrics.registry().names().contains(PictureMetrics.PRIMARY));
    assertTrue(CaptionMetrics.registry().names().contains(CaptionMetrics.PRIMARY));
    assertTrue(
        PictureMetrics.registry().names().stream()
            .noneMatch(CaptionMetrics.registry().names()::contains));
  }

  @TestFactory
  Stream<DynamicTest> perfectIsBetterThanItsNullAndNoiseIsInside() {
    PictureSet shown = pictures(1, 0);
    CaptionSet truths = captions(1, 0);
    Map<String, Score> perfect = byName(score(shown, shown, truths, truths));
    Map<String, Score> noisy = byName(score(pictures(1, 0.5), shown, captions(1, 0.5), truths));
    Map<String, Score> foreign = byName(score(pictures(2, 0), shown, captions(2, 0), truths));
    return Stream.concat(
            PictureMetrics.registry().entries().stream().map(Registry.Entry::name),
            CaptionMetrics.registry().entries().stream().map(Registry.Entry::name))
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      Score best = perfect.get(name);
                      assertTrue(best.aboveChance(0.05), best.toString());
                      assertTrue(best.low() <= best.value() && best.value() <= best.high());
                      assertFalse(foreign.get(name).aboveChance(0.01), foreign.get(name) + "");
                      boolean higher = best.direction() == Score.Direction.HIGHER;
                      double gain = best.value() - noisy.get(name).value();
                      assertTrue(higher ? gain >= 0 : gain <= 0, noisy.get(name).toString());
                      assertEquals(
                          name.matches(".*(two_way|top1|median_rank)"),
                          best.metric().endsWith("@" + STIMULI));
                    }));
  }

  @Test
  void bestValuesAreWhatTheyShouldBe() {
    PictureSet shown = pictures(1, 0);
    CaptionSet truths = captions(1, 0);
    Map<String, Score> perfect = byName(score(shown, shown, truths, truths));
    for (String name :
        List.of(
            "picture_tower.two_way",
            "picture_tower.top1",
            "picture_tower.median_rank",
            "picture_tower.correlation",
            "picture_pixels.correlation",
            "picture_pixels.ssim",
            "caption_meaning.cosine",
            "caption.bleu4",
            "caption.rouge_l",
            "caption.category_word",
            "caption_attribute.all",
            "picture_attribute.all",
            "picture_attribute.category")) {
      assertEquals(1, perfect.get(name).value(), 1e-6, name);
    }
    assertEquals(0.5, perfect.get("picture_tower.two_way").chance());
    assertEquals(1.0 / STIMULI, perfect.get("picture_tower.top1").chance());
    assertEquals(6.5, perfect.get("picture_tower.median_rank").chance());
  }

  @Test
  void theProtocolSaysHowManyReferences() {
    CaptionSet said = captions(1, 0.5);
    CaptionSet truths = captions(1, 0);
    List<List<String>> several = new ArrayList<>(truths.references());
    several.replaceAll(one -> List.of(one.get(0), "something red on the left of a street"));
    CaptionSet two = CaptionSet.ofSeveral(several, truths.meanings(), truths.categories());
    several.set(0, truths.references().get(0));
    CaptionSet uneven = CaptionSet.ofSeveral(several, truths.meanings(), truths.categories());
    for (String name : List.of("bleu1", "bleu4", "rouge_l", "cider", "meteor_exact_stem")) {
      assertTrue(protocol(name, said, truths).contains(", one reference, "));
      assertTrue(protocol(name, said, two).contains(", 2 references, "));
      assertTrue(protocol(name, said, uneven).contains(", 1 to 2 references, "));
    }
    Map<String, Score> one = byName(CaptionMetrics.score(said, truths, PLAN, "sentences"));
    Map<String, Score> more = byName(CaptionMetrics.score(said, two, PLAN, "sentences"));
    Score cosine = more.get("caption_meaning.cosine");
    assertEquals(one.get("caption_meaning.cosine").value(), cosine.value());
    assertTrue(cosine.protocol().contains("the first true caption"), cosine.protocol());
    Score bleu = more.get("caption.bleu1");
    assertTrue(bleu.value() >= one.get("caption.bleu1").value());
    assertNotEquals(one.get("caption.bleu1").chance(), bleu.chance(), "null of all references");
  }

  private static String protocol(String metric, CaptionSet said, CaptionSet truths) {
    return byName(CaptionMetrics.score(said, truths, PLAN, "sentences"))
        .get("caption." + metric)
        .protocol();
  }

  @Test
  void oneAndTheSamePictureOfEverythingIdentifiesNothing() {
    PictureSet shown = pictures(1, 0);
    PixelImage grey = PixelImage.wrap(SIDE, SIDE, new byte[3 * SIDE * SIDE]);
    PictureSet same =
        new PictureSet(
            java.util.Collections.nCopies(STIMULI, grey),
            Tensor.wrap(new float[STIMULI * DIM], STIMULI, DIM));
    for (Score score : PictureMetrics.score(same, shown, PLAN, "tower")) {
      assertFalse(score.aboveChance(0.05), score.toString());
    }
  }

  @Test
  void scoresDoNotDependOnThreads() {
    PictureSet made = pictures(1, 0.7);
    PictureSet shown = pictures(1, 0);
    List<Score> one = Parallel.with(1, () -> PictureMetrics.score(made, shown, PLAN, "tower"));
    List<Score> three = Parallel.with(3, () -> PictureMetrics.score(made, shown, PLAN, "tower"));
    assertEquals(one, three);
  }

  @Test
  void aSingleStimulusHasNoScore() {
    PictureSet one =
        new PictureSet(
            pictures(1, 0).pictures().subList(0, 1), Tensor.wrap(new float[DIM], 1, DIM));
    assertEquals(List.of(), PictureMetrics.score(one, one, PLAN, "tower"));
  }

  @Test
  void wordsAreThoseOfTheCocoEvaluation() {
    assertEquals(
        List.of("a", "man", "'s", "dog", "does", "n't", "run", "3.5", "miles", "t-shirt"),
        CaptionWords.of("A man's dog doesn't run, 3.5 miles (T-shirt)!"));
    assertEquals(List.of("they", "'re", "here"), CaptionWords.of("They're here ..."));
    assertEquals(List.of(), CaptionWords.of(" . , "));
  }

  private static Map<String, Score> byName(List<Score> scores) {
    return scores.stream()
        .collect(Collectors.toMap(s -> s.metric().replaceAll("@.*", ""), Function.identity()));
  }

  @Test
  void attributesAreCountedOneByOneAndTogether() {
    List<Map<String, String>> truth =
        List.of(
            scene("cat", "red", "left"), scene("car", "red", "left"), scene("cat", "blue", "top"));
    List<Map<String, String>> read =
        List.of(
            scene("cat", "red", "left"), scene("cat", "red", "left"), scene("cat", "red", "top"));
    List<PixelImage> some = pictures(1, 0).pictures().subList(0, 3);
    Tensor none = Tensor.zeros(3, 1);
    PictureSet shown = new PictureSet(some, none, truth);
    Map<String, Score> found =
        byName(PictureMetrics.score(new PictureSet(some, none, read), shown, PLAN, "tower"));
    assertEquals(2 / 3.0, found.get("picture_attribute.category").value(), 1e-12);
    assertEquals(2 / 3.0, found.get("picture_attribute.colour").value(), 1e-12);
    assertEquals(1, found.get("picture_attribute.position").value(), 1e-12);
    assertEquals(1 / 3.0, found.get("picture_attribute.all").value(), 1e-12);
    // Of nine pairs six have a category right: always "cat", which two of three scenes show.
    assertEquals(6 / 9.0, found.get("picture_attribute.category").chance(), 1e-12);
    assertEquals(5 / 9.0, found.get("picture_attribute.position").chance(), 1e-12);
    assertEquals(2 / 9.0, found.get("picture_attribute.all").chance(), 1e-12);
    // All scenes have one size: nothing can be told of it.
    assertFalse(found.containsKey("picture_attribute.size"));
    // Pictures that nothing reads, and captions of another kind, have none of these scores.
    for (PictureSet of :
        List.of(
            new PictureSet(some, none),
            new PictureSet(some, none, List.of(Map.of(), Map.of(), Map.of())))) {
      assertTrue(
          PictureMetrics.score(of, of, PLAN, "tower").stream()
              .noneMatch(s -> s.metric().startsWith("picture_attribute")));
    }
  }

  private static Map<String, String> scene(String category, String colour, String position) {
    return Map.of(
        "category",
        category,
        "colour",
        colour,
        "size",
        "small",
        "position",
        position,
        "count",
        "one",
        "background",
        "sky");
  }

  private static List<Score> score(
      PictureSet made, PictureSet shown, CaptionSet said, CaptionSet truths) {
    List<Score> all = new ArrayList<>(PictureMetrics.score(made, shown, PLAN, "tower"));
    all.addAll(CaptionMetrics.score(said, truths, PLAN, "sentences"));
    return all;
  }

  private static PictureSet pictures(long seed, double noise) {
    PinnedRandom random = Seed.of(seed).child("pictures").random();
    PinnedRandom other = Seed.of(seed).child("noise").random();
    List<PixelImage> pictures = new ArrayList<>();
    float[] features = new float[STIMULI * DIM];
    for (int i = 0; i < STIMULI; i++) {
      byte[] rgb = new byte[3 * SIDE * SIDE];
      for (int k = 0; k < rgb.length; k++) {
        double value = 128 + 40 * random.nextGaussian() + 40 * noise * other.nextGaussian();
        rgb[k] = (byte) Math.max(0, Math.min(255, Math.round(value)));
      }
      pictures.add(PixelImage.wrap(SIDE, SIDE, rgb));
      for (int k = 0; k < DIM; k++) {
        features[i * DIM + k] = (float) (random.nextGaussian() + noise * other.nextGaussian());
      }
    }
    return new PictureSet(
        pictures, Tensor.wrap(features, STIMULI, DIM), captions(seed, noise).attributes());
  }

  /** Half of the noisy captions speak of another stimulus. */
  private static CaptionSet captions(long seed, double noise) {
    PinnedRandom random = Seed.of(seed).child("captions").random();
    List<String> captions = new ArrayList<>();
    List<String> categories = new ArrayList<>();
    float[] meanings = new float[STIMULI * DIM];
    int[] order = Seed.of(seed).child("order").random().permutation(STIMULI);
    for (int i = 0; i < STIMULI; i++) {
      int about = noise > 0 && i % 2 == 0 ? (i + 1) % STIMULI : i;
      int thing = seed == 1 ? about : order[about];
      captions.add(
          String.format(
              Locale.ROOT,
              "%s near number%d of the%s",
              SCENES.get(thing % SCENES.size()).formatted(THINGS.get(thing % THINGS.size())),
              thing,
              thing % 3 == 0 ? " hill" : " lake"));
      categories.add(THINGS.get(i % THINGS.size()).replace(' ', '_'));
      for (int k = 0; k < DIM; k++) {
        meanings[i * DIM + k] = (float) (random.nextGaussian() + noise * ((i + k) % 5));
      }
    }
    return new CaptionSet(captions, Tensor.wrap(meanings, STIMULI, DIM), categories);
  }
}
