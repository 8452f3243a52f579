package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.prior.Sampling;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.ingest.manifest.Dialect;
import io.noesis.ingest.manifest.ManifestFile;
import io.noesis.ingest.manifest.ModelGraph;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.ingest.manifest.ModelSpace;
import io.noesis.ingest.manifest.TensorContract;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.AtomicFile;
import io.noesis.run.Failure;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.OutputException;
import io.noesis.run.Progress;
import io.noesis.run.RecordBinder;
import io.noesis.run.YamlTree;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes a trained diffusion prior as a model pack: its graph, the space that it takes and draws
 * embeddings of, how it is sampled, what it was trained on, and a golden draw that proves it on
 * another machine.
 */
public final class PriorPack {
  /** The kind of such packs. */
  public static final String KIND = "diffusion-prior";

  static final String ROLE = "prior";
  static final String GIVEN_MODEL = "given-model";
  static final String GIVEN_LAYER = "given-layer";
  private static final String SCALING = "vectors";
  private static final String GRAPH = "prior/model.onnx";
  private static final String GOLDEN = "golden.safetensors";

  private PriorPack() {}

  /**
   * What is written.
   *
   * @param name of the pack
   * @param title one line
   * @param source where it comes from: the run
   * @param pretraining what it was trained on; stimuli that overlap it are no independent test
   * @param space of what goes in and comes out
   * @param sampling how it is sampled
   */
  public record Card(
      String name,
      String title,
      String source,
      List<String> pretraining,
      EmbeddingSpace space,
      Sampling sampling) {
    /** Copies the list. */
    public Card {
      pretraining = List.copyOf(pretraining);
    }
  }

  /**
   * Writes a pack and opens it again.
   *
   * @param graph the prior as {@code DiffusionPrior.write} left it
   * @param card what it is
   * @param folder a new folder
   * @param decoded a decoded embedding {@code [1, ...]}, of which the golden draw is made
   * @throws ModelException when the graph is no prior of that space
   * @throws OutputException when the folder cannot be written; nothing is left of it
   */
  public static void write(Path graph, Card card, Path folder, Tensor decoded) {
    try {
      Files.createDirectories(folder.resolve(GRAPH).getParent());
      copy(graph, folder.resolve(GRAPH));
      manifest(card, folder);
      Sampling how = card.sampling();
      try (EmbeddingPrior prior =
          TrainedPrior.open(ModelPack.open(folder), OnnxOptions.SINGLE_THREADED)) {
        Tensor drawn =
            prior.draw(EmbeddingRequest.of(decoded, List.of(3L), prior.plan()), Progress.NONE);
        new SafetensorsWriter()
            .add("decoded", decoded)
            .add("embedding", drawn)
            .metadata("seed", "3")
            .metadata("steps", Integer.toString(how.steps()))
            .metadata("guidance", Double.toString(how.guidance()))
            .write(folder.resolve(GOLDEN));
      }
      manifest(card, folder);
    } catch (IOException e) {
      throw new OutputException(
          "writing the prior's pack " + folder + ": " + Failure.reason(e) + ".", e);
    }
  }

  /** The graph and, where its weights lie outside, the file beside it. */
  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to);
    Path outside = from.resolveSibling(from.getFileName() + ".data");
    if (Files.exists(outside)) {
      Files.copy(outside, to.resolveSibling(from.getFileName() + ".data"));
    }
  }

  private static void manifest(Card card, Path folder) throws IOException {
    EmbeddingSpace space = card.space();
    List<ManifestFile> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        Path name = folder.relativize(file);
        if (!name.toString().equals(ModelPack.MANIFEST)) {
          files.add(new ManifestFile(name, Files.size(file), Fingerprint.ofFile(file)));
        }
      }
    }
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("steps", Integer.toString(card.sampling().steps()));
    facts.put("guidance", Double.toString(card.sampling().guidance()));
    facts.put(TrainedPrior.ETA, Double.toString(card.sampling().eta()));
    facts.put(GIVEN_MODEL, space.model());
    facts.put(GIVEN_LAYER, space.layer());
    facts.put(SCALING, space.scaling().name().toLowerCase(Locale.ROOT));
    try (OnnxModel model = OnnxModel.open(folder.resolve(GRAPH), OnnxOptions.SINGLE_THREADED)) {
      ModelManifest manifest =
          new ModelManifest(
              card.name(),
              KIND,
              card.title(),
              "that of the recordings and models it was trained on",
              card.source(),
              "not stated",
              card.pretraining(),
              files,
              facts,
              Optional.of(Dialect.NOESIS),
              List.of(
                  new ModelGraph(
                      ROLE, Path.of(GRAPH), contracts(model.inputs()), contracts(model.outputs()))),
              Optional.of(drawn(space, model)),
              Optional.empty(),
              Map.of());
      byte[] yaml = YamlTree.write(RecordBinder.tree(manifest)).getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(folder.resolve(ModelPack.MANIFEST), out -> out.write(yaml));
    }
  }

  /** Tokens as the graph has them, so that a generator of tokens finds them. */
  private static ModelSpace drawn(EmbeddingSpace space, OnnxModel model) {
    OnnxPort port = model.input("noisy");
    int tokens = port.rank() == 3 ? Math.toIntExact(port.axes().get(1).size()) : 1;
    return new ModelSpace(space.model(), space.layer(), space.dim() / tokens, tokens);
  }

  private static List<TensorContract> contracts(List<OnnxPort> ports) {
    return ports.stream()
        .map(
            port ->
                new TensorContract(
                    port.name(),
                    port.type().name().toLowerCase(Locale.ROOT),
                    port.axes().stream()
                        .map(axis -> axis.size() > 0 ? Long.toString(axis.size()) : "rows")
                        .toList()))
        .toList();
  }

  static String fact(ModelPack pack, String name, String otherwise) {
    return pack.manifest().map(m -> m.facts().get(name)).orElse(otherwise);
  }

  /** Whether embeddings have length 1, as the run that trained the prior had them. */
  static EmbeddingSpace.Scaling scaling(ModelPack pack) {
    return PackParts.scaling(pack, SCALING);
  }
}
