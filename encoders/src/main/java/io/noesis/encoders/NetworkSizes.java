package io.noesis.encoders;

import io.noesis.run.Check;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What goes into a network and what comes out of it.
 *
 * @param response axes of one response: {@code [voxels]} or {@code [channels, samples]}, of the
 *     widest subject
 * @param subjects labels of those it is trained on, in the order of their numbers
 * @param widths how many voxels or channels each of them has
 * @param positions of the sensors or voxels, two or three coordinates each: once where all subjects
 *     have the same, else those of one subject after another; empty where they are not known, or
 *     the network does not look at them
 * @param target axes of one embedding: {@code [dim]} or {@code [tokens, dim]}
 * @param inputs axes of one row of each feature of the stimulus that the network is told, by name
 */
public record NetworkSizes(
    List<Integer> response,
    List<String> subjects,
    List<Integer> widths,
    List<List<Double>> positions,
    List<Integer> target,
    Map<String, List<Integer>> inputs) {
  /** Copies the lists and checks that there are sizes. */
  public NetworkSizes {
    response = List.copyOf(response);
    subjects = List.copyOf(subjects);
    widths = List.copyOf(widths);
    positions = positions.stream().map(List::copyOf).toList();
    target = List.copyOf(target);
    Map<String, List<Integer>> axes = new LinkedHashMap<>();
    inputs.forEach((name, sizes) -> axes.put(name, List.copyOf(sizes)));
    inputs = Collections.unmodifiableMap(axes);
    Check.argument(
        !response.isEmpty() && !target.isEmpty() && !subjects.isEmpty(),
        "a network: expected axes of response and target and at least one subject, found %s, %s, %s",
        response,
        target,
        subjects);
    Check.size("widths of subjects", subjects.size(), widths.size());
  }

  /** Of a network that is told nothing of the stimulus. */
  public NetworkSizes(
      List<Integer> response,
      List<String> subjects,
      List<Integer> widths,
      List<List<Double>> positions,
      List<Integer> target) {
    this(response, subjects, widths, positions, target, Map.of());
  }

  /** The sizes that a network for those rows must have. */
  public static NetworkSizes of(TrainingRows rows) {
    Map<String, List<Integer>> inputs = new LinkedHashMap<>();
    rows.shown().inputs().forEach((name, input) -> inputs.put(name, axes(input)));
    return new NetworkSizes(
        axes(rows.responses()),
        List.copyOf(rows.recorded().widths().keySet()),
        List.copyOf(rows.recorded().widths().values()),
        rows.recorded().positions(),
        axes(rows.targets()),
        inputs);
  }

  /**
   * One subject's voxels to a vector.
   *
   * @param voxels width of a response
   * @param dim width of an embedding
   * @return the sizes
   */
  public static NetworkSizes of(int voxels, int dim) {
    return new NetworkSizes(List.of(voxels), List.of(""), List.of(voxels), List.of(), List.of(dim));
  }

  /**
   * One subject's epochs to a vector.
   *
   * @param channels of a response
   * @param samples of a response
   * @param dim width of an embedding
   * @return the sizes
   */
  public static NetworkSizes ofEpochs(int channels, int samples, int dim) {
    return new NetworkSizes(
        List.of(channels, samples), List.of(""), List.of(channels), List.of(), List.of(dim));
  }

  private static List<Integer> axes(Tensor tensor) {
    return Arrays.stream(tensor.shape().toArray()).skip(1).boxed().toList();
  }

  /** The same trained on other subjects, all of the same width. */
  public NetworkSizes withSubjects(List<String> labels) {
    List<Integer> same = labels.stream().map(label -> response.get(0)).toList();
    return new NetworkSizes(response, labels, same, positions, target, inputs);
  }

  /** The same with sensors or voxels at those positions, in all subjects or one after another. */
  public NetworkSizes withPositions(List<List<Double>> sensors) {
    return new NetworkSizes(response, subjects, widths, sensors, target, inputs);
  }

  /** The same told features of the stimulus of those axes. */
  public NetworkSizes told(Map<String, List<Integer>> features) {
    return new NetworkSizes(response, subjects, widths, positions, target, features);
  }

  /**
   * The width of responses that have no other axis.
   *
   * @param architecture asks
   * @return voxels of the widest subject
   * @throws IllegalArgumentException when responses have a time axis
   */
  public int voxels(String architecture) {
    Check.argument(
        response.size() == 1,
        "%s decodes responses [trials, voxels], found rows %s; use an architecture for epochs"
            + " (noesis describe architectures)",
        architecture,
        response);
    return response.get(0);
  }

  /**
   * The channels of epochs; their samples are {@code response().get(1)}.
   *
   * @param architecture asks
   * @return channels
   * @throws IllegalArgumentException when responses have no time axis
   */
  public int channels(String architecture) {
    Check.argument(
        response.size() == 2,
        "%s decodes epochs [trials, channels, samples], found rows %s; use an architecture for"
            + " voxels (noesis describe architectures)",
        architecture,
        response);
    return response.get(0);
  }

  /** Whether sensors or voxels lie elsewhere in one subject than in another. */
  public boolean positionsDiffer() {
    return subjects.size() > 1 && positions.size() == total();
  }

  /**
   * Where the sensors or voxels of a subject lie.
   *
   * @param subject its number
   * @return as many positions as it has sensors or voxels; empty where they are not known
   */
  public List<List<Double>> positionsOf(int subject) {
    if (!positionsDiffer()) {
      return positions;
    }
    int from = widths.subList(0, subject).stream().mapToInt(i -> i).sum();
    return positions.subList(from, from + widths.get(subject));
  }

  /**
   * The positions of several subjects in the form that {@link #positions} has.
   *
   * @param bySubject those of each; empty where they are not known
   * @return empty where those of any are not known
   */
  public static List<List<Double>> positionsOfAll(List<List<List<Double>>> bySubject) {
    if (bySubject.stream().distinct().count() == 1) {
      return bySubject.get(0);
    }
    boolean known = bySubject.stream().noneMatch(List::isEmpty);
    return known ? bySubject.stream().flatMap(List::stream).toList() : List.of();
  }

  private int total() {
    return widths.stream().mapToInt(i -> i).sum();
  }

  /** Numbers in one embedding, over all its axes. */
  public int dim() {
    return target.stream().reduce(1, Math::multiplyExact);
  }

  /** The shape of so many responses. */
  public Shape responses(int rows) {
    int[] sizes = new int[response.size() + 1];
    sizes[0] = rows;
    for (int i = 0; i < response.size(); i++) {
      sizes[i + 1] = response.get(i);
    }
    return Shape.of(sizes);
  }

  /**
   * The number of a subject.
   *
   * @param subject its label
   * @return its place; −1 for one the network was not trained on
   */
  public int numberOf(String subject) {
    return subjects.indexOf(subject);
  }
}
