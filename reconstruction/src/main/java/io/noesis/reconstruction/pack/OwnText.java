package io.noesis.reconstruction.pack;

import io.noesis.alignment.embedding.EmbeddingSpace.Scaling;
import io.noesis.alignment.embedding.TextTokenizer;
import io.noesis.alignment.embedding.TextTower;
import io.noesis.alignment.embedding.TokenizerJson;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.ingest.manifest.ModelSpace;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The text encoder that a generator or prior brings along, as a tower: it gives what they read, so
 * that no one needs to state that two spaces are one.
 */
final class OwnText {
  private static final String ROLE = "text_encoder";
  private static final String STATES = "last_hidden_state";
  private static final String POOLED = "text_embeds";
  private static final int TOKENS = 77;

  private OwnText() {}

  static TextTower of(ModelPack pack, Optional<String> output, Optional<Scaling> scaling) {
    if (pack.has(ROLE + "_2")) {
      throw Towers.refused(
          pack, "its generator reads two text encoders side by side, of which neither is a tower");
    }
    boolean prior = pack.has("prior");
    String usual = prior ? POOLED : STATES;
    String taken = output.orElse(usual);
    Path folder = pack.file("tokenizer");
    long padding;
    try (TextTokenizer tokenizer =
        TextTokenizer.open(folder.toString(), TokenizerJson.ofFolder(folder), TOKENS)) {
      padding = ClipPadding.of(folder, tokenizer);
    }
    Scaling scaled = Towers.scaling(pack, taken, POOLED, scaling);
    Optional<ModelSpace> read =
        pack.manifest().flatMap(ModelManifest::space).filter(space -> space.tokens() > 1);
    String folderName = String.valueOf(pack.folder().getFileName());
    String model =
        prior
            ? fact(pack, "given-model", folderName)
            : read.map(ModelSpace::model).orElse(folderName);
    String layer =
        prior
            ? fact(pack, "given-layer", POOLED)
            : read.map(ModelSpace::layer).orElse("encoder_hidden_states");
    return new TextTower(
        model,
        taken.equals(usual) ? layer : taken,
        pack.graph(ROLE).file(),
        taken,
        new TextTower.Tokens(folder, TOKENS, OptionalInt.of(Math.toIntExact(padding))),
        scaled,
        Towers.pooled(scaled, POOLED));
  }

  private static String fact(ModelPack pack, String name, String otherwise) {
    return pack.manifest().map(m -> m.facts().get(name)).orElse(otherwise);
  }
}
