package io.noesis.encoders.architecture;

import io.noesis.run.ModelException;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What was found so far, among arrays of another program, of the weights of a network. */
final class FoundWeights {
  /** What becomes of arrays of another size. */
  enum Fit {
    /** Refused. */
    WHOLE,
    /** Noted, and left out. */
    PARTLY
  }

  private final Map<String, Shape> expected;
  private final String doing;
  private final Map<String, Tensor> numbers = new LinkedHashMap<>();
  private final Map<String, SortedMap<Integer, Tensor>> bySubject = new LinkedHashMap<>();
  private final Set<String> added = new TreeSet<>();
  private final List<String> unknown = new ArrayList<>();
  private final Map<String, String> unlike = new LinkedHashMap<>();
  private final Fit fit;

  FoundWeights(Map<String, Shape> expected, String doing, Fit fit) {
    this.expected = expected;
    this.doing = doing;
    this.fit = fit;
  }

  private boolean knows(String ours, String theirs, boolean taken) {
    if (!expected.containsKey(ours) || taken) {
      unknown.add("'" + theirs + "' (as '" + ours + "')");
      return false;
    }
    return true;
  }

  void put(String ours, String theirs, Tensor array) {
    if (knows(ours, theirs, numbers.containsKey(ours)) && alike(ours, theirs, array)) {
      numbers.put(ours, array.reshape(shape(ours).toArray()));
    }
  }

  void add(String ours, String theirs, Tensor array) {
    if (knows(ours, theirs, numbers.containsKey(ours) && !added.contains(ours))
        && alike(ours, theirs, array)) {
      added.add(ours);
      Tensor own = array.reshape(shape(ours).toArray());
      Tensor before = numbers.get(ours);
      if (before == null) {
        numbers.put(ours, own);
        return;
      }
      float[] sum = before.array().clone();
      for (int i = 0; i < sum.length; i++) {
        sum[i] += own.array()[i];
      }
      numbers.put(ours, Tensor.wrap(sum, own.shape().toArray()));
    }
  }

  void ofSubject(String ours, int subject, String theirs, Tensor array) {
    SortedMap<Integer, Tensor> before = bySubject.get(ours);
    if (knows(ours, theirs, before != null && before.containsKey(subject))) {
      SortedMap<Integer, Tensor> all = bySubject.computeIfAbsent(ours, name -> new TreeMap<>());
      filled(ours, theirs, array).ifPresent(own -> all.put(subject, own));
    }
  }

  private Shape shape(String ours) {
    return java.util.Objects.requireNonNull(expected.get(ours));
  }

  /** One subject's, with zeros for the inputs that it lacks. */
  private Optional<Tensor> filled(String ours, String theirs, Tensor array) {
    Shape shape = shape(ours);
    Tensor own = array.shape().rank() == 2 && shape.rank() == 3 ? NameMap.exchanged(array) : array;
    int rest = shape.size() / shape.dim(0);
    boolean narrower = shape.rank() == 3 && own.shape().rank() == 2 && own.dim(1) == shape.dim(2);
    if (own.size() == rest || (narrower && own.size() < rest)) {
      return Optional.of(Tensor.wrap(Arrays.copyOf(own.array(), rest), 1, rest));
    }
    refuse(ours, theirs, array, "one subject of " + shape);
    return Optional.empty();
  }

  private boolean alike(String ours, String theirs, Tensor array) {
    Shape shape = shape(ours);
    boolean leadingOne = array.shape().rank() > 0 && array.dim(0) == 1;
    boolean alike =
        array.size() == shape.size()
            && (shape.rank() == 0 || array.dim(0) == shape.dim(0) || leadingOne);
    if (!alike) {
      refuse(ours, theirs, array, shape.toString());
    }
    return alike;
  }

  /** Notes an array of another size where that is allowed. */
  private void refuse(String ours, String theirs, Tensor array, String wanted) {
    if (fit == Fit.PARTLY) {
      unlike.put(ours, array.shape() + " there and " + wanted + " here");
      return;
    }
    throw new ModelException(
        doing
            + ": the array '"
            + theirs
            + "' has the shape "
            + array.shape()
            + ", expected "
            + wanted
            + " for '"
            + ours
            + "'. Give the settings and sizes that the network was trained with.");
  }

  String doing() {
    return doing;
  }

  /** The sizes there and here of arrays that do not fit, by our names. */
  Map<String, String> unlike() {
    return unlike;
  }

  /** What was found, where nothing of theirs was without a place. */
  Map<String, Tensor> some() {
    joined();
    if (!unknown.isEmpty()) {
      throw new ModelException(
          doing
              + ": without a place here: "
              + some(unknown)
              + ". Check the settings of the architecture and the map of names.");
    }
    return ordered();
  }

  /** Those of all subjects together; which subjects there are where some are missing. */
  private Map<String, String> joined() {
    Map<String, String> lacking = new LinkedHashMap<>();
    bySubject.forEach(
        (ours, subjects) -> {
          Shape shape = shape(ours);
          if (subjects.size() == shape.dim(0)) {
            numbers.put(
                ours,
                Tensor.concatenate(subjects.values().toArray(Tensor[]::new))
                    .reshape(shape.toArray()));
          } else {
            lacking.put(
                ours,
                " (of " + shape.dim(0) + " subjects there are those of " + subjects.keySet() + ")");
          }
        });
    return lacking;
  }

  Map<String, Tensor> all() {
    Map<String, String> lacking = joined();
    Set<String> missing = new TreeSet<>(expected.keySet());
    missing.removeAll(numbers.keySet());
    if (!unknown.isEmpty() || !missing.isEmpty()) {
      throw new ModelException(
          doing
              + ": expected "
              + expected.size()
              + " arrays. Without a place here: "
              + some(unknown)
              + ". Missing: "
              + some(
                  missing.stream().map(n -> "'" + n + "'" + lacking.getOrDefault(n, "")).toList())
              + ". Check the settings and the map of names.");
    }
    return ordered();
  }

  private Map<String, Tensor> ordered() {
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    expected
        .keySet()
        .forEach(
            name -> Optional.ofNullable(numbers.get(name)).ifPresent(n -> ordered.put(name, n)));
    return ordered;
  }

  /** The first few of many names. */
  static String some(List<String> names) {
    int shown = Math.min(5, names.size());
    String list = String.join(", ", names.subList(0, shown));
    return names.isEmpty() ? "none" : shown < names.size() ? list + ", ..." : list;
  }
}
