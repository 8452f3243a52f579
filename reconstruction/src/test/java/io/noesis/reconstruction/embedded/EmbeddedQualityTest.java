package io.noesis.reconstruction.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.simulate.stimulus.CaptionWords;
import io.noesis.ingest.simulate.stimulus.Scene;
import io.noesis.reconstruction.caption.Caption;
import io.noesis.reconstruction.caption.CaptionRequest;
import io.noesis.reconstruction.caption.DecodingOptions;
import io.noesis.reconstruction.caption.GraphCaptioner;
import io.noesis.reconstruction.caption.WordSearch;
import io.noesis.reconstruction.diffusion.DiffusionPipeline;
import io.noesis.reconstruction.diffusion.EmbeddingRequest;
import io.noesis.reconstruction.diffusion.Pictures;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The card's numbers come out again in Java, on fewer pictures: drawn, resized, encoded, captioned
 * and sampled by the code that users run, from the graphs in the jar.
 */
class EmbeddedQualityTest {
  private static final int PICTURES = 48;
  private static final int DRAWN = 16;
  private static final List<String> SETS = List.of("heldout", "unseen");
  private static final TrainingScenes SCENES = TrainingScenes.shipped();

  @TempDir static Path folder;
  private static EmbeddedModels models;
  private static EmbeddedTowers towers;
  private static JsonNode card;

  @BeforeAll
  static void open() throws IOException {
    models = new EmbeddedModels(folder);
    towers = EmbeddedTowers.open(models);
    try (InputStream in =
        Manifests.class.getResourceAsStream("/io/noesis/manifest/embedded/card.json")) {
      card = new ObjectMapper().readTree(in);
    }
  }

  @AfterAll
  static void close() {
    towers.close();
  }

  @Test
  void picturesAndCaptionsFindEachOther() {
    for (String set : SETS) {
      float[] images = pictures(set, PICTURES).array();
      float[] texts = towers.sentences(scenes(set).stream().map(Scene::caption).toList()).array();
      int found = 0;
      for (int i = 0; i < PICTURES; i++) {
        int best = 0;
        for (int j = 1; j < PICTURES; j++) {
          best = dot(images, i, texts, j) > dot(images, i, texts, best) ? j : best;
        }
        found += best == i ? 1 : 0;
      }
      // Of fewer candidates, so at least as good.
      assertTrue(
          found >= PICTURES * card.at("/" + set + "/image to text/top1").asDouble() - 2,
          set + ": " + found + " of " + PICTURES);
    }
  }

  @Test
  void attributesAreReadFromPicturesAsTheCardSays() {
    for (String set : SETS) {
      compare(set, "attributes read from pictures", towers.attributes(pictures(set, PICTURES)));
    }
  }

  @Test
  void captionsNameWhatIsShownAsTheCardSays() {
    try (GraphCaptioner captioner =
        GraphCaptioner.open(models.open(EmbeddedModel.CAPTIONER), DecodingOptions.threads(1))) {
      assertEquals(towers.space(), captioner.space());
      for (String set : SETS) {
        Tensor embeddings = pictures(set, PICTURES);
        CaptionRequest request =
            new CaptionRequest(new WordSearch.Greedy(), captioner.maxTokens(), 0);
        List<Caption> captions = captioner.caption(embeddings, request, Progress.NONE);
        compare(
            set,
            "attributes of captions",
            captions.stream().map(Caption::text).map(CaptionWords::attributes).toList());
        // Captions of a decoder's embeddings: their length does not matter.
        for (int i = 0; i < embeddings.array().length; i++) {
          embeddings.array()[i] *= 0.3f;
        }
        assertEquals(captions, captioner.caption(embeddings, request, Progress.NONE));
      }
    }
  }

  @Test
  void picturesAreDrawnAsTheCardSaysAndAlikeForOneSeed() {
    try (DiffusionPipeline generator =
        DiffusionPipeline.open(models.open(EmbeddedModel.GENERATOR), OnnxOptions.SINGLE_THREADED)) {
      assertEquals(towers.space(), generator.space());
      for (String set : SETS) {
        Tensor embeddings = pictures(set, DRAWN);
        Pictures made = draw(generator, embeddings, 0);
        compare(set, "attributes of drawn pictures", towers.attributes(encode(made.images())));
        Tensor some = rows(embeddings, 3);
        List<PixelImage> again = draw(generator, some, 0).images();
        List<PixelImage> others = draw(generator, some, 100).images();
        for (int i = 0; i < again.size(); i++) {
          assertArrayEquals(made.images().get(i).rgb(), again.get(i).rgb());
          assertFalse(Arrays.equals(others.get(i).rgb(), again.get(i).rgb()));
        }
      }
    }
  }

  private static Pictures draw(DiffusionPipeline generator, Tensor embeddings, long firstSeed) {
    List<Long> seeds = LongStream.range(firstSeed, firstSeed + embeddings.dim(0)).boxed().toList();
    return generator.generate(
        EmbeddingRequest.of(embeddings, seeds, generator.plan()), Progress.NONE);
  }

  /** Each share within four standard errors of the card's, and two per cent for rounding. */
  private static void compare(String set, String what, List<Map<String, String>> found) {
    List<Scene> scenes = scenes(set);
    for (String attribute : CaptionWords.ATTRIBUTES) {
      double right = 0;
      for (int i = 0; i < found.size(); i++) {
        String truth = CaptionWords.attributes(scenes.get(i)).get(attribute);
        right += truth.equals(found.get(i).get(attribute)) ? 1 : 0;
      }
      double share = right / found.size();
      JsonNode told = card.path(set).path(what).path(attribute);
      assertTrue(told.isNumber(), set + ", " + what + ", " + attribute + ": not on the card");
      double p = told.asDouble();
      double tolerance = 4 * Math.sqrt(p * (1 - p) / found.size()) + 0.02;
      assertEquals(p, share, tolerance, set + ", " + what + ", " + attribute);
    }
  }

  private static List<Scene> scenes(String set) {
    return (set.equals("heldout") ? SCENES.heldOut() : SCENES.unseen()).subList(0, PICTURES);
  }

  private static Tensor pictures(String set, int count) {
    List<PixelImage> images = new ArrayList<>();
    for (Scene scene : scenes(set).subList(0, count)) {
      images.add(PixelImage.of(scene.draw(128)));
    }
    return encode(images);
  }

  private static Tensor encode(List<PixelImage> images) {
    List<String> ids = IntStream.range(0, images.size()).mapToObj(Integer::toString).toList();
    return towers.pictures(ids, images::get, Progress.NONE).values();
  }

  private static Tensor rows(Tensor all, int count) {
    return all.rows(IntStream.range(0, count).toArray());
  }

  private static double dot(float[] a, int i, float[] b, int j) {
    int width = towers.space().dim();
    double sum = 0;
    for (int k = 0; k < width; k++) {
      sum += a[i * width + k] * b[j * width + k];
    }
    return sum;
  }
}
