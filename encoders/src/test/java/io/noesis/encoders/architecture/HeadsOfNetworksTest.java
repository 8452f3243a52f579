package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Heads;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs besides the embedding are in the graph under their names, and agree with libtorch. */
class HeadsOfNetworksTest {
  private static final int ROWS = 5;

  @TempDir Path folder;

  /** Of libtorch. */
  private static Map<String, Tensor> outputs(Layer network, Tensor responses, long[] subjects) {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    Scope.run(
        () -> {
          Parameters parameters = Parameters.of(network, ArchitectureContractTest.weights(network));
          Pass pass =
              Pass.evaluation(parameters).with(SubjectLinear.SUBJECT, Value.of(subjects, ROWS));
          outputs.put("embedding", network.forward(pass, Value.of(responses)).toTensor());
          pass.outputs().forEach((head, value) -> outputs.put(head, value.toTensor()));
          parameters.free();
        });
    return outputs;
  }

  private Map<String, Tensor> parity(NetworkSpec spec, String name, NetworkSizes sizes) {
    Layer network = spec.network(sizes);
    Map<String, Tensor> weights = ArchitectureContractTest.weights(network);
    PinnedRandom random = Seed.of(7).random();
    Tensor responses =
        Tensor.zeros(sizes.responses(ROWS).toArray()).map(zero -> random.nextGaussian());
    long[] subjects =
        IntStream.range(0, ROWS)
            .mapToLong(row -> row % (sizes.subjects().size() + 1L) - 1)
            .toArray();
    Map<String, Tensor> expected = outputs(network, responses, subjects);
    NetworkShape shape = new NetworkShape(name, RecordBinder.tree((Record) spec), sizes);
    Path file = folder.resolve(name + ".onnx");
    new NetworkEncoder(shape, network, weights, Map.of()).export(file, Map.of());
    try (OnnxModel graph = OnnxModel.open(file, OnnxOptions.SINGLE_THREADED)) {
      Map<String, OnnxInput> inputs = new HashMap<>();
      inputs.put("response", OnnxInput.of(responses));
      if (graph.inputs().size() > 1) {
        inputs.put("subject", OnnxInput.of(subjects, ROWS));
      }
      Map<String, Tensor> found = graph.run(inputs);
      assertEquals(
          new ArrayList<>(expected.keySet()).stream().sorted().toList(),
          found.keySet().stream().sorted().toList());
      expected.forEach(
          (head, values) -> {
            Tensor own = found.get(head);
            assertEquals(values.shape(), own.shape(), head);
            for (int i = 0; i < values.size(); i++) {
              assertEquals(values.array()[i], own.array()[i], 2e-5, head);
            }
          });
    }
    return expected;
  }

  @Test
  void mindEyeGivesTokensProjectionAndLatent() {
    ResidualMlp backbone =
        new ResidualMlp(17, 1, 0, 0.15, ResidualMlp.Norm.FIRST, ResidualMlp.Adapter.SUBJECT, 0);
    MindEye spec =
        new MindEye(backbone, 11, List.of(new HeadSpec("latent", 7, 0, List.of(2, 3, 2))));
    Map<String, Tensor> out =
        parity(
            spec,
            "mindeye",
            new NetworkSizes(
                List.of(31), List.of("01", "02"), List.of(31, 29), List.of(), List.of(3, 5)));
    assertArrayEquals(new int[] {ROWS, 3, 5}, shape(out, "embedding"));
    assertArrayEquals(new int[] {ROWS, 3, 5}, shape(out, "tokens"));
    assertArrayEquals(new int[] {ROWS, 2, 3, 2}, shape(out, "latent"));
    Map<String, Tensor> vector =
        parity(
            spec,
            "mindeye",
            new NetworkSizes(
                List.of(31), List.of("01", "02"), List.of(31, 29), List.of(), List.of(6)));
    assertArrayEquals(new int[] {ROWS, 6}, shape(vector, "tokens"));
  }

