package io.noesis.reconstruction.caption;

import io.noesis.encoders.onnx.OnnxHeader;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.reconstruction.pack.MemoryNeed;
import io.noesis.reconstruction.pack.ModelPack;
import java.util.List;
import java.util.Map;

/**
 * What a captioner takes when it writes, before any of it is loaded. Sentences at once are captions
 * at once times the width of a beam; each has keys and values of all its words in all layers, those
 * of the step before and those of the step after, for an encoder's states besides, and the logits
 * of its next word. Where no keys are kept, every word has its logits, and the layers of a whole
 * sentence are in memory.
 */
final class CaptionMemory {
  private static final String PAST = "past_key_values.";
  private static final String CROSS = "cross.";
  private static final long LIVE = 64;

  private CaptionMemory() {}

  static MemoryNeed need(
      ModelPack pack, CaptionFacts facts, DecodingOptions options, CaptionRequest request) {
    OnnxHeader decoder =
        OnnxHeader.read(pack.graph("decoder").file())
            .orElseGet(() -> new OnnxHeader(List.of(), List.of(), Map.of()));
    int beams = beams(request.search());
    long sentences = (long) options.rowsTogether() * beams;
    int words = facts.start().size() + Math.min(request.maxTokens(), facts.maxTokens());
    long before = facts.kind() == CaptionFacts.Kind.ENCODER_DECODER ? 0 : before(pack, facts);
    boolean kept =
        options.past() == DecodingOptions.Past.KEPT
            && decoder.inputs().stream().anyMatch(port -> port.name().startsWith(PAST));
    long keys = kept ? 2 * caches(decoder, PAST, before + words) : 0;
    long states = caches(decoder, CROSS, facts.tokens());
    long logits = Float.BYTES * vocabulary(decoder) * (kept ? 1 : words);
    long layers = kept ? 0 : LIVE * Float.BYTES * (before + words) * width(decoder);
    String past =
        kept
            ? "keys and values " + MemoryNeed.said(sentences * (keys + states))
            : "layers of whole sentences " + MemoryNeed.said(sentences * (layers + states));
    return new MemoryNeed(
        "the captioner " + pack.folder(),
        MemoryNeed.weights(pack),
        sentences * (keys + states + logits + layers),
        String.format(
            "%d captions at once, %d sentences each, of up to %d words; %s, logits %s",
            options.rowsTogether(), beams, words, past, MemoryNeed.said(sentences * logits)));
  }

  private static int beams(WordSearch search) {
    if (search instanceof WordSearch.Beam beam) {
      return beam.width();
    }
    return search instanceof WordSearch.MeanBeam beam ? beam.width() : 1;
  }

  /** Vectors before the first word: a prefix, or a picture's tokens. */
  private static long before(ModelPack pack, CaptionFacts facts) {
    if (facts.kind() == CaptionFacts.Kind.TOKENS) {
      return facts.tokens();
    }
    return OnnxHeader.read(pack.graph("prefix").file()).stream()
        .flatMap(header -> header.outputs().stream())
        .mapToLong(port -> port.rank() == 3 ? Math.max(1, port.axes().get(1).size()) : 1)
        .max()
        .orElse(1);
  }

  /**
   * Bytes of one sentence's keys and values of that many words: {@code [rows, heads, words, dim]}.
   */
  static long caches(OnnxHeader decoder, String names, long words) {
    return decoder.inputs().stream()
        .filter(port -> port.name().startsWith(names) && port.rank() == 4)
        .mapToLong(
            port ->
                bytes(port)
                    * words
                    * Math.max(1, port.axes().get(1).size())
                    * Math.max(1, port.axes().get(3).size()))
        .sum();
  }

  private static long bytes(OnnxPort port) {
    return port.type() == OnnxType.FLOAT16 ? 2 : Float.BYTES;
  }

  private static long vocabulary(OnnxHeader decoder) {
    return decoder.outputs().stream()
        .filter(port -> port.name().equals(Decoder.LOGITS) && port.rank() > 0)
        .mapToLong(port -> Math.max(1, port.axes().get(port.rank() - 1).size()))
        .findFirst()
        .orElse(1);
  }

  /** The width of what stands before the first word, else of the keys of a layer. */
  private static long width(OnnxHeader decoder) {
    return decoder.inputs().stream()
        .filter(port -> port.rank() >= 3)
        .mapToLong(port -> Math.max(1, port.axes().get(port.rank() - 1).size()))
        .max()
        .orElse(1024);
  }
}
