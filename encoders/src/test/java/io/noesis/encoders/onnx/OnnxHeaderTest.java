package io.noesis.encoders.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a graph's file says of itself, and models that are loaded when they are first run. */
class OnnxHeaderTest {
  private static final int WIDTH = 4096;

  @TempDir Path folder;

  /** Hears of what is loaded and closed. */
  private static final class Log extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger(OnnxModel.class.getName());
    private final Level before = logger.getLevel();
    private final List<String> heard = new ArrayList<>();

    Log() {
      logger.setLevel(Level.FINE);
      logger.addHandler(this);
    }

    @Override
    public synchronized void publish(LogRecord record) {
      heard.add(record.getMessage().split(" ")[0]);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
      logger.setLevel(before);
    }
  }

  private Path graph(int width) {
    GraphBuilder graph = new GraphBuilder("product");
    String x = graph.input("x", OnnxType.FLOAT32, List.of("rows", Integer.toString(width)));
    Tensor weight = Tensor.zeros(width, width).map(v -> 0.5);
    String w = graph.weight("w", weight);
    graph.output("y", graph.node("MatMul", "z", List.of(x, w)), List.of("rows", "" + width));
    graph.metadata("made", "for a test");
    Path file = folder.resolve("product-" + width + ".onnx");
    graph.write(file);
    return file;
  }

  @Test
  void theHeaderIsWhatTheRuntimeSaysOfTheLoadedGraph() {
    Path file = graph(3);
    OnnxHeader header = OnnxHeader.read(file).orElseThrow();
    try (OnnxModel model = OnnxModel.open(file, OnnxOptions.SINGLE_THREADED)) {
      assertEquals(model.inputs(), header.inputs());
      assertEquals(model.outputs(), header.outputs());
      assertEquals(model.metadata(), header.metadata());
    }
  }

  @Test
  void aDeferredModelIsLoadedOnceWhenItIsFirstRunAndClosedOnce() {
    Path file = graph(2);
    List<OnnxModel> checked = new ArrayList<>();
    try (Log log = new Log()) {
      OnnxModel.deferred(file, OnnxOptions.SINGLE_THREADED, checked::add).close();
      assertEquals(List.of(), log.heard, "what is not run is not loaded");
      OnnxModel model = OnnxModel.deferred(file, OnnxOptions.SINGLE_THREADED, checked::add);
      OnnxInput x = OnnxInput.of(Tensor.wrap(new float[] {1, 3}, 1, 2));
      for (int i = 0; i < 3; i++) {
        assertArrayEquals(new float[] {2, 2}, model.run(Map.of("x", x)).get("y").array());
      }
      model.close();
      model.close();
      assertEquals(List.of("loading", "closing"), log.heard);
      assertEquals(1, checked.size());
      assertThrows(IllegalStateException.class, () -> model.run(Map.of("x", x)));
      OnnxModel refused =
          OnnxModel.deferred(
              file,
              OnnxOptions.SINGLE_THREADED,
              loaded -> {
                throw new ModelException("not as promised");
              });
      assertThrows(ModelException.class, () -> refused.run(Map.of("x", x)));
      refused.close();
      assertEquals(List.of("loading", "closing", "loading", "closing"), log.heard);
    }
  }

  @Test
  void whatIsNoGraphIsRefusedBeforeItIsLoaded() throws IOException {
    Path text = Files.writeString(folder.resolve("text.onnx"), "this is no graph");
    Path half = folder.resolve("half.onnx");
    byte[] whole = Files.readAllBytes(graph(64));
    Files.write(half, java.util.Arrays.copyOf(whole, whole.length / 2));
    for (Path file : List.of(text, half, folder.resolve("absent.onnx"))) {
      assertThrows(
          ModelException.class,
          () -> OnnxModel.deferred(file, OnnxOptions.SINGLE_THREADED, m -> {}),
          file.toString());
    }
  }

  /** A process of its own, whose heap is all there from the start. */
  static final class Probe {
    private Probe() {}

    /** Prints by how many megabytes the process grew: deferred, and after the first run. */
    public static void main(String[] arguments) throws IOException {
      Path file = Path.of(arguments[0]);
      OnnxInput x = OnnxInput.of(Tensor.zeros(1, WIDTH));
      OnnxModel.open("small", small(), OnnxOptions.SINGLE_THREADED).close();
      long before = resident();
      try (OnnxModel model = OnnxModel.deferred(file, OnnxOptions.SINGLE_THREADED, m -> {})) {
        long deferred = resident() - before;
        model.run(Map.of("x", x));
        System.out.println(deferred + " " + (resident() - before));
      }
    }

    /** Brings the runtime's own libraries into memory. */
    private static byte[] small() {
      GraphBuilder graph = new GraphBuilder("small");
      String x = graph.input("x", OnnxType.FLOAT32, List.of("2"));
      graph.output("y", graph.node("Add", "z", List.of(x, x)), List.of("2"));
      return graph.bytes();
    }

    private static long resident() throws IOException {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst()
          .orElseThrow();
    }
  }

  /** The weights of a loaded graph take about what their file does; of a deferred one nothing. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void memoryIsTakenWhenADeferredModelIsFirstRun() throws Exception {
    Path file = graph(WIDTH);
    long weights = Files.size(file) >> 20;
    assertTrue(weights >= 64, "written: " + weights);
    Process probe =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms128m",
                "-Xmx128m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, probe.waitFor(), said);
    String[] grown = said.strip().lines().reduce((a, b) -> b).orElse("").split(" ");
    long deferred = Long.parseLong(grown[0]);
    long loaded = Long.parseLong(grown[1]);
    assertTrue(deferred < weights / 2, "deferred: " + deferred + " of " + weights + " MB");
    assertTrue(loaded > weights / 2 && loaded < 4 * weights, "loaded: " + said + " of " + weights);
  }
}
