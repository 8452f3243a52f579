package io.noesis.experiment;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.ingest.study.Split;
import io.noesis.reconstruction.diffusion.PriorPack;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.AtomicFile;
import io.noesis.run.Failure;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.OutputException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.run.Version;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes the decoders of a run for other programs: per subject and fold an ONNX graph from prepared
 * responses to embeddings, the statistics that prepare them as {@code .safetensors}, and one {@code
 * manifest.json}, written last. Every graph is run in ONNX Runtime and compared with the decoder
 * before it counts as written.
 */
public final class DecoderExport {
  /** The file that says what the others are. */
  public static final String MANIFEST = "manifest.json";

  /** What readers are told where a run draws its embeddings by a diffusion prior. */
  public static final String BESIDE =
      "not in the graph, which gives what the encoder decodes: the prior that draws from it is the"
          + " model pack beside it ('noesis encode --onnx GRAPH --prior PACK', pictures.prior)";

  /** The largest difference from the decoder, relative to the largest number it gives. */
  private static final double TOLERANCE = 1e-5;

  private static final int ROWS = 16;
  private static final String PRIOR = "_prior";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final RunFolder run;
  private final Path out;
  private final ArrayNode decoders = JSON.createArrayNode();
  private final List<Exported> exported = new ArrayList<>();

  private DecoderExport(RunFolder run, Path out) {
    this.run = run;
    this.out = out;
  }

  /**
   * One graph.
   *
   * @param subject label without {@code sub-}
   * @param fold its number from 1
   * @param graph its file
   * @param difference from the decoder, relative to the largest number it gives
   * @param prior the model pack of the diffusion prior that the run draws its embeddings by behind
   *     this decoder; empty for none
   */
  public record Exported(
      String subject, int fold, Path graph, double difference, Optional<Path> prior) {}

  /**
   * Writes decoders.
   *
   * @param run a trained run
   * @param subjects labels; empty for all
   * @param fold one fold from 1, or all
   * @param out a new or empty folder
   * @param progress hears each graph
   * @return what was written
   * @throws RecipeException when the folder is not empty, or there is no such subject or fold
   * @throws ModelException when a decoder is damaged, or its graph gives other numbers
   */
  public static List<Exported> write(
      RunFolder run, List<String> subjects, OptionalInt fold, Path out, Progress progress) {
    requireEmpty(out);
    DecoderExport export = new DecoderExport(run, out);
    List<String> chosen =
        subjects.isEmpty()
            ? run.subjects()
            : subjects.stream()
                .map(s -> FoldDecoder.subject(run, java.util.Optional.of(s)))
                .toList();
    progress.begin("exporting decoders", chosen.size());
    for (String subject : chosen) {
      FoldDecoder.of(run, subject, fold).forEach(export::write);
      progress.step(1);
    }
    export.writeManifest();
    progress.done(Encoding.count(export.exported.size(), "graph") + ", each equal to its decoder");
    return List.copyOf(export.exported);
  }

  /** What readers are told where a run rescales what it decodes; empty where it does not. */
  public static Optional<String> rescaling(RunFolder run) {
    return RunFiles.recipe(run).encoder().rescale() == Rescale.NONE
        ? Optional.empty()
        : Optional.of(
            "not in the graphs, which decode each response alone: the run standardises decoded"
                + " embeddings over the test trials of a fold (encoder.rescale: test-trials)");
  }

  private static void requireEmpty(Path out) {
    if (!Files.exists(out)) {
      return;
    }
    try (Stream<Path> entries = Files.list(out)) {
      if (entries.findAny().isPresent()) {
        throw new RecipeException(
            "exporting to "
                + out
                + ": the folder is not empty; nothing in it was touched. Choose a new folder.");
      }
    } catch (IOException e) {
      throw new OutputException(
          "exporting to " + out + ": " + Failure.reason(e) + ". Give a folder.", e);
    }
  }

