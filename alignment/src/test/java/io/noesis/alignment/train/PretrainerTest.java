package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.alignment.loss.LossSpec;
import io.noesis.alignment.loss.MeanSquared;
import io.noesis.alignment.loss.OwnTerms;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.Pretraining;
import io.noesis.encoders.TrainedWeights;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Few hidden numbers move all voxels, or all channels at their own times. */
class PretrainerTest {
  private static final int ROWS = 480;
  private static final int HIDDEN = 3;

  private static JsonNode tree(String json) throws Exception {
    return new ObjectMapper().readTree(json);
  }

  /** Rows of unit variance, part of it noise; the hidden numbers are the targets. */
  private static TrainingRows planted(double noise, int... sizes) {
    PinnedRandom random = Seed.of(2).random();
    int size = IntStream.of(sizes).reduce(1, Math::multiplyExact);
    Tensor maps = Tensor.zeros(HIDDEN, size).map(zero -> random.nextGaussian());
    Tensor hidden = Tensor.zeros(ROWS, HIDDEN).map(zero -> random.nextGaussian());
    float[] x = new float[ROWS * size];
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < size; i++) {
        double sum = 0;
        for (int h = 0; h < HIDDEN; h++) {
          sum += hidden.at(row, h) * maps.at(h, i);
        }
        x[row * size + i] =
            (float)
                (Math.sqrt((1 - noise) / HIDDEN) * sum + Math.sqrt(noise) * random.nextGaussian());
      }
    }
    int[] all = IntStream.concat(IntStream.of(ROWS), IntStream.of(sizes)).toArray();
    List<String> groups = IntStream.range(0, ROWS).mapToObj(i -> "run " + i / 24).toList();
    return new TrainingRows(Tensor.wrap(x, all), hidden, groups);
  }

  private static TrainingSpec spec(int epochs, double rate) {
    OptimizerSpec usual = OptimizerSpec.defaults();
    return TrainingSpec.defaults()
        .withEpochs(epochs)
        .withBatchesOf(48)
        .withOptimizer(
            new OptimizerSpec(usual.rule(), rate, 0.01, usual.decayed(), usual.beta1(), 0.95))
        .withValidation(new ValidationSpec(0.2, 0));
  }

  private static double number(String text, String name) {
    Matcher found = Pattern.compile(Pattern.quote(name) + " ([0-9.]+)").matcher(text);
    assertTrue(found.find(), text);
    return Double.parseDouble(found.group(1));
  }

  private static Pretraining plan(String architecture, JsonNode settings, TrainingRows rows) {
    return Architectures.pretraining(architecture, settings, NetworkSizes.of(rows)).orElseThrow();
  }

  private static final String MASKED =
      "{\"patch\": 4, \"kept\": 4, \"waves\": \"in-turn\", \"encoder\": {\"width\": 24, \"depth\": 1, \"heads\": 2,"
          + " \"hidden\": 48, \"dropout\": 0, \"headHidden\": 8},"
          + " \"filling\": {\"rate\": 0.5, \"width\": 24, \"depth\": 1, \"heads\": 2}}";

  @Test
  void fillsInWhatItDidNotSee() throws Exception {
    TrainingRows rows = planted(0.1, 46);
    Pretraining plan = plan("mind-vis", tree(MASKED), rows);
    Pretrainer.Pretrained out =
        new Pretrainer(plan, List.of(spec(60, 4e-3)))
            .run(rows, Seed.of(1), stage -> TrainingRun.silent());
    String text = out.facts().get("pretraining, masked-autoencoder");
    System.out.println(text);
    assertNotNull(text);
    double mean = number(text, "their mean:");
    // Two zeros fill the last of twelve patches up.
    assertEquals(46.0 / 48, mean, 0.1);
    double error = number(text, "reconstruction");
    assertTrue(error < 0.5 * mean, text);
  }

  /**
   * With 12 labelled rows of much noise, an encoder that was pretrained and stays as it is decodes
   * the others better than one that learns from scratch.
   */
  @Test
  void fewLabelsAreEnough() throws Exception {
    TrainingRows rows = planted(0.4, 46);
    Pretraining plan = plan("mind-vis", tree(MASKED), rows);
    Pretrainer.Pretrained out =
        new Pretrainer(plan, List.of(spec(60, 4e-3)))
            .run(rows, Seed.of(1), stage -> TrainingRun.silent());
    TrainingSpec scratch =
        spec(80, 4e-3)
            .withLoss(LossSpec.of("mse", MeanSquared.defaults()))
            .withBatchesOf(12)
            .withValidation(new ValidationSpec(0, 0));
    TrainingSpec still =
        scratch.withFreeze(new FreezeSpec(FreezeSpec.Scope.NOTHING, List.of("patches", "encoder")));
    int[] few = IntStream.range(0, 12).toArray();
    int[] others = IntStream.range(12, ROWS).toArray();
    TrainingRows labelled =
        new TrainingRows(
            rows.responses().rows(few),
            rows.targets().rows(few),
            rows.groups().subList(0, few.length));
    double[] errors = new double[2];
    for (int i = 0; i < 2; i++) {
      boolean pretrained = i == 1;
      BrainEncoder encoder =
          Architectures.registry()
              .get("mind-vis")
              .fit(
                  labelled,
                  tree(MASKED),
                  new Fitting(
                      Seed.of(3),
                      (network, table, seed) ->
                          Trainer.of(
                                  pretrained ? still : scratch,
                                  pretrained
                                      ? Pretraining.renamed(plan.start(), network, out.weights())
                                      : Map.of(),
                                  TrainingRun.silent())
                              .train(network, table, seed)));
      Tensor decoded = encoder.encode(rows.responses().rows(others));
      Tensor truth = rows.targets().rows(others);
      for (int k = 0; k < decoded.size(); k++) {
        double far = decoded.array()[k] - truth.array()[k];
        errors[i] += far * far / decoded.size();
      }
    }
    System.out.printf("scratch %.3f, pretrained %.3f%n", errors[0], errors[1]);
    assertTrue(errors[1] < errors[0], "scratch " + errors[0] + ", pretrained " + errors[1]);
  }

  @Test
  void namesTheCodesOfWhatItDidNotSee() throws Exception {
    TrainingRows rows = planted(0.1, 4, 24);
    JsonNode settings =
        tree(
            "{\"sources\": 4, \"patch\": 6, \"stem\": {\"filters\": 12, \"kept\": 8, \"padding\":"
                + " 1, \"stride\": 2}, \"transformer\": {\"width\": 24, \"depth\": 1, \"heads\": 2,"
                + " \"hidden\": 48, \"dropout\": 0, \"headHidden\": 16}, \"headWidth\": 8,"
                + " \"codes\": {\"count\": 16, \"width\": 6, \"decay\": 0.9, \"decoderDepth\": 1,"
                + " \"masked\": 0.5, \"up\": []}}");
    Pretraining plan = plan("du-in", settings, rows);
    Pretrainer.Pretrained out =
        new Pretrainer(plan, List.of(spec(24, 3e-3), spec(16, 3e-3)))
            .run(rows, Seed.of(1), stage -> TrainingRun.silent());
    System.out.println(out.facts());
    String codes = String.valueOf(out.facts().get("pretraining, codes"));
    assertTrue(number(codes, "reconstruction") < 0.7 * number(codes, "their mean:"), codes);
    double perplexity = number(codes, "perplexity");
    assertTrue(perplexity > 8, codes);
    String named = String.valueOf(out.facts().get("pretraining, masked-codes"));
    assertTrue(number(named, "codes") < 0.8 * Math.log(perplexity), named + " " + codes);
    assertTrue(
        out.weights().keySet().stream().anyMatch(name -> name.startsWith("encoder.")),
        "the second stage's own encoder");
  }

  private static final String SPECTRA =
      "{\"patch\": 6, \"stem\": {\"filters\": 8, \"groups\": 4, \"padding\": 2, \"stride\": 2},"
          + " \"transformer\": {\"width\": 24, \"depth\": 1, \"heads\": 2, \"hidden\": 48, \"dropout\":"
          + " 0, \"headHidden\": 0}, \"dropPath\": 0, \"slots\": 4, \"codes\": {\"count\": 16, \"width\":"
          + " 6, \"decay\": 0.9, \"decoderDepth\": 1, \"masked\": 0.5}}";

  /** Both stages of LaBraM, and a network that starts where they ended. */
  @Test
  void namesCodesOfSpectraAndStartsFromThere() throws Exception {
    TrainingRows rows = planted(0.1, 3, 18);
    JsonNode settings = tree(SPECTRA);
    Pretraining plan = plan("labram", settings, rows);
    Pretrainer.Pretrained out =
        new Pretrainer(plan, List.of(spec(12, 6e-3), spec(20, 6e-3)))
            .run(rows, Seed.of(1), stage -> TrainingRun.silent());
    System.out.println(out.facts());
    String codes = String.valueOf(out.facts().get("pretraining, codes"));
    // Targets are standardised: a constant has an error of 1.
    assertTrue(number(codes, "amplitude") < 0.8, codes);
    assertTrue(number(codes, "phase") < 0.8, codes);
    double perplexity = number(codes, "perplexity");
    assertTrue(perplexity > 8, codes);
    String named = String.valueOf(out.facts().get("pretraining, masked-codes"));
    assertTrue(number(named, "codes") < 0.9 * Math.log(perplexity), named + " " + codes);
    TrainingSpec still =
        spec(1, 1e-2)
            .withLoss(LossSpec.of("mse", MeanSquared.defaults()))
            .withValidation(new ValidationSpec(0, 0))
            .withFreeze(new FreezeSpec(FreezeSpec.Scope.NOTHING, List.of("tokens", "encoder")));
    Map<String, Tensor> trained = new LinkedHashMap<>();
    Architectures.registry()
        .get("labram")
        .fit(
            rows,
            settings,
            new Fitting(
                Seed.of(3),
                (network, table, seed) -> {
                  TrainedWeights done =
                      Trainer.of(
                              still,
                              Pretraining.renamed(plan.start(), network, out.weights()),
                              TrainingRun.silent())
                          .train(network, table, seed);
                  trained.putAll(done.weights());
                  return done;
                }));
    trained.forEach(
        (name, weight) -> {
          boolean taken = name.startsWith("tokens.") || name.startsWith("encoder.");
          assertEquals(taken, weight.equals(out.weights().get(name)), name);
        });
    assertTrue(trained.containsKey("encoder.blocks.0.self.scale.weight"), trained::toString);
  }

  @Test
  void whatLayersAddCannotChooseAnEpoch() {
    TrainingSpec spec = spec(1, 1e-3);
    LossSpec terms = LossSpec.of(OwnTerms.NAME, OwnTerms.defaults());
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> spec.withLoss(terms));
    assertTrue(refused.getMessage().contains("training.validation.part"), refused::getMessage);
  }

  @Test
  void othersHaveNothingToLearnWithoutTargets() throws Exception {
    assertEquals(
        Optional.empty(),
        Architectures.pretraining("nice", tree("{}"), NetworkSizes.ofEpochs(63, 250, 7)));
  }
}
