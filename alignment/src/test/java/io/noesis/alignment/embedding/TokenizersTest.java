package io.noesis.alignment.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.run.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against tests/fixtures/make/odd_texts.py: every id of 3000 odd texts equal. */
class TokenizersTest {
  private static final Path DATA =
      Path.of(System.getProperty("noesis.root"), "../shared/data/tokenizers");
  private static final Path MADE = Path.of("src/test/resources/tokenizers");

  @TempDir private Path folder;

  private static List<String> texts() throws IOException {
    return List.of(
        new ObjectMapper().readValue(MADE.resolve("texts.json").toFile(), String[].class));
  }

  private static String checksum(long[] ids) {
    CRC32 crc = new CRC32();
    crc.update(
        Arrays.stream(ids)
            .mapToObj(Long::toString)
            .collect(Collectors.joining(","))
            .getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }

  private static void assertTokens(String name, byte[] json, int maxTokens) throws IOException {
    List<String> texts = texts();
    List<String> expected = Files.readAllLines(MADE.resolve(name + ".txt"));
    List<String> other = new ArrayList<>();
    try (TextTokenizer tokenizer = TextTokenizer.open(name, json, maxTokens)) {
      for (int i = 0; i < texts.size(); i++) {
        long[] ids = tokenizer.encode(List.of(texts.get(i))).ids();
        if (!expected.get(i).equals("-") && !expected.get(i).equals(checksum(ids))) {
          other.add(
              new ObjectMapper().writeValueAsString(texts.get(i)) + " " + Arrays.toString(ids));
        }
      }
    }
    assertEquals(3000, expected.size());
    assertTrue(
        other.isEmpty(),
        () -> name + ": " + other.size() + " texts differ:\n" + String.join("\n", other));
  }

  @Test
  void clipTokenizesAsTransformersAndOpenAiDo() throws IOException {
    Path file = DATA.resolve("clip/bpe_simple_vocab_16e6.txt.gz");
    assumeTrue(Files.exists(file), "skipped: " + file + " is not here");
    byte[] json = TokenizerJson.clip(file);
    assertTokens("clip", json, 77);
    assertTokens("clip_openai", json, 77);
  }

  @Test
  void clipIsPaddedInBothWays() {
    Path file = DATA.resolve("clip/bpe_simple_vocab_16e6.txt.gz");
    assumeTrue(Files.exists(file), "skipped: " + file + " is not here");
    try (TextTokenizer tokenizer = TextTokenizer.open("clip", TokenizerJson.clip(file), 77)) {
      TokenBatch batch = tokenizer.encode(List.of("a photo of a cat", "", "word ".repeat(200)));
      TokenBatch first = batch.padded(77, 49407);
      TokenBatch second = batch.padded(77, 0);
      long[] cat = {49406, 320, 1125, 539, 320, 2368, 49407};
      assertArrayEquals(cat, Arrays.copyOf(first.ids(), 7));
      assertEquals(49407, first.ids()[76]);
      assertArrayEquals(cat, Arrays.copyOf(second.ids(), 7));
      assertEquals(0, second.ids()[7]);
      assertEquals(0, second.ids()[76]);
      assertEquals(7, Arrays.stream(second.attention()).limit(77).sum());
      // A text that is too long ends with the end token all the same.
      assertEquals(49407, second.ids()[3 * 77 - 1]);
      assertThrows(IllegalArgumentException.class, () -> batch.padded(76, 0));
      assertEquals("a photo of a cat", tokenizer.decode(cat).strip());
    }
  }

  @Test
  void gpt2TokenizesAsThePaperSays() throws IOException {
    assumeTrue(Files.exists(DATA.resolve("gpt2")), "skipped: " + DATA + " is not here");
    byte[] json = TokenizerJson.ofFolder(DATA.resolve("gpt2"));
    assertTokens("gpt2", json, 100_000);
    try (TextTokenizer tokenizer = TextTokenizer.open("gpt2", json, 100_000)) {
      for (String text : List.of("A cat's naïve  photo.\n", "東京 🙂")) {
        assertEquals(text, tokenizer.decode(tokenizer.encode(List.of(text)).ids()));
      }
    }
  }

  @Test
  void bertTokenizesAsItsPythonDoes() throws IOException {
    Path words = DATA.resolve("bert-uncased");
    assumeTrue(Files.exists(words), "skipped: " + words + " is not here");
    byte[] json = TokenizerJson.ofFolder(words);
    assertTokens("bert", json, 64);
    assertTokens("bert_legacy", json, 64);
  }

  @Test
  void t5TokenizesAsSentencePieceDoes() throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(MADE.resolve("t5.model.gz")))) {
      Files.write(folder.resolve("spiece.model"), in.readAllBytes());
    }
    byte[] json = TokenizerJson.ofFolder(folder);
    assertTokens("t5", json, 100_000);
    assertTokens("t5_sentencepiece", json, 100_000);
  }

  @Test
  void foldersWithoutATokenizerAreRefused() throws IOException {
    assertThrows(ModelException.class, () -> TokenizerJson.ofFolder(folder));
    Files.writeString(folder.resolve("vocab.json"), "{\"a\": 0}");
    assertThrows(ModelException.class, () -> TokenizerJson.ofFolder(folder));
    Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\na b\n");
    assertThrows(ModelException.class, () -> TokenizerJson.ofFolder(folder));
    Files.writeString(folder.resolve("vocab.json"), "{\"a\": \"b\"}");
    assertThrows(ModelException.class, () -> TokenizerJson.ofFolder(folder));
    Files.writeString(folder.resolve("vocab.json"), "{\"a\": ");
    assertThrows(ModelException.class, () -> TokenizerJson.ofFolder(folder));
    Files.writeString(folder.resolve("vocab.json"), "{\"<|endoftext|>\": 0, \"a\": 1}");
    Files.writeString(folder.resolve("merges.txt"), "ab\n");
    assertThrows(ModelException.class, () -> TokenizerJson.ofFolder(folder));
  }

  @Test
  void damagedSentencePieceModelsAreRefused() throws IOException {
    byte[] whole;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(MADE.resolve("t5.model.gz")))) {
      whole = in.readAllBytes();
    }
    Path file = folder.resolve("spiece.model");
    for (int length : new int[] {0, 1, 7, 100, 5000, whole.length - 1000}) {
      Files.write(file, Arrays.copyOf(whole, length));
      String message =
          assertThrows(ModelException.class, () -> TokenizerJson.ofFolder(folder)).getMessage();
      assertTrue(message.contains("spiece.model"), message);
    }
  }
}
