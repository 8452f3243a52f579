package io.noesis.alignment.embedding;

import io.noesis.run.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where the tokenizer library unpacks its native code, and that it never talks to anyone. It would
 * take {@code ~/.djl.ai} and report its use to its makers on some hosts; both are set otherwise
 * here, before it is loaded.
 */
final class NativeCache {
  private static final String FOLDER = "ENGINE_CACHE_DIR";
  private static final String PARENT = "DJL_CACHE_DIR";

  private NativeCache() {}

  /** Sets the properties that the library reads when it is loaded; later calls change nothing. */
  static synchronized void prepare() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    if (System.getenv(FOLDER) == null
        && System.getenv(PARENT) == null
        && System.getProperty(FOLDER) == null
        && System.getProperty(PARENT) == null) {
      System.setProperty(FOLDER, choose(System::getenv, System::getProperty).toString());
    }
  }

  /** The folder in use, for messages. */
  static String folder() {
    for (String name : List.of(FOLDER, PARENT)) {
      String value = Optional.ofNullable(System.getenv(name)).orElse(System.getProperty(name));
      if (value != null) {
        return value;
      }
    }
    return "an unknown folder";
  }

  /**
   * {@code $XDG_CACHE_HOME/noesis}, else {@code ~/.cache/noesis}, else a folder of this user's own
   * below the temporary one.
   */
  static Path choose(
      UnaryOperator<@org.jspecify.annotations.Nullable String> environment,
      UnaryOperator<@org.jspecify.annotations.Nullable String> property) {
    List<Path> candidates = new ArrayList<>();
    String xdg = environment.apply("XDG_CACHE_HOME");
    String home = property.apply("user.home");
    if (xdg != null && !xdg.isBlank()) {
      candidates.add(Path.of(xdg, "noesis", "native"));
    }
    if (home != null && !home.isBlank() && !home.equals("?")) {
      candidates.add(Path.of(home, ".cache", "noesis", "native"));
    }
    String user = property.apply("user.name");
    Path shared =
        Path.of(String.valueOf(property.apply("java.io.tmpdir")), "noesis-native-" + user);
    for (Path candidate : candidates) {
      if (usable(candidate)) {
        return candidate;
      }
    }
    // Code is loaded from there: in a folder that everybody may write to, it must be ours.
    if (usable(shared) && ownedBy(shared, String.valueOf(user))) {
      return shared;
    }
    candidates.add(shared);
    throw new ModelException(
        "loading the tokenizer: its native library needs a writable folder, and none of "
            + candidates
            + " is one. Set the environment variable "
            + PARENT
            + " to a folder that you may write to.");
  }

  private static boolean usable(Path folder) {
    try {
      Files.createDirectories(folder);
      Path probe = Files.createTempFile(folder, "probe", null);
      Files.delete(probe);
      return true;
    } catch (IOException | SecurityException e) {
      return false;
    }
  }

  private static boolean ownedBy(Path folder, String user) {
    try {
      return Files.getOwner(folder).getName().equals(user);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
