package io.noesis.reconstruction.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetching from a server on this machine that speaks of ranges, and from a file. */
class PackFetchTest {
  private static final Path TINY =
      Path.of(System.getProperty("noesis.root", ".."))
          .resolve(
              "reconstruction/src/test/resources/io/noesis/reconstruction/diffusion/tiny-stable-diffusion");

  @TempDir private Path folder;
  private final List<String> asked = new ArrayList<>();
  private HttpServer server;
  private byte[] archive;
  private String sha256;

  @BeforeEach
  void serve() throws IOException {
    Path file = zip("Tiny SD.zip");
    archive = Files.readAllBytes(file);
    sha256 = Fingerprint.ofFile(file);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/tiny.zip", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Path zip(String name) throws IOException {
    Path file = folder.resolve(name);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file));
        Stream<Path> all = Files.walk(TINY)) {
      for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new ZipEntry(TINY.relativize(path).toString().replace('\\', '/')));
        Files.copy(path, out);
      }
    }
    return file;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    asked.add(exchange.getRequestMethod() + (range == null ? "" : " " + range));
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(archive.length));
      exchange.sendResponseHeaders(200, -1);
    } else {
      exchange.sendResponseHeaders(range == null ? 200 : 206, archive.length - from);
      exchange.getResponseBody().write(archive, from, archive.length - from);
    }
    exchange.close();
  }

  private PackFetch fetch() {
    return new PackFetch(new ModelFolder(folder.resolve("models")));
  }

  private PackFetch.Wanted wanted(String name, String hash) {
    return new PackFetch.Wanted(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + name), hash);
  }

  @Test
  void aPackIsFetchedComparedAndAdded() {
    assertEquals(Optional.of((long) archive.length), fetch().size(wanted("tiny.zip", sha256)));
    assertFalse(Files.exists(folder.resolve("models")), "asking for the size writes nothing");
    ModelPack pack = fetch().fetch(wanted("tiny.zip", sha256), Progress.NONE);
    assertEquals(List.of("tiny"), fetch().folder().names());
    assertTrue(pack.has("unet"));
    assertTrue(asked.contains("GET"), asked.toString());
    assertEquals(List.of("tiny"), left(), "nothing of the archive stays");
  }

  private List<String> left() {
    String[] names = folder.resolve("models").toFile().list();
    return names == null ? List.of() : Arrays.stream(names).sorted().toList();
  }

  @Test
  void whatWasBrokenOffGoesOn() throws IOException {
    Path part = folder.resolve("models/.fetching-" + sha256.substring(0, 16));
    Files.createDirectories(part);
    Files.write(part.resolve("tiny.zip"), Arrays.copyOf(archive, 1000));
    fetch().fetch(wanted("tiny.zip", sha256), Progress.NONE);
    assertTrue(asked.contains("GET bytes=1000-"), asked.toString());
    assertEquals(List.of("tiny"), fetch().folder().names());
  }

  @Test
  void anotherHashIsRefusedAndRemoved() {
    String other = "0".repeat(64);
    ModelException refused =
        assertThrows(
            ModelException.class, () -> fetch().fetch(wanted("tiny.zip", other), Progress.NONE));
    assertTrue(refused.getMessage().contains(sha256), refused.getMessage());
    assertEquals(List.of(), fetch().folder().names());
    assertFalse(
        Files.exists(folder.resolve("models/.fetching-" + other.substring(0, 16) + "/tiny.zip")));
  }

  @Test
  void whatIsNotThereIsSaid() {
    ModelException refused =
        assertThrows(ModelException.class, () -> fetch().size(wanted("none.zip", sha256)));
    assertTrue(refused.getMessage().contains("answered 404"), refused.getMessage());
  }

  @Test
  void aFileIsFetchedToo() {
    URI file = folder.resolve("Tiny SD.zip").toUri();
    fetch().fetch(new PackFetch.Wanted(file, sha256), Progress.NONE);
    assertEquals(List.of("tiny-sd"), fetch().folder().names());
  }

  @Test
  void onlyZipsFromKnownPlacesAreAskedFor() {
    for (String source : List.of("ftp://host/a.zip", "http://host/a.tar", "relative.zip")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new PackFetch.Wanted(URI.create(source), sha256),
          source);
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new PackFetch.Wanted(URI.create("http://host/a.zip"), "abc"));
  }
}
