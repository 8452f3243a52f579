package io.noesis.reconstruction.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.noesis.ingest.manifest.CatalogueModel;
import io.noesis.ingest.manifest.ModelCatalogue;
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

  /** A catalogue as a user writes it, of the files that the server has. */
  private CatalogueModel listed(String form, String files) throws IOException {
    Path file = folder.resolve("models.yaml");
    Files.writeString(
        file,
        """
        models:
          - name: tiny-model
            form: %s
            title: a tiny model
            licence: CC0-1.0
            terms: none
            files:
        %s    next: export it
        """
            .formatted(form, files.indent(6)));
    return ModelCatalogue.shipped().with(ModelCatalogue.read(file)).named("tiny-model");
  }

  private String file(String path, String address, String hash) {
    return "- {path: %s, url: \"%s\", sha256: %s}".formatted(path, address, hash);
  }

  private String address(String name) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name;
  }

  @Test
  void aPackOfTheCatalogueIsFetchedByName() throws IOException {
    CatalogueModel zipped = listed("pack", file("any.zip", address("tiny.zip"), sha256));
    assertEquals(Optional.of((long) archive.length), fetch().size(zipped));
    Path made = fetch().fetch(zipped, Progress.NONE);
    assertEquals(folder.resolve("models/tiny-model"), made);
    assertEquals(List.of("tiny-model"), left());
    assertTrue(ModelPack.open(made).has("unet"));
    asked.clear();
    String taken =
        assertThrows(ModelException.class, () -> fetch().fetch(zipped, Progress.NONE)).getMessage();
    assertTrue(taken.contains("exists"), taken);
    assertEquals(List.of(), asked, "nothing is fetched that has no place");
  }

  @Test
  void aPackOfSeveralFilesIsPutTogether() throws IOException {
    StringBuilder files = new StringBuilder();
    try (Stream<Path> all = Files.walk(TINY)) {
      for (Path one : all.filter(Files::isRegularFile).sorted().toList()) {
        String path = TINY.relativize(one).toString().replace('\\', '/');
        files.append(file(path, one.toUri().toString(), Fingerprint.ofFile(one))).append('\n');
      }
    }
    Path made = fetch().fetch(listed("pack", files.toString()), Progress.NONE);
    assertTrue(ModelPack.open(made).has("unet"));
    assertEquals(List.of("tiny-model"), left());
  }

  @Test
  void aCheckpointIsKeptBesideThePacks() throws IOException {
    CatalogueModel model = listed("checkpoint", file("w/tiny.pt", address("tiny.zip"), sha256));
    Path part = folder.resolve("models/.fetching-" + model.digest().substring(0, 16));
    Files.createDirectories(part.resolve("tiny-model/w"));
    Files.write(part.resolve("tiny-model/w/tiny.pt"), Arrays.copyOf(archive, 700));
    Path made = fetch().fetch(model, Progress.NONE);
    assertTrue(asked.contains("GET bytes=700-"), asked.toString());
    assertEquals(sha256, Fingerprint.ofFile(made.resolve("w/tiny.pt")));
    assertEquals(fetch().checkpoint(model), made);
    assertEquals(List.of(), fetch().folder().names(), "it is no pack");
    assertEquals(List.of(".checkpoints"), left());
  }

  @Test
  void aFileOfAnotherHashIsNotKept() throws IOException {
    String other = sha256.replace(sha256.charAt(0), sha256.charAt(0) == '0' ? '1' : '0');
    CatalogueModel model = listed("checkpoint", file("tiny.pt", address("tiny.zip"), other));
    String refused =
        assertThrows(ModelException.class, () -> fetch().fetch(model, Progress.NONE)).getMessage();
    assertTrue(refused.contains("SHA-256 is " + sha256), refused);
    assertFalse(Files.exists(fetch().checkpoint(model)));
    try (Stream<Path> all = Files.walk(folder.resolve("models"))) {
      assertEquals(0, all.filter(Files::isRegularFile).count());
    }
  }
}
