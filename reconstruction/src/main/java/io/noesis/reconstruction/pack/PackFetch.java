package io.noesis.reconstruction.pack;

import io.noesis.run.CancelledException;
import io.noesis.run.Check;
import io.noesis.run.Failure;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.OutputException;
import io.noesis.run.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Brings the {@code .zip} of a model pack from a web server or a file, and adds it to a folder of
 * packs. Nothing is fetched before its size was asked for and its SHA-256 is known; what was broken
 * off goes on where it stopped; what has another hash is removed.
 *
 * @param folder where the pack goes
 */
public record PackFetch(ModelFolder folder) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int OUT_OF_RANGE = 416;

  /**
   * What to fetch.
   *
   * @param source {@code http}, {@code https} or {@code file}, ending in {@code .zip}
   * @param sha256 64 hexadecimal digits that the archive must have
   */
  public record Wanted(URI source, String sha256) {
    /** Checks both. */
    public Wanted {
      sha256 = sha256.toLowerCase(Locale.ROOT);
      Check.argument(
          sha256.matches("[0-9a-f]{64}"),
          "a SHA-256 has 64 hexadecimal digits, found '%s'",
          sha256);
      String scheme = String.valueOf(source.getScheme());
      Check.argument(
          scheme.equals("http") || scheme.equals("https") || scheme.equals("file"),
          "models come from http, https or file, found '%s'",
          source);
      Check.argument(
          String.valueOf(source.getPath()).toLowerCase(Locale.ROOT).endsWith(".zip"),
          "expected the .zip of a model pack, found '%s'",
          source);
    }

    String fileName() {
      String path = source.getPath();
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /**
   * How large the archive is; nothing of it is fetched.
   *
   * @param wanted what to fetch
   * @return bytes; empty when the server does not say
   * @throws ModelException when it is not there
   */
  public Optional<Long> size(Wanted wanted) {
    try {
      if (wanted.source().getScheme().equals("file")) {
        return Optional.of(Files.size(Path.of(wanted.source())));
      }
      HttpResponse<Void> head =
          client()
              .send(
                  request(wanted).method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
                  HttpResponse.BodyHandlers.discarding());
      if (head.statusCode() != OK) {
        throw refused(wanted, "the server answered " + head.statusCode());
      }
      return head.headers().firstValueAsLong("content-length").stream().boxed().findFirst();
    } catch (IOException e) {
      throw refused(wanted, Failure.reason(e));
    } catch (InterruptedException e) {
      throw cancelled(wanted, e);
    }
  }

  /**
   * Fetches, compares the hash, checks the pack and adds it, whole or not at all.
   *
   * @param wanted what to fetch; the user has agreed to its size and terms
   * @param progress hears of every mebibyte
   * @return the pack in its place
   * @throws ModelException when the archive is not as promised
   * @throws OutputException when there is no room for it
   */
  public ModelPack fetch(Wanted wanted, Progress progress) {
    Path part = folder.root().resolve(".fetching-" + wanted.sha256().substring(0, 16));
    Path archive = part.resolve(wanted.fileName());
    try {
      Files.createDirectories(part);
      long there = Files.exists(archive) ? Files.size(archive) : 0;
      Optional<Long> size = size(wanted);
      requireRoom(wanted, size.orElse(0L) - there);
      progress.begin("fetching " + wanted.fileName(), size.orElse(0L) >> 20);
      if (size.isEmpty() || there < size.get()) {
        copy(wanted, archive, there, progress);
      }
      String found = Fingerprint.ofFile(archive);
      if (!found.equals(wanted.sha256())) {
        Files.delete(archive);
        throw refused(
            wanted,
            "its SHA-256 is " + found + ", expected " + wanted.sha256() + "; it was removed");
      }
      progress.done(Files.size(archive) + " bytes with the SHA-256 that was asked for");
      ModelPack pack = folder.add(archive, progress);
      Files.delete(archive);
      Files.delete(part);
      return pack;
    } catch (IOException e) {
      throw new OutputException(
          "fetching " + wanted.source() + " into " + part + ": " + Failure.reason(e) + ".", e);
    }
  }

  private void requireRoom(Wanted wanted, long bytes) throws IOException {
    // The archive and what is unpacked of it lie there together for a while.
    long free = Files.getFileStore(folder.root()).getUsableSpace();
    if (2 * bytes > free) {
      throw new OutputException(
          "fetching "
              + wanted.source()
              + ": about "
              + (2 * bytes >> 20)
              + " MB are needed in "
              + folder.root()
              + ", "
              + (free >> 20)
              + " MB are free. Make room, or set NOESIS_MODELS to another disk.");
    }
  }

  private void copy(Wanted wanted, Path archive, long there, Progress progress) throws IOException {
    if (wanted.source().getScheme().equals("file")) {
      try (InputStream in = Files.newInputStream(Path.of(wanted.source()))) {
        in.skipNBytes(there);
        append(in, archive, true, progress);
      }
      return;
    }
    try {
      HttpResponse<InputStream> answer =
          client()
              .send(
                  there > 0
                      ? request(wanted).header("Range", "bytes=" + there + "-").build()
                      : request(wanted).build(),
                  HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = answer.body()) {
        switch (answer.statusCode()) {
          case OK -> append(in, archive, false, progress);
          case PARTIAL -> append(in, archive, true, progress);
          case OUT_OF_RANGE -> progress.warn("nothing is left to fetch of " + wanted.source());
          default -> throw refused(wanted, "the server answered " + answer.statusCode());
        }
      }
    } catch (InterruptedException e) {
      throw cancelled(wanted, e);
    }
  }

  private static void append(InputStream in, Path archive, boolean onward, Progress progress)
      throws IOException {
    StandardOpenOption how =
        onward ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
    try (OutputStream out =
        Files.newOutputStream(archive, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
      byte[] block = new byte[1 << 20];
      for (int count = in.readNBytes(block, 0, block.length);
          count > 0;
          count = in.readNBytes(block, 0, block.length)) {
        out.write(block, 0, count);
        progress.step(1);
      }
    }
  }

  /** Redirects are followed, but never from https down to http. */
  private static HttpClient client() {
    return HttpClient.newBuilder()
        .connectTimeout(PATIENCE)
        .followRedirects(HttpClient.Redirect.NORMAL)
        .build();
  }

  private static HttpRequest.Builder request(Wanted wanted) {
    return HttpRequest.newBuilder(wanted.source()).timeout(PATIENCE);
  }

  private static ModelException refused(Wanted wanted, String why) {
    return new ModelException(
        "fetching the model pack "
            + wanted.source()
            + ": "
            + why
            + ". Check the address and the SHA-256 with those who publish the model.");
  }

  private static CancelledException cancelled(Wanted wanted, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new CancelledException(
        "fetching " + wanted.source() + ": stopped. What has come is kept; fetch again to go on.",
        e);
  }
}
