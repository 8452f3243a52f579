package io.noesis.ingest.simulate;

import io.noesis.run.AtomicFile;
import io.noesis.run.OutputException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Writes a folder whole or not at all. */
final class WholeFolder {
  private WholeFolder() {}

  /** Fills a folder. */
  @FunctionalInterface
  interface Content {
    void writeTo(Path temporary);
  }

  static void write(Path folder, Existing existing, Content content) {
    Path target = folder.toAbsolutePath().normalize();
    boolean replaces = check(target, folder, existing);
    Path temporary = null;
    try {
      Files.createDirectories(target.getParent());
      temporary = beside(target);
      Files.createDirectory(temporary);
      content.writeTo(temporary);
      check(target, folder, existing);
      Path old = null;
      if (replaces) {
        old = beside(target);
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.deleteIfExists(target);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      temporary = null;
      delete(old);
    } catch (IOException e) {
      throw Bids.unwritable(folder, e);
    } finally {
      deleteQuietly(temporary);
    }
  }

  /** Whether a study of ours is there and is to be replaced. */
  private static boolean check(Path target, Path folder, Existing existing) {
    if (!Files.exists(target)) {
      return false;
    }
    if (!Files.isDirectory(target)) {
      throw new OutputException(
          "writing the simulated study "
              + folder
              + ": a file of that name is in the way. Choose another folder.");
    }
    if (isEmpty(target, folder)) {
      return false;
    }
    if (!Bids.isOurs(target)) {
      throw new OutputException(
          "writing the simulated study "
              + folder
              + ": the folder is not empty and holds no simulated study, so nothing in it will be"
              + " replaced. Choose another folder.");
    }
    if (existing == Existing.KEEP) {
      throw new OutputException(
          "writing the simulated study "
              + folder
              + ": a simulated study is there already. Choose another folder, or replace it by"
              + " force.");
    }
    return true;
  }

  private static boolean isEmpty(Path target, Path folder) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(target)) {
      return !entries.iterator().hasNext();
    } catch (IOException e) {
      throw Bids.unwritable(folder, e);
    }
  }

  /** A free hidden name beside the target, so that a rename stays within one file system. */
  private static Path beside(Path target) {
    for (int k = 0; ; k++) {
      Path name =
          target.resolveSibling("." + target.getFileName() + "-" + k + AtomicFile.TEMPORARY_SUFFIX);
      if (!Files.exists(name)) {
        return name;
      }
    }
  }

  private static void deleteQuietly(@Nullable Path folder) {
    try {
      delete(folder);
    } catch (IOException e) {
      // The failure that led here is the one to report; leftovers are hidden and marked temporary.
      return;
    }
  }

  private static void delete(@Nullable Path folder) throws IOException {
    if (folder == null) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
