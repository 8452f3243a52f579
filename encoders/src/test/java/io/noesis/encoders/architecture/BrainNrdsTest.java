package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.NetworkTrainer;
import io.noesis.encoders.Shown;
import io.noesis.encoders.TrainedWeights;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.ModelException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BrainNRDS against PyTorch, its codebook, and what it must be told. */
class BrainNrdsTest {
  private static final BrainNrds SPEC =
      new BrainNrds(new ResidualMlp(11, 1, 0.5, 0.15), "frame", 5, 8, 2, 0.1);
  private static final NetworkSizes SIZES =
      new NetworkSizes(List.of(15), List.of(""), List.of(15), List.of(), List.of(6, 2))
          .told(Map.of("frame", List.of(18)));
  private static final String BOOK = "flow.embedding.codebook";

  private static Safetensors python() throws Exception {
    return Safetensors.open(
        Path.of(
            BrainNrdsTest.class
                .getResource("/io/noesis/encoders/architecture/brain-nrds.safetensors")
                .toURI()));
  }

  private static Map<String, Tensor> weights(Safetensors python) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (String key : python.names()) {
      if (key.startsWith("weight/")) {
        weights.put(key.substring("weight/".length()), python.read(key));
      }
    }
    return weights;
  }

  @Test
  void computesWhatPyTorchDoes() throws Exception {
    try (Safetensors python = python()) {
      Layer network = SPEC.network(SIZES);
      Map<String, Tensor> weights = weights(python);
      Map<String, Tensor> found = new LinkedHashMap<>();
      Scope.run(
          () -> {
            Parameters parameters = Parameters.of(network, weights);
            Pass pass =
                Pass.evaluation(parameters)
                    .with(Pass.TOLD + "frame", Value.of(python.read("told")));
            Value out = network.forward(pass, Value.of(python.read("response")));
            found.put("embedding", out.toTensor());
            found.put("codes", pass.outputs().get("codes").toTensor());
            parameters.free();
          });
      for (String name : found.keySet()) {
        assertEquals(python.read(name).shape(), found.get(name).shape());
        assertArrayEquals(python.read(name).array(), found.get(name).array(), 1e-5f, name);
      }
      NetworkEncoder encoder =
          new NetworkEncoder(
              new NetworkShape("brain-nrds", RecordBinder.tree(SPEC), SIZES),
              network,
              weights,
              Map.of());
      Map<String, Tensor> told = Map.of("frame", python.read("told").reshape(4, 18));
      assertArrayEquals(
          python.read("embedding").array(),
          encoder.encode(python.read("response"), "", told).array(),
          1e-5f);
      assertEquals(
          List.of(4, 6, 5),
          List.of(
              encoder.heads(python.read("response"), "", told).get("codes").dim(0),
              encoder.heads(python.read("response"), "", told).get("codes").dim(1),
              encoder.heads(python.read("response"), "", told).get("codes").dim(2)));
    }
  }

  @Test
  void itsCodesAreThoseOfScikitLearnFromTheSameFirstOnes() throws Exception {
    try (Safetensors python = python()) {
      Tensor vectors = python.read("vectors");
      Codebook book = Codebook.lloyd(vectors, python.read("first"));
      assertArrayEquals(python.read("means").array(), book.codes().array(), 1e-5f);
      int[] nearest = book.nearest(vectors);
      for (int i = 0; i < nearest.length; i++) {
        assertEquals((int) python.read("nearest").array()[i], nearest[i]);
      }
      // First codes of its own lead to sums of squares that are not much larger.
      Codebook own = Codebook.of(vectors, 2, 9, Seed.of(3));
      assertEquals(own, Codebook.of(vectors, 2, 9, Seed.of(3)));
      assertTrue(own.error(vectors, own.nearest(vectors)) < 1.15 * book.error(vectors, nearest));
      RecipeException few =
          assertThrows(
              RecipeException.class,
              () -> Codebook.of(vectors.rows(new int[] {1, 1, 2, 1}), 2, 3, Seed.of(1)));
      assertTrue(few.getMessage().contains("found 2"), few.getMessage());
    }
  }

  private static Tensor normal(String name, int... sizes) {
    PinnedRandom random = Seed.of(1).child(name).random();
    return Tensor.zeros(sizes).map(zero -> random.nextGaussian());
  }

  private static TrainingRows rows(Shown shown) {
    return new TrainingRows(
            normal("x", 20, 15), normal("y", 20, 6, 2), Collections.nCopies(20, "run"))
        .showing(shown);
  }

  private static NetworkSpec.Prepared prepared(TrainingRows rows) {
    return SPEC.prepared(rows, Map.of(), Seed.of(2));
  }

  /** What is zero is zero, whatever its sign: no flow to the left is no flow. */
  @Test
  void zerosAreOneCode() {
    Tensor vectors = Tensor.wrap(new float[] {0, 0, -0f, 0, 0, -0f, 1, 1}, 4, 2);
    RecipeException few =
        assertThrows(RecipeException.class, () -> Codebook.of(vectors, 2, 3, Seed.of(1)));
    assertTrue(few.getMessage().contains("found 2"), few.getMessage());
    Tensor both = Codebook.of(vectors, 2, 2, Seed.of(1)).codes();
    assertEquals(2, both.array()[0] + both.array()[1] + both.array()[2] + both.array()[3]);
  }

  /** A network that is trained on keeps its codes, and its new targets are numbers of these. */
  @Test
  void aGivenCodebookIsKept() {
    TrainingRows rows = rows(Shown.UNKNOWN);
    Tensor book = prepared(rows).weights().get(BOOK).rows(new int[] {3, 1, 4, 0, 2});
    Fitting fitting = new Fitting(Seed.of(2), new Asking(Map.of(BOOK, book)));
    RecipeException asked =
        assertThrows(
            RecipeException.class,
            () ->
                Architectures.registry()
                    .get("brain-nrds")
                    .fit(
                        rows.showing(Shown.UNKNOWN.telling(Map.of("frame", normal("f", 20, 18)))),
                        RecordBinder.tree(SPEC),
                        fitting));
    int[] nearest = new Codebook(book).nearest(rows.targets());
    StringBuilder numbers = new StringBuilder();
    for (int number : nearest) {
      numbers.append(number).append(' ');
    }
    assertEquals(numbers.toString(), asked.getMessage());
    NetworkSpec.Prepared found = SPEC.prepared(rows, Map.of(BOOK, book), Seed.of(2));
    assertEquals(book, found.weights().get(BOOK));
    assertTrue(found.facts().get("codes").contains("of the network that is trained on"));
  }

  /** Trains on from given weights; says the codes that it is to learn instead. */
  private record Asking(Map<String, Tensor> given) implements NetworkTrainer {
    @Override
    public NetworkTrainer from(Map<String, Tensor> first) {
      return this;
    }

    @Override
    public TrainedWeights train(Layer network, TrainingRows rows, Seed seed) {
      StringBuilder numbers = new StringBuilder();
      for (float number : rows.shown().targets().get("codes").array()) {
        numbers.append((int) number).append(' ');
      }
      throw new RecipeException(numbers.toString());
    }
  }

  /** A new person's stimuli are told as those of the others were. */
  @Test
  void anotherGridIsNotForTheNetworkThatIsAdapted(@TempDir Path folder) {
    ResidualMlp own =
        new ResidualMlp(11, 1, 0.5, 0.15, ResidualMlp.Norm.LAST, ResidualMlp.Adapter.SUBJECT, 0);
    BrainNrds spec = new BrainNrds(own, "frame", 5, 8, 2, 0.1);
    Layer network = spec.network(SIZES);
    Path file = folder.resolve("weights.safetensors");
    new NetworkEncoder(
            new NetworkShape("brain-nrds", RecordBinder.tree(spec), SIZES),
            network,
            ArchitectureContractTest.weights(network),
            Map.of())
        .save(file, Map.of());
    SharedNetwork shared = SharedNetwork.read(file, "brain-nrds");
    Shown told = Shown.UNKNOWN.telling(Map.of("frame", normal("f", 20, 18)));
    assertEquals(SIZES.inputs(), NetworkSizes.of(shared.rowsOf("02", rows(told))).inputs());
    for (Shown other :
        List.of(
            Shown.UNKNOWN,
            Shown.UNKNOWN.telling(Map.of("frame", normal("f", 20, 24))),
            Shown.UNKNOWN.telling(Map.of("flame", normal("f", 20, 18))))) {
      ModelException refused =
          assertThrows(ModelException.class, () -> shared.rowsOf("02", rows(other)));
      assertTrue(refused.getMessage().contains("it is told {frame=[18]}"), refused::getMessage);
    }
  }

  @Test
  void whatTheBackboneWouldNotUseIsRefused() {
    ObjectNode settings = YamlTree.emptyMapping();
    YamlTree.set(settings, "backbone.projector=8");
    RecipeException e =
        assertThrows(RecipeException.class, () -> Architectures.inputs("brain-nrds", settings));
    assertTrue(e.getMessage().contains("ends behind the last block"), e::getMessage);
  }

  @Test
  void codesAreOfEachStimulusOnce() {
    List<String> ids =
        java.util.stream.IntStream.range(0, 20).mapToObj(i -> "s" + Math.min(i, 9)).toList();
    TrainingRows all = rows(Shown.of(ids));
    assertEquals(
        prepared(all).weights(), prepared(all.aimedAt(all.targets().reshape(20, 12))).weights());
    TrainingRows once =
        all.some(java.util.stream.IntStream.range(0, 10).toArray()).showing(Shown.UNKNOWN);
    NetworkSpec.Prepared found = prepared(all);
    Tensor book = found.weights().get(BOOK);
    assertEquals(prepared(once).weights().get(BOOK), book);
    assertNotEquals(prepared(all.showing(Shown.UNKNOWN)).weights().get(BOOK), book);
    assertEquals(List.of(20, 6), dims(found.targets().get("codes")));
    int[] nearest = new Codebook(book).nearest(all.targets());
    for (int i = 0; i < nearest.length; i++) {
      assertEquals(nearest[i], (int) found.targets().get("codes").array()[i]);
    }
  }

  private static List<Integer> dims(Tensor tensor) {
    return java.util.Arrays.stream(tensor.shape().toArray()).boxed().toList();
  }

  @Test
  void whatItIsToldMustBeThereAndFit() {
    Fitting fitting =
        new Fitting(Seed.of(1), (network, table, seed) -> new TrainedWeights(Map.of(), Map.of()));
    var brain = Architectures.registry().get("brain-nrds");
    RecipeException missing =
        assertThrows(
            RecipeException.class,
            () -> brain.fit(rows(Shown.UNKNOWN), RecordBinder.tree(SPEC), fitting));
    assertTrue(
        missing.getMessage().contains("must be told frame of the stimuli, found nothing"),
        missing.getMessage());
    RecipeException uneven =
        assertThrows(
            RecipeException.class,
            () ->
                brain.fit(
                    rows(Shown.UNKNOWN.telling(Map.of("frame", normal("f", 20, 17)))),
                    RecordBinder.tree(SPEC),
                    fitting));
    assertTrue(uneven.getMessage().contains("6 places"), uneven.getMessage());
    RecipeException onRidge =
        assertThrows(
            RecipeException.class,
            () ->
                brain.fit(
                    rows(Shown.UNKNOWN.telling(Map.of("frame", normal("f", 20, 18)))),
                    RecordBinder.tree(SPEC),
                    new Fitting(Seed.of(1), fitting.trainer(), Fitting.Start.RIDGE)));
    assertTrue(onRidge.getMessage().contains("encoder.start"), onRidge.getMessage());
    RecipeException unasked =
        assertThrows(
            RecipeException.class,
            () ->
                Architectures.registry()
                    .get("residual-mlp")
                    .fit(
                        rows(Shown.UNKNOWN.telling(Map.of("frame", normal("f", 20, 18)))),
                        RecordBinder.tree(new ResidualMlp(5, 0, 0, 0)),
                        fitting));
    assertTrue(unasked.getMessage().contains("told nothing"), unasked.getMessage());
    Layer network = SPEC.network(SIZES);
    BrainEncoder encoder =
        new NetworkEncoder(
            new NetworkShape("brain-nrds", RecordBinder.tree(SPEC), SIZES),
            network,
            ArchitectureContractTest.weights(network),
            Map.of());
    Tensor x = normal("x", 3, 15);
    assertRefused(() -> encoder.encode(x), "must be told [frame], found nothing");
    assertRefused(
        () -> encoder.encode(x, "", Map.of("flame", Tensor.zeros(3, 18))), "found [flame]");
    assertRefused(
        () -> encoder.encode(x, "", Map.of("frame", Tensor.zeros(2, 18))),
        "expected the input 'frame' of the shape");
  }

  private static void assertRefused(Runnable decoding, String part) {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, decoding::run);
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
  }
}
