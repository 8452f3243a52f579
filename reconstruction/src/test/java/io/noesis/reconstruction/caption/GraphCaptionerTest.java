package io.noesis.reconstruction.caption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.caption.DecodingOptions.Past;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.CancelledException;
import io.noesis.run.DataException;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.tensor.LongArray;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against tests/fixtures/make/tiny_captioners.py: what transformers and ClipCap's rule write. */
class GraphCaptionerTest {
  private static final Path PACKS = Path.of("src/test/resources/io/noesis/reconstruction/caption");
  private static final DecodingOptions TOGETHER = DecodingOptions.threads(1);
  private static final DecodingOptions ALONE =
      new DecodingOptions(OnnxOptions.SINGLE_THREADED, 1, Past.KEPT);
  private static final DecodingOptions ANEW =
      new DecodingOptions(OnnxOptions.SINGLE_THREADED, 7, Past.RECOMPUTED);
  private static final CaptionRequest GREEDY = new CaptionRequest(new WordSearch.Greedy(), 20, 0);

  private static GraphCaptioner open(String pack, DecodingOptions options) {
    return GraphCaptioner.open(ModelPack.open(PACKS.resolve(pack)), options);
  }

  private static Tensor embeddings(String pack) {
    try (Safetensors file = Safetensors.open(PACKS.resolve(pack + ".cases.safetensors"))) {
      return file.read("embeddings");
    }
  }

  private static CaptionRequest request(JsonNode told) {
    int width = told.get("width").asInt();
    WordSearch search =
        switch (told.get("search").asText()) {
          case "beam" -> new WordSearch.Beam(width, told.get("length_penalty").asDouble());
          case "mean-beam" -> new WordSearch.MeanBeam(width);
          default -> new WordSearch.Greedy();
        };
    return new CaptionRequest(search, told.get("max_tokens").asInt(), 0);
  }

  private static List<List<Long>> sentences(LongArray padded) {
    int[] sizes = padded.shape().toArray();
    List<List<Long>> out = new ArrayList<>();
    for (int row = 0; row < sizes[0]; row++) {
      out.add(
          Arrays.stream(padded.array(), row * sizes[1], (row + 1) * sizes[1])
              .filter(id -> id >= 0)
              .boxed()
              .toList());
    }
    return out;
  }

