package io.noesis.alignment.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.Progress;
import io.noesis.run.UnsupportedDataException;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a model is loaded, what is kept, and what makes room. */
class EmbeddingCacheTest {
  @TempDir private Path folder;
  private int loaded;
  private final List<String> warnings = new ArrayList<>();

  /** The length of each caption; counts how often it is loaded. */
  private final class Lengths implements StimulusTargets.Source<String> {
    private final String fingerprint;

    Lengths(String fingerprint) {
      this.fingerprint = fingerprint;
    }

    @Override
    public String fingerprint() {
      return fingerprint;
    }

    @Override
    public EmbeddingSpace space(int dim) {
      return new EmbeddingSpace("lengths", "letters", dim, EmbeddingSpace.Scaling.RAW);
    }

    @Override
    public StimulusTargets.Encoding<String> open() {
      loaded++;
      return new StimulusTargets.Encoding<>() {
        @Override
        public EmbeddingSpace space() {
          return Lengths.this.space(2);
        }

        @Override
        public Embeddings encode(List<String> ids, List<String> all, Progress progress) {
          float[] values = new float[2 * all.size()];
          for (int i = 0; i < all.size(); i++) {
            values[2 * i] = all.get(i).length();
          }
          return new Embeddings(space(), ids, Tensor.wrap(values, all.size(), 2));
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public List<String> of(Stimulus stimulus) {
      return CaptionChoice.FIRST.of(stimulus);
    }

    @Override
    public String making() {
      return "making lengths";
    }

    @Override
    public String missing() {
      return "caption";
    }

    @Override
    public String column() {
      return "a 'caption'";
    }

    @Override
    public String content(String caption) {
      return caption;
    }
  }

  private static StimulusSet captions(String... captions) {
    List<Stimulus> all = new ArrayList<>();
    for (String caption : captions) {
      all.add(new Stimulus("s" + all.size(), "", Optional.of(caption), Optional.empty(), Map.of()));
    }
    return StimulusSet.of(all);
  }

  private Embeddings embed(String fingerprint, StimulusSet stimuli) {
    try (TargetExtractor extractor =
        new StimulusTargets<>(new Lengths(fingerprint), Optional.of(folder))) {
      return extractor.extract(
          stimuli,
          new Progress() {
            @Override
            public void warn(String message) {
              warnings.add(message);
            }
          });
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void whatIsKeptIsReadWithoutLoadingTheModel() throws IOException {
    StimulusSet stimuli = captions("a cat", "two houses");
    Embeddings first = embed("m", stimuli);
    assertEquals(1, loaded);
    assertEquals(first, embed("m", stimuli));
    assertEquals(1, loaded);
    // Another model, other texts and another order are computed.
    assertEquals(first, embed("other", stimuli));
    assertEquals(2, loaded);
    assertNotEquals(first, embed("m", captions("a cat", "two hats")));
    assertEquals(3, loaded);
    assertNotEquals(first, embed("m", captions("two houses", "a cat")));
    assertEquals(4, loaded);
    assertEquals(4, files().size());
    assertEquals(List.of(), warnings);
  }

  @Test
  void aDamagedFileIsToldAndComputedAnew() throws IOException {
    StimulusSet stimuli = captions("a cat", "two houses");
    Embeddings first = embed("m", stimuli);
    Path file = files().get(0);
    byte[] whole = Files.readAllBytes(file);
    whole[whole.length - 40] ^= 1;
    Files.write(file, whole);
    assertEquals(first, embed("m", stimuli));
    assertEquals(2, loaded);
    assertEquals(1, warnings.size());
    assertEquals(first, embed("m", stimuli));
    assertEquals(2, loaded);
  }

  @Test
  void aFolderThatCannotBeWrittenCostsAWarningOnly() throws IOException {
    folder = Files.writeString(folder.resolve("file"), "no folder").resolve("below");
    StimulusSet stimuli = captions("a cat");
    assertEquals(5, embed("m", stimuli).values().row(0)[0]);
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).contains("not kept"), warnings.get(0));
  }

  @Test
  void whatWasNotUsedForLongestMakesRoom() throws IOException {
    Embeddings one = embed("m", captions("a"));
    long size = Files.size(files().get(0));
    Files.delete(files().get(0));
    EmbeddingCache cache = EmbeddingCache.of(folder, 2 * size);
    for (String key : List.of("a", "b")) {
      get(cache, key, one);
      Files.setLastModifiedTime(file(key), FileTime.fromMillis(key.charAt(0) * 1000L));
    }
    get(cache, "a", one); // read: now b is the one that was not used for longest
    get(cache, "c", one);
    assertTrue(Files.exists(file("a")));
    assertFalse(Files.exists(file("b")));
    assertTrue(Files.exists(file("c")));
    // What is larger than the limit alone is kept until the next.
    EmbeddingCache tiny = EmbeddingCache.of(folder, size / 2);
    get(tiny, "d", one);
    assertEquals(List.of(file("d")), files());
  }

  private Path file(String key) {
    return folder.resolve(key + ".embeddings");
  }

  private static void get(EmbeddingCache cache, String key, Embeddings one) {
    assertEquals(one, cache.get(key, dim -> one.space(), one.ids(), Progress.NONE, () -> one));
  }

  /** Files are read and written in pieces; this one takes two and a bit. */
  @Test
  void aLargeTableIsKeptToTheBitAndItsDamageSeen() throws IOException {
    int rows = 600;
    int[] at = {0};
    Tensor values = Tensor.zeros(rows, 1000).map(zero -> Math.sin(at[0]++));
    EmbeddingSpace space = new EmbeddingSpace("waves", "all", 1000, EmbeddingSpace.Scaling.RAW);
    List<String> ids = IntStream.range(0, rows).mapToObj(String::valueOf).toList();
    Embeddings large = new Embeddings(space, ids, values);
    EmbeddingCache cache = EmbeddingCache.of(folder, EmbeddingCache.LIMIT);
    get(cache, "large", large);
    Embeddings kept = cache.get("large", dim -> space, ids, Progress.NONE, Assertions::fail);
    assertEquals(large, kept);
    byte[] bytes = Files.readAllBytes(file("large"));
    assertEquals("NOESIS-EMBEDDINGS-1\n".length() + 8 + 4 * 600_000 + 32, bytes.length);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file("large"), bytes);
    get(cache, "large", large);
    assertEquals(large, cache.get("large", dim -> space, ids, Progress.NONE, Assertions::fail));
  }

  @Test
  void moreThanOneArrayHoldsIsRefusedBeforeAnythingIsComputed() {
    EmbeddingSpace tokens =
        new EmbeddingSpace("tower", "tokens", 197_376, EmbeddingSpace.Scaling.RAW);
    assertEquals(1_973_760_000, Embeddings.numbers(10_000, tokens));
    UnsupportedDataException refused =
        assertThrows(UnsupportedDataException.class, () -> Embeddings.numbers(73_000, tokens));
    assertTrue(refused.getMessage().contains("at most 10880"), refused::getMessage);
    assertTrue(refused.getMessage().contains("targets.output"), refused::getMessage);
  }

  @Test
  void theUsersFolder() {
    Path home = Path.of("/home/u");
    assertEquals(
        Path.of("/c/noesis/embeddings"),
        EmbeddingCache.usualFolder(Map.of("XDG_CACHE_HOME", "/c")::get, home));
    assertEquals(
        Path.of("/home/u/.cache/noesis/embeddings"),
        EmbeddingCache.usualFolder(name -> null, home));
  }
}
