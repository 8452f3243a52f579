package io.noesis.reconstruction.caption;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.EmbeddingSpace.Scaling;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.ingest.manifest.ModelSpace;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ModelException;
import io.noesis.run.Suggest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the manifest of a captioner says of it.
 *
 * @param kind what its decoder is conditioned on
 * @param space the embeddings it takes
 * @param tokens how many vectors one embedding has
 * @param start ids that every sentence starts with, not part of the caption
 * @param stop ids at which a caption is over
 * @param maxTokens no caption is longer
 */
record CaptionFacts(
    Kind kind, EmbeddingSpace space, int tokens, List<Long> start, List<Long> stop, int maxTokens) {
  /** What a decoder is conditioned on. */
  enum Kind {
    /** A few vectors before the first word, made from one embedding. */
    PREFIX,
    /** Vectors of a picture's patches before the first word. */
    TOKENS,
    /** Vectors that every word looks at by attention of its own. */
    ENCODER_DECODER
  }

  CaptionFacts {
    start = List.copyOf(start);
    stop = List.copyOf(stop);
  }

  static CaptionFacts read(ModelPack pack) {
    ModelManifest manifest =
        pack.manifest()
            .orElseThrow(() -> refused(pack, "it has no manifest " + ModelPack.MANIFEST));
    if (!manifest.kind().equals("caption")) {
      throw refused(pack, "its kind is '" + manifest.kind() + "', expected 'caption'");
    }
    ModelSpace space =
        manifest.space().orElseThrow(() -> refused(pack, "its manifest has no 'space'"));
    Kind kind = choice(pack, "captioner", Kind.class);
    Scaling scaling = choice(pack, "scaling", Scaling.class);
    if (kind != Kind.PREFIX && space.tokens() > 1 && scaling == Scaling.UNIT) {
      throw refused(pack, "its fact 'scaling' is 'unit', which only single vectors can have");
    }
    return new CaptionFacts(
        kind,
        new EmbeddingSpace(
            space.model(),
            space.layer(),
            Math.multiplyExact(space.dimension(), space.tokens()),
            scaling),
        space.tokens(),
        ids(pack, "start"),
        ids(pack, "stop"),
        maxTokens(pack));
  }

  private static String fact(ModelPack pack, String name) {
    String value = pack.manifest().orElseThrow().facts().get(name);
    if (value == null) {
      throw refused(pack, "its manifest has no fact '" + name + "'");
    }
    return value;
  }

  private static <E extends Enum<E>> E choice(ModelPack pack, String fact, Class<E> type) {
    String value = fact(pack, fact);
    List<String> known = Arrays.stream(type.getEnumConstants()).map(CaptionFacts::written).toList();
    if (!known.contains(value)) {
      throw refused(
          pack, "its fact '" + fact + "' is '" + value + "'. " + Suggest.sentence(value, known));
    }
    return type.getEnumConstants()[known.indexOf(value)];
  }

  private static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static List<Long> ids(ModelPack pack, String fact) {
    String value = fact(pack, fact).trim();
    if (value.isEmpty()) {
      return List.of();
    }
    try {
      return Arrays.stream(value.split(",", -1)).map(id -> Long.valueOf(id.trim())).toList();
    } catch (NumberFormatException e) {
      throw refused(
          pack, "its fact '" + fact + "' is '" + value + "', expected token ids such as 13 or 0,2");
    }
  }

  private static int maxTokens(ModelPack pack) {
    List<Long> value = ids(pack, "max-tokens");
    if (value.size() != 1 || value.get(0) < 1 || value.get(0) > 100_000) {
      throw refused(
          pack,
          "its fact 'max-tokens' is '"
              + fact(pack, "max-tokens")
              + "', expected a number from 1 to 100000");
    }
    return value.get(0).intValue();
  }

  static ModelException refused(ModelPack pack, String why) {
    return new ModelException(
        "opening the captioner "
            + pack.folder()
            + ": "
            + why
            + (why.endsWith(".") ? "" : ".")
            + " The layout is described in reconstruction/export/CAPTIONERS.md; export the model"
            + " again.");
  }
}
