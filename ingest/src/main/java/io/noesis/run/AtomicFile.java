package io.noesis.run;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * Writes a file so that it is either there whole or not there at all: bytes go to a temporary name
 * in the same folder, are forced to disk, and the file is then renamed into place. A process killed
 * at any moment leaves at most a file ending in {@value #TEMPORARY_SUFFIX}, which {@link #sweep}
 * removes.
 */
public final class AtomicFile {
  /** How the names of unfinished files end; readers and clean-ups ignore such files. */
  public static final String TEMPORARY_SUFFIX = ".noesis-tmp";

  private AtomicFile() {}

  /** Writes the content of one file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes everything.
     *
     * @param out buffered; closed by the caller
     * @throws IOException when the bytes cannot be written
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file whole or not at all; missing folders are made.
   *
   * @param file the final name; replaced when it exists
   * @param content what to write
   * @throws OutputException when it cannot be written; nothing is then left behind
   */
  public static void write(Path file, Content content) {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    Path temporary = null;
    try {
      Files.createDirectories(folder);
      temporary = Files.createTempFile(folder, "." + target.getFileName() + ".", TEMPORARY_SUFFIX);
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        lock(channel);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      Permissions.likeNewFile(temporary);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      temporary = null;
    } catch (IOException e) {
      throw new OutputException(
          "writing "
              + file
              + ": "
              + Failure.reason(e)
              + ". Nothing was left half-written; choose a folder you may write to with enough free space.",
          e);
    } finally {
      if (temporary != null) {
        temporary.toFile().delete();
      }
    }
  }

  /**
   * Writes a text file in UTF-8, whole or not at all.
   *
   * @param file the final name; replaced when it exists
   * @param text the content
   */
  public static void writeText(Path file, String text) {
    write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Removes the unfinished files that a killed process left in a folder and below. What another
   * process is still writing is locked, and stays; where locks do not work nothing is removed.
   *
   * @param folder a folder of ours
   * @return how many files were removed
   * @throws OutputException when the folder cannot be listed
   */
  public static int sweep(Path folder) {
    int removed = 0;
    try (Stream<Path> entries = Files.walk(folder)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        if (name.startsWith(".") && name.endsWith(TEMPORARY_SUFFIX) && Files.isRegularFile(entry)) {
          removed += abandoned(entry) && entry.toFile().delete() ? 1 : 0;
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw new OutputException(
          "looking for unfinished files in " + folder + ": " + e.getMessage(), e);
    }
    return removed;
  }

  /** Given back when the channel closes or the process ends, so sweep knows what is abandoned. */
  private static void lock(FileChannel channel) {
    try {
      FileLock unused = channel.tryLock();
    } catch (IOException e) {
      // A file system without locks: sweep cannot lock either, and removes nothing there.
    }
  }

  private static boolean abandoned(Path temporary) {
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (IOException | OverlappingFileLockException e) {
      return false;
    }
  }
}
