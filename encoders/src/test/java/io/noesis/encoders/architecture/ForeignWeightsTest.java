package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.architecture.NameMap.Layout;
import io.noesis.encoders.architecture.NameMap.Rule;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.SinusoidalPositions;
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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks of other programs decode here as there: fixtures/make/epoch_networks.py and
 * fmri_programs.py.
 */
class ForeignWeightsTest {
  private static final float TOLERANCE = 1e-5f;
  private static final TemporalSpatialConvolution CONVOLUTION =
      new TemporalSpatialConvolution(6, 7, 9, 4, 0.5, 0.5);

  private static final Nice NICE = new Nice(CONVOLUTION, Nice.Spatial.NONE, Nice.First.UNIFORM);

  private record Case(String program, Record settings, NetworkSizes sizes) {
    @Override
    public String toString() {
      return program;
    }
  }

  static Stream<Case> cases() {
    List<String> subjects = List.of("01", "02");
    return Stream.of(
        new Case(
            "braindecode-eegnet",
            new EegNet(3, 2, 5, 16, 6, 3, 2, 0.25, 1, EegNet.Padding.BOTH_SIDES),
            NetworkSizes.ofEpochs(5, 63, 4)),
        new Case(
            "braindecode-shallow-fbcsp",
            new ShallowFbcsp(6, 7, 9, 4, 0.5),
            NetworkSizes.ofEpochs(5, 61, 4)),
        new Case(
            "braindecode-deep4",
            new DeepConvNet(List.of(5, 6, 7, 8), 4, 3, 0.5),
            NetworkSizes.ofEpochs(5, 230, 4)),
        new Case(
            "braindecode-eeg-conformer",
            new EegConformer(6, 7, 9, 4, 2, 3, 0.5, List.of(256, 32), List.of(0.5, 0.3)),
            NetworkSizes.ofEpochs(5, 61, 4)),
        new Case("nice-eeg", NICE, NetworkSizes.ofEpochs(5, 41, 7)),
        new Case(
            "eeg-image-decode-atms",
            new AtmS(3, 4, 11, 1, 0.25, AtmS.Positions.NONE, AtmS.Kept.FIRST, CONVOLUTION),
            NetworkSizes.ofEpochs(5, 41, 7).withSubjects(subjects)),
        new Case(
            "brainmagick",
            new BrainMagick(
                BrainMagick.Spatial.ATTENTION,
                7,
                3,
                0.2,
                BrainMagick.Subjects.MATRIX,
                9,
                4,
                3,
                18,
                BrainMagick.Pooling.NONE,
                List.of()),
            new NetworkSizes(List.of(5, 33), subjects, List.of(5, 5), places(), List.of(6, 33))),
        new Case(
            "mindeye1",
            new MindEye(new ResidualMlp(11, 2, 0.5, 0.15), 6, List.of()),
            tokens(15, List.of(""), List.of(3, 4))),
        new Case(
            "mindeye1-backbone",
            new ResidualMlp(11, 2, 0.5, 0.15, ResidualMlp.Norm.LAST, ResidualMlp.Adapter.SHARED, 6),
            tokens(15, List.of(""), List.of(3, 4))),
        new Case(
            "mindeye2",
            new MindEye(
                new ResidualMlp(
                    10, 0, 0, 0.15, ResidualMlp.Norm.FIRST, ResidualMlp.Adapter.SUBJECT, 0),
                4,
                List.of(
                    new HeadSpec(
                        "latent",
                        0,
                        0.3,
                        List.of(2, 6, 4),
                        Optional.of(new Upsampling(3, List.of(4, 8), 2, 6))))),
            new NetworkSizes(List.of(15), subjects, List.of(15, 15), List.of(), List.of(3, 4))),
        new Case(
            "mindbridge",
            new MindBridge(
                9, 3, 8, 2, 0.5, 0.15, 1, 1, List.of(new HeadSpec("text", 0, 0, List.of(4)))),
            tokens(15, List.of("01", "02", "05"), List.of(5))),
        new Case(
            "sttm",
            new Sttm(
                10,
                2,
                1,
                0.5,
                0.15,
                new Sttm.Tokens(6, 2, 8, 10, 7, 0.15, 0.1, Sttm.Scores.MULTIPLIED),
                List.of()),
            tokens(13, List.of("01", "07"), List.of(3, 5))),
        new Case(
            "mind-vis",
            new MindVis(
                4,
                new TokenEncoder(8, 2, 2, 12, 0, 5),
                3,
                SinusoidalPositions.Waves.BEHIND_EACH_OTHER,
                MindVis.defaults().filling()),
            tokens(24, List.of(""), List.of(3, 5))),
        new Case(
            "fmri-pte",
            new MapTransformer(2, 2, new TokenEncoder(8, 2, 2, 12, 0, 0)),
            tokens(96, List.of(""), List.of(5)).withPositions(grid(24, 4))),
        new Case(
            "vit-volume",
            new VolumeTransformer(2, new TokenEncoder(8, 2, 2, 12, 0, 0)),
            tokens(96, List.of(""), List.of(5)).withPositions(grid(4, 4, 6))),
        new Case(
            "du-in",
            new DuIn(
                3,
                6,
                new DuIn.Stem(6, 4, 2, 3, DuIn.Over.PATCH),
                new TokenEncoder(8, 2, 2, 11, 0.1, 9),
                5,
                DuIn.defaults().codes().linearly()),
            NetworkSizes.ofEpochs(5, 24, 4).withSubjects(subjects)));
  }

  private static NetworkSizes tokens(int voxels, List<String> subjects, List<Integer> target) {
    List<Integer> widths = subjects.stream().map(subject -> voxels).toList();
    return new NetworkSizes(List.of(voxels), subjects, widths, List.of(), target);
  }

  /** The last axis fastest. */
  private static List<List<Double>> grid(int... sizes) {
    List<List<Double>> places = List.of(List.of());
    for (int size : sizes) {
      places =
          places.stream()
              .flatMap(
                  place ->
                      IntStream.range(0, size)
                          .mapToObj(
                              i -> Stream.concat(place.stream(), Stream.of((double) i)).toList()))
              .toList();
    }
    return places;
  }

  private static List<List<Double>> places() {
    return IntStream.range(0, 5)
        .mapToObj(i -> List.of(Math.cos(1.1 * i), Math.sin(1.1 * i)))
        .toList();
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

  @Test
  void thePublishedSliceOfAtmLosesTheLastChannel() throws Exception {
    Case atm = cases().filter(c -> c.program().endsWith("atms")).findFirst().orElseThrow();
    AtmS sane = new AtmS(3, 4, 11, 1, 0.25, AtmS.Positions.NONE, AtmS.Kept.CHANNELS, CONVOLUTION);
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
    Case nice = cases().filter(c -> c.program().equals("nice-eeg")).findFirst().orElseThrow();
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
