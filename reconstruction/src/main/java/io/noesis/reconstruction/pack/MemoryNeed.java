package io.noesis.reconstruction.pack;

import io.noesis.encoders.onnx.OnnxHeader;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.run.Failure;
import io.noesis.run.ModelException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a model takes in memory outside the Java heap, estimated from its files before any of it is
 * loaded: the weights as they lie on disk, and an upper estimate of what a run adds.
 *
 * @param model what it is, for messages
 * @param weights bytes of its graphs and of the files of weights beside them
 * @param run bytes beyond them while it runs
 * @param counted what the run's bytes are, in words
 */
public record MemoryNeed(String model, long weights, long run, String counted) {
  /** Layers' outputs that one row of a graph keeps at once, in its widest input or output. */
  private static final long LIVE = 64;

  /**
   * The bytes of some of a pack's graphs and of the weights in files beside them.
   *
   * @param pack the pack
   * @param roles which graphs
   * @return bytes
   */
  public static long weights(ModelPack pack, List<String> roles) {
    Set<Path> folders = new LinkedHashSet<>();
    long bytes = 0;
    for (PackGraph graph : pack.graphs()) {
      Path folder = graph.file().toAbsolutePath().getParent();
      if (!roles.contains(graph.role()) || folder == null) {
        continue;
      }
      // Graphs that share a folder have their weights inside or named after them.
      boolean alone =
          pack.graphs().stream()
              .allMatch(
                  other ->
                      other.equals(graph)
                          || !folder.equals(other.file().toAbsolutePath().getParent()));
      if (!alone || folders.add(folder)) {
        bytes += bytes(folder, alone ? "" : String.valueOf(graph.file().getFileName()));
      }
    }
    return bytes;
  }

  private static long bytes(Path folder, String prefix) {
    try (Stream<Path> files = Files.list(folder)) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (String.valueOf(file.getFileName()).startsWith(prefix)) {
          bytes += Files.size(file);
        }
      }
      return bytes;
    } catch (IOException e) {
      throw new ModelException("measuring the model pack " + folder + ": " + Failure.reason(e), e);
    }
  }

  /**
   * The bytes of all graphs of a pack and of the weights in files beside them.
   *
   * @param pack the pack
   * @return bytes
   */
  public static long weights(ModelPack pack) {
    return weights(pack, pack.graphs().stream().map(PackGraph::role).toList());
  }

  /**
   * A model of one pass: rows go through a graph side by side, each keeping the outputs of some
   * layers. What a layer gives is taken to be no larger than the widest input or output.
   *
   * @param pack the pack
   * @param role of the graph
   * @param rows at once
   * @param open what free axes but the first are taken to be
   * @param what a row is, for the message: {@code pictures}
   * @return the estimate
   */
  public static MemoryNeed ofOnePass(ModelPack pack, String role, int rows, int open, String what) {
    long widest = widest(pack, role, open);
    return new MemoryNeed(
        "the graph " + role + " of the model pack " + pack.folder(),
        weights(pack, List.of(role)),
        rows * LIVE * Float.BYTES * widest,
        rows + " " + what + " at once, each with " + LIVE + " times " + widest + " numbers");
  }

  /** Numbers of the widest input or output of one row. */
  public static long widest(ModelPack pack, String role, int open) {
    OnnxHeader header =
        OnnxHeader.read(pack.graph(role).file())
            .orElseGet(() -> new OnnxHeader(List.of(), List.of(), Map.of()));
    return Stream.concat(header.inputs().stream(), header.outputs().stream())
        .mapToLong(port -> numbers(port, open))
        .max()
        .orElse(0);
  }

  private static long numbers(OnnxPort port, int open) {
    return port.axes().stream()
        .skip(1)
        .mapToLong(axis -> axis.size() < 0 ? open : axis.size())
        .reduce(1, Math::multiplyExact);
  }

  /** Bytes with both. */
  public long total() {
    return weights + run;
  }

  /** The estimate for readers. */
  public String words() {
    return said(weights) + " of weights, and about " + said(run) + " more in a run: " + counted;
  }

  /**
   * Bytes for readers.
   *
   * @param bytes how many
   * @return for example {@code 1.7 GB} or {@code 23 MB}
   */
  public static String said(long bytes) {
    return bytes >= 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f GB", bytes / 1e9)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  /** The memory of this machine, or of the container that this process runs in; in bytes. */
  public static long ofMachine() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean machine
        ? machine.getTotalMemorySize()
        : Long.MAX_VALUE;
  }

  /**
   * Refuses models that cannot be held together: the weights of all, and the largest run, for they
   * run one after the other.
   *
   * @param needs of the models that are open at once
   * @param available bytes
   * @throws ModelException that names what was counted
   */
  public static void require(List<MemoryNeed> needs, long available) {
    long weights = needs.stream().mapToLong(MemoryNeed::weights).sum();
    long run = needs.stream().mapToLong(MemoryNeed::run).max().orElse(0);
    if (weights + run <= available) {
      return;
    }
    Map<String, String> each = new LinkedHashMap<>();
    needs.forEach(
        need ->
            each.put(
                needs.size() == 1 ? "in a run" : need.model(),
                needs.size() == 1 ? need.counted() : need.words()));
    throw new ModelException(
        "loading "
            + needs.stream().map(MemoryNeed::model).collect(Collectors.joining(" and "))
            + ": its weights take "
            + said(weights)
            + " and a run about "
            + said(run)
            + " more, "
            + said(available)
            + " may be used. Counted: "
            + each.entrySet().stream()
                .map(e -> e.getKey() + ": " + e.getValue())
                .collect(Collectors.joining("; "))
            + ". Take a pack of smaller networks, export it in float16, make less at once, or run on"
            + " a larger machine.");
  }

  /** Refuses what this machine cannot hold. */
  public void require() {
    require(List.of(this), ofMachine());
  }
}