  private static List<List<Long>> tokens(List<Caption> captions) {
    return captions.stream().map(Caption::tokens).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tiny-clipcap", "tiny-clipcap-mapper", "tiny-git", "tiny-t5", "tiny-bart"})
  void everyTokenIsThatOfTheReferenceWithAndWithoutAPastAloneAndTogether(String pack)
      throws IOException {
    try (Safetensors file = Safetensors.open(PACKS.resolve(pack + ".cases.safetensors"));
        GraphCaptioner together = open(pack, TOGETHER);
        GraphCaptioner alone = open(pack, ALONE);
        GraphCaptioner anew = open(pack, ANEW)) {
      Tensor embeddings = file.read("embeddings");
      JsonNode searches = new ObjectMapper().readTree(file.metadata().get("searches"));
      assertTrue(searches.size() >= 6);
      for (Map.Entry<String, JsonNode> search : searches.properties()) {
        List<List<Long>> expected = sentences(file.readLongs(search.getKey() + "/tokens"));
        assertTrue(expected.size() >= 24);
        CaptionRequest request = request(search.getValue());
        for (GraphCaptioner captioner : List.of(together, alone, anew)) {
          assertEquals(
              expected,
              tokens(captioner.caption(embeddings, request, Progress.NONE)),
              pack + " " + search.getKey());
        }
      }
    }
  }

  @Test
  void sampledWordsDependOnTheSeedAndTheRowOnly() {
    CaptionRequest request = new CaptionRequest(new WordSearch.Nucleus(1.2, 0.9), 20, 5);
    Tensor embeddings = embeddings("tiny-clipcap");
    try (GraphCaptioner together = open("tiny-clipcap", TOGETHER);
        GraphCaptioner anew = open("tiny-clipcap", ANEW)) {
      List<List<Long>> first = tokens(together.caption(embeddings, request, Progress.NONE));
      assertEquals(first, tokens(together.caption(embeddings, request, Progress.NONE)));
      assertEquals(first, tokens(anew.caption(embeddings, request, Progress.NONE)));
      Tensor few = embeddings.rows(IntStream.range(0, 3).toArray());
      assertEquals(first.subList(0, 3), tokens(together.caption(few, request, Progress.NONE)));
      CaptionRequest other = new CaptionRequest(request.search(), 20, 6);
      assertNotEquals(first, tokens(together.caption(embeddings, other, Progress.NONE)));
      // Cold or narrow: only the most likely word is left.
      List<List<Long>> greedy = tokens(together.caption(embeddings, GREEDY, Progress.NONE));
      for (WordSearch.Nucleus narrow :
          List.of(new WordSearch.Nucleus(1, 1e-9), new WordSearch.Nucleus(1e-5, 1))) {
        CaptionRequest certain = new CaptionRequest(narrow, 20, 5);
        assertEquals(greedy, tokens(together.caption(embeddings, certain, Progress.NONE)));
      }
    }
  }

  @Test
  void textIsThatOfTheTokensAndEndsWhereTheModelOrTheRequestSays() {
    Tensor embeddings = embeddings("tiny-clipcap");
    try (GraphCaptioner captioner = open("tiny-clipcap", TOGETHER)) {
      List<Caption> all = captioner.caption(embeddings, GREEDY, Progress.NONE);
      List<Caption> shorter =
          captioner.caption(
              embeddings, new CaptionRequest(new WordSearch.Greedy(), 3, 0), Progress.NONE);
      boolean stopped = false;
      for (int i = 0; i < all.size(); i++) {
        List<Long> words = all.get(i).tokens();
        assertTrue(all.get(i).copiedFrom().isEmpty());
        assertEquals(words.subList(0, Math.min(3, words.size())), shorter.get(i).tokens());
        boolean full = words.get(words.size() - 1) == 13;
        stopped |= full && words.size() < 20;
        assertTrue(full || words.size() == 20);
        assertEquals(full, all.get(i).text().endsWith("."), all.get(i).text());
      }
      assertTrue(stopped);
      CaptionRequest longer = new CaptionRequest(new WordSearch.Greedy(), 500, 0);
      assertEquals(all, captioner.caption(embeddings, longer, Progress.NONE));
      assertEquals(20, captioner.maxTokens());
      assertEquals(12, captioner.space().dim());
      assertEquals("tiny-clip", captioner.space().model());
    }
  }

  @Test
  void everyCaptionIsHeardAndTheWorkCanBeStopped() {
    int[] heard = {0, 0};
    Progress progress =
        new Progress() {
          @Override
          public void begin(String name, long total) {
            heard[0] = (int) total;
          }

          @Override
          public void step(long steps) {
            heard[1] += (int) steps;
            if (heard[1] == 16) {
              Thread.currentThread().interrupt();
            }
          }
        };
    try (GraphCaptioner captioner = open("tiny-clipcap", TOGETHER)) {
      Tensor embeddings = embeddings("tiny-clipcap");
      assertThrows(CancelledException.class, () -> captioner.caption(embeddings, GREEDY, progress));
      assertEquals(30, heard[0]);
      assertEquals(16, heard[1]);
    }
  }

  @Test
  void whatIsThrownAtAWordEndsTheWorkBeforeTheNext() {
    int[] words = {0, 0};
    Progress progress =
        new Progress() {
          @Override
          public void step(long steps) {
            words[steps == 0 ? 0 : 1]++;
            if (words[0] == 2) {
              throw new CancelledException("enough");
            }
          }
        };
    try (GraphCaptioner captioner = open("tiny-clipcap", TOGETHER)) {
      assertThrows(
          CancelledException.class,
          () -> captioner.caption(embeddings("tiny-clipcap"), GREEDY, progress));
      assertEquals(2, words[0], "words");
      assertEquals(0, words[1], "captions");
    }
  }

  @Test
  void aNetworkWithoutFiniteNumbersIsReported() {
    Tensor embeddings = embeddings("tiny-clipcap");
    embeddings.array()[25] = Float.NaN;
    try (GraphCaptioner captioner = open("tiny-clipcap", TOGETHER)) {
      ModelException e =
          assertThrows(
              ModelException.class, () -> captioner.caption(embeddings, GREEDY, Progress.NONE));
      assertTrue(e.getMessage().contains("word 1 of row 2 the network gives NaN"), e.getMessage());
    }
  }

  @Test
  void embeddingsOfAnotherSpaceAreRefused() {
    try (GraphCaptioner captioner = open("tiny-clipcap", TOGETHER)) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> captioner.caption(Tensor.zeros(2, 13), GREEDY, Progress.NONE));
      assertTrue(e.getMessage().contains("[n, 12]"), e.getMessage());
      assertTrue(e.getMessage().contains("[2, 13]"), e.getMessage());
    }
  }

  private static ModelPack changed(Path folder, String from, String to) throws IOException {
    for (String name :
        List.of("prefix.onnx", "decoder.onnx", "golden.safetensors", "tokenizer/tokenizer.json")) {
      Path target = folder.resolve(name);
      Files.createDirectories(target.getParent());
      Files.copy(PACKS.resolve("tiny-clipcap").resolve(name), target);
    }
    String yaml = Files.readString(PACKS.resolve("tiny-clipcap/noesis-model.yaml"));
    assertTrue(yaml.contains(from));
    Files.writeString(folder.resolve("noesis-model.yaml"), yaml.replace(from, to));
    return ModelPack.open(folder);
  }

  @Test
  void embeddingsAreBroughtToLengthOneWhereTheModelWasTrainedOnThose(@TempDir Path folder)
      throws IOException {
    ModelPack pack = changed(folder, "\"scaling\": \"raw\"", "\"scaling\": \"unit\"");
    Tensor embeddings = embeddings("tiny-clipcap");
    try (GraphCaptioner raw = open("tiny-clipcap", TOGETHER);
        GraphCaptioner unit = GraphCaptioner.open(pack, TOGETHER)) {
      List<Caption> expected = raw.caption(embeddings, GREEDY, Progress.NONE);
      Tensor longer = embeddings.map(v -> 7 * v);
      assertEquals(expected, unit.caption(longer, GREEDY, Progress.NONE));
      assertNotEquals(expected, raw.caption(longer, GREEDY, Progress.NONE));
      assertNotEquals(raw.fingerprint(), unit.fingerprint());
      assertThrows(
          DataException.class, () -> unit.caption(Tensor.zeros(1, 12), GREEDY, Progress.NONE));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kind: \"caption\"|kind: \"clip\"|expected 'caption'",
        "\"captioner\": \"prefix\"|\"captioner\": \"prefx\"|Did you mean 'prefix'",
        "\"captioner\": \"prefix\"|\"captioner\": \"tokens\"|visual_embeds",
        "\"stop\": \"13\"|\"stop\": \"full stop\"|expected token ids",
        "\"max-tokens\": \"20\"|\"max-tokens\": \"0\"|from 1 to 100000",
        "\"scaling\": \"raw\", |  |no fact 'scaling'",
        "\"dimension\": 12|\"dimension\": 13|expected 13 numbers",
      })
  void packsThatAreNotAsTheLayoutSaysAreRefusedByName(String fault, @TempDir Path folder)
      throws IOException {
    String[] parts = fault.split("\\|", -1);
    ModelPack pack = changed(folder, parts[0], parts[1]);
    ModelException e =
        assertThrows(
            ModelException.class,
            () -> {
              try (GraphCaptioner captioner = GraphCaptioner.open(pack, TOGETHER)) {
                captioner.caption(embeddings("tiny-clipcap"), GREEDY, Progress.NONE);
              }
            });
    assertTrue(e.getMessage().contains(parts[2]), e.getMessage());
  }

  @Test
  void sentencesDiffer() {
    try (GraphCaptioner captioner = open("tiny-clipcap", TOGETHER)) {
      Set<String> texts = new HashSet<>();
      captioner
          .caption(embeddings("tiny-clipcap"), GREEDY, Progress.NONE)
          .forEach(one -> texts.add(one.text()));
      assertFalse(texts.size() < 20, texts.toString());
    }
  }
}
