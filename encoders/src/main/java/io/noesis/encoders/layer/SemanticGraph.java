package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes the nodes of a {@link SemanticDecoder}, as it is when it decodes. */
final class SemanticGraph {
  private final SemanticDecoder decoder;
  private final DecoderOptions options;
  private final Emission graph;
  private final Map<String, SemanticDecoder.Rows> slots;
  private final Map<String, String> logits = new LinkedHashMap<>();
  private final Map<String, String> constants = new LinkedHashMap<>();

  SemanticGraph(SemanticDecoder decoder, Emission graph) {
    this.decoder = decoder;
    this.options = decoder.options();
    this.graph = graph;
    this.slots = decoder.vocabulary().slots();
  }

  String of(String input) {
    String drive = driven(input);
    String state = drive;
    String context = "";
    List<SemanticDecoder.Window> windows = decoder.used();
    for (int i = 0; i < windows.size(); i++) {
      SemanticDecoder.Window window = windows.get(i);
      switch (window.step()) {
        case INPUT -> state = i == 0 ? drive : node("Add", "state", state, drive);
        case EVOLVE -> {
          context = evolved(state, context);
          state = times("state", node("Sigmoid", "rates", context), SemanticDecoder.FROM);
        }
        case MEASURE -> {
          String slot = window.slot().orElseThrow();
          logits.put(slot, measured(state, slot));
        }
        case ATTEND -> state = attended(state, window.slot().orElseThrow());
      }
    }
    return graph.node(
        "Concat", "out", new ArrayList<>(logits.values()), OnnxAttribute.number("axis", 1));
  }

  private String driven(String input) {
    boolean rms = options.drive() == DecoderOptions.Drive.RMS;
    String seen = rms ? ofUnitSize(input) : input;
    String drive = graph.inner(SemanticDecoder.INPUT, decoder.input(), seen);
    return scaled("drive", rms ? ofUnitSize(drive) : drive, options.gain());
  }

  private String ofUnitSize(String rows) {
    String square =
        node(
            "ReduceMean",
            "mean_square",
            node("Mul", "square", rows, rows),
            constants.computeIfAbsent("last", key -> graph.constant(key, -1L)));
    String above = node("Add", "above", square, number("epsilon", SemanticDecoder.EPSILON));
    return node("Div", "unit", rows, node("Sqrt", "root", above));
  }

  /** The context that the state leaves behind. */
  private String evolved(String state, String before) {
    String seen = times("seen", node("Sigmoid", "rates", state), SemanticDecoder.INTO);
    String first = constant(SemanticDecoder.CONTEXT, graph.numbers(SemanticDecoder.CONTEXT));
    if (options.evolution() == DecoderOptions.Evolution.FEED_FORWARD) {
      return node("Add", "context", seen, first);
    }
    String own = node("Sigmoid", "own", before.isEmpty() ? first : before);
    String both = node("Sigmoid", "both", node("Add", "sum", seen, own));
    return times("context", both, SemanticDecoder.WITHIN);
  }

  private String measured(String state, String slot) {
    String rates = node("Sigmoid", "rates", state);
    SemanticDecoder.Rows rows = Objects.requireNonNull(slots.get(slot));
    Tensor index = index(rows);
    if (options.scores() == DecoderOptions.Scores.CENTRED) {
      rates = node("Sub", "centred", rates, number("half", 0.5));
    }
    String scores =
        node("MatMul", "scores", rates, constant("keys" + rows.start(), index.transpose()));
    if (options.scores() == DecoderOptions.Scores.OFFSET) {
      float[] offsets = graph.numbers(SemanticDecoder.OFFSET).array();
      Tensor own =
          Tensor.wrap(
              Arrays.copyOfRange(offsets, rows.start(), rows.start() + rows.count()), rows.count());
      scores = node("Add", "shifted", scores, constant("offset" + rows.start(), own));
    }
    double sharpness =
        options.sharpness().learned()
            ? StrictMath.exp(graph.numbers(SemanticDecoder.SHARPNESS).array()[0])
            : options.sharpness().first();
    return scaled("logits", scores, sharpness);
  }

  private String attended(String state, String slot) {
    SemanticDecoder.Rows rows = Objects.requireNonNull(slots.get(slot));
    String index = constant("concepts" + rows.start(), index(rows));
    String own = Objects.requireNonNull(logits.get(slot));
    String added;
    if (options.feedback() == DecoderOptions.Feedback.SOFT) {
      String shares =
          graph.node("Softmax", "shares", List.of(own), OnnxAttribute.number("axis", 1));
      added = node("MatMul", "added", shares, index);
    } else {
      String chosen =
          graph.node(
              "ArgMax",
              "chosen",
              List.of(own),
              OnnxAttribute.number("axis", 1),
              OnnxAttribute.number("keepdims", 0));
      added = node("Gather", "added", index, chosen);
    }
    return node(
        "Add",
        "state",
        scaled("kept", state, options.kept()),
        scaled("fed_back", added, options.fedBack()));
  }

  private Tensor index(SemanticDecoder.Rows rows) {
    int width = decoder.width();
    float[] all = graph.numbers(SemanticDecoder.INDEX).array();
    float[] own =
        Arrays.copyOfRange(all, rows.start() * width, (rows.start() + rows.count()) * width);
    return Tensor.wrap(own, rows.count(), width);
  }

  /** x·Wᵀ of a parameter. */
  private String times(String name, String input, String parameter) {
    return node(
        "MatMul",
        name,
        input,
        constant(parameter + "_transposed", graph.numbers(parameter).transpose()));
  }

  private String scaled(String name, String input, double by) {
    return by == 1 ? input : node("Mul", name, input, number(name + "_by", by));
  }

  private String number(String name, double value) {
    return constant(name, Tensor.wrap(new float[] {(float) value}, 1));
  }

  /** Each is written once, however many windows use it. */
  private String constant(String name, Tensor numbers) {
    return constants.computeIfAbsent(name, key -> graph.constant(key, numbers));
  }

  private String node(String operator, String name, String... inputs) {
    return graph.node(operator, name, List.of(inputs));
  }
}
