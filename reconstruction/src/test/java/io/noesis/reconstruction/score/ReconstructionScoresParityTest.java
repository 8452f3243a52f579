package io.noesis.reconstruction.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against scikit-image, numpy and pycocoevalcap; see tests/fixtures/make. */
class ReconstructionScoresParityTest {
  private static final double TOLERANCE = 1e-9;

  private static JsonNode expected;
  private static JsonNode captions;
  private static List<PixelImage> made;
  private static List<PixelImage> shown;

  @BeforeAll
  static void read() throws IOException {
    ObjectMapper json = new ObjectMapper();
    expected =
        json.readTree(ReconstructionScoresParityTest.class.getResourceAsStream("expected.json"));
    captions =
        json.readTree(ReconstructionScoresParityTest.class.getResourceAsStream("captions.json"));
    Tensor pictures = Npy.read(resource("pictures.npy"));
    made = pictures(pictures, 0);
    shown = pictures(pictures, 1);
  }

  private static Path resource(String name) {
    try {
      return Path.of(ReconstructionScoresParityTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<PixelImage> pictures(Tensor all, int set) {
    int count = all.dim(1);
    int size = all.dim(2) * all.dim(3) * 3;
    List<PixelImage> pictures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] rgb = new byte[size];
      for (int k = 0; k < size; k++) {
        rgb[k] = (byte) Math.round(all.array()[(set * count + i) * size + k]);
      }
      pictures.add(PixelImage.wrap(all.dim(3), all.dim(2), rgb));
    }
    return pictures;
  }

  @Test
  void structuralSimilarityOfEveryPair() {
    for (int i = 0; i < made.size(); i++) {
      for (int j = 0; j < shown.size(); j++) {
        assertEquals(
            expected.get("ssim").get(i).get(j).doubleValue(),
            Ssim.of(made.get(i)).with(Ssim.of(shown.get(j))),
            TOLERANCE,
            i + ", " + j);
      }
    }
  }

  @Test
  void pixelCorrelationAndTwoWay() {
    Tensor none = Tensor.wrap(new float[made.size()], made.size(), 1);
    PictureSet of = new PictureSet(made, none);
    PictureSet with = new PictureSet(shown, none);
    PairStatistic correlation = metric("picture_pixels.correlation", of, with);
    for (int i = 0; i < made.size(); i++) {
      for (int j = 0; j < shown.size(); j++) {
        assertEquals(
            expected.get("pixcorr").get(i).get(j).doubleValue(),
            correlation.of(new int[] {i}, new int[] {j}),
            1e-7, // float32 pixels
            i + ", " + j);
      }
    }
    int[] all = {0, 1, 2, 3, 4};
    assertEquals(
        expected.get("twoWay").doubleValue(),
        metric("picture_pixels.two_way", of, with).of(all, all),
        TOLERANCE);
  }

  private static PairStatistic metric(String name, PictureSet of, PictureSet with) {
    return PictureMetrics.registry().get(name).statistic().apply(of, with);
  }

  @Test
  void captionScoresOfTheSetAndOfMovedReferences() {
    int n = captions.get("made").size();
    int[] identity = new int[n];
    int[] moved = new int[n];
    Arrays.setAll(identity, i -> i);
    Arrays.setAll(moved, i -> (i + 1) % n);
    captionScores("captions", captions("shown"), identity, identity);
    captionScores("moved", captions("shown"), identity, moved);
    captionScores("several", captions("references"), identity, identity);
    captionScores("severalMoved", captions("references"), identity, moved);
  }

  private static void captionScores(String which, CaptionSet shown, int[] of, int[] with) {
    CaptionSet made = captions("made");
    JsonNode values = expected.get(which);
    for (int n = 1; n <= 4; n++) {
      assertEquals(
          values.get("bleu").get(n - 1).doubleValue(),
          statistic("caption.bleu" + n, made, shown).of(of, with),
          TOLERANCE,
          which + " BLEU-" + n);
    }
    assertEquals(
        values.get("rouge").doubleValue(),
        statistic("caption.rouge_l", made, shown).of(of, with),
        TOLERANCE,
        which);
    assertEquals(
        values.get("cider").doubleValue(),
        statistic("caption.cider", made, shown).of(of, with),
        TOLERANCE,
        which);
  }

  private static PairStatistic statistic(String name, CaptionSet made, CaptionSet shown) {
    return CaptionMetrics.registry().get(name).statistic().apply(made, shown);
  }

  private static CaptionSet captions(String which) {
    List<List<String>> texts = new ArrayList<>();
    for (JsonNode node : captions.get(which)) {
      List<String> own = new ArrayList<>();
      (node.isArray() ? node : List.of(node)).forEach(text -> own.add(text.textValue()));
      texts.add(own);
    }
    return CaptionSet.ofSeveral(
        texts,
        Tensor.wrap(new float[texts.size()], texts.size(), 1),
        java.util.Collections.nCopies(texts.size(), ""));
  }
}
