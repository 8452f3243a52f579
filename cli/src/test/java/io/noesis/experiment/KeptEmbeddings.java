package io.noesis.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Embeddings of stimuli that the tests of one process keep among them: the simulated studies show
 * the same few sentences over and over, and loading the sentence encoder takes longer than all else
 * that a small run does. A process begins without any, so that no test reads what other code made.
 */
final class KeptEmbeddings {
  private static final Path FOLDER = folder();

  private KeptEmbeddings() {}

  /** This user's model packs, and the embeddings of this process. */
  static ModelPlaces places() {
    return new ModelPlaces(ModelPlaces.usual().packs(), Optional.of(FOLDER));
  }

  private static Path folder() {
    try {
      Path made = Files.createTempDirectory("noesis-tests-embeddings");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(made)));
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("making a folder for the embeddings of tests", e);
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("removing the embeddings of tests", e);
    }
  }
}
