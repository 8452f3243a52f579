package io.noesis.encoders.architecture;

import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.run.Check;
import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/**
 * From the names that another program gives the weights of a layer to ours. Counters of batches
 * ({@code num_batches_tracked}) are never weights.
 *
 * @param rules the first that fits a name counts, and a name that none fits is taken over
 * @param outer beginnings of names that are taken off before the rules: of modules around it
 * @param without their arrays that have no place in ours: names, or the beginnings of names, in
 *     which {@code #} stands for a whole number
 */
public record NameMap(List<Rule> rules, List<String> outer, List<String> without) {
  private static final String COUNTER = "num_batches_tracked";

  /** Parts the names of ours that one array makes. */
  private static final String BAR = "|";

  /** Copies the lists. */
  public NameMap {
    rules = List.copyOf(rules);
    outer = List.copyOf(outer);
    without = List.copyOf(without);
  }

  /** How the numbers of an array are ordered there. */
  public enum Layout {
    /** As here; axes of size 1 may stand elsewhere, and trailing axes may be one. */
    SAME(""),
    /** With the first two axes exchanged. */
    TRANSPOSED("its first two axes exchanged"),
    /**
     * There each subject has an array of its own, and the first {@code #} is its number; here they
     * lie behind each other in the order of these numbers, matrices transposed, and with zeros for
     * the inputs that a subject lacks.
     */
    SUBJECTS("one array for each subject, the first # its number"),
    /** Ours are equal parts of it along the first axis, their names parted by {@code |}. */
    PARTS("cut into equal parts along the first axis"),
    /**
     * The first row, along the last axis but one, goes to the first of ours, the others to the
     * second; what goes to one place is added up.
     */
    FIRST_AND_REST("the first row and the others; added to what else goes there"),
    /** Added to what else goes there. */
    ADDED("added to what else goes there");

    private final String words;

    Layout(String words) {
      this.words = words;
    }
  }

  /**
   * One line of a map. A {@code #} stands for a whole number, the same in both names.
   *
   * @param theirs the beginning of a name, up to a dot or the end
   * @param ours what stands there instead; the rest of the name is kept
   * @param layout how the numbers are ordered there
   */
  public record Rule(String theirs, String ours, Layout layout) {
    /** Numbers ordered as here. */
    public static Rule of(String theirs, String ours) {
      return new Rule(theirs, ours, Layout.SAME);
    }

    /** An array for each subject. */
    static Rule ofSubjects(String theirs, String ours) {
      return new Rule(theirs, ours, Layout.SUBJECTS);
    }

    /** One array there is several here. */
    static Rule parts(String theirs, String... ours) {
      return new Rule(theirs, String.join(BAR, ours), Layout.PARTS);
    }
  }

  /** Whether an array has no place in ours. */
  boolean drops(String theirs) {
    String name = inner(theirs);
    return name.endsWith(COUNTER)
        || without.stream()
            .anyMatch(
                start -> name.startsWith(start) || NamePattern.of(start).matcher(name).matches());
  }

  private String inner(String theirs) {
    String name = theirs;
    boolean found = true;
    while (found) {
      found = false;
      for (String start : outer) {
        if (name.startsWith(start)) {
          name = name.substring(start.length());
          found = true;
        }
      }
    }
    return name;
  }

  /**
   * Their weights under our names.
   *
   * @param network whose weights they shall be
   * @param foreign by their names
   * @param doing what for, for messages
   * @return all weights of the network, in its order
   * @throws ModelException when an array is missing, unknown, or of another size
   */
  public Map<String, Tensor> onto(Layer network, Map<String, Tensor> foreign, String doing) {
    return found(network, foreign, doing, FoundWeights.Fit.WHOLE).all();
  }

  /**
   * As {@link #onto}, for a network that differs in parts: arrays that are missing or of another
   * size are left out, those without a place still refused.
   *
   * @param network that starts from them
   * @param foreign by their names
   * @param doing what for, for messages
   * @return what fits, and what is of another size
   * @throws ModelException when an array has no place
   */
  Partly partlyOnto(Layer network, Map<String, Tensor> foreign, String doing) {
    FoundWeights found = found(network, foreign, doing, FoundWeights.Fit.PARTLY);
    return new Partly(found.some(), found.unlike());
  }

  /**
   * Weights of a network that differs in parts.
   *
   * @param weights what fits, by our names
   * @param unlike what does not, by our names: the sizes there and here
   */
  record Partly(Map<String, Tensor> weights, Map<String, String> unlike) {}

