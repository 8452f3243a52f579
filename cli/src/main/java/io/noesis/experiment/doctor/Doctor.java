package io.noesis.experiment.doctor;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.SentenceEncoder;
import io.noesis.alignment.embedding.TextTokenizer;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.experiment.Recipe;
import io.noesis.experiment.Recipes;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.run.ExitCode;
import io.noesis.run.Failure;
import io.noesis.run.NoesisException;
import io.noesis.run.OutputException;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Looks whether Noesis can work on this machine: the Java API of {@code noesis doctor}. Uses no
 * network; writes one small file into the temporary and the cache folder and removes it.
 */
public final class Doctor {
  /** The demo was seen to run with 400 MB; this leaves a margin. */
  private static final long LEAST_HEAP = 500L << 20;

  private static final int LEAST_JAVA = 17;

  /** Two texts that mean nearly the same, and their cosine by the bundled encoder. */
  private static final List<String> PAIR = List.of("a photo of a cat", "a picture of a kitten");

  private static final double COSINE = 0.78;
  private static final double TOLERANCE = 0.05;

  /** The smallest tokenizer there is: one word and "unknown". */
  private static final String TOKENIZER =
      "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[],"
          + "\"normalizer\":null,\"pre_tokenizer\":{\"type\":\"Whitespace\"},"
          + "\"post_processor\":null,\"decoder\":null,"
          + "\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"[UNK]\":0,\"cat\":1},"
          + "\"unk_token\":\"[UNK]\"}}";

  private final Machine machine;

  Doctor(Machine machine) {
    this.machine = machine;
  }

  /**
   * Looks at everything.
   *
   * @return one finding per check; a check that fails does not keep the others from being done
   */
  public static List<Finding> examine() {
    return new Doctor(Machine.here()).findings();
  }

  List<Finding> findings() {
    return List.of(
        java(),
        memory(),
        Finding.ok("processors", machine.processors() + " for Java (--nprocs takes fewer)"),
        Finding.ok("system", machine.system()),
        folder("temp folder", machine::temporary, "Set NOESIS_JAVA_OPTS=-Djava.io.tmpdir=FOLDER."),
        folder(
            "cache folder",
            Doctor::cacheFolder,
            "Set the environment variable DJL_CACHE_DIR to a folder that you may write to."),
        guarded("tokenizer", ExitCode.MODEL, Doctor::tokenizer),
        guarded("onnx runtime", ExitCode.MODEL, () -> "version " + OnnxModel.runtimeVersion()),
        encoder(),
        fonts(),
        guarded("recipes", ExitCode.USAGE, Doctor::recipes),
        guarded("manifests", ExitCode.USAGE, Doctor::manifests));
  }

  private Finding java() {
    return machine.javaVersion() >= LEAST_JAVA
        ? Finding.ok("java", machine.javaName())
        : Finding.problem(
            "java",
            ExitCode.USAGE,
            machine.javaName() + ", needed is " + LEAST_JAVA + " or later",
            "Install a JDK " + LEAST_JAVA + " and set JAVA_HOME to it.");
  }

  private Finding memory() {
    String found =
        (machine.heapBytes() >> 20)
            + " MB for Java, "
            + (machine.memoryBytes() > 0 ? (machine.memoryBytes() >> 20) + " MB" : "unknown")
            + " in the machine";
    return machine.heapBytes() >= LEAST_HEAP
        ? Finding.ok("memory", found)
        : Finding.problem(
            "memory",
            ExitCode.USAGE,
            found + "; expected at least " + (LEAST_HEAP >> 20) + " MB for Java",
            "Set NOESIS_JAVA_OPTS=-Xmx1g, or use a machine with more memory.");
  }