  private void write(FoldDecoder decoder) {
    String place =
        String.format("%s/fold-%03d", Decoded.folder(decoder.subject()), decoder.fold() + 1);
    Path graph = out.resolve(place + ".onnx");
    Path statistics = out.resolve(place + "_preparation.safetensors");
    decoder
        .encoder()
        .export(
            graph,
            Map.of(
                "noesis_run", run.identity(),
                "subject", decoder.subject(),
                "split_sha256", decoder.split().hash()));
    ObjectNode json = decoders.addObject();
    json.put("subject", decoder.subject());
    json.put("fold", decoder.fold() + 1);
    json.put("split", decoder.split().name());
    json.put("split_sha256", decoder.split().hash());
    json.put("graph", place + ".onnx");
    double difference;
    try (OnnxModel model = OnnxModel.open(graph, OnnxOptions.SINGLE_THREADED)) {
      difference = difference(decoder, model);
      json.put("graph_sha256", model.fingerprint());
      ports(json.putArray("inputs"), model.inputs());
      ports(json.putArray("outputs"), model.outputs());
      if (model.inputs().stream().anyMatch(port -> port.name().equals("subject"))) {
        json.put("subject_number", decoder.encoder().subjectNumber(decoder.subject()));
      }
    }
    if (!(difference <= TOLERANCE)) {
      remove(graph);
      throw new ModelException(
          "exporting the decoder "
              + decoder.weights()
              + ": its graph differs by "
              + difference
              + " of its largest value in ONNX Runtime, expected at most "
              + TOLERANCE
              + ". The graph was removed; please report this.");
    }
    json.put("largest_relative_difference", difference);
    decoder.preparation().write(statistics, decoder.subject(), decoder.split().hash());
    ObjectNode preparation = json.putObject("preparation");
    preparation.put("file", place + "_preparation.safetensors");
    preparation.put("sha256", Fingerprint.ofFile(statistics));
    preparation.put("standardize", decoder.preparation().standardize().name());
    preparation.put("in_words", decoder.preparation().inWords());
    preparation.put("fitted_rows_sha256", decoder.preparation().rowsHash());
    decoder.preparation().axes().forEach(preparation.putArray("axes")::add);
    preparation.put("columns", decoder.preparation().columns().orElse("unknown"));
    Optional<Path> prior = decoder.prior().map(kept -> prior(decoder, kept, place));
    prior.ifPresent(
        pack -> {
          json.putObject("prior")
              .put("pack", place + PRIOR)
              .put("sha256", Fingerprint.ofFile(pack.resolve(ModelPack.MANIFEST)))
              .put("note", BESIDE);
        });
    exported.add(new Exported(decoder.subject(), decoder.fold() + 1, graph, difference, prior));
  }

  /** The prior as a model pack, with a golden draw of what the decoder makes of noise. */
  private Path prior(FoldDecoder decoder, FoldDecoder.Prior kept, String place) {
    Path folder = out.resolve(place + PRIOR);
    DecodingRecipe recipe = RunFiles.recipe(run);
    String name = "sub-" + decoder.subject() + "-fold-" + (decoder.fold() + 1);
    PriorPack.write(
        kept.file(),
        new PriorPack.Card(
            (recipe.name() + "-" + name + "-prior")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-"),
            "Diffusion prior behind the decoder of " + name + " of '" + recipe.title() + "'",
            "noesis run " + run.identity(),
            List.of(trainedOn(decoder)),
            TargetTable.read(run).embeddings().space(),
            kept.spec().prior().orElseThrow().sampling()),
        folder,
        kept.condition(decoder.encoder(), noise(decoder, 1), decoder.subject()));
    return folder;
  }

  private String trainedOn(FoldDecoder decoder) {
    return RunFiles.card(run).name()
        + ", sub-"
        + decoder.subject()
        + ": "
        + decoder.split().rows(Split.Part.TRAIN).length
        + " training trials of the split "
        + decoder.split().name()
        + " (SHA-256 "
        + decoder.split().hash()
        + ")";
  }

