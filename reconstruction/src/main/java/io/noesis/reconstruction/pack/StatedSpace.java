package io.noesis.reconstruction.pack;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.alignment.embedding.ImageTower;
import io.noesis.alignment.embedding.TextTower;
import io.noesis.encoders.onnx.GraphFiles;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.ingest.manifest.ModelSpace;
import io.noesis.ingest.manifest.SpaceStatement;
import io.noesis.run.Failure;
import io.noesis.run.ModelException;
import io.noesis.run.OutputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A user's word for the space that a pack takes embeddings of. Who exports a generator or captioner
 * often cannot name the image encoder that it was trained with as the tower is named that makes the
 * targets; two packs are then of one space and do not say so. Whether they are is known by who
 * exported both. Only names are stated: dimension and tokens must agree here, the scaling of the
 * vectors whenever embeddings are given to the model.
 *
 * @param model whose space it is
 * @param layer which output
 * @param sizes numbers per vector and vectors per embedding; unknown of a space that is only named
 * @param by on what the word rests
 */
public record StatedSpace(String model, String layer, Optional<Sizes> sizes, String by) {
  /** The fact that says by what the space was stated that a prior is given embeddings of. */
  private static final String GIVEN_STATED = "given-stated";

  /**
   * Sizes of an embedding.
   *
   * @param dimension numbers per vector
   * @param tokens vectors
   */
  public record Sizes(int dimension, int tokens) {
    @Override
    public String toString() {
      return tokens == 1 ? dimension + " numbers" : tokens + " tokens of " + dimension + " numbers";
    }
  }

  /** Which embeddings of a pack are meant. */
  public enum Part {
    /** Those that it takes; of a prior those that it draws. */
    TAKEN,
    /** Those that a prior is given. */
    GIVEN
  }

  /**
   * A space that is only named.
   *
   * @param model whose space it is
   * @param layer which output
   * @return the statement
   */
  public static StatedSpace named(String model, String layer) {
    return new StatedSpace(model, layer, Optional.empty(), "its name alone");
  }

  /**
   * The space of a tower.
   *
   * @param folder where packs are looked up
   * @param tower a pack's name or folder, with {@code :output} behind it for another output than
   *     the pooled one
   * @return the statement
   * @throws ModelException when there is no such pack or output
   */
  public static StatedSpace ofTower(ModelFolder folder, String tower) {
    int colon = tower.lastIndexOf(':');
    boolean named = colon > 1 && tower.indexOf('/', colon) < 0 && tower.indexOf('\\', colon) < 0;
    String name = named ? tower.substring(0, colon) : tower;
    Optional<String> output = named ? Optional.of(tower.substring(colon + 1)) : Optional.empty();
    ModelPack pack = folder.open(name);
    if (pack.has("vision") && (output.isEmpty() || gives(pack, output.get()))) {
      ImageTower image = Towers.image(pack, output);
      return of(name, image.name(), image.output(), image.model(), image.output(), 0);
    }
    TextTower text = Towers.text(pack, output);
    int most = text.tokens().max();
    return of(name, text.name(), text.layer(), text.model(), text.output(), most);
  }

  private static boolean gives(ModelPack pack, String output) {
    try (OnnxModel vision =
        OnnxModel.deferred(
            pack.graph("vision").file(), OnnxOptions.SINGLE_THREADED, loaded -> {})) {
      return vision.outputs().stream().anyMatch(port -> port.name().equals(output));
    }
  }

  private static StatedSpace of(
      String pack, String model, String layer, Path graph, String output, int most) {
    OnnxPort port;
    try (OnnxModel opened = OnnxModel.deferred(graph, OnnxOptions.SINGLE_THREADED, loaded -> {})) {
      port = opened.output(output);
    }
    long width = port.rank() < 2 ? -1 : port.axes().get(port.rank() - 1).size();
    long tokens = port.rank() == 3 ? port.axes().get(1).size() : 1;
    if (width <= 0 || port.rank() > 3) {
      throw new ModelException(
          "reading the space of the pack '"
              + pack
              + "': its output is "
              + port
              + ", expected [batch, width] or [batch, tokens, width]. Name another output.");
    }
    return new StatedSpace(
        model,
        layer,
        Optional.of(new Sizes((int) width, (int) (tokens > 0 ? tokens : most))),
        "the pack "
            + pack
            + ", output "
            + output
            + ", "
            + graph.getFileName()
            + " with SHA-256 "
            + GraphFiles.fingerprint(graph));
  }

