package io.noesis.alignment.prior;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.diffusion.Denoiser;
import io.noesis.alignment.diffusion.NoiseSchedule;
import io.noesis.alignment.diffusion.Predicts;
import io.noesis.alignment.diffusion.PriorPrograms;
import io.noesis.alignment.diffusion.PriorSizes;
import io.noesis.alignment.diffusion.PriorSpec;
import io.noesis.alignment.diffusion.RotaryDenoiser;
import io.noesis.alignment.diffusion.VectorDenoiser;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.ModelException;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Priors of other programs predict here as there: fixtures/make/prior_programs.py. */
class PriorProgramsTest {
  private record Case(String program, Denoiser denoiser, PriorSizes sizes) {
    @Override
    public String toString() {
      return program;
    }

    Layer network() {
      return denoiser.network(sizes);
    }
  }

  private static final Case ROTARY =
      new Case(
          "mindeye-prior",
          new RotaryDenoiser(2, 2, 6, 2),
          new PriorSizes(List.of(12, 8), List.of(12, 8)));

  static Stream<Case> cases() {
    return Stream.of(
        ROTARY,
        new Case(
            "atm-prior",
            new VectorDenoiser(List.of(12, 7, 5), 6, 0.1),
            new PriorSizes(List.of(4), List.of(9))));
  }

  @Test
  void everyProgramHasAFixture() {
    assertEquals(Set.of("mindeye-prior", "atm-prior"), PriorPrograms.registry().names());
  }

  private static Safetensors fixture(Case example) throws Exception {
    return Safetensors.open(
        Path.of(
            PriorProgramsTest.class
                .getResource("/io/noesis/alignment/diffusion/" + example.program() + ".safetensors")
                .toURI()));
  }

  private static Map<String, Tensor> theirs(Safetensors python) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (String name : python.names()) {
      if (name.startsWith("weights/")) {
        weights.put("net." + name.substring("weights/".length()), python.read(name));
      }
    }
    return weights;
  }

  private static Map<String, Tensor> ours(Case example, Safetensors python) {
    Map<String, Tensor> weights = theirs(python);
    if (example.program().equals("atm-prior")) {
      Map<String, Tensor> bare = new LinkedHashMap<>();
      weights.forEach((name, w) -> bare.put(name.substring("net.".length()), w));
      weights = bare;
    }
    return PriorPrograms.registry().get(example.program()).onto(example.network(), weights, "test");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void predictsAsTheProgramDoes(Case example) throws Exception {
    try (Safetensors python = fixture(example)) {
      Map<String, Tensor> weights = ours(example, python);
      Tensor expected = python.read("prediction");
      Tensor found =
          Scope.get(
              () -> {
                Parameters parameters = Parameters.of(example.network(), weights);
                Pass pass =
                    Pass.evaluation(parameters)
                        .with(Denoiser.TIMESTEP, Value.of(python.read("timestep")))
                        .with(Denoiser.CONDITION, Value.of(python.read("condition")))
                        .with(Denoiser.KEEP, Value.of(python.read("keep")));
                Value out = example.network().forward(pass, Value.of(python.read("noisy")));
                parameters.free();
                return out.toTensor();
              });
      assertArrayEquals(expected.array(), found.array(), 1e-4f);
      PriorSpec spec =
          new PriorSpec(
              new NoiseSchedule(100, NoiseSchedule.Shape.COSINE),
              Predicts.EMBEDDING,
              example.denoiser(),
              0.2);
      DiffusionPrior prior =
          new DiffusionPrior(spec, example.sizes(), new DiffusionPrior.Scales(1, 1), weights);
      try (OnnxModel model =
          OnnxModel.open("prior", prior.graph().bytes(), OnnxOptions.SINGLE_THREADED)) {
        Map<String, OnnxInput> inputs = new LinkedHashMap<>();
        for (String name :
            List.of(Sampler.NOISY, Denoiser.TIMESTEP, Denoiser.CONDITION, Denoiser.KEEP)) {
          inputs.put(name, OnnxInput.of(python.read(name)));
        }
        assertArrayEquals(found.array(), model.run(inputs).get(Sampler.PREDICTION).array(), 1e-5f);
      }
    }
  }

  @Test
  void whatIsMissingOrMisnamedIsNamed() throws Exception {
    try (Safetensors python = fixture(ROTARY)) {
      Map<String, Tensor> weights = theirs(python);
      weights.put("net.learned_queries", weights.remove("net.learned_query"));
      ModelException refused =
          assertThrows(
              ModelException.class,
              () ->
                  PriorPrograms.registry()
                      .get(ROTARY.program())
                      .onto(ROTARY.network(), weights, "importing a prior"));
      assertTrue(refused.getMessage().contains("'net.learned_queries'"), refused.getMessage());
      assertTrue(refused.getMessage().contains("'places'"), refused.getMessage());
    }
  }
}
