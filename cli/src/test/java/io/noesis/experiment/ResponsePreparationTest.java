package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.experiment.ResponsePreparation.Prepared;
import io.noesis.ingest.signal.Epochs;
import io.noesis.ingest.signal.NoiseWhitener;
import io.noesis.ingest.signal.ResponseScaler;
import io.noesis.ingest.signal.ResponseScaler.Spread;
import io.noesis.ingest.study.EpochAxes;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.ResponseColumns;
import io.noesis.ingest.study.ResponseKind;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.Split.Part;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each setting of the section "responses" of a recipe does what it says. */
class ResponsePreparationTest {
  private static final int[] TRAIN = {0, 1, 2, 3, 4, 5};
  private static final int[] TEST = {6, 7, 8, 9};
  private static final Split SPLIT = split();

  private static Split split() {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      parts.add(i < 6 ? Part.TRAIN : Part.TEST);
    }
    return new Split("one", parts);
  }

  private static SubjectResponses subject(boolean epochs) {
    return subject(epochs, "          ");
  }

  private static SubjectResponses subject(boolean epochs, String sessions) {
    List<Trial> trials = new ArrayList<>();
    String stimuli = "aabbccdddd";
    for (int i = 0; i < stimuli.length(); i++) {
      double nan = Double.NaN;
      trials.add(
          new Trial(
              "01",
              sessions.substring(i, i + 1).trim(),
              "01",
              nan,
              nan,
              nan,
              nan,
              stimuli.substring(i, i + 1),
              "",
              1,
              ""));
    }
    PinnedRandom random = Seed.of(3).random();
    Tensor values =
        (epochs ? Tensor.zeros(10, 2, 8) : Tensor.zeros(10, 16)).map(z -> random.nextGaussian());
    Optional<EpochAxes> axes =
        epochs
            ? Optional.of(
                new EpochAxes(
                        List.of("Cz", "Pz"),
                        List.of(List.of(0.0, 0.0), List.of(0.0, -1.0)),
                        8,
                        Double.NaN,
                        Double.NaN)
                    .timed(10, -0.2))
            : Optional.empty();
    return new SubjectResponses(
        "01",
        new TrialTable(trials),
        values,
        ResponseKind.GIVEN,
        List.of(),
        List.of(),
        ResponseColumns.of(axes));
  }

  private static Prepared prepared(String yaml, SubjectResponses subject) {
    ResponseSpec spec =
        RecordBinder.bind(YamlTree.parse(yaml, "responses"), ResponseSpec.class, "responses");
    return new ResponsePreparation(spec, subject).of(SPLIT, TRAIN);
  }

  private static Tensor scaled(Tensor rows, Tensor from, ResponseScaler.Unit unit, Spread spread) {
    return ResponseScaler.fit(from, unit, spread, TRAIN).apply(rows);
  }

  @Test
  void voxelsHaveAScaleEachAndChannelsOverTime() {
    SubjectResponses flat = subject(false);
    Prepared voxels = prepared("", flat);
    Tensor x = flat.responses().rows(TRAIN);
    Tensor z = flat.responses().rows(TEST);
    assertEquals(scaled(x, x, ResponseScaler.Unit.FEATURE, Spread.STANDARD), voxels.train());
    assertEquals(scaled(z, x, ResponseScaler.Unit.FEATURE, Spread.STANDARD), voxels.test());
    FitRecord fit = voxels.fit().orElseThrow();
    assertEquals("mean and deviation of each voxel", fit.transform());
    assertEquals(List.of(0, 1, 2, 3, 4, 5), fit.fittedOn());
    SubjectResponses epochs = subject(true);
    Tensor e = epochs.responses().rows(TRAIN);
    Prepared channels = prepared("{spread: robust}", epochs);
    assertEquals(scaled(e, e, ResponseScaler.Unit.CHANNEL, Spread.ROBUST), channels.train());
    assertEquals("median and quartiles of each channel", channels.fit().orElseThrow().transform());
    assertEquals(
        scaled(e, e, ResponseScaler.Unit.FEATURE, Spread.STANDARD),
        prepared("{unit: feature}", epochs).train());
    RecipeException unit =
        assertThrows(RecipeException.class, () -> prepared("{unit: channel}", flat));
    assertTrue(unit.getMessage().contains("auto or feature"), unit.getMessage());
  }

  @Test
  void aScaleLearntFromAllTrialsSaysSo() {
    FitRecord fit = prepared("{standardize: all_trials}", subject(true)).fit().orElseThrow();
    assertEquals(10, fit.fittedOn().size());
    assertEquals("all trials", fit.group());
    assertTrue(prepared("{standardize: none}", subject(true)).fit().isEmpty());
  }

  @Test
  void baselineWindowAndBound() {
    SubjectResponses epochs = subject(true);
    Tensor whole = epochs.responses();
    Prepared cut =
        prepared(
            "{standardize: none, baseline: {fromSeconds: -0.2, toSeconds: 0},"
                + " window: {fromSeconds: 0.1, toSeconds: 0.4}, clamp: 0.5}",
            epochs);
    Tensor expected =
        Epochs.clamp(Epochs.cut(Epochs.withoutMean(whole, 0, 3), 3, 4), 0.5).rows(TRAIN);
    assertEquals(expected, cut.train());
    assertArrayEquals(new int[] {4, 2, 4}, cut.test().shape().toArray());
    RecipeException flat =
        assertThrows(
            RecipeException.class,
            () -> prepared("{window: {fromSeconds: 0, toSeconds: 1}}", subject(false)));
    assertTrue(flat.getMessage().contains("no time axis"), flat.getMessage());
  }

  @Test
  void noiseOfChannelsIsLearntFromTrainingTrialsBeforeTheScale() {
    SubjectResponses epochs = subject(true, "1112223331");
    Tensor whole = epochs.responses();
    List<String> stimuli = List.of("a", "a", "b", "b", "c", "c");
    List<String> seen = List.of("1", "1", "1", "2", "2", "2");
    NoiseWhitener expected = NoiseWhitener.fit(whole.rows(TRAIN), stimuli, seen, TRAIN);
    Tensor train = expected.apply(whole.rows(TRAIN), seen);
    Tensor test = expected.apply(whole.rows(TEST), List.of("3", "3", "3", "1"));
    Prepared bySession = prepared("{whiten: session}", epochs);
    assertEquals(
        scaled(train, train, ResponseScaler.Unit.CHANNEL, Spread.STANDARD), bySession.train());
    assertEquals(
        scaled(test, train, ResponseScaler.Unit.CHANNEL, Spread.STANDARD), bySession.test());
    FitRecord fit = bySession.fit().orElseThrow();
    assertEquals(
        "noise covariance of channels, mean and deviation of each channel", fit.transform());
    assertEquals(List.of(0, 1, 2, 3, 4, 5), fit.fittedOn());

    Prepared alone = prepared("{whiten: subject, standardize: none}", epochs);
    NoiseWhitener ofAll =
        NoiseWhitener.fit(whole.rows(TRAIN), stimuli, Collections.nCopies(6, ""), TRAIN);
    assertEquals(ofAll.apply(whole.rows(TEST)), alone.test());
    assertEquals(alone.test(), alone.preparation().apply(whole.rows(TEST)), "as new responses are");
    assertEquals("noise covariance of channels", alone.fit().orElseThrow().transform());

    FitRecord leaky =
        prepared("{whiten: session, standardize: all_trials}", epochs).fit().orElseThrow();
    assertEquals(10, leaky.fittedOn().size(), "the audit of fits sees it");
    RecipeException flat =
        assertThrows(RecipeException.class, () -> prepared("{whiten: session}", subject(false)));
    assertTrue(flat.getMessage().contains("no time axis"), flat.getMessage());
  }

  @Test
  void repetitionsAreAveragedBehindTheScaling() {
    SubjectResponses epochs = subject(true);
    Prepared single = prepared("", epochs);
    Prepared averaged = prepared("{average: {train: 0, test: 2}}", epochs);
    assertEquals(List.of(0, 2, 4), averaged.trained());
    assertEquals(List.of(6, 8), averaged.tested());
    assertEquals(
        (single.test().array()[0] + single.test().array()[16]) / 2,
        averaged.test().array()[0],
        1e-6);
    assertEquals(
        List.of(0, 1, 2, 3, 4, 5),
        averaged.fit().orElseThrow().fittedOn(),
        "the scale is learnt from single trials");
  }

  @Test
  void whatWasDoneIsSaidInWords() {
    ResponseSpec spec =
        RecordBinder.bind(
            YamlTree.parse(
                "{spread: robust, clamp: 20, whiten: session, average: {train: 1, test: 0},"
                    + " baseline: {fromSeconds: -0.2, toSeconds: 0}}",
                "responses"),
            ResponseSpec.class,
            "responses");
    String words = spec.inWords(ResponseSpec.Epochs.YES);
    for (String expected :
        List.of(
            "for each session, of the training trials",
            "Each channel was scaled",
            "median 0",
            "±20",
            "-0.2 s to 0.0 s",
            "all repetitions")) {
      assertTrue(words.contains(expected), words);
    }
    assertEquals(
        "Each voxel was scaled to mean 0 and variance 1 with statistics of the training trials. ",
        ResponseSpec.defaults().inWords(ResponseSpec.Epochs.NO));
    assertEquals(spec, RecordBinder.bind(RecordBinder.tree(spec), ResponseSpec.class, "responses"));
  }
}
