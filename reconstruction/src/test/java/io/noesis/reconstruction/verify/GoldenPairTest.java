package io.noesis.reconstruction.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of pack proves itself, and a golden pair that does not come out is an error. */
class GoldenPairTest {
  private static final Path PACKS = Path.of("src/test/resources/io/noesis/reconstruction");

  private static String check(Path folder) {
    return GoldenPair.check(ModelPack.open(folder), Progress.NONE).orElse("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "caption/tiny-clipcap|4 captions come out, every token",
        "caption/tiny-clipcap-mapper|4 captions",
        "caption/tiny-clipcap-fp16|24 captions",
        "caption/tiny-clipcap-int8|24 captions",
        "caption/tiny-git|4 captions",
        "caption/tiny-t5|4 captions",
        "caption/tiny-bart|4 captions",
        "pack/tiny-clip|4 golden outputs|2 texts as the same tokens",
        "pack/tiny-open-clip|4 golden outputs|2 texts",
        "pack/tiny-dinov2|2 golden outputs",
        "diffusion/tiny-stable-diffusion|grey levels"
      })
  void everyPackProvesItself(String line) {
    String[] parts = line.split("\\|");
    String said = check(PACKS.resolve(parts[0]));
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i];
      assertTrue(said.contains(part), said);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (!file.getFileName().toString().equals("golden.safetensors")) {
          Files.copy(file, target);
        }
      }
    }
    // Hashes apart: the pair itself is what shall be wrong.
    Path yaml = to.resolve("noesis-model.yaml");
    String text = Files.readString(yaml);
    Files.writeString(yaml, text.substring(0, text.indexOf("files:")) + "files: []\n");
  }

  /** Changes the last byte: of a token, or of a vector. */
  private static void golden(Path from, Path to, int back) throws IOException {
    byte[] bytes = Files.readAllBytes(from.resolve("golden.safetensors"));
    bytes[bytes.length - back] ^= 0x41;
    Files.write(to.resolve("golden.safetensors"), bytes);
  }

  @Test
  void aTokenThatDoesNotComeOutIsAnError(@TempDir Path folder) throws IOException {
    Path from = PACKS.resolve("caption/tiny-clipcap");
    copy(from, folder);
    assertEquals(Optional.empty(), GoldenPair.check(ModelPack.open(folder), Progress.NONE));
    golden(from, folder, 20 * 8 * 4 - 7);
    ModelException e = assertThrows(ModelException.class, () -> check(folder));
    assertTrue(e.getMessage().contains("comes out as the tokens"), e.getMessage());
  }

  @Test
  void aVectorThatDoesNotComeOutIsAnError(@TempDir Path folder) throws IOException {
    Path from = PACKS.resolve("pack/tiny-dinov2");
    copy(from, folder);
    for (int back : new int[] {1, 2}) {
      golden(from, folder, back);
      ModelException e = assertThrows(ModelException.class, () -> check(folder));
      assertTrue(e.getMessage().contains("golden"), e.getMessage());
    }
  }

  @Test
  void aTextThatBecomesOtherTokensIsAnError(@TempDir Path folder) throws IOException {
    Path from = PACKS.resolve("pack/tiny-clip");
    copy(from, folder);
    byte[] bytes = Files.readAllBytes(from.resolve("golden.safetensors"));
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("the cat", "the cta");
    Files.write(folder.resolve("golden.safetensors"), text.getBytes(StandardCharsets.ISO_8859_1));
    ModelException e = assertThrows(ModelException.class, () -> check(folder));
    assertTrue(e.getMessage().contains("'the cta' becomes the tokens"), e.getMessage());
  }
}