  /**
   * Writes the statement into a pack's manifest; a pack without one gets one, with the hash of
   * every file.
   *
   * @param pack the pack
   * @param part which of its embeddings are meant
   * @return the pack with its new manifest
   * @throws ModelException when the pack takes no such embeddings, or of other sizes
   * @throws OutputException when the manifest cannot be written
   */
  public ModelPack write(ModelPack pack, Part part) {
    ModelManifest manifest = pack.manifest().orElseGet(() -> fresh(pack));
    ModelFolder.write(
        part == Part.GIVEN ? given(pack, manifest) : manifest.withSpace(taken(pack)),
        pack.folder());
    return ModelPack.open(pack.folder());
  }

  private static ModelManifest fresh(ModelPack pack) {
    try {
      return ModelFolder.manifest(ModelFolder.nameOf(pack.folder()), pack, pack.folder());
    } catch (IOException e) {
      throw new OutputException(
          "describing the model pack " + pack.folder() + ": " + Failure.reason(e) + ".", e);
    }
  }

  private ModelSpace taken(ModelPack pack) {
    Optional<ModelSpace> told = pack.manifest().flatMap(ModelManifest::space);
    Sizes own = told.map(s -> new Sizes(s.dimension(), s.tokens())).orElseGet(() -> ofText(pack));
    requireSizes(pack, own);
    String exported =
        told.flatMap(ModelSpace::stated)
            .map(SpaceStatement::exported)
            .orElseGet(() -> told.map(s -> s.model() + ", " + s.layer()).orElse(""));
    return new ModelSpace(
        model, layer, own.dimension(), own.tokens(), Optional.of(new SpaceStatement(by, exported)));
  }

  /** The tokens of a pipeline of texts, which has no manifest or one without a space. */
  private static Sizes ofText(ModelPack pack) {
    if (!pack.has("unet") || !pack.has("text_encoder")) {
      throw refused(pack, "it neither takes nor gives embeddings");
    }
    JsonNode width = PackLayout.json(pack.file("unet/config.json")).path("cross_attention_dim");
    if (!width.canConvertToInt() || width.intValue() < 1) {
      throw refused(
          pack, "its unet/config.json does not say how wide the tokens are that it reads");
    }
    return new Sizes(width.intValue(), 77);
  }

  private ModelManifest given(ModelPack pack, ModelManifest manifest) {
    if (!pack.has("prior") || !pack.has("text_encoder")) {
      throw refused(pack, "only a prior of texts is given other embeddings than it draws");
    }
    try (OnnxModel prior =
        OnnxModel.deferred(pack.graph("prior").file(), OnnxOptions.SINGLE_THREADED, loaded -> {})) {
      OnnxPort port = prior.input("proj_embedding");
      requireSizes(pack, new Sizes((int) port.axes().get(port.rank() - 1).size(), 1));
    }
    return manifest.withFacts(Map.of("given-model", model, "given-layer", layer, GIVEN_STATED, by));
  }

  private void requireSizes(ModelPack pack, Sizes own) {
    if (sizes.isPresent() && !sizes.get().equals(own)) {
      throw refused(
          pack, "it takes embeddings of " + own + ", those of " + by + " have " + sizes.get());
    }
  }

  private static ModelException refused(ModelPack pack, String why) {
    return new ModelException(
        "stating the space of the model pack " + pack.folder() + ": " + why + ".");
  }

  /**
   * What was stated of a pack, for reports.
   *
   * @param pack the pack
   * @return label and value; empty where its exporter named its spaces
   */
  public static Map<String, String> facts(ModelPack pack) {
    Map<String, String> facts = new LinkedHashMap<>();
    pack.manifest()
        .flatMap(ModelManifest::space)
        .ifPresent(
            space ->
                space
                    .stated()
                    .ifPresent(
                        said ->
                            facts.put(
                                pack.has("prior")
                                    ? "space that the prior draws"
                                    : "space of the model",
                                words(space.model(), space.layer(), said.by())
                                    + (said.exported().isEmpty()
                                        ? "; the pack itself names none"
                                        : "; its exporter calls it " + said.exported()))));
    pack.manifest()
        .map(ModelManifest::facts)
        .filter(all -> all.containsKey(GIVEN_STATED))
        .ifPresent(
            all ->
                facts.put(
                    "space that the prior is given",
                    words(
                        all.getOrDefault("given-model", ""),
                        all.getOrDefault("given-layer", ""),
                        all.getOrDefault(GIVEN_STATED, ""))));
    return facts;
  }

  private static String words(String model, String layer, String by) {
    return "stated with 'noesis models set-space' to be " + model + ", " + layer + ", by " + by;
  }
}