  /** As the tokenizer library does: the folder is made when it is first needed. */
  private static Path cacheFolder() {
    Path folder = TextTokenizer.libraryFolder();
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new OutputException("making the folder " + folder + ": " + Failure.reason(e) + ".", e);
    }
  }

  private static Finding folder(String check, Supplier<Path> where, String remedy) {
    try {
      Path folder = where.get();
      Path probe = Files.createTempFile(folder, "noesis-doctor", ".tmp");
      try {
        Files.write(probe, new byte[1 << 12]);
      } finally {
        Files.delete(probe);
      }
      return Finding.ok(check, folder + " can be written to");
    } catch (IOException e) {
      return Finding.problem(
          check,
          ExitCode.OUTPUT,
          where.get() + " cannot be written to: " + Failure.reason(e),
          remedy);
    } catch (NoesisException e) {
      return Finding.problem(check, e.exitCode(), String.valueOf(e.getMessage()), remedy);
    }
  }

  /** A check whose message of failure already says what to do. */
  private static Finding guarded(String check, ExitCode code, Supplier<String> looking) {
    try {
      return Finding.ok(check, looking.get());
    } catch (NoesisException e) {
      return Finding.problem(check, e.exitCode(), String.valueOf(e.getMessage()), "");
    } catch (RuntimeException | LinkageError e) {
      return Finding.problem(
          check, code, e.toString(), "Build anew (mvn clean package); if it stays, report it.");
    }
  }

  private static String tokenizer() {
    byte[] json = TOKENIZER.getBytes(StandardCharsets.UTF_8);
    try (TextTokenizer tokenizer = TextTokenizer.open("the doctor's", json, 8)) {
      long[] ids = tokenizer.encode(List.of("cat")).ids();
      if (ids.length != 1 || ids[0] != 1) {
        throw new IllegalStateException("the tokenizer library gives wrong tokens");
      }
      return "its library loads and cuts text into tokens";
    }
  }

  private static Finding encoder() {
    String check = "encoder";
    try (SentenceEncoder encoder = SentenceEncoder.miniLm()) {
      Embeddings pair = encoder.encode(List.of("first", "second"), PAIR);
      double cosine = 0;
      for (int i = 0; i < encoder.space().dim(); i++) {
        cosine += pair.values().at(0, i) * (double) pair.values().at(1, i);
      }
      String found =
          String.format(
              Locale.ROOT,
              "%s: cosine of '%s' and '%s' is %.3f (expected %.2f +- %.2f)",
              encoder.space().model(),
              PAIR.get(0),
              PAIR.get(1),
              cosine,
              COSINE,
              TOLERANCE);
      return Math.abs(cosine - COSINE) <= TOLERANCE
          ? Finding.ok(check, found)
          : Finding.problem(
              check,
              ExitCode.MODEL,
              found,
              "Do not trust decodings made here; report the processor and this line.");
    } catch (NoesisException e) {
      return Finding.problem(check, e.exitCode(), String.valueOf(e.getMessage()), "");
    }
  }

  /** Charts need fonts, which a bare container may lack. */
  private static Finding fonts() {
    String check = "fonts";
    String remedy =
        "Install fontconfig and a font (Debian: apt-get install fontconfig fonts-dejavu-core).";
    try {
      int families =
          GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length;
      int width = widthOf("0.5");
      return families > 0 && width > 0
          ? Finding.ok(check, families + " families for charts")
          : Finding.problem(check, ExitCode.OUTPUT, "no font for charts", remedy);
    } catch (RuntimeException | LinkageError | InternalError e) {
      // The JDK reports a missing fontconfig by errors of several kinds.
      return Finding.problem(check, ExitCode.OUTPUT, "no font for charts: " + e, remedy);
    }
  }

  private static int widthOf(String text) {
    Graphics2D graphics = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB).createGraphics();
    try {
      return graphics.getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 12)).stringWidth(text);
    } finally {
      graphics.dispose();
    }
  }

  private static String recipes() {
    for (String name : Recipes.shipped().keySet()) {
      Recipe.of(Recipes.tree(name, List.of()));
    }
    return Recipes.shipped().size()
        + " can be read: "
        + String.join(", ", Recipes.shipped().keySet());
  }

  private static String manifests() {
    Manifests.datasetNames().forEach(Manifests::dataset);
    Manifests.modelNames().forEach(Manifests::model);
    return Manifests.datasetNames().size()
        + " of studies and "
        + Manifests.modelNames().size()
        + " of models can be read";
  }
}