  private FoundWeights found(
      Layer network, Map<String, Tensor> foreign, String doing, FoundWeights.Fit fit) {
    FoundWeights found = new FoundWeights(Parameters.shapes(network), doing, fit);
    foreign.forEach(
        (theirs, numbers) -> {
          if (!drops(theirs)) {
            place(found, theirs, numbers);
          }
        });
    return found;
  }

  private void place(FoundWeights found, String theirs, Tensor numbers) {
    String name = inner(theirs);
    for (Rule rule : rules) {
      Matcher matcher = NamePattern.of(rule.theirs()).matcher(name);
      if (matcher.matches()) {
        place(found, theirs, numbers, rule, matcher);
        return;
      }
    }
    found.put(name, theirs, numbers);
  }

  private static void place(
      FoundWeights found, String theirs, Tensor numbers, Rule rule, Matcher matcher) {
    switch (rule.layout()) {
      case SAME -> found.put(NamePattern.filled(rule.ours(), matcher), theirs, numbers);
      case TRANSPOSED ->
          found.put(NamePattern.filled(rule.ours(), matcher), theirs, exchanged(numbers));
      case SUBJECTS ->
          found.ofSubject(
              NamePattern.filled(rule.ours(), matcher, 1),
              Integer.parseInt(java.util.Objects.requireNonNull(matcher.group(1))),
              theirs,
              numbers);
      case PARTS -> {
        String[] ours = rule.ours().split("\\|", -1);
        Tensor[] parts = parts(numbers, ours.length, theirs, found.doing());
        for (int i = 0; i < ours.length; i++) {
          found.put(NamePattern.filled(ours[i], matcher), theirs, parts[i]);
        }
      }
      case FIRST_AND_REST -> {
        String[] ours = rule.ours().split("\\|", -1);
        int width = numbers.dim(numbers.shape().rank() - 1);
        Tensor rows = numbers.reshape(numbers.size() / width, width);
        int count = rows.dim(0);
        found.add(NamePattern.filled(ours[0], matcher), theirs, rows.rows(new int[] {0}));
        found.add(
            NamePattern.filled(ours[1], matcher),
            theirs,
            rows.rows(java.util.stream.IntStream.range(1, count).toArray()));
      }
      case ADDED -> found.add(NamePattern.filled(rule.ours(), matcher), theirs, numbers);
    }
  }

  private static Tensor[] parts(Tensor whole, int count, String theirs, String doing) {
    int[] sizes = whole.shape().toArray();
    if (sizes.length == 0 || sizes[0] % count != 0) {
      throw new ModelException(
          doing
              + ": the array '"
              + theirs
              + "' has the shape "
              + whole.shape()
              + ", expected a first axis that splits into "
              + count
              + ". Give the weights of the program that the map is of.");
    }
    sizes[0] /= count;
    int each = whole.size() / count;
    Tensor[] parts = new Tensor[count];
    for (int i = 0; i < count; i++) {
      parts[i] = Tensor.wrap(Arrays.copyOfRange(whole.array(), i * each, (i + 1) * each), sizes);
    }
    return parts;
  }

  /** With the first two axes exchanged. */
  static Tensor exchanged(Tensor numbers) {
    int[] sizes = numbers.shape().toArray();
    Check.argument(sizes.length >= 2, "exchanging two axes of an array %s", numbers.shape());
    int rows = sizes[0];
    int columns = sizes[1];
    int inner = numbers.size() / Math.max(1, rows * columns);
    float[] out = new float[numbers.size()];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        System.arraycopy(
            numbers.array(), (r * columns + c) * inner, out, (c * rows + r) * inner, inner);
      }
    }
    sizes[0] = columns;
    sizes[1] = rows;
    return Tensor.wrap(out, sizes);
  }

  /** The map, one line for each rule. */
  public List<String> describe() {
    List<String> lines = new ArrayList<>();
    for (Rule rule : rules) {
      String how = rule.layout().words;
      lines.add(
          rule.theirs()
              + " -> "
              + rule.ours().replace(BAR, " | ")
              + (how.isEmpty() ? "" : " (" + how + ")"));
    }
    if (!outer.isEmpty()) {
      lines.add("taken off in front: " + String.join(", ", outer));
    }
    if (!without.isEmpty()) {
      lines.add("left out: " + String.join(", ", without));
    }
    return lines;
  }
}
