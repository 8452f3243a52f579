package io.noesis.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.onnx.GraphBuilder;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C while new responses are encoded: by a graph and a prior that takes its time. */
@EnabledOnOs(OS.LINUX)
final class InterruptedEncodingTest {
  private static final Path PRIOR =
      Path.of(
          "../reconstruction/src/test/resources/io/noesis/reconstruction/diffusion/prior"
              + "/tiny-unclip-prior");
  private static final int GIVEN = 8;

  /** So many that drawing takes seconds on any machine. */
  private static final int ROWS = 60;

  @TempDir Path temporary;

  /** Gives a column of the responses as it is. */
  private Path graph() {
    GraphBuilder graph = new GraphBuilder("identity");
    List<String> sizes = List.of("rows", Integer.toString(GIVEN));
    String x = graph.input("responses", OnnxType.FLOAT32, sizes);
    graph.output("embeddings", graph.node("Identity", "same", List.of(x)), sizes);
    Path file = temporary.resolve("identity.onnx");
    graph.write(file);
    return file;
  }

  @Test
  void interruptedEncodingEndsWith130LeavesNothingAndIsDoneByTheSameCommand() throws Exception {
    Path responses = temporary.resolve("responses.npy");
    Npy.write(responses, Tensor.zeros(ROWS, GIVEN).map(v -> 0.5));
    Path out = temporary.resolve("out");
    List<String> words =
        new ArrayList<>(
            List.of(
                "encode",
                responses.toString(),
                "--onnx",
                graph().toString(),
                "--prior",
                PRIOR.toString(),
                "--out",
                out.toString(),
                "--log-format",
                "json",
                "--prior-steps"));
    List<String> endless = new ArrayList<>(words);
    endless.add("900");
    Path log = temporary.resolve("log.txt");
    Process process = Launched.start(Launched.command(endless), log);
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Remains.text(log).contains("drawing") && System.nanoTime() < until) {
      assertTrue(process.isAlive(), () -> Remains.text(log));
      Thread.sleep(20);
    }
    Launched.signal(process, "INT");
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not stop");
    assertEquals(130, process.exitValue(), () -> Remains.text(log));
    assertFalse(Files.exists(out), "nothing is written before all is drawn");
    // As if it had stopped while it wrote: what lies there is replaced without --force.
    Files.createDirectories(out);
    Files.writeString(out.resolve("encoding.unfinished"), "");
    Files.writeString(out.resolve("embeddings.npy"), "half");
    words.add("3");
    Call.of(words.toArray()).ended(0);
    assertFalse(Files.exists(out.resolve("encoding.unfinished")));
    assertEquals(ROWS, Npy.read(out.resolve("embeddings.npy")).dim(0));
    assertTrue(Files.isRegularFile(out.resolve("encoding.json")));
    assertTrue(Call.of(words.toArray()).ended(2).err().contains("--force"), "what is whole is not");
  }
}
