package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingCache;
import io.noesis.reconstruction.pack.ModelFolder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where models and what they made are kept on this machine.
 *
 * @param packs the folder in which model packs are looked up by name
 * @param cache the folder that keeps the embeddings of stimuli between runs; without one they are
 *     computed each time
 */
public record ModelPlaces(ModelFolder packs, Optional<Path> cache) {
  /**
   * The places of this user: packs in {@code $NOESIS_MODELS}, else {@code
   * $XDG_DATA_HOME/noesis/models}, else {@code ~/.local/share/noesis/models}; embeddings in {@code
   * $XDG_CACHE_HOME/noesis/embeddings}, else {@code ~/.cache/noesis/embeddings}.
   */
  public static ModelPlaces usual() {
    Path home = Path.of(System.getProperty("user.home", "."));
    return new ModelPlaces(
        ModelFolder.usual(System::getenv, home),
        Optional.of(EmbeddingCache.usualFolder(System::getenv, home)));
  }

  /** The same packs, and embeddings that are computed each time. */
  public ModelPlaces withoutCache() {
    return new ModelPlaces(packs, Optional.empty());
  }

  /** The same with packs in another folder. */
  public ModelPlaces withPacks(Path folder) {
    return new ModelPlaces(new ModelFolder(folder), cache);
  }
}
