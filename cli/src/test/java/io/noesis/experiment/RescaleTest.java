package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.audit.Alone;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.ridge.TargetSource;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.Split.Part;
import io.noesis.ingest.study.TrialTable;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Npz;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RescaleTest {
  @TempDir Path temporary;

  private Npz fixture() throws IOException {
    Path file = temporary.resolve("rescaling.npz");
    try (InputStream in = RescaleTest.class.getResourceAsStream("rescaling.npz")) {
      Files.copy(in, file);
    }
    return Npz.open(file);
  }

  private static FoldRows rows(Tensor test, Tensor targets) {
    int count = targets.dim(0);
    return new FoldRows(
        new TrainingRows(Tensor.zeros(count, 2), targets, Collections.nCopies(count, "a")),
        test,
        Map.of(),
        IntStream.range(0, test.dim(0)).boxed().toList(),
        Optional.empty(),
        null,
        Optional.empty());
  }

  private static Tensor normal(int seed, int... sizes) {
    PinnedRandom random = Seed.of(seed).random();
    return Tensor.zeros(sizes).map(zero -> random.nextGaussian());
  }

  @Test
  void itIsTheFormulaOfBrainDiffuser() throws IOException {
    Tensor decoded;
    Tensor targets;
    float[] expected;
    try (Npz numpy = fixture()) {
      decoded = numpy.read("decoded");
      targets = numpy.read("targets");
      expected = numpy.read("expected").array();
    }
    FoldRows fold = rows(Tensor.zeros(decoded.dim(0), 2), targets);
    Tensor found = Rescale.TEST_TRIALS.of(decoded, fold);
    for (int c = 0; c < 6; c++) {
      float largest = 0;
      for (int i = c; i < expected.length; i += 6) {
        largest = Math.max(largest, Math.abs(expected[i]));
      }
      for (int i = c; i < expected.length; i += 6) {
        assertEquals(expected[i], found.array()[i], 1e-6f * largest, "column " + c);
      }
    }
    assertEquals(decoded, Rescale.NONE.of(decoded, fold));
  }

  @Test
  void targetsThatAreReadInPiecesSayTheSame() {
    Tensor targets = normal(1, 7, 5);
    FoldRows whole = rows(Tensor.zeros(3, 2), targets);
    TrainingRows none = whole.train().aimedAt(Tensor.zeros(7, 0));
    TargetSource source = TargetSource.of(targets, IntStream.range(0, 7).toArray());
    FoldRows pieces =
        new FoldRows(
            none,
            whole.test(),
            Map.of(),
            whole.tested(),
            Optional.empty(),
            null,
            Optional.of(source));
    Tensor decoded = normal(2, 3, 5);
    assertEquals(Rescale.TEST_TRIALS.of(decoded, whole), Rescale.TEST_TRIALS.of(decoded, pieces));
  }

  @Test
  void statisticsOfColumnsLieBesideEachOther() {
    Tensor left = normal(7, 5, 2);
    Tensor right = normal(8, 5, 1);
    ColumnStatistics both =
        ColumnStatistics.beside(List.of(ColumnStatistics.of(left), ColumnStatistics.of(right)));
    assertEquals(3, both.columns());
    assertEquals(ColumnStatistics.of(left).deviation(1), both.deviation(1), 0);
    assertEquals(ColumnStatistics.of(right).deviation(0), both.deviation(2), 0);
    assertEquals(ColumnStatistics.of(right).mean(0), both.mean().at(0, 2), 1e-7);
  }

  @Test
  void whatDoesNotVaryBecomesTheMean() {
    Tensor decoded = Tensor.wrap(new float[] {3, 1, 3.0000002f, 2, 3, 3}, 3, 2);
    Tensor targets = Tensor.wrap(new float[] {10, 0, 20, 4}, 2, 2);
    float[] found = Rescale.TEST_TRIALS.of(decoded, rows(Tensor.zeros(3, 2), targets)).array();
    float step = (float) (2 * Math.sqrt(1.5));
    assertArrayEquals(new float[] {15, 2 - step, 15, 2, 15, 2 + step}, found, 1e-5f);
  }

  @Test
  void itIsFittedOnTestRowsAlone() {
    Split fold = new Split("one", List.of(Part.TRAIN, Part.TEST, Part.TRAIN, Part.TEST));
    FitRecord fit = Rescale.TEST_TRIALS.fit(fold).orElseThrow();
    assertEquals(List.of(1, 3), fit.fittedOn());
    assertEquals(List.of(1, 3), fit.appliedTo());
    assertEquals(Optional.empty(), Rescale.NONE.fit(fold));
    Rescale.NONE.requireSome("01", fold, 1);
    Rescale.TEST_TRIALS.requireSome("01", fold, 2);
    String message =
        assertThrows(RecipeException.class, () -> Rescale.TEST_TRIALS.requireSome("01", fold, 1))
            .getMessage();
    assertTrue(message.contains("'one'") && message.contains("encoder.rescale to none"), message);
  }

  /** One that looks at the mean of what it is shown, by a factor. */
  private record Together(float factor, List<Integer> shown) implements BrainEncoder {
    @Override
    public Tensor encode(Tensor responses) {
      shown.add(responses.dim(0));
      float mean = ColumnStatistics.of(responses).mean().array()[0];
      return responses.map(v -> v + factor * mean);
    }

    @Override
    public Map<String, Tensor> heads(Tensor responses, String subject, Map<String, Tensor> told) {
      return Map.of("other", encode(responses), "told", told.getOrDefault("frame", responses));
    }

    @Override
    public Map<String, String> facts() {
      return Map.of();
    }

    @Override
    public void save(Path file, Map<String, String> metadata) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void export(Path file, Map<String, String> metadata) {
      throw new UnsupportedOperationException();
    }
  }

  private Optional<Tensor> alone(float factor, String rescale, List<Integer> shown) {
    RunFolder run =
        RunFolder.create(temporary.resolve("run-" + factor), "abc", Execution.Existing.RESUME);
    EncoderSpec spec =
        DecodingRecipe.of(Recipes.tree("simulated", List.of("encoder.rescale=" + rescale)))
            .encoder();
    TrialsAlone alone = new TrialsAlone(spec, "01");
    Together encoder = new Together(factor, shown);
    FoldRows rows = rows(normal(3, 5, 2), normal(4, 8, 2));
    Tensor together = encoder.encode(rows.test());
    shown.clear();
    Tensor kept = alone.compare("one", rows, encoder, together, by -> by.encode(rows.test()));
    assertEquals(spec.rescale() == Rescale.NONE, kept.equals(together));
    alone.end(run);
    TrialTable none = new TrialTable(List.of());
    Decoded decoded =
        new Decoded(
            "01",
            none,
            List.of(),
            List.of(),
            kept,
            Tensor.zeros(1, 2),
            ResponseKind.SAMPLES,
            List.of(),
            List.of());
    TrialsAlone.Found found = TrialsAlone.read(run, decoded).orElseThrow();
    assertEquals(found.decoded().isEmpty() ? 3 : 5, found.trials());
    assertEquals(found.decoded().isEmpty(), Alone.same(found.difference()));
    return found.decoded().map(Decoded::values);
  }

  @Test
  void whatAnEncoderMakesOfRowsAloneIsComparedAndKeptWhereItDiffers() {
    List<Integer> shown = new ArrayList<>();
    assertEquals(Optional.empty(), alone(0, "none", shown));
    assertEquals(List.of(1, 1, 1), shown, "the first rows, each alone");
    Tensor each = alone(0.5f, "none", shown).orElseThrow();
    assertEquals(Collections.nCopies(8, 1), shown, "then all of them, each alone");
    Tensor rows = normal(3, 5, 2);
    for (int i = 0; i < 5; i++) {
      assertEquals(rows.at(i, 0) * 1.5f, each.at(i, 0), 1e-6f);
    }
    assertEquals(Optional.empty(), alone(1e-6f, "none", shown), "rounding");
    assertFalse(alone(Float.NaN, "none", shown).isEmpty(), "what is no number is no rounding");
  }

  @Test
  void rescaledRowsAreKeptAsTheyWereDecodedToo() {
    List<Integer> shown = new ArrayList<>();
    assertEquals(normal(3, 5, 2), alone(0, "test-trials", shown).orElseThrow());
    assertEquals(List.of(1, 1, 1), shown, "no row is decoded twice where the encoder is in order");
  }

  @Test
  void headsAreSaidRowByRowToo() {
    List<Integer> shown = new ArrayList<>();
    BrainEncoder alone = new OneByOne(new Together(1, shown));
    Tensor rows = normal(5, 4, 2);
    Tensor frames = normal(6, 4, 3);
    Map<String, Tensor> heads = alone.heads(rows, "01", Map.of("frame", frames));
    assertEquals(List.of(1, 1, 1, 1), shown);
    assertEquals(rows.at(2, 0) + rows.at(2, 0), heads.get("other").at(2, 0), 1e-6f);
    assertEquals(frames, heads.get("told"));
    assertEquals(rows, alone.heads(rows, "01").get("told"));
  }
}
