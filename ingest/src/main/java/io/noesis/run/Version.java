package io.noesis.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which Noesis this is.
 *
 * @param number the release, for example {@code 0.1.0}
 * @param commit the commit it was built from, {@code unknown} outside a git checkout
 * @param tree whether the sources had changes that were not committed
 */
public record Version(String number, String commit, Tree tree) {
  /** The state of the sources at build time. */
  public enum Tree {
    /** Exactly the commit. */
    CLEAN,
    /** The commit and more. */
    CHANGED,
    /** Not built from a git checkout. */
    UNKNOWN
  }

  private static final Version CURRENT = read();

  /**
   * The running version, read once: classes that are built anew beside a running process are not
   * what it runs.
   */
  public static Version current() {
    return CURRENT;
  }

  private static Version read() {
    Properties git = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("git.properties")) {
      if (in != null) {
        git.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String dirty = git.getProperty("git.dirty", "");
    return new Version(
        git.getProperty("git.build.version", "0"),
        git.getProperty("git.commit.id.abbrev", "unknown"),
        switch (dirty) {
          case "true" -> Tree.CHANGED;
          case "false" -> Tree.CLEAN;
          default -> Tree.UNKNOWN;
        });
  }

  /** For example {@code 0.1.0 (commit 1a2b3c4)}. */
  @Override
  public String toString() {
    return number + " (commit " + commit + (tree == Tree.CHANGED ? " with changes" : "") + ")";
  }
}
