package io.noesis.report;

import io.noesis.report.Report.Picture;
import io.noesis.report.ReportPage.Form;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import io.noesis.run.OutputException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the page gets a thumbnail from: a relative path, or the bytes as a {@code data:} URI. Only
 * files below the report's folder are shown, after symbolic links; everything else would let a
 * foreign {@code report.json} pull any file of the reader's machine into a page that is passed on.
 */
final class Pictures {
  /** All pictures of a self-contained page together may have this many bytes. */
  static final long CAP_BYTES = 24L << 20;

  private final Path folder;
  private final Form form;
  private final long capBytes;
  private final Map<String, String> inlined = new HashMap<>();
  private long bytes;

  Pictures(Path folder, Form form, long capBytes) {
    this.folder = folder;
    this.form = form;
    this.capBytes = capBytes;
  }

  /**
   * The {@code src} of a picture.
   *
   * @return nothing when there is no picture, no such file, or no file that may be shown
   * @throws OutputException when a self-contained page would become too large
   */
  Optional<String> source(Picture picture) {
    if (picture.file().isEmpty()) {
      return Optional.empty();
    }
    Path file = inside(picture.file());
    if (file == null) {
      return Optional.empty();
    }
    return switch (form) {
      case FOLDER -> Optional.of(relative(picture.file()));
      case SELF_CONTAINED -> Optional.ofNullable(inline(picture.file(), file));
    };
  }

  private @Nullable Path inside(String name) {
    try {
      Path file = folder.resolve(name).toRealPath();
      boolean below = file.startsWith(folder.toRealPath()) && !Path.of(name).isAbsolute();
      return below && Files.isRegularFile(file) ? file : null;
    } catch (InvalidPathException | IOException e) {
      return null; // the page then says that the picture is missing
    }
  }

  /** The path with every segment percent-encoded, so that no name can leave the attribute's URL. */
  private static String relative(String name) {
    String path =
        Arrays.stream(name.split("/"))
            .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
            .collect(Collectors.joining("/"));
    return "./" + path;
  }

  private @Nullable String inline(String name, Path file) {
    String known = inlined.get(name);
    String source = known == null ? encode(file) : known;
    if (source != null) {
      inlined.put(name, source);
      bytes += source.length();
      if (bytes > capBytes) {
        throw new OutputException(
            "rendering a self-contained page: its pictures need more than "
                + (capBytes >> 20)
                + " MB (reached at "
                + name
                + "). Use the folder form, which links to the pictures, or write smaller thumbnails"
                + " or fewer gallery items.");
      }
    }
    return source;
  }

  private static @Nullable String encode(Path file) {
    try {
      byte[] content = Files.readAllBytes(file);
      String type = type(content);
      return type == null
          ? null
          : "data:" + type + ";base64," + Base64.getEncoder().encodeToString(content);
    } catch (IOException e) {
      throw new DataException(
          "reading the picture " + file + ": " + Failure.reason(e) + ". Make the report again.", e);
    }
  }

  /** The media type by the first bytes; pictures that could hold scripts are none of these. */
  private static @Nullable String type(byte[] content) {
    String head = new String(content, 0, Math.min(12, content.length), StandardCharsets.ISO_8859_1);
    if (head.startsWith("\u0089PNG\r\n")) {
      return "image/png";
    }
    if (head.startsWith("\u00FF\u00D8\u00FF")) {
      return "image/jpeg";
    }
    if (head.startsWith("GIF8")) {
      return "image/gif";
    }
    return head.startsWith("RIFF") && head.endsWith("WEBP") ? "image/webp" : null;
  }
}