  /** Random prepared responses. */
  private static Tensor noise(FoldDecoder decoder, int rows) {
    PinnedRandom random = Seed.of(1).child("export").random();
    int[] sizes =
        IntStream.concat(
                IntStream.of(rows), decoder.preparation().prepared().stream().mapToInt(i -> i))
            .toArray();
    return Tensor.zeros(sizes).map(zero -> random.nextGaussian());
  }

  /** Random features of the stimuli, where it is told any. */
  private static Map<String, Tensor> told(FoldDecoder decoder) {
    PinnedRandom random = Seed.of(1).child("export told").random();
    Map<String, Tensor> told = new HashMap<>();
    decoder
        .inputs()
        .forEach(
            (name, axes) -> {
              int[] sizes =
                  IntStream.concat(IntStream.of(ROWS), axes.stream().mapToInt(size -> size))
                      .toArray();
              told.put(name, Tensor.zeros(sizes).map(zero -> random.nextGaussian()));
            });
    return told;
  }

  /** On random prepared responses, relative to the largest number that the decoder gives. */
  private static double difference(FoldDecoder decoder, OnnxModel model) {
    Tensor rows = noise(decoder, ROWS);
    Map<String, Tensor> told = told(decoder);
    Tensor expected = decoder.encoder().encode(rows, decoder.subject(), told);
    Map<String, OnnxInput> inputs = new HashMap<>();
    for (OnnxPort port : model.inputs()) {
      Tensor feature = told.get(port.name());
      if (feature != null) {
        inputs.put(port.name(), OnnxInput.of(feature));
      } else if (port.rank() == 1) {
        long[] numbers = new long[ROWS];
        Arrays.fill(numbers, decoder.encoder().subjectNumber(decoder.subject()));
        inputs.put(port.name(), OnnxInput.of(numbers, ROWS));
      } else {
        int widest = (int) port.axes().get(1).size();
        inputs.put(port.name(), OnnxInput.of(TrainingRows.padded(rows, widest)));
      }
    }
    String embedding = model.outputs().get(0).name();
    Tensor found = Objects.requireNonNull(model.run(inputs).get(embedding));
    double largest = 0;
    double furthest = 0;
    for (int i = 0; i < expected.size(); i++) {
      largest = Math.max(largest, Math.abs(expected.array()[i]));
      furthest = Math.max(furthest, Math.abs(expected.array()[i] - (double) found.array()[i]));
    }
    return largest == 0 ? furthest : furthest / largest;
  }

  private static void remove(Path graph) {
    try {
      Files.deleteIfExists(graph);
      Files.deleteIfExists(graph.resolveSibling(graph.getFileName() + ".data"));
    } catch (IOException e) {
      throw new OutputException("removing " + graph + ": " + Failure.reason(e), e);
    }
  }

  private static void ports(ArrayNode array, List<OnnxPort> ports) {
    for (OnnxPort port : ports) {
      ObjectNode json = array.addObject();
      json.put("name", port.name());
      json.put("type", port.type().name());
      ArrayNode axes = json.putArray("axes");
      port.axes().forEach(axis -> axes.add(axis.toString()));
    }
  }

  private void writeManifest() {
    EmbeddingSpace space = TargetTable.read(run).embeddings().space();
    DecodingRecipe recipe = RunFiles.recipe(run);
    ObjectNode json = JSON.createObjectNode();
    json.put("schema", "noesis-decoders-1");
    json.put("noesis", Version.current().toString());
    json.put("recipe", recipe.name());
    json.put("run_identity", run.identity());
    json.put("architecture", recipe.encoder().architecture());
    json.put("similarity", recipe.evaluation().similarity().name());
    rescaling(run).ifPresent(note -> json.put("rescale", note));
    json.set("space", JSON.valueToTree(space));
    json.set("decoders", decoders);
    AtomicFile.writeText(out.resolve(MANIFEST), json.toPrettyString() + "\n");
  }
}
