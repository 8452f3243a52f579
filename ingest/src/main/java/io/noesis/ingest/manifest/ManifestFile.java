package io.noesis.ingest.manifest;

import io.noesis.run.Check;
import java.nio.file.Path;

/**
 * One file that a manifest vouches for.
 *
 * @param path below the study's or model's folder
 * @param bytes its size
 * @param sha256 64 lower-case hexadecimal digits
 */
public record ManifestFile(Path path, long bytes, String sha256) {
  /** Checks the digest, and that the path stays inside the folder. */
  public ManifestFile {
    Check.argument(
        !path.isAbsolute() && !path.normalize().startsWith(".."),
        "path: expected a path inside the folder, found '%s'",
        path);
    Check.argument(bytes >= 0, "bytes: expected at least 0, found %d", bytes);
    Check.argument(
        sha256.matches("[0-9a-f]{64}"),
        "sha256: expected 64 lower-case hexadecimal digits, found '%s'",
        sha256);
  }
}
