package io.noesis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.run.FileFingerprints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a whole run of a lab's packs: which graphs are loaded and which files hashed, how often. */
class OpenedOnceTest {
  private static final Path PACKS =
      Path.of(
          System.getProperty("noesis.root"),
          "reconstruction/src/test/resources/io/noesis/reconstruction");

  @TempDir Path folder;

  /** What loggers said, as {@code "loading /path"}. */
  private static final class Log extends Handler implements AutoCloseable {
    private final List<Logger> loggers =
        Stream.of(OnnxModel.class, FileFingerprints.class)
            .map(type -> Logger.getLogger(type.getName()))
            .toList();
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

    Log() {
      for (Logger logger : loggers) {
        logger.setLevel(Level.FINE);
        logger.addHandler(this);
      }
    }

    @Override
    public void publish(LogRecord record) {
      heard.add(record.getMessage().replace("{0}", String.valueOf(record.getParameters()[0])));
    }

    /** How often of each file below a folder. */
    Map<String, Long> counts(String verb, Path below) {
      String start = verb + " " + below + "/";
      return heard.stream()
          .filter(line -> line.startsWith(start))
          .map(line -> line.substring(start.length()))
          .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      for (Logger logger : loggers) {
        logger.removeHandler(this);
        logger.setLevel(null);
      }
    }
  }

  private static void settle(Path packs) throws IOException {
    try (Stream<Path> all = Files.walk(packs)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
      }
    }
  }

  @Test
  void everyGraphIsLoadedOnceAndClosedAndEveryFileHashedOnce() throws IOException {
    Path study = folder.resolve("eeg");
    Call.of(
            words(
                "simulate " + study + " --modality eeg --subjects 2 --channels 6 --rate 50",
                "--sources 4 --train 60 --test 12 --pixels 32 --noise-ceiling 0.8"))
        .ended(0);
    Path packs = Files.createDirectories(folder.resolve("packs")).toRealPath();
    Call.of(words("models add " + PACKS.resolve("pack/tiny-clip-12") + " --models-dir " + packs))
        .ended(0);
    for (String name : List.of("caption/tiny-clipcap", "diffusion/tiny-ip-adapter")) {
      Call.of(
              words(
                  "models add " + PACKS.resolve(name),
                  "--space tiny-clip-12 --models-dir " + packs))
          .ended(0);
    }
    settle(packs);
    Path out = folder.resolve("run");
    List<Object> run =
        new ArrayList<>(
            List.of(
                words(
                    "run simulated-eeg " + out + " --root " + study + " --models-dir " + packs,
                    "--no-cache --allow NO-SIGNAL --allow GENERATOR-PRIOR --allow NO-CEILING")));
    for (String set :
        List.of(
            "targets={of: image, pack: tiny-clip-12}",
            "captions={pack: tiny-clipcap, maxTokens: 6, conditions: [decoded, shuffled]}",
            "pictures={pack: tiny-ip-adapter, prompt: caption, candidates: 2, steps: 2,"
                + " stimuli: 2, conditions: [decoded, shuffled]}",
            "responses.average.test=4",
            "evaluation.permutations=99",
            "evaluation.bootstraps=99")) {
      run.addAll(List.of("--set", set));
    }
    try (Log log = new Log()) {
      Call.of(run.toArray()).ended(0);
      assertTrue(Files.isRegularFile(out.resolve("sub-02/pictures.tsv")), "both were made");
      assertTrue(
          Files.readString(out.resolve("report.html"))
              .contains("made with a text: the caption that was made of the same embedding"));
      Map<String, Long> loaded = log.counts("loading", packs);
      assertEquals(loaded, log.counts("closing", packs), "what is loaded is closed");
      Map<String, Long> expected = new TreeMap<>();
      for (String graph :
          List.of(
              "tiny-clipcap/decoder.onnx",
              "tiny-clipcap/prefix.onnx",
              "tiny-ip-adapter/text_encoder/model.onnx",
              "tiny-ip-adapter/unet/model.onnx",
              "tiny-ip-adapter/vae_decoder/model.onnx")) {
        expected.put(graph, 1L);
      }
      // Before training for the targets, and after it to choose among pictures and judge them.
      expected.put("tiny-clip-12/vision.onnx", 2L);
      assertEquals(expected, loaded, "and what is not needed is not loaded");
      Map<String, Long> hashed = log.counts("hashing", packs);
      assertTrue(hashed.size() > expected.size(), hashed::toString);
      hashed.forEach((file, times) -> assertEquals(1, times, file));
    }
    // A changed file is found however often it was hashed; its size and time are the same.
    Path merges = packs.resolve("tiny-ip-adapter/tokenizer/merges.txt");
    FileTime time = Files.getLastModifiedTime(merges);
    byte[] bytes = Files.readAllBytes(merges);
    bytes[bytes.length - 2] ^= 1;
    Files.write(merges, bytes);
    Files.setLastModifiedTime(merges, time);
    String refused =
        Call.of(
                words(
                    "reconstruct " + out + " --models-dir " + packs,
                    "--allow NO-SIGNAL --allow GENERATOR-PRIOR --allow NO-CEILING"))
            .ended(6)
            .err();
    assertTrue(refused.contains("merges.txt has the SHA-256"), refused);
  }

  private static Object[] words(String... lines) {
    return String.join(" ", lines).split(" ");
  }
}
