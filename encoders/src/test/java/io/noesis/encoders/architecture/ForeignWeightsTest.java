package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.architecture.NameMap.Layout;
import io.noesis.encoders.architecture.NameMap.Rule;
import io.noesis.encoders.architecture.ProgramCases.Case;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.MaskedAutoencoder;
import io.noesis.encoders.layer.MaskedCodes;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.VectorQuantise;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.ModelException;
import io.noesis.run.RecordBinder;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Networks of other programs decode here as there: fixtures/make/epoch_networks.py,
 * fmri_programs.py, du_in_poms.py, sequence_programs.py, labram_program.py and
 * labram_pretraining.py.
 */
class ForeignWeightsTest {
  private static final float TOLERANCE = 1e-5f;

  static Stream<Case> cases() {
    return ProgramCases.all();
  }

  private static Set<String> heads(Safetensors fixture) {
    return fixture.names().stream()
        .filter(name -> name.startsWith("heads/"))
        .map(name -> name.substring("heads/".length()))
        .collect(Collectors.toSet());
  }

  private static Safetensors fixture(String program) throws Exception {
    return Safetensors.open(
        Path.of(
            ForeignWeightsTest.class.getResource("programs/" + program + ".safetensors").toURI()));
  }

  private static Map<String, Tensor> weights(Safetensors fixture) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (String name : fixture.names()) {
      if (name.startsWith("weights/") && !name.endsWith("num_batches_tracked")) {
        weights.put(name.substring("weights/".length()), fixture.read(name));
      }
    }
    return weights;
  }

  @Test
  void everyProgramHasASentence() {
    ForeignWeights.registry()
        .entries()
        .forEach(entry -> assertTrue(entry.description().endsWith("."), entry.description()));
  }

  @Test
  void everyProgramHasAFixture() {
    assertEquals(
        ForeignWeights.registry().names(), cases().map(Case::program).collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void decodesAsTheProgramDoes(Case example, @TempDir Path folder) throws Exception {
    JsonNode settings = RecordBinder.tree(example.settings());
    try (Safetensors python = fixture(example.program())) {
      Path file = folder.resolve("theirs.safetensors");
      SafetensorsWriter copy = new SafetensorsWriter();
      weights(python).forEach(copy::add);
      copy.write(file);
      BrainEncoder encoder =
          ForeignWeights.registry().get(example.program()).read(file, settings, example.sizes());
      Tensor x = python.read("x");
      Tensor y = python.read("y");
      for (int row = 0; row < x.dim(0); row++) {
        int subject =
            python.names().contains("subject") ? (int) python.readLongs("subject").array()[row] : 0;
        Tensor own =
            encoder.encode(x.rows(new int[] {row}), example.sizes().subjects().get(subject));
        Tensor expected = y.rows(new int[] {row});
        assertEquals(expected.shape(), own.shape());
        assertArrayEquals(expected.array(), own.array(), TOLERANCE);
        String label = example.sizes().subjects().get(subject);
        int number = row;
        Map<String, Tensor> heads = encoder.heads(x.rows(new int[] {row}), label);
        assertEquals(heads(python), heads.keySet());
        heads.forEach(
            (name, head) ->
                assertArrayEquals(
                    python.read("heads/" + name).rows(new int[] {number}).array(),
                    head.array(),
                    TOLERANCE,
                    name));
      }
    }
  }

  private static Case of(String program) {
    return cases().filter(c -> c.program().equals(program)).findFirst().orElseThrow();
  }

  /**
   * Its decoder and the token of hidden patches, with the patches that one seed draws everywhere.
   */
  @Test
  void theMaskedAutoencoderOfMindVisFillsInAsTheProgramDoes() throws Exception {
    Case mae = of("mind-vis-mae");
    Layer network =
        Architectures.pretraining(MindVis.NAME, RecordBinder.tree(mae.settings()), mae.sizes())
            .orElseThrow()
            .stage(MindVis.FILLING)
            .network();
    NameMap names = ForeignWeights.registry().get(mae.program()).names();
    try (Safetensors python = fixture(mae.program())) {
      Map<String, Tensor> ours = names.onto(network, weights(python), "test");
      Tensor x = python.read("x");
      String term = MaskedAutoencoder.RECONSTRUCTION;
      assertEquals(error(python), errorOf(network, ours, x, term), TOLERANCE);
      ours.computeIfPresent("masked.mask_token", (name, token) -> token.map(v -> -v));
      assertNotEquals(error(python), errorOf(network, ours, x, term), 0.01);
    }
  }

  private static Layer network(Case of, String stage) {
    return Architectures.pretraining(Labram.NAME, RecordBinder.tree(of.settings()), of.sizes())
        .orElseThrow()
        .stage(stage)
        .network();
  }

  /** What the first stage of LaBraM adds to the loss, and where one step moves its codes. */
  @Test
  void theCodesOfLabramLearnAsThoseOfTheProgram() throws Exception {
    Case vqnsp = of("labram-vqnsp");
    Layer network = network(vqnsp, LabramPretraining.SPECTRA);
    try (Safetensors python = fixture(vqnsp.program())) {
      BrainEncoder checked =
          ForeignWeights.registry()
              .get(vqnsp.program())
              .encoder(weights(python), RecordBinder.tree(vqnsp.settings()), vqnsp.sizes());
      Parameters parameters = Parameters.of(network, ((NetworkEncoder) checked).weights());
      Scope.run(
          () -> {
            Pass pass = Pass.training(parameters, TorchRandom.ofNumber(0));
            network.forward(pass, Value.of(python.read("x")));
            assertEquals(
                Set.of("amplitude", "phase", VectorQuantise.COMMITMENT), pass.terms().keySet());
            pass.terms()
                .forEach(
                    (name, value) ->
                        assertEquals(python.read(name).array()[0], value.item(), TOLERANCE, name));
          });
      assertArrayEquals(
          python.read("codebook").array(),
          parameters.snapshot().get("quantiser.codebook").array(),
          TOLERANCE);
      parameters.free();
    }
  }

  /** Its program adds the errors of hidden patches and of the others, which are as many. */
  @Test
  void labramNamesHiddenPatchesAsTheProgramDoes() throws Exception {
    Case pretrain = of("labram-pretrain");
    Layer network = network(pretrain, LabramPretraining.NAMING);
    try (Safetensors python = fixture(pretrain.program())) {
      BrainEncoder checked =
          ForeignWeights.registry()
              .get(pretrain.program())
              .encoder(weights(python), RecordBinder.tree(pretrain.settings()), pretrain.sizes());
      Map<String, Tensor> ours = new LinkedHashMap<>(((NetworkEncoder) checked).weights());
      Tensor x = python.read("x");
      assertEquals(error(python) / 2, errorOf(network, ours, x, MaskedCodes.CODES), TOLERANCE);
      ours.computeIfPresent("mask_token", (name, token) -> token.map(v -> -v));
      assertNotEquals(error(python) / 2, errorOf(network, ours, x, MaskedCodes.CODES), 0.01);
    }
  }

  private static double error(Safetensors python) {
    return python.read("error").array()[0];
  }

  private static double errorOf(Layer network, Map<String, Tensor> weights, Tensor x, String term) {
    Parameters parameters = Parameters.of(network, weights);
    double error =
        Scope.get(
            () -> {
              Pass pass = Pass.training(parameters, TorchRandom.ofNumber(7));
              network.forward(pass, Value.of(x));
              return pass.terms().get(term).item();
            });
    parameters.free();
    return error;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "du-in-vqvae",
        "du-in-poms-vqvae",
        "labram-vqnsp",
        "labram-pretrain",
        "mind-vis-mae"
      })
  void aNetworkOfPretrainingIsSavedAsOurs(String program, @TempDir Path folder) throws Exception {
    Case example = of(program);
    ForeignWeights map = ForeignWeights.registry().get(program);
    JsonNode settings = RecordBinder.tree(example.settings());
    String subject = example.sizes().subjects().get(0);
    try (Safetensors python = fixture(program)) {
      BrainEncoder encoder = map.encoder(weights(python), settings, example.sizes());
      Path file = folder.resolve("ours.safetensors");
      encoder.save(file, Map.of());
      BrainEncoder loaded = Architectures.registry().get(map.architecture()).load(file);
      Tensor x = python.read("x");
      assertEquals(encoder.encode(x, subject), loaded.encode(x, subject));
      assertEquals(encoder.heads(x, subject), loaded.heads(x, subject));
      NetworkSizes other =
          new NetworkSizes(
              example.sizes().response(),
              example.sizes().subjects(),
              example.sizes().widths(),
              List.of(),
              List.of(4));
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> map.encoder(weights(python), settings, other));
      assertTrue(
          refused.getMessage().contains("give that as target, found [4]"), refused::getMessage);
    }
  }

  /** What files of the program carry beside what it computes with. */
  @Test
  void whatAtmKeepsAndDoesNotUseIsLeftOut() {
    NameMap names = ForeignWeights.registry().get("eeg-image-decode-atms").names();
    String embedding = "encoder.enc_embedding.";
    for (String unused :
        List.of(
            embedding + "mask_token",
            embedding + "position_embedding.pe",
            embedding + "temporal_embedding.embed.weight",
            embedding + "subject_embedding.shared_embedding",
            embedding + "subject_embedding.mask_embedding",
            "subject_wise_linear.0.weight",
            "subject_wise_linear.1.bias",
            "logit_scale")) {
      assertTrue(names.drops(unused), unused);
    }
    assertFalse(names.drops(embedding + "subject_embedding.subject_embedding.weight"));
  }

  @Test
  void thePublishedSliceOfAtmLosesTheLastChannel() throws Exception {
    Case atm = of("eeg-image-decode-atms");
    AtmS sane =
        new AtmS(
            3, 4, 11, 1, 0.25, AtmS.Positions.NONE, AtmS.Kept.CHANNELS, ProgramCases.CONVOLUTION);
    try (Safetensors python = fixture(atm.program())) {
      Tensor x = python.read("x");
      Tensor own =
          ForeignWeights.registry()
              .get(atm.program())
              .encoder(weights(python), RecordBinder.tree(sane), atm.sizes())
              .encode(x, "02");
      double most = 0;
      for (int i = 0; i < 7; i++) {
        most = Math.max(most, Math.abs(own.array()[i] - python.read("y").array()[i]));
      }
      assertTrue(most > 0.01, "another slice, another embedding: " + most);
    }
  }

  @Test
  void whatDoesNotFitIsNamed() throws Exception {
    Case nice = of("nice-eeg");
    JsonNode settings = RecordBinder.tree(nice.settings());
    ForeignWeights map = ForeignWeights.registry().get(nice.program());
    try (Safetensors python = fixture(nice.program())) {
      Map<String, Tensor> more = weights(python);
      more.put("adapter.weight", Tensor.zeros(3));
      more.remove("proj_eeg.2.bias");
      ModelException names =
          assertThrows(ModelException.class, () -> map.encoder(more, settings, nice.sizes()));
      assertTrue(names.getMessage().contains("'adapter.weight'"), names.getMessage());
      assertTrue(names.getMessage().contains("'projector.norm.bias'"), names.getMessage());
      ModelException sizes =
          assertThrows(
              ModelException.class,
              () -> map.encoder(weights(python), settings, NetworkSizes.ofEpochs(6, 41, 7)));
      assertTrue(sizes.getMessage().contains("enc_eeg.0.tsconv.4.weight"), sizes.getMessage());
      ForeignWeights without =
          new ForeignWeights(Nice.NAME, map.names().rules(), List.of("adapter"));
      more.putAll(weights(python));
      assertEquals(
          map.encoder(weights(python), settings, nice.sizes()).encode(python.read("x")),
          without.encoder(more, settings, nice.sizes()).encode(python.read("x")));
    }
  }

  /** Every array of every program: left out, or under another name, it is named in the refusal. */
  @ParameterizedTest
  @MethodSource("cases")
  void whatIsMissingOrMisnamedIsNamed(Case example) throws Exception {
    JsonNode settings = RecordBinder.tree(example.settings());
    ForeignWeights map = ForeignWeights.registry().get(example.program());
    try (Safetensors python = fixture(example.program())) {
      Map<String, Tensor> all = weights(python);
      String last =
          all.keySet().stream()
              .filter(name -> !map.names().drops(name) && !name.contains("mixer_blocks"))
              .reduce((a, b) -> b)
              .orElseThrow();
      Map<String, Tensor> misnamed = new LinkedHashMap<>(all);
      misnamed.put("wrong." + last, misnamed.remove(last));
      ModelException refused =
          assertThrows(
              ModelException.class, () -> map.encoder(misnamed, settings, example.sizes()));
      String message = refused.getMessage();
      assertTrue(message.contains("wrong.") || message.contains(last), message);
      Map<String, Tensor> fewer = new LinkedHashMap<>(all);
      fewer.remove(last);
      assertTrue(
          assertThrows(ModelException.class, () -> map.encoder(fewer, settings, example.sizes()))
              .getMessage()
              .matches("(?s).*(Missing: '|no weight that fits).*"));
    }
  }

  @Test
  void aMapSaysWhatItDoes() {
    List<String> lines = ForeignWeights.registry().get("mindeye2").describe();
    assertEquals("architecture: mindeye", lines.get(0));
    assertTrue(lines.get(1).startsWith("first: what is left of mixer_blocks1"), lines.get(1));
    assertTrue(
        lines.contains(
            "ridge.linears.# -> into (one array for each subject, the first # its number)"),
        lines::toString);
    List<String> stage = ForeignWeights.registry().get("du-in-vqvae").describe();
    assertEquals("network: that of its pretraining 'codes'", stage.get(1));
    assertTrue(stage.contains("vq_block.codex.embeddings -> quantiser.codebook"), stage::toString);
  }

  @Test
  void aLabWritesItsOwnMap() {
    ResidualMlp spec = new ResidualMlp(3, 2, 0.5, 0.15);
    NetworkSizes sizes = NetworkSizes.of(5, 4);
    Map<String, Tensor> theirs = new LinkedHashMap<>();
    Map<String, Tensor> ours = new LinkedHashMap<>();
    int[] next = {0};
    Parameters.shapes(spec.network(sizes))
        .forEach(
            (name, shape) -> {
              Tensor numbers = Tensor.zeros(shape.toArray()).map(zero -> Math.sin(next[0]++));
              ours.put(name, numbers);
              boolean swapped = shape.rank() == 2;
              theirs.put(
                  name.replaceAll("blocks\\.(\\d+)\\.linear", "layer$1.kernel"),
                  swapped && name.contains("linear") ? transposed(numbers) : numbers);
            });
    ForeignWeights map =
        new ForeignWeights(
            ResidualMlp.NAME,
            List.of(
                new Rule("layer#.kernel.weight", "blocks.#.linear.weight", Layout.TRANSPOSED),
                Rule.of("layer#.kernel", "blocks.#.linear")),
            List.of());
    Tensor x = Tensor.zeros(2, 5).map(zero -> Math.cos(next[0]++));
    ForeignWeights same = new ForeignWeights(ResidualMlp.NAME, List.of(), List.of());
    JsonNode settings = RecordBinder.tree(spec);
    assertEquals(
        same.encoder(ours, settings, sizes).encode(x),
        map.encoder(theirs, settings, sizes).encode(x));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ForeignWeights("ridge", List.of(), List.of()).encoder(ours, settings, sizes));
  }

  private static Tensor transposed(Tensor matrix) {
    Shape shape = matrix.shape();
    float[] out = new float[shape.size()];
    for (int r = 0; r < matrix.dim(0); r++) {
      for (int c = 0; c < matrix.dim(1); c++) {
        out[c * matrix.dim(0) + r] = matrix.at(r, c);
      }
    }
    return Tensor.wrap(out, matrix.dim(1), matrix.dim(0));
  }
}
