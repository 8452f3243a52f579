package io.noesis.alignment.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.EmbeddingSpace.Scaling;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What several captions of one stimulus come to as its target. */
class SeveralCaptionTargetsTest {
  private static final StimulusSet STIMULI =
      StimulusSet.of(
          List.of(
              stimulus("cup", "a cup", "a red cup on a table", "there is something to drink from"),
              stimulus("dog", "a dog runs"),
              stimulus("sea", "a boat at sea", "sailing")));

  @TempDir Path folder;

  private static Stimulus stimulus(String id, String... captions) {
    return new Stimulus(id, "", List.of(captions), Optional.empty(), Map.of());
  }

  /** The numbers that a caption consists of. */
  private record Written(Scaling scaling, CaptionChoice choice) implements OfCaptions {
    @Override
    public String fingerprint() {
      return "written " + scaling;
    }

    @Override
    public EmbeddingSpace space(int dim) {
      return new EmbeddingSpace("written", "numbers", dim, scaling);
    }

    @Override
    public StimulusTargets.Encoding<String> open() {
      return new StimulusTargets.Encoding<>() {
        @Override
        public EmbeddingSpace space() {
          return Written.this.space(2);
        }

        @Override
        public Embeddings encode(List<String> ids, List<String> all, Progress progress) {
          float[] values = new float[2 * all.size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(all.get(i / 2).split(" ")[i % 2]);
          }
          return new Embeddings(space(), ids, Tensor.wrap(values, all.size(), 2));
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public String kind() {
      return "written";
    }
  }

  private static float[] values(Scaling scaling, CaptionChoice choice, Stimulus... stimuli) {
    Embeddings made =
        new StimulusTargets<>(new Written(scaling, choice), Optional.empty())
            .extract(StimulusSet.of(List.of(stimuli)), Progress.NONE);
    assertEquals(Stream.of(stimuli).map(Stimulus::id).toList(), made.ids());
    return made.values().array();
  }

  @Test
  void lengthsStayInSpacesWhereTheyAreFree() {
    Stimulus one = stimulus("1", "3 0", "0 6", "0 3");
    Stimulus two = stimulus("2", "0.1 0.7");
    float[] alone = {0.1f, 0.7f};
    for (Scaling scaling : List.of(Scaling.RAW, Scaling.POOLED)) {
      assertArrayEquals(
          new float[] {1, 3, alone[0], alone[1]}, values(scaling, CaptionChoice.MEAN, one, two));
      assertArrayEquals(
          new float[] {alone[0], alone[1], 3, 0}, values(scaling, CaptionChoice.FIRST, two, one));
    }
  }

  @Test
  void unitVectorsHaveAMeanOfLengthOne() {
    float[] mean =
        values(Scaling.UNIT, CaptionChoice.MEAN, stimulus("1", "1 0", "0.6 0.8", "0.6 0.8"));
    double length = Math.hypot(2.2, 1.6);
    assertArrayEquals(new float[] {(float) (2.2 / length), (float) (1.6 / length)}, mean, 1e-6f);
    ModelException none =
        assertThrows(
            ModelException.class,
            () -> values(Scaling.UNIT, CaptionChoice.MEAN, stimulus("1", "1 0", "-1 0")));
    assertTrue(none.getMessage().contains("averaged over captions"), none::getMessage);
  }

  @Test
  void sentences() {
    try (SentenceEncoder encoder = SentenceEncoder.miniLm();
        TargetExtractor first = extractor(CaptionChoice.FIRST);
        TargetExtractor mean = extractor(CaptionChoice.MEAN)) {
      Embeddings firsts = first.extract(STIMULI, Progress.NONE);
      Embeddings means = mean.extract(STIMULI, Progress.NONE);
      assertEquals(firsts.space(), means.space());
      assertEquals(List.of("cup", "dog", "sea"), means.ids());
      assertNotEquals(first.fingerprint(), mean.fingerprint());
      for (int i = 0; i < 3; i++) {
        Stimulus stimulus = STIMULI.all().get(i);
        List<String> all = stimulus.captions();
        List<String> ids = IntStream.range(0, all.size()).mapToObj(Integer::toString).toList();
        // A sentence's numbers depend a little on those that are encoded with it.
        Tensor each = encoder.encode(ids, all).values();
        assertEquals(1, dot(each.row(0), firsts.values().row(i)), 1e-4);
        float[] sum = new float[each.dim(1)];
        for (int k = 0; k < sum.length; k++) {
          for (int c = 0; c < all.size(); c++) {
            sum[k] += each.at(c, k);
          }
        }
        float[] found = means.values().row(i);
        assertEquals(1, dot(found, found), 1e-6, "brought back to length 1");
        assertEquals(Math.sqrt(dot(sum, sum)), dot(sum, found), 1e-3, "in the mean's direction");
      }
      assertTrue(dot(firsts.values().row(0), means.values().row(0)) < 0.99, "not only the first");
    }
  }

  private static TargetExtractor extractor(CaptionChoice choice) {
    return Targets.registry().get("caption").open(TargetSpec.DEFAULT.with(choice));
  }

  private static double dot(float[] a, float[] b) {
    return Vectors.dot(a, 0, b, 0, a.length);
  }

  private long kept(CaptionChoice choice, Stimulus... stimuli) throws IOException {
    new StimulusTargets<>(new Written(Scaling.RAW, choice), Optional.of(folder))
        .extract(StimulusSet.of(List.of(stimuli)), Progress.NONE);
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void whatIsKeptIsOfTheCaptionsThatCount() throws IOException {
    Stimulus other = stimulus("2", "5 5");
    assertEquals(1, kept(CaptionChoice.MEAN, stimulus("1", "1 0", "0 1"), other));
    assertEquals(1, kept(CaptionChoice.MEAN, stimulus("1", "1 0", "0 1"), other));
    assertEquals(2, kept(CaptionChoice.MEAN, stimulus("1", "1 0", "0 2"), other));
    assertEquals(3, kept(CaptionChoice.FIRST, stimulus("1", "1 0", "0 2"), other));
    assertEquals(3, kept(CaptionChoice.FIRST, stimulus("1", "1 0", "0 3"), other));
    // The same sentences, dealt otherwise.
    Stimulus longer = stimulus("2", "0 2", "5 5");
    assertEquals(3, kept(CaptionChoice.MEAN, stimulus("1", "1 0"), longer));
    List<Float> dealt = new ArrayList<>();
    Embeddings means =
        new StimulusTargets<>(new Written(Scaling.RAW, CaptionChoice.MEAN), Optional.of(folder))
            .extract(StimulusSet.of(List.of(stimulus("1", "1 0"), longer)), Progress.NONE);
    for (float value : means.values().array()) {
      dealt.add(value);
    }
    assertEquals(List.of(1f, 0f, 2.5f, 3.5f), dealt);
  }
}
