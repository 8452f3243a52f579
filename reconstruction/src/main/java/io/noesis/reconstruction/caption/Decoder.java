package io.noesis.reconstruction.caption;

import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The graphs behind a captioner and how they hang together. Owns them.
 *
 * @param decoder gives the logits of the next word
 * @param maker makes what the decoder is conditioned on; absent where embeddings go in as they are
 * @param conditions the decoder's input for it, where it stands before the first word
 * @param carried inputs of the decoder for the past and the outputs that become them
 */
record Decoder(
    OnnxModel decoder,
    Optional<OnnxModel> maker,
    Optional<String> conditions,
    Map<String, String> carried)
    implements AutoCloseable {
  static final String LOGITS = "logits";
  static final String WORDS = "input_ids";
  static final String BEAMS = "beam_idx";
  private static final String PAST = "past_key_values.";

  static Decoder open(ModelPack pack, CaptionFacts facts, DecodingOptions options) {
    Optional<String> role =
        switch (facts.kind()) {
          case PREFIX -> Optional.of("prefix");
          case TOKENS -> Optional.empty();
          case ENCODER_DECODER -> Optional.of("cross");
        };
    Optional<String> conditions =
        switch (facts.kind()) {
          case PREFIX -> Optional.of("prefix");
          case TOKENS -> Optional.of("visual_embeds");
          case ENCODER_DECODER -> Optional.empty();
        };
    OnnxModel decoder = PackCheck.open(pack, "decoder", options.graphs());
    Optional<OnnxModel> maker = Optional.empty();
    try {
      maker = role.map(name -> PackCheck.open(pack, name, options.graphs()));
      Map<String, String> carried = carried(decoder);
      OnnxPort taken =
          maker.isPresent() ? maker.get().inputs().get(0) : decoder.input(conditions.orElseThrow());
      requireWidth(pack, taken, facts.space().dim() / facts.tokens());
      decoder.input(WORDS);
      decoder.output(LOGITS);
      conditions.ifPresent(decoder::input);
      if (!carried.isEmpty()) {
        decoder.input(BEAMS);
      }
      return new Decoder(decoder, maker, conditions, carried);
    } catch (RuntimeException e) {
      maker.ifPresent(OnnxModel::close);
      decoder.close();
      throw e;
    }
  }

  private static void requireWidth(ModelPack pack, OnnxPort port, int width) {
    long last = port.rank() == 0 ? -1 : port.axes().get(port.rank() - 1).size();
    if (last >= 0 && last != width) {
      throw CaptionFacts.refused(
          pack,
          "it takes embeddings as '" + port + "', expected " + width + " numbers, its space's");
    }
  }

  private static Map<String, String> carried(OnnxModel decoder) {
    Map<String, String> carried = new LinkedHashMap<>();
    for (OnnxPort port : decoder.inputs()) {
      if (port.name().startsWith(PAST)) {
        carried.put(port.name(), "present." + port.name().substring(PAST.length()));
      }
    }
    return carried;
  }

  /** The sizes of a past without words, for one of the carried inputs. */
  int[] emptyPast(String input, int rows) {
    List<OnnxPort.Axis> axes = decoder.input(input).axes();
    return new int[] {
      rows, Math.toIntExact(axes.get(1).size()), 0, Math.toIntExact(axes.get(3).size())
    };
  }

  /** SHA-256 of the graphs, joined. */
  String fingerprint() {
    return decoder.fingerprint() + maker.map(OnnxModel::fingerprint).orElse("");
  }

  @Override
  public void close() {
    maker.ifPresent(OnnxModel::close);
    decoder.close();
  }
}