  @Test
  void mindBridgeAndSttmHaveHeadsOnTheirSharedBlocks() {
    NetworkSizes two =
        new NetworkSizes(
            List.of(23), List.of("01", "02"), List.of(23, 21), List.of(), List.of(2, 5));
    List<HeadSpec> heads =
        List.of(new HeadSpec("text", 0, 0, List.of(6)), new HeadSpec("low", 4, 0, List.of(2, 3)));
    MindBridge bridge = new MindBridge(9, 3, 8, 1, 0, 0, 0, 0, heads);
    Sttm sttm =
        new Sttm(8, 1, 1, 0, 0, new Sttm.Tokens(6, 2, 8, 11, 0, 0, 0, Sttm.Scores.DIVIDED), heads);
    for (Map.Entry<String, NetworkSpec> each :
        Map.of("mindbridge", (NetworkSpec) bridge, "sttm", sttm).entrySet()) {
      Map<String, Tensor> out = parity(each.getValue(), each.getKey(), two);
      assertArrayEquals(new int[] {ROWS, 2, 5}, shape(out, "embedding"));
      assertArrayEquals(new int[] {ROWS, 6}, shape(out, "text"));
      assertArrayEquals(new int[] {ROWS, 2, 3}, shape(out, "low"));
      assertEquals(
          Map.of("text", List.of(6), "low", List.of(2, 3)),
          Heads.of(each.getValue().network(two)),
          "known without making the network");
    }
  }

  /** Those of volumes, maps, parcels and series, beside the published latent or tokens. */
  @Test
  void transformersHaveHeadsOnWhatTheyFound() {
    TokenEncoder small = new TokenEncoder(12, 1, 3, 17, 0, 5);
    List<HeadSpec> heads =
        List.of(
            new HeadSpec("latent", 7, 0.1, List.of(2, 3, 3)),
            new HeadSpec("image", 0, 0, List.of(3, 4)));
    ResidualMlp.Adapter own = ResidualMlp.Adapter.SUBJECT;
    Map<String, NetworkSpec> specs =
        Map.of(
            "vit-3d", new VolumeTransformer(6, small, heads),
            "flat-map-vit", new MapTransformer(6, 2, small, heads),
            "parcel-transformer", new ParcelTransformer(5, small, own, heads),
            "causal-sequence", new CausalSequence(small, 0.72, heads));
    specs.forEach(
        (name, spec) -> {
          NetworkSizes sizes = sizes(name);
          Map<String, Tensor> out = parity(spec, name, sizes);
          assertArrayEquals(new int[] {ROWS, 7}, shape(out, "embedding"), name);
          assertArrayEquals(new int[] {ROWS, 2, 3, 3}, shape(out, "latent"), name);
          assertArrayEquals(new int[] {ROWS, 3, 4}, shape(out, "image"), name);
          assertEquals(
              Map.of("latent", List.of(2, 3, 3), "image", List.of(3, 4)),
              Heads.of(spec.network(sizes)),
              name);
        });
  }

  /** Of the sample in the registry. */
  private static NetworkSizes sizes(String architecture) {
    return ((NetworkArchitecture<?>) Architectures.registry().get(architecture)).sample().sizes();
  }

  /** One output for each slot, in the order of the schedule. */
  @Test
  void tensorBrainGivesTheLogitsOfEverySlot() {
    NetworkArchitecture<?> tensorBrain =
        (NetworkArchitecture<?>) Architectures.registry().get("tensor-brain");
    NetworkSpec spec = tensorBrain.sample().settings();
    NetworkSizes sizes = tensorBrain.sample().sizes();
    Map<String, Tensor> out = parity(spec, "tensor-brain", sizes);
    assertArrayEquals(new int[] {ROWS, 7}, shape(out, "embedding"));
    assertArrayEquals(new int[] {ROWS, 5}, shape(out, "what"));
    assertArrayEquals(new int[] {ROWS, 3}, shape(out, "colour"));
    Map<String, List<Integer>> published = Heads.of(TensorBrain.defaults().network(sizes));
    assertEquals(
        Map.of("subject", List.of(100), "object", List.of(100), "predicate", List.of(70)),
        published);
  }

