package io.noesis.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The SHA-256 of files, computed once per process for as long as a file stays as it is: the same
 * path, size, time of its last change and, where the system knows them, number and time of the last
 * change of its entry, which nobody can set back. A file that changed within two seconds before it
 * was read is read again the next time, for clocks of file systems are coarse. May be used by
 * several threads.
 */
public final class FileFingerprints {
  private static final System.Logger LOG = System.getLogger(FileFingerprints.class.getName());
  private static final Duration COARSE = Duration.ofSeconds(2);
  private static final Map<Path, Known> KNOWN = new ConcurrentHashMap<>();

  private FileFingerprints() {}

  private record Known(Map<String, String> identity, String sha256) {}

  /**
   * The digest of a file's bytes.
   *
   * @param file the file
   * @return what {@link Fingerprint#ofFile} says of it
   * @throws DataException when the file cannot be read
   */
  public static String of(Path file) {
    Optional<Path> real = real(file);
    Optional<Map<String, String>> before = real.flatMap(FileFingerprints::identity);
    if (before.isEmpty()) {
      return Fingerprint.ofFile(file);
    }
    Known known = KNOWN.get(real.get());
    if (known != null && known.identity().equals(before.get())) {
      return known.sha256();
    }
    Instant begun = Instant.now();
    LOG.log(System.Logger.Level.DEBUG, "hashing {0}", real.get());
    String sha256 = Fingerprint.ofFile(real.get());
    if (before.equals(identity(real.get())) && isSettled(real.get(), begun)) {
      KNOWN.put(real.get(), new Known(before.get(), sha256));
    } else {
      KNOWN.remove(real.get());
    }
    return sha256;
  }

  private static Optional<Path> real(Path file) {
    try {
      return Optional.of(file.toRealPath());
    } catch (IOException e) {
      return Optional.empty(); // Reading it will say why.
    }
  }

  private static Optional<Map<String, String>> identity(Path file) {
    boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
    String asked =
        unix
            ? "unix:size,lastModifiedTime,ctime,ino,dev"
            : "size,lastModifiedTime,creationTime,fileKey";
    try {
      Map<String, String> identity = new TreeMap<>();
      Files.readAttributes(file, asked)
          .forEach((name, value) -> identity.put(name, String.valueOf(value)));
      return Optional.of(identity);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  private static boolean isSettled(Path file, Instant begun) {
    try {
      Instant changed = Files.getLastModifiedTime(file).toInstant();
      return changed.isBefore(begun.minus(COARSE));
    } catch (IOException e) {
      return false;
    }
  }
}
