package io.noesis.experiment;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Embeddings of stimuli that the tests of one process keep among them: the simulated studies show
 * the same few sentences over and over, and loading the sentence encoder takes longer than all else
 * that a small run does. A process begins without any, so that no test reads what other code made.
 */
final class KeptEmbeddings {
  private static final Path FOLDER = Folders.ofThisProcess("embeddings");

  private KeptEmbeddings() {}

  /** This user's model packs, and the embeddings of this process. */
  static ModelPlaces places() {
    return new ModelPlaces(ModelPlaces.usual().packs(), Optional.of(FOLDER));
  }
}
