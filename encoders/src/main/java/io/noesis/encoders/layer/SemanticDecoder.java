package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Indices;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The semantic decoder of the Tensor Brain (Tresp et al. 2021, arXiv:2109.13392; 2020,
 * arXiv:2001.11027): a state q of the representation layer, with γ = sigmoid(q), goes through a
 * schedule of windows. Input adds μ·g, which is linear in the layer's input; evolving lets the
 * context layer make the next state; measuring a slot gives the logits of the concepts of its
 * group, and attending to it adds those concepts' own vectors to the state. One index matrix A
 * serves both. {@code [batch, in]} → {@code [batch, concepts of all slots]}, the logits of slots
 * side by side in the order in which they are measured.
 *
 * <p>Parameters: {@code index [concepts, width]} with the groups' concepts behind each other, and
 * where they are used {@code offset [concepts]}, {@code sharpness [1]} (its logarithm), {@code
 * context [hidden]} (v₀, or where h begins), {@code into_context [hidden, width]} (V), {@code
 * from_context [width, hidden]} (W), {@code within_context [hidden, hidden]} (B), and the linear
 * map {@code input}.
 *
 * <p>In training a slot that has a target of its name ({@link Pass#TARGET}{@code .SLOT}, shares of
 * its concepts) is attended to as that says: teacher forcing.
 *
 * @param in width of the input
 * @param width of the state
 * @param hidden width of the context layer
 * @param vocabulary groups of concepts and the windows that use them
 * @param options what is computed
 */
public record SemanticDecoder(
    int in, int width, int hidden, Vocabulary vocabulary, DecoderOptions options) implements Layer {
  static final String INDEX = "index";
  static final String OFFSET = "offset";
  static final String SHARPNESS = "sharpness";
  static final String CONTEXT = "context";
  static final String INTO = "into_context";
  static final String FROM = "from_context";
  static final String WITHIN = "within_context";
  static final String INPUT = "input";

  /** Below the root of the mean square; embeddings may be of length 1, whatever their width. */
  static final double EPSILON = 1e-8;

  /**
   * Concepts among which a slot chooses.
   *
   * @param name of the group
   * @param concepts how many it has
   */
  public record Group(String name, int concepts) {}

  /** What happens in a window. */
  public enum Step {
    /** μ·g is added to the state. */
    INPUT,
    /** The context layer makes the next state. */
    EVOLVE,
    /** A slot's logits are read out of the state. */
    MEASURE,
    /** The concepts of a slot that was measured are added to the state. */
    ATTEND
  }

  /**
   * One window of the schedule.
   *
   * @param step what happens
   * @param slot which slot is measured or attended to
   * @param group among whose concepts it is measured; that of the slot's name where absent
   */
  public record Window(Step step, Optional<String> slot, Optional<String> group) {
    /** Without a slot. */
    public static Window of(Step step) {
      return new Window(step, Optional.empty(), Optional.empty());
    }

    /** A slot is measured among the concepts of a group. */
    public static Window measure(String slot, String group) {
      return new Window(Step.MEASURE, Optional.of(slot), Optional.of(group));
    }

    /** A slot that was measured is attended to. */
    public static Window attend(String slot) {
      return new Window(Step.ATTEND, Optional.of(slot), Optional.empty());
    }
  }

  /**
   * Rows of the index that a slot chooses among.
   *
   * @param start the first
   * @param count how many
   */
  record Rows(int start, int count) {}

  /**
   * The concepts and the schedule.
   *
   * @param groups of concepts, behind each other in the index
   * @param windows what happens, in order; the first is an input
   */
  public record Vocabulary(List<Group> groups, List<Window> windows) {
    /** Copies, and checks that windows name what there is. */
    public Vocabulary {
      groups = List.copyOf(groups);
      windows = List.copyOf(windows);
      Map<String, Rows> rows = rows(groups);
      Check.argument(
          !windows.isEmpty() && windows.get(0).step() == Step.INPUT,
          "semantic decoder: the first window must be {step: input}, found %s",
          windows.isEmpty() ? "none" : windows.get(0));
      Map<String, Rows> measured = new LinkedHashMap<>();
      for (Window window : windows) {
        check(window, rows, measured);
      }
      Check.argument(
          !measured.isEmpty(),
          "semantic decoder: expected a window {step: measure, slot: NAME}, found none of it in %s",
          windows);
    }

    private static Map<String, Rows> rows(List<Group> groups) {
      Map<String, Rows> rows = new LinkedHashMap<>();
      int start = 0;
      for (Group group : groups) {
        Check.argument(
            group.concepts() > 0
                && !group.name().isBlank()
                && rows.put(group.name(), new Rows(start, group.concepts())) == null,
            "semantic decoder: groups need a name of their own and at least 1 concept, found '%s'"
                + " of %d",
            group.name(),
            group.concepts());
        start = Math.addExact(start, group.concepts());
      }
      return rows;
    }

    private static void check(Window window, Map<String, Rows> rows, Map<String, Rows> measured) {
      boolean ofSlot = window.step() == Step.MEASURE || window.step() == Step.ATTEND;
      Check.argument(
          ofSlot == window.slot().isPresent()
              && (window.step() == Step.MEASURE || window.group().isEmpty()),
          "semantic decoder: windows that measure or attend name a 'slot', those that measure may"
              + " name a 'group', others neither; found %s",
          window);
      if (!ofSlot) {
        return;
      }
      String slot = window.slot().orElseThrow();
      if (window.step() == Step.ATTEND) {
        Check.argument(
            measured.containsKey(slot),
            "semantic decoder: the slot '%s' is attended to before it is measured; measured so far:"
                + " %s",
            slot,
            measured.keySet());
        return;
      }
      Rows own = rows.get(window.group().orElse(slot));
      Check.argument(
          own != null,
          "semantic decoder: the slot '%s' is of the group '%s', and there is none of that name;"
              + " expected one of %s",
          slot,
          window.group().orElse(slot),
          rows.keySet());
      Check.argument(
          measured.put(slot, java.util.Objects.requireNonNull(own)) == null,
          "semantic decoder: the slot '%s' is measured twice; give the second a name of its own",
          slot);
    }

    /** Of all groups. */
    public int concepts() {
      return groups.stream().mapToInt(Group::concepts).sum();
    }

    /** Which concepts each slot chooses among, in the order of measuring. */
    Map<String, Rows> slots() {
      Map<String, Rows> rows = rows(groups);
      Map<String, Rows> slots = new LinkedHashMap<>();
      for (Window window : windows) {
        if (window.step() == Step.MEASURE) {
          String slot = window.slot().orElseThrow();
          slots.put(slot, rows.get(window.group().orElse(slot)));
        }
      }
      return slots;
    }

    /** How many concepts each slot chooses among, in the order of measuring. */
    public Map<String, Integer> sizes() {
      Map<String, Integer> sizes = new LinkedHashMap<>();
      slots().forEach((slot, rows) -> sizes.put(slot, rows.count()));
      return sizes;
    }
  }

  /** Checks the widths. */
  public SemanticDecoder {
    Check.argument(
        width > 0 && hidden > 0,
        "semantic decoder: expected a width and a hidden width of at least 1, found %d and %d",
        width,
        hidden);
  }

  /** The linear map that gives g. */
  Linear input() {
    return Linear.of(in, width);
  }

  private boolean evolves() {
    return options.feedback() != DecoderOptions.Feedback.DIRECT
        && vocabulary.windows().stream().anyMatch(window -> window.step() == Step.EVOLVE);
  }

  /** The windows that this kind of feedback uses. */
  List<Window> used() {
    return options.feedback() == DecoderOptions.Feedback.DIRECT
        ? vocabulary.windows().stream()
            .filter(window -> window.step() == Step.INPUT || window.step() == Step.MEASURE)
            .toList()
        : vocabulary.windows();
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.inner(INPUT, input());
    parameters.parameter(INDEX, Initial.fanIn(width), vocabulary.concepts(), width);
    if (options.scores() == DecoderOptions.Scores.OFFSET) {
      parameters.parameter(OFFSET, new Initial.Constant(0), vocabulary.concepts());
    }
    if (options.sharpness().learned()) {
      double log = StrictMath.log(options.sharpness().first());
      parameters.parameter(SHARPNESS, new Initial.Constant(log), 1);
    }
    if (evolves()) {
      parameters.parameter(CONTEXT, new Initial.Constant(0), hidden);
      parameters.parameter(INTO, Initial.fanIn(width), hidden, width);
      parameters.parameter(FROM, Initial.fanIn(hidden), width, hidden);
      if (options.evolution() == DecoderOptions.Evolution.RECURRENT) {
        parameters.parameter(WITHIN, Initial.fanIn(hidden), hidden, hidden);
      }
    }
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Map<String, Rows> slots = vocabulary.slots();
    Map<String, Value> logits = new LinkedHashMap<>();
    Value state = driven(pass, input);
    Value drive = state;
    Value context = evolves() ? pass.parameter(CONTEXT) : state;
    boolean begun = false;
    for (Window window : used()) {
      switch (window.step()) {
        case INPUT -> {
          state = begun ? Ops.add(state, drive) : drive;
          begun = true;
        }
        case EVOLVE -> {
          Value seen = Neural.linear(Ops.sigmoid(state), pass.parameter(INTO), null);
          context =
              options.evolution() == DecoderOptions.Evolution.RECURRENT
                  ? Neural.linear(
                      Ops.sigmoid(Ops.add(seen, Ops.sigmoid(context))),
                      pass.parameter(WITHIN),
                      null)
                  : Ops.add(seen, pass.parameter(CONTEXT));
          state = Neural.linear(Ops.sigmoid(context), pass.parameter(FROM), null);
        }
        case MEASURE -> {
          String slot = window.slot().orElseThrow();
          logits.put(slot, measured(pass, state, Objects.requireNonNull(slots.get(slot))));
        }
        case ATTEND -> {
          String slot = window.slot().orElseThrow();
          Value chosen = chosen(pass, slot, Objects.requireNonNull(logits.get(slot)));
          Value added = Ops.matmul(chosen, index(pass, Objects.requireNonNull(slots.get(slot))));
          state =
              Ops.add(Ops.multiply(state, options.kept()), Ops.multiply(added, options.fedBack()));
        }
      }
    }
    return Ops.concatenate(1, logits.values().toArray(Value[]::new));
  }

  private Value driven(Pass pass, Value input) {
    boolean rms = options.drive() == DecoderOptions.Drive.RMS;
    Value drive = pass.inner(INPUT, input(), rms ? ofUnitSize(input) : input);
    return Ops.multiply(rms ? ofUnitSize(drive) : drive, options.gain());
  }

  /** Divided by the root of the mean square of each row. */
  private static Value ofUnitSize(Value rows) {
    return Ops.divide(rows, Ops.sqrt(Ops.add(Ops.mean(Ops.square(rows), 1), EPSILON)));
  }

  private static Value index(Pass pass, Rows rows) {
    return Ops.narrow(pass.parameter(INDEX), 0, rows.start(), rows.count());
  }

  private Value measured(Pass pass, Value state, Rows rows) {
    boolean centred = options.scores() == DecoderOptions.Scores.CENTRED;
    Value rate = Ops.sigmoid(state);
    Value scores =
        Neural.linear(
            centred ? Ops.add(rate, -0.5) : rate,
            index(pass, rows),
            centred ? null : Ops.narrow(pass.parameter(OFFSET), 0, rows.start(), rows.count()));
    return options.sharpness().learned()
        ? Ops.multiply(scores, Ops.exp(pass.parameter(SHARPNESS)))
        : Ops.multiply(scores, options.sharpness().first());
  }

  /** Shares of the concepts that the state is told of. */
  private Value chosen(Pass pass, String slot, Value logits) {
    boolean training = pass.mode() == Mode.TRAINING;
    String teacher = Pass.TARGET + "." + slot;
    if (training && pass.offers(teacher)) {
      Value told = pass.further(teacher);
      Check.argument(
          told.shape().equals(logits.shape()),
          "semantic decoder: the slot '%s' has logits %s and targets %s; expected shares of its"
              + " concepts",
          slot,
          logits.shape(),
          told.shape());
      return told.like(logits);
    }
    if (options.feedback() == DecoderOptions.Feedback.SOFT) {
      return Ops.softmax(logits, 1);
    }
    Value drawn = logits.detach();
    if (training) {
      // The largest of logits and Gumbel noise is drawn as softmax says.
      Value uniform = Ops.uniform(pass.random(), 0, 1, logits.shape().toArray()).like(logits);
      drawn = Ops.subtract(drawn, Ops.log(Ops.negate(Ops.log(uniform))));
    }
    Value largest = Indices.ofSmallest(Ops.negate(drawn), 1);
    return Indices.oneHot(largest, logits.dim(1), logits);
  }

  @Override
  public String emit(Emission graph, String input) {
    return new SemanticGraph(this, graph).of(input);
  }

  @Override
  public String describe() {
    List<String> words = new ArrayList<>();
    vocabulary.sizes().forEach((slot, count) -> words.add(slot + " of " + count));
    return words.stream().collect(Collectors.joining(", "))
        + " read out of a state of "
        + width
        + " in "
        + used().size()
        + " windows, "
        + options.feedback().words();
  }
}
