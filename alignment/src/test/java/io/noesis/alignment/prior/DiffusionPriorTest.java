package io.noesis.alignment.prior;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.diffusion.Denoiser;
import io.noesis.alignment.diffusion.NoiseSchedule;
import io.noesis.alignment.diffusion.Predicts;
import io.noesis.alignment.diffusion.PriorObjective;
import io.noesis.alignment.diffusion.PriorSizes;
import io.noesis.alignment.diffusion.PriorSpec;
import io.noesis.alignment.diffusion.TokenDenoiser;
import io.noesis.alignment.diffusion.VectorDenoiser;
import io.noesis.alignment.loss.LossSpec;
import io.noesis.alignment.train.OptimizerSpec;
import io.noesis.alignment.train.TrainingRun;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.alignment.train.ValidationSpec;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiffusionPriorTest {
  private static final int DIM = 32;
  private static final int ROWS = 384;

  private static Safetensors python() throws Exception {
    var resource =
        DiffusionPriorTest.class.getResource("/io/noesis/alignment/prior/prior.safetensors");
    return Safetensors.open(Path.of(resource.toURI()));
  }

  private static PriorSpec small(Predicts predicts, Denoiser denoiser) {
    return new PriorSpec(
        predicts == Predicts.EMBEDDING
            ? new NoiseSchedule(100, NoiseSchedule.Shape.COSINE)
            : new NoiseSchedule(1000, NoiseSchedule.Shape.LINEAR),
        predicts,
        denoiser,
        0.1);
  }

  @Test
  void theSizeIsThePublishedOne() {
    PriorSizes sizes = new PriorSizes(List.of(1024), List.of(1024));
    assertEquals(9_675_648L, Parameters.count(VectorDenoiser.defaults().network(sizes)));
  }

  @Test
  void schedulesAreThoseOfNumPy() throws Exception {
    try (Safetensors python = python()) {
      for (NoiseSchedule.Shape shape : NoiseSchedule.Shape.values()) {
        boolean cosine = shape == NoiseSchedule.Shape.COSINE;
        Tensor expected = python.read(cosine ? "signal/cosine" : "signal/linear");
        double[] found = new NoiseSchedule(expected.size(), shape).signal();
        for (int t = 0; t < found.length; t++) {
          assertEquals(expected.at(t), found[t], 1e-6, shape + " " + t);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Predicts.class)
  void aTrajectoryIsThatOfPyTorch(Predicts predicts) throws Exception {
    try (Safetensors python = python()) {
      Map<String, Tensor> weights = new LinkedHashMap<>();
      for (String name : python.names()) {
        if (name.startsWith("weight/")) {
          weights.put(name.substring("weight/".length()), python.read(name));
        }
      }
      PriorSpec spec = small(predicts, new VectorDenoiser(List.of(12, 7, 5), 6, 0.1));
      PriorSizes sizes = new PriorSizes(List.of(4), List.of(9));
      DiffusionPrior prior =
          new DiffusionPrior(spec, sizes, new DiffusionPrior.Scales(1, 1), weights);
      try (OnnxModel model =
          OnnxModel.open("prior", prior.graph().bytes(), OnnxOptions.SINGLE_THREADED)) {
        Sampler sampler =
            new Sampler(spec.schedule(), spec.predicts(), sizes, new Sampling(10, 2, 0), model);
        float[] found =
            sampler.drawn(
                python.read("start").array(),
                python.read("condition"),
                RowNoise.of(Seed.of(1).random()),
                () -> {});
        float[] expected =
            python.read(predicts == Predicts.EMBEDDING ? "ddim/embedding" : "ddim/noise").array();
        float largest = 1;
        for (float value : expected) {
          largest = Math.max(largest, Math.abs(value));
        }
        assertArrayEquals(expected, found, 1e-4f * largest);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100})
  void aPerfectPredictionIsReachedInAnyNumberOfSteps(int steps) {
    PriorSpec spec = small(Predicts.EMBEDDING, VectorDenoiser.defaults());
    float[] truth = {1, -2, 0.5f};
    Sampler sampler =
        new Sampler(
            spec.schedule(),
            spec.predicts(),
            new PriorSizes(List.of(3), List.of(3)),
            new Sampling(steps, 1, 1),
            null);
    RowNoise random = RowNoise.of(Seed.of(3).random());
    float[] x = {0.3f, -0.1f, 2};
    double[] signal = spec.schedule().signal();
    int[] times = Sampler.times(100, steps);
    assertEquals(99, times[0]);
    assertEquals(steps, times.length);
    for (int i = 0; i < times.length; i++) {
      double next = i + 1 < times.length ? signal[times[i + 1]] : 1;
      x = sampler.stepped(x, truth, signal[times[i]], next, random);
    }
    assertArrayEquals(truth, x, 1e-6f);
  }

  /** Four vectors of length 1; decoded are they with as much noise as signal. */
  private static TrainingRows rows(int... shape) {
    PinnedRandom random = Seed.of(8).random();
    float[] decoded = new float[ROWS * DIM];
    float[] truth = new float[ROWS * DIM];
    for (int row = 0; row < ROWS; row++) {
      int which = row % 4;
      for (int i = 0; i < DIM; i++) {
        truth[row * DIM + i] = (float) ((i / 8 == which ? 1 : 0) / Math.sqrt(8));
        decoded[row * DIM + i] = (float) (truth[row * DIM + i] + 0.15 * random.nextGaussian());
      }
    }
    return new TrainingRows(
        Tensor.wrap(decoded, shape),
        Tensor.wrap(truth, shape),
        IntStream.range(0, ROWS).mapToObj(row -> "run " + row / 32).toList());
  }

  private static DiffusionPrior trained(PriorSpec spec, TrainingRows rows) {
    TrainingSpec training =
        TrainingSpec.defaults()
            .withLoss(new LossSpec("mse", LossSpec.defaults().settings()))
            .withEpochs(60)
            .withBatchesOf(32)
            .withValidation(new ValidationSpec(0, 0))
            .withOptimizer(
                new OptimizerSpec(
                    OptimizerSpec.Rule.ADAMW, 3e-3, 0, OptimizerSpec.Decayed.MATRICES, 0.9, 0.999));
    return DiffusionPrior.train(rows, spec, training, Seed.of(5), TrainingRun.silent());
  }

  private static double meanCosine(Tensor a, Tensor b) {
    double sum = 0;
    for (int row = 0; row < a.dim(0); row++) {
      double ab = 0;
      double aa = 0;
      double bb = 0;
      for (int i = row * DIM; i < (row + 1) * DIM; i++) {
        ab += a.array()[i] * b.array()[i];
        aa += a.array()[i] * a.array()[i];
        bb += b.array()[i] * b.array()[i];
      }
      sum += ab / Math.sqrt(aa * bb) / a.dim(0);
    }
    return sum;
  }

  private static final int[] SOME = IntStream.range(0, 24).toArray();
  private static final int[] OTHERS = IntStream.range(0, 24).map(i -> (i + 1) % 24).toArray();

  private static void drawsTheTruth(PriorSpec spec, TrainingRows rows) {
    DiffusionPrior prior = trained(spec, rows);
    Tensor decoded = rows.responses().rows(SOME);
    Tensor truth = rows.targets().rows(SOME);
    Tensor drawn = prior.sample(decoded, Sampling.defaults(), Seed.of(6));
    double before = meanCosine(decoded, truth);
    double after = meanCosine(drawn, truth);
    double shuffled = meanCosine(drawn, rows.targets().rows(OTHERS));
    assertTrue(after > 0.9 && after > before + 0.1, before + " becomes " + after);
    assertTrue(shuffled < 0.2, "with the embeddings of others " + shuffled);
    Tensor first = prior.sample(decoded.rows(new int[] {0}), Sampling.defaults(), Seed.of(6));
    assertEquals(drawn.rows(new int[] {0}), first, "a row alone");
  }

  @Test
  void whatIsDrawnIsLikeTheTruth() {
    drawsTheTruth(
        small(Predicts.EMBEDDING, new VectorDenoiser(List.of(64, 32), 16, 0)), rows(ROWS, DIM));
  }

  /** A network of zeros predicts zero: what is left of the error is the noise, or the embedding. */
  @ParameterizedTest
  @EnumSource(Predicts.class)
  void theErrorOfTheObjectiveIsThatOfThePrediction(Predicts predicts) {
    PriorSizes sizes = new PriorSizes(List.of(3), List.of(DIM));
    PriorObjective objective =
        new PriorObjective(small(predicts, new VectorDenoiser(List.of(6, 4), 4, 0)), sizes);
    Map<String, Tensor> zeros = new LinkedHashMap<>();
    Parameters.shapes(objective)
        .forEach((name, shape) -> zeros.put(name, Tensor.zeros(shape.toArray())));
    PinnedRandom random = Seed.of(2).random();
    Tensor input = Tensor.zeros(400, 3 + DIM).map(zero -> 2 * random.nextGaussian());
    Scope.run(
        () -> {
          Parameters parameters = Parameters.of(objective, zeros);
          Value out =
              objective.forward(
                  Pass.training(parameters, TorchRandom.ofNumber(1)), Value.of(input));
          Value truth = Ops.narrow(Value.of(input), 1, 3, DIM);
          double error = Ops.mean(Ops.square(Ops.subtract(out, truth))).item();
          assertEquals(predicts == Predicts.NOISE ? 1 : 4, error, 0.12);
          parameters.free();
        });
  }

  @Test
  void theGraphOfTokensComputesWhatWasTrained() {
    PriorSpec spec = small(Predicts.EMBEDDING, new TokenDenoiser(2, 2, 8, 4, 0));
    PriorSizes sizes = new PriorSizes(List.of(3, 6), List.of(3, 6));
    Layer network = spec.denoiser().network(sizes);
    Parameters parameters = Parameters.of(network, Seed.of(3));
    PinnedRandom random = Seed.of(4).random();
    Tensor noisy = Tensor.zeros(2, 3, 6).map(zero -> random.nextGaussian());
    Tensor about = Tensor.zeros(2, 3, 6).map(zero -> random.nextGaussian());
    Tensor step = Tensor.wrap(new float[] {7, 60}, 2, 1);
    Tensor keep = Tensor.wrap(new float[] {1, 0}, 2, 1);
    Tensor expected =
        Scope.get(
            () ->
                network
                    .forward(
                        Pass.evaluation(parameters)
                            .with(Denoiser.TIMESTEP, Value.of(step))
                            .with(Denoiser.CONDITION, Value.of(about))
                            .with(Denoiser.KEEP, Value.of(keep)),
                        Value.of(noisy))
                    .toTensor());
    DiffusionPrior prior =
        new DiffusionPrior(spec, sizes, new DiffusionPrior.Scales(1, 1), parameters.snapshot());
    parameters.free();
    try (OnnxModel model =
        OnnxModel.open("prior", prior.graph().bytes(), OnnxOptions.SINGLE_THREADED)) {
      Tensor found = predicted(model, noisy, about, step, keep);
      assertArrayEquals(expected.array(), found.array(), 1e-5f);
      Tensor other = predicted(model, noisy, about.map(v -> v + 1), step, keep);
      assertNotEquals(found.rows(new int[] {0}), other.rows(new int[] {0}));
      assertEquals(found.rows(new int[] {1}), other.rows(new int[] {1}), "without condition");
    }
  }

  private static Tensor predicted(
      OnnxModel model, Tensor noisy, Tensor about, Tensor step, Tensor keep) {
    return model
        .run(
            Map.of(
                Sampler.NOISY, OnnxInput.of(noisy),
                Denoiser.TIMESTEP, OnnxInput.of(step),
                Denoiser.CONDITION, OnnxInput.of(about),
                Denoiser.KEEP, OnnxInput.of(keep)))
        .get(Sampler.PREDICTION);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    TrainingRows rows = rows(ROWS, DIM);
    PriorSpec tokens = small(Predicts.EMBEDDING, TokenDenoiser.defaults());
    assertThrows(IllegalArgumentException.class, () -> trained(tokens, rows));
    IllegalArgumentException loss =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                DiffusionPrior.train(
                    rows,
                    small(Predicts.NOISE, VectorDenoiser.defaults()),
                    TrainingSpec.defaults(),
                    Seed.of(1),
                    TrainingRun.silent()));
    assertTrue(loss.getMessage().contains("mse"), loss.getMessage());
  }
}
