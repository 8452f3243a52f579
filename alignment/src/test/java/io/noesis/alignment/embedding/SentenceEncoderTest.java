package io.noesis.alignment.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.ModelException;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against tests/fixtures/make/sentence_embeddings.py: token ids equal, vectors within 1e-5. */
class SentenceEncoderTest {
  private static SentenceEncoder encoder;
  private static List<String> sentences;
  private static List<String> ids;

  @BeforeAll
  static void open() throws IOException {
    encoder = SentenceEncoder.miniLm();
    sentences = lines("sentences.txt").stream().map(SentenceEncoderTest::unescaped).toList();
    ids = IntStream.range(0, sentences.size()).mapToObj(i -> "s" + i).toList();
  }

  @AfterAll
  static void close() {
    encoder.close();
    encoder.close();
  }

  @Test
  void whatIsSaidOfItBeforeItIsLoadedIsSo() {
    assertEquals(encoder.space(), SentenceEncoder.miniLmSpace());
    assertEquals(encoder.fingerprint(), SentenceEncoder.miniLmFingerprint());
  }

  @Test
  void tokensEqualThoseOfTheTokenizersLibrary() throws IOException {
    List<String> expected = lines("tokens.txt");
    try (TextTokenizer tokenizer =
        TextTokenizer.open("minilm", resource("/all-minilm-l6-v2-q-tokenizer.json"), 128)) {
      TokenBatch batch = tokenizer.encode(sentences);
      assertEquals(128, batch.length());
      for (int i = 0; i < sentences.size(); i++) {
        long[] wanted =
            Arrays.stream(expected.get(i).split(" ")).mapToLong(Long::parseLong).toArray();
        assertArrayEquals(wanted, batch.row(i).ids(), sentences.get(i));
      }
      TokenBatch pair = tokenizer.encode(List.of("a", "a cat"));
      assertArrayEquals(new long[] {101, 1037, 102, 0, 101, 1037, 4937, 102}, pair.ids());
      assertArrayEquals(new long[] {1, 1, 1, 0, 1, 1, 1, 1}, pair.attention());
    }
  }

  @Test
  void vectorsEqualThoseOfPython() throws IOException {
    float[] expected = floats("embeddings.bin");
    float[] found = encoder.encode(ids, sentences).values().array();
    assertEquals(expected.length, found.length);
    int width = encoder.space().dim();
    double[] worst = new double[sentences.size()];
    for (int i = 0; i < expected.length; i++) {
      worst[i / width] = Math.max(worst[i / width], Math.abs(expected[i] - found[i]));
    }
    if (sameArithmeticAsTheFixture()) {
      for (int i = 0; i < worst.length; i++) {
        assertTrue(worst[i] <= 1e-5, sentences.get(i) + " differs by " + worst[i]);
      }
      return;
    }
    // Elsewhere a last-bit difference may tip a rounding to 8 bits in a few sentences.
    double[] sorted = worst.clone();
    Arrays.sort(sorted);
    assertTrue(sorted[sorted.length / 2] <= 1e-5, "median " + sorted[sorted.length / 2]);
    assertTrue(sorted[sorted.length - 1] <= 0.05, "worst " + sorted[sorted.length - 1]);
  }

  /** The fixture was made on a processor with AVX-512 VNNI. */
  private static boolean sameArithmeticAsTheFixture() throws IOException {
    Path cpu = Path.of("/proc/cpuinfo");
    return Files.isReadable(cpu) && Files.readString(cpu).contains("avx512_vnni");
  }

  @Test
  void neitherOrderNorCompanyNorThreadsMatter() {
    Embeddings together = encoder.encode(ids, sentences);
    int[] order = Seed.of(5).child("order").random().permutation(ids.size());
    List<String> shuffledIds = new ArrayList<>();
    List<String> shuffled = new ArrayList<>();
    for (int i : order) {
      shuffledIds.add(ids.get(i));
      shuffled.add(sentences.get(i));
    }
    assertEquals(
        together.values(),
        Parallel.with(1, () -> encoder.encode(shuffledIds, shuffled)).select(ids).values());
    assertEquals(
        together.values(), Parallel.with(2, () -> encoder.encode(ids, sentences)).values());
    for (int i = 0; i < ids.size(); i += 7) {
      Embeddings alone = encoder.encode(List.of(ids.get(i)), List.of(sentences.get(i)));
      assertEquals(together.select(List.of(ids.get(i))), alone);
    }
  }

  @Test
  void equalTextsAreComputedOnce() {
    AtomicLong steps = new AtomicLong();
    Progress counting =
        new Progress() {
          @Override
          public void step(long more) {
            steps.addAndGet(more);
          }
        };
    Embeddings found = encoder.encode(List.of("a", "b", "c"), List.of("x", "y", "x"), counting);
    assertEquals(2, steps.get());
    assertArrayEquals(found.values().row(0), found.values().row(2));
  }

  @Test
  void similarSentencesAreNear() {
    Embeddings e =
        encoder.encode(
            List.of("cat", "kitten", "house"),
            List.of("a photo of a cat", "a picture of a kitten", "a house with a garden"));
    float[] v = e.values().array();
    // The numbers of the data folder's README.
    assertEquals(0.783, Vectors.dot(v, 0, v, 384, 384), 0.01);
    assertEquals(0.173, Vectors.dot(v, 0, v, 768, 384), 0.01);
    assertEquals(1.0, Vectors.dot(v, 0, v, 0, 384), 1e-6);
    assertEquals(EmbeddingSpace.Scaling.UNIT, e.space().scaling());
  }

  @Test
  void takesNoTextsAtAll() {
    assertEquals(0, encoder.encode(List.of(), List.of()).size());
  }

  @Test
  void refusesFilesThatAreNoTokenizer(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    for (String content : List.of("", "{}", "garbage", "[1, 2]", "{\"model\": 3}")) {
      Files.writeString(file, content);
      String message =
          assertThrows(ModelException.class, () -> TextTokenizer.open(file, 128)).getMessage();
      assertTrue(message.startsWith("loading the tokenizer " + file), message);
    }
    Path absent = folder.resolve("absent.json");
    assertTrue(
        assertThrows(ModelException.class, () -> TextTokenizer.open(absent, 128))
            .getMessage()
            .contains("does not exist"));
  }

  @Test
  void refusesAClassifier(@TempDir Path folder) throws IOException {
    Path tokenizer = folder.resolve("tokenizer.json");
    Files.write(tokenizer, resource("/all-minilm-l6-v2-q-tokenizer.json"));
    Path model = folder.resolve("model.onnx");
    Files.writeString(model, "no model");
    assertThrows(ModelException.class, () -> SentenceEncoder.open("mine", model, tokenizer, 128));
  }

  private static String unescaped(String line) {
    return Pattern.compile("\\\\u([0-9a-f]{4})")
        .matcher(line)
        .replaceAll(
            m -> {
              char unit = (char) Integer.parseInt(m.group(1), 16);
              return unit == '\\' || unit == '$' ? "\\" + unit : String.valueOf(unit);
            });
  }

  private static List<String> lines(String name) throws IOException {
    return new String(resource("/sentences/" + name), StandardCharsets.US_ASCII).lines().toList();
  }

  private static float[] floats(String name) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(resource("/sentences/" + name));
    float[] out = new float[bytes.remaining() / Float.BYTES];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(out);
    return out;
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = SentenceEncoderTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
