package io.noesis.ingest.manifest;

import io.noesis.run.Check;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One file of a model that can be fetched.
 *
 * @param path below the model's folder
 * @param url where it is: {@code https}, {@code http} or {@code file}
 * @param bytes its size, where those who publish it state it; otherwise the server is asked
 * @param sha256 64 hexadecimal digits, as those who publish it state them
 */
public record CatalogueFile(Path path, String url, OptionalLong bytes, String sha256) {
  private static final Set<String> SCHEMES = Set.of("https", "http", "file");

  /** Checks the address, the digest, and that the path stays inside the folder. */
  public CatalogueFile {
    sha256 = sha256.toLowerCase(Locale.ROOT);
    ManifestFile checked = new ManifestFile(path, bytes.orElse(0), sha256);
    Check.argument(
        SCHEMES.contains(String.valueOf(uri(url).getScheme())),
        "url: expected https, http or file, found '%s'",
        url);
    path = checked.path();
  }

  /** The address. */
  public URI source() {
    return uri(url);
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("url: expected an address, found '" + url + "'", e);
    }
  }
}