  @Test
  void aHeadHasANameOfItsOwn() {
    MindEye spec =
        new MindEye(
            new ResidualMlp(4, 0, 0, 0), 3, List.of(new HeadSpec("tokens", 3, 0, List.of(2))));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> spec.network(NetworkSizes.of(7, 5)));
    assertTrue(e.getMessage().contains("'tokens'"), e::getMessage);
  }

  @Test
  void glimGivesTokensForALanguageModel() {
    NetworkSizes people = NetworkSizes.ofEpochs(5, 13, 7).withSubjects(List.of("01", "03"));
    for (double unknown : new double[] {0, 1}) {
      for (String task : List.of("", "a")) {
        Map<String, Tensor> out = parity(glim(task, unknown), "glim", people);
        assertArrayEquals(new int[] {ROWS, 7}, shape(out, "embedding"));
        assertArrayEquals(new int[] {ROWS, 3, 7}, shape(out, "tokens"));
      }
    }
    Glim spec = glim("a", 1);
    NetworkSizes tokens =
        new NetworkSizes(List.of(5, 13), List.of("01"), List.of(5), List.of(), List.of(3, 7));
    assertArrayEquals(new int[] {ROWS, 3, 7}, shape(parity(spec, "glim", tokens), "embedding"));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            spec.network(
                new NetworkSizes(
                    List.of(5, 13), List.of("01"), List.of(5), List.of(), List.of(4, 7))));
  }

  private static BrainMagick speech(List<HeadSpec> heads) {
    return new BrainMagick(
        BrainMagick.Spatial.LINEAR,
        7,
        3,
        0,
        BrainMagick.Subjects.MATRIX,
        9,
        2,
        2,
        11,
        BrainMagick.Pooling.NONE,
        heads);
  }

  /**
   * Heads of [dim, samples] beside an embedding of each sample: what they say of a sample depends
   * on those that the convolutions reach, 4 on either side, and on no other.
   */
  @Test
  void brainMagickHasHeadsWithOneOutputPerSample() {
    int samples = 33;
    List<String> subjects = List.of("01", "03");
    NetworkSizes sizes =
        new NetworkSizes(
            List.of(5, samples), subjects, List.of(5, 5), List.of(), List.of(6, samples));
    BrainMagick spec =
        speech(
            List.of(
                new HeadSpec("mel", 0, 0, List.of(4, samples)),
                new HeadSpec("phones", 8, 0.1, List.of(3, samples)),
                new HeadSpec("words", 0, 0, List.of(2, 5))));
    Map<String, Tensor> out = parity(spec, "brainmagick", sizes);
    assertArrayEquals(new int[] {ROWS, 6, samples}, shape(out, "embedding"));
    assertArrayEquals(new int[] {ROWS, 4, samples}, shape(out, "mel"));
    assertArrayEquals(new int[] {ROWS, 3, samples}, shape(out, "phones"));
    assertArrayEquals(new int[] {ROWS, 2, 5}, shape(out, "words"), "made of the mean over time");
    Layer network = spec.network(sizes);
    PinnedRandom random = Seed.of(9).random();
    Tensor before =
        Tensor.zeros(sizes.responses(ROWS).toArray()).map(zero -> random.nextGaussian());
    int moved = 20;
    float[] other = before.array().clone();
    for (int line = 0; line < ROWS * 5; line++) {
      other[line * samples + moved] += 3;
    }
    long[] whose = {0, 1, 0, 1, -1};
    Map<String, Tensor> first = outputs(network, before, whose);
    Map<String, Tensor> then =
        outputs(network, Tensor.wrap(other, before.shape().toArray()), whose);
    for (String head : List.of("mel", "phones")) {
      float[] a = Objects.requireNonNull(first.get(head)).array();
      float[] b = Objects.requireNonNull(then.get(head)).array();
      for (int sample = 0; sample < samples; sample++) {
        double change = 0;
        for (int line = 0; line < a.length / samples; line++) {
          change =
              Math.max(change, Math.abs(a[line * samples + sample] - b[line * samples + sample]));
        }
        boolean reached = Math.abs(sample - moved) <= 4;
        assertEquals(reached, change > 1e-4, head + " at sample " + sample + ": " + change);
      }
    }
  }

  private static Glim glim(String task, double unknown) {
    return new Glim(
        8,
        1,
        2,
        Glim.Channels.FILLED,
        Glim.Modulation.WIDTH_AND_TIME,
        List.of(new GlimPrompt("task", List.of("a", "b"), task, 0), GlimPrompt.ofSubject(unknown)),
        new Glim.Gathering(3, 6, 1),
        1);
  }

  private static int[] shape(Map<String, Tensor> outputs, String name) {
    return java.util.Objects.requireNonNull(outputs.get(name)).shape().toArray();
  }
}
