package io.noesis.reconstruction.embedded;

import io.noesis.run.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where the embedded models are unpacked. */
final class CacheFolder {
  private static final String SETTING = "XDG_CACHE_HOME";

  private CacheFolder() {}

  /**
   * The first of the known folders that can be written to.
   *
   * @param environment gives a variable's value or null
   * @param property gives a system property's value or null
   * @return the folder; made when it was missing
   * @throws ModelException when none can be written to
   */
  static Path choose(
      UnaryOperator<@Nullable String> environment, UnaryOperator<@Nullable String> property) {
    List<Path> candidates = new ArrayList<>();
    String cache = environment.apply(SETTING);
    if (cache != null && !cache.isBlank()) {
      candidates.add(Path.of(cache, "noesis", "embedded"));
    }
    String home = property.apply("user.home");
    if (home != null && !home.isBlank() && !home.equals("?")) {
      candidates.add(Path.of(home, ".cache", "noesis", "embedded"));
    }
    // Every file is compared with its hash when it is opened, so a shared folder does no harm.
    candidates.add(
        Path.of(
            String.valueOf(property.apply("java.io.tmpdir")),
            "noesis-embedded-" + property.apply("user.name")));
    for (Path candidate : candidates) {
      if (usable(candidate)) {
        return candidate;
      }
    }
    throw new ModelException(
        "opening the embedded models: they are unpacked into a folder, and none of "
            + candidates
            + " can be written to. Set the environment variable "
            + SETTING
            + " to a folder that you may write to.");
  }

  private static boolean usable(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, "probe", null));
      return true;
    } catch (IOException | SecurityException e) {
      return false;
    }
  }
}
