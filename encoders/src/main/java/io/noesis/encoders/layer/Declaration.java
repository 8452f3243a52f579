package io.noesis.encoders.layer;

import java.util.List;
import java.util.function.Function;

/** Where a layer names its parameters; names of inner layers are put before theirs. */
public final class Declaration {
  /** Takes the parameters one by one. */
  interface Sink {
    void add(String name, Initial initial, Parameters.Role role, int... sizes);
  }

  /** Takes the further outputs one by one. */
  interface Outputs {
    void add(String name, List<Integer> sizes);
  }

  private final Sink sink;
  private final Outputs outputs;
  private final String prefix;

  Declaration(Sink sink, String prefix) {
    this(sink, (name, sizes) -> {}, prefix);
  }

  Declaration(Sink sink, Outputs outputs, String prefix) {
    this.sink = sink;
    this.outputs = outputs;
    this.prefix = prefix;
  }

  /**
   * Names a further output of the network, which {@link Pass#output} will give.
   *
   * @param name of the head; no layer's name is put before it
   * @param sizes of its axes but the batch
   */
  public void output(String name, List<Integer> sizes) {
    outputs.add(name, sizes);
  }

  /**
   * Names a parameter that is learned.
   *
   * @param name within the layer
   * @param initial its first values
   * @param sizes its axes
   */
  public void parameter(String name, Initial initial, int... sizes) {
    sink.add(prefix + name, initial, Parameters.Role.LEARNED, sizes);
  }

  /**
   * Names a parameter of which each subject has its own, so that subjects can be added, left out,
   * or trained alone.
   *
   * @param name within the layer
   * @param initial its first values
   * @param sizes its axes; the first one is the subject
   */
  public void ofSubjects(String name, Initial initial, int... sizes) {
    sink.add(prefix + name, initial, Parameters.Role.OF_SUBJECTS, sizes);
  }

  /**
   * Names numbers that are stored with the parameters but not learned: running statistics.
   *
   * @param name within the layer
   * @param initial their first values
   * @param sizes their axes
   */
  public void statistic(String name, Initial initial, int... sizes) {
    sink.add(prefix + name, initial, Parameters.Role.STATISTIC, sizes);
  }

  /**
   * Names numbers that others have trained: they stay in their file and are neither learned nor
   * kept with the parameters.
   *
   * @param name within the layer
   * @param where they are
   * @param sizes their axes
   */
  public void ofFile(String name, Initial.OfFile where, int... sizes) {
    sink.add(prefix + name, where, Parameters.Role.OF_FILE, sizes);
  }

  /**
   * Names the parameters of an inner layer.
   *
   * @param name of the inner layer
   * @param layer the inner layer
   */
  public void inner(String name, Layer layer) {
    layer.declare(in(name));
  }

  /** The same, where each subject has its own of all, an axis in front of the others. */
  Declaration forEachSubject(int subjects) {
    return new Declaration(
        (name, initial, role, sizes) -> {
          int[] all = new int[sizes.length + 1];
          all[0] = subjects;
          System.arraycopy(sizes, 0, all, 1, sizes.length);
          sink.add(name, initial, role.ofSubjects(), all);
        },
        outputs,
        prefix);
  }

  /**
   * Names the parameters of an inner layer, all of them {@linkplain #ofFile of a file}.
   *
   * @param name of the inner layer
   * @param layer the inner layer
   * @param where its weights are, by their names within it
   */
  public void ofFile(String name, Layer layer, Function<String, Initial.OfFile> where) {
    Declaration inner = in(name);
    layer.declare(
        new Declaration(
            (full, initial, role, sizes) ->
                sink.add(
                    full,
                    where.apply(full.substring(inner.prefix.length())),
                    Parameters.Role.OF_FILE,
                    sizes),
            outputs,
            inner.prefix));
  }

  /** The same, where parameters whose name ends so begin elsewhere. */
  Declaration starting(String parameter, Initial other) {
    return new Declaration(
        (name, initial, role, sizes) -> {
          boolean meant = name.equals(parameter) || name.endsWith("." + parameter);
          sink.add(name, meant ? other : initial, role, sizes);
        },
        outputs,
        prefix);
  }

  /** The same, with a name in front of all that is declared. */
  public Declaration in(String name) {
    return new Declaration(sink, outputs, prefix + name + ".");
  }

  /** The same, with those first values for all that is declared instead of the layers' own. */
  Declaration from(Initial first) {
    return new Declaration(
        (name, initial, role, sizes) -> sink.add(name, first, role, sizes), outputs, prefix);
  }
}
