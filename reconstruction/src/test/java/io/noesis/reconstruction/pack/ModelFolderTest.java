package io.noesis.reconstruction.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
  private static final Path TINY =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion/tiny-stable-diffusion");

  @TempDir private Path folder;

  private ModelFolder models() {
    return new ModelFolder(folder.resolve("models"));
  }

  private Path zip(String name, Map<String, byte[]> more) throws IOException {
    Path file = folder.resolve(name);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file));
        Stream<Path> all = Files.walk(TINY)) {
      for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new ZipEntry(TINY.relativize(path).toString().replace('\\', '/')));
        Files.copy(path, out);
      }
      for (Map.Entry<String, byte[]> entry : more.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
      }
    }
    return file;
  }

  private String refusal(Path source) {
    String message =
        assertThrows(ModelException.class, () -> models().add(source, Progress.NONE)).getMessage();
    assertEquals(List.of(), models().names());
    assertFalse(Files.exists(folder.resolve("evil.txt")));
    return message;
  }

  @Test
  void anAddedPackHasTheHashesOfItsFiles() throws IOException {
    ModelPack added = models().add(TINY, Progress.NONE);
    assertEquals(List.of("tiny-stable-diffusion"), models().names());
    ModelManifest manifest = added.manifest().orElseThrow();
    try (Stream<Path> all = Files.walk(TINY)) {
      assertEquals(all.filter(Files::isRegularFile).count(), manifest.files().size());
    }
    assertEquals(0.18215, added.vaeScale());
    ModelPack found = models().open("tiny-stable-diffusion");
    assertEquals(List.of(), PackCheck.problems(found, Progress.NONE));
    Path changed = found.folder().resolve("tokenizer/merges.txt");
    Files.writeString(changed, Files.readString(changed) + "x y\n");
    assertTrue(PackCheck.problems(found, Progress.NONE).get(0).contains("merges.txt"));
    assertTrue(
        assertThrows(ModelException.class, () -> models().add(TINY, Progress.NONE))
            .getMessage()
            .contains("exists"));
  }

  @Test
  void anArchiveIsAddedAsItsFolderIs() throws IOException {
    ModelPack added = models().add(zip("Tiny SD.zip", Map.of()), Progress.NONE);
    assertEquals("tiny-sd", String.valueOf(added.folder().getFileName()));
    assertEquals(4, added.graphs().size());
  }

  @Test
  void archivesThatLeadOutsideAreRefused() throws IOException {
    assertTrue(refusal(zip("a.zip", Map.of("../../evil.txt", new byte[] {1}))).contains("outside"));
    String absolute = folder.resolve("evil.txt").toAbsolutePath().toString();
    assertTrue(refusal(zip("b.zip", Map.of(absolute, new byte[] {1}))).contains("outside"));
  }

  @Test
  void archivesThatExplodeAreRefused() throws IOException {
    String message = refusal(zip("c.zip", Map.of("big.bin", new byte[300 << 20])));
    assertTrue(message.contains("times its size"), message);
    try (Stream<Path> left = Files.list(folder.resolve("models"))) {
      assertEquals(0, left.count(), "nothing of it is kept");
    }
  }

  @Test
  void otherSourcesAreRefused() throws IOException {
    assertTrue(refusal(folder.resolve("absent")).contains("does not exist"));
    Path text = Files.writeString(folder.resolve("text.txt"), "text");
    assertTrue(refusal(text).contains(".zip"));
    Path broken = Files.writeString(folder.resolve("broken.zip"), "PK no");
    assertTrue(refusal(broken).contains("unpacked"));
    Path empty = Files.createDirectories(folder.resolve("empty"));
    assertTrue(refusal(empty).contains("model_index.json"));
    assertTrue(
        assertThrows(ModelException.class, () -> models().open("nothing"))
            .getMessage()
            .contains("models add"));
  }

  @Test
  void theUsualFolderFollowsTheEnvironment() {
    Path home = Path.of("/home/x");
    assertEquals(
        Path.of("/m"),
        ModelFolder.usual(Map.of("NOESIS_MODELS", "/m", "XDG_DATA_HOME", "/d")::get, home).root());
    assertEquals(
        Path.of("/d/noesis/models"),
        ModelFolder.usual(Map.of("XDG_DATA_HOME", "/d")::get, home).root());
    assertEquals(
        Path.of("/home/x/.local/share/noesis/models"),
        ModelFolder.usual(name -> null, home).root());
  }
}
