package io.noesis.reconstruction.pack;

import io.noesis.run.CancelledException;
import io.noesis.run.Failure;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
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
import java.util.Optional;

/**
 * One file of a web server or of this machine, of known SHA-256. What was broken off goes on where
 * it stopped; what has another hash is removed.
 *
 * @param source {@code http}, {@code https} or {@code file}
 * @param sha256 64 lower-case hexadecimal digits
 */
record Download(URI source, String sha256) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int OUT_OF_RANGE = 416;

  /** How many bytes it has; nothing of it is fetched. Empty when the server does not say. */
  Optional<Long> size() {
    try {
      if ("file".equals(source.getScheme())) {
        return Optional.of(Files.size(Path.of(source)));
      }
      HttpResponse<Void> head =
          client()
              .send(
                  request().method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
                  HttpResponse.BodyHandlers.discarding());
      if (head.statusCode() != OK) {
        throw refused("the server answered " + head.statusCode());
      }
      return head.headers().firstValueAsLong("content-length").stream().boxed().findFirst();
    } catch (IOException e) {
      throw refused(Failure.reason(e));
    } catch (InterruptedException e) {
      throw cancelled(e);
    }
  }

  /**
   * Brings it, or what is missing of it, to a file.
   *
   * @param target where it goes; what is there already is taken for its beginning
   * @param size of the whole, where that is known
   * @param progress hears of every mebibyte
   * @throws ModelException when it has another hash; it is then removed
   */
  void to(Path target, Optional<Long> size, Progress progress) throws IOException {
    long there = Files.exists(target) ? Files.size(target) : 0;
    progress.begin("fetching " + target.getFileName(), size.orElse(0L) >> 20);
    if (size.isEmpty() || there < size.get()) {
      copy(target, there, progress);
    }
    String found = Fingerprint.ofFile(target);
    if (!found.equals(sha256)) {
      Files.delete(target);
      throw refused("its SHA-256 is " + found + ", expected " + sha256 + "; it was removed");
    }
    progress.done(Files.size(target) + " bytes with the SHA-256 that was asked for");
  }

  private void copy(Path target, long there, Progress progress) throws IOException {
    if ("file".equals(source.getScheme())) {
      try (InputStream in = Files.newInputStream(Path.of(source))) {
        in.skipNBytes(there);
        append(in, target, true, progress);
      }
      return;
    }
    try {
      HttpResponse<InputStream> answer =
          client()
              .send(
                  there > 0
                      ? request().header("Range", "bytes=" + there + "-").build()
                      : request().build(),
                  HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = answer.body()) {
        switch (answer.statusCode()) {
          case OK -> append(in, target, false, progress);
          case PARTIAL -> append(in, target, true, progress);
          case OUT_OF_RANGE -> progress.warn("nothing is left to fetch of " + source);
          default -> throw refused("the server answered " + answer.statusCode());
        }
      }
    } catch (InterruptedException e) {
      throw cancelled(e);
    }
  }

  private static void append(InputStream in, Path target, boolean onward, Progress progress)
      throws IOException {
    StandardOpenOption how =
        onward ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
    try (OutputStream out =
        Files.newOutputStream(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
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

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(source).timeout(PATIENCE);
  }

  private ModelException refused(String why) {
    return new ModelException(
        "fetching "
            + source
            + ": "
            + why
            + ". Check the address and the SHA-256 with those who publish the model.");
  }

  private CancelledException cancelled(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new CancelledException(
        "fetching " + source + ": stopped. What has come is kept; fetch again to go on.", e);
  }
}
