package io.noesis.reconstruction.pack;

import io.noesis.run.Failure;
import io.noesis.run.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Unpacks a zip file of a model pack. Only plain files below the target are written; an archive
 * that unpacks to far more than its size is refused before it fills the disk.
 */
final class PackArchive {
  private static final int MOST_ENTRIES = 10_000;

  /** Weights hardly shrink; configuration and vocabularies do, by a few tens. */
  private static final long MOST_GROWTH = 100;

  private static final long ALWAYS_ALLOWED = 16L << 20;

  private PackArchive() {}

  static void extract(Path archive, Path into) {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      long allowed = ALWAYS_ALLOWED + MOST_GROWTH * Files.size(archive);
      if (zip.size() > MOST_ENTRIES) {
        throw refused(
            archive, "it has " + zip.size() + " entries, expected at most " + MOST_ENTRIES);
      }
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        Path target = PackLayout.inside(into, entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(target.getParent() == null ? into : target.getParent());
        try (InputStream in = zip.getInputStream(entry);
            OutputStream out = Files.newOutputStream(target)) {
          allowed -= copy(in, out, allowed, archive);
        }
      }
    } catch (IOException e) {
      throw refused(archive, "it cannot be unpacked (" + Failure.reason(e) + ")");
    }
  }

  /** Counts what comes out, whatever the header claims. */
  private static long copy(InputStream in, OutputStream out, long allowed, Path archive)
      throws IOException {
    byte[] block = new byte[1 << 16];
    long total = 0;
    for (int count = in.read(block); count >= 0; count = in.read(block)) {
      total += count;
      if (total > allowed) {
        throw refused(
            archive,
            "it unpacks to more than "
                + MOST_GROWTH
                + " times its size, as no archive of weights does");
      }
      out.write(block, 0, count);
    }
    return total;
  }

  private static ModelException refused(Path archive, String why) {
    return new ModelException(
        "unpacking the model pack "
            + archive
            + ": "
            + why
            + ". Nothing of it was kept; fetch it again from a source that you trust.");
  }
}
