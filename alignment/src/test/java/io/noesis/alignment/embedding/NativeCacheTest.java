package io.noesis.alignment.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {
  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> properties = new HashMap<>();
  private Path file;

  @BeforeEach
  void home() throws IOException {
    file = Files.createFile(folder.resolve("a-file"));
    properties.put("user.home", folder.resolve("home").toString());
    properties.put("user.name", System.getProperty("user.name"));
    properties.put("java.io.tmpdir", folder.resolve("tmp").toString());
  }

  @Test
  void prefersTheUsersCacheFolder() {
    assertEquals(folder.resolve("home/.cache/noesis/native"), choose());
    environment.put("XDG_CACHE_HOME", folder.resolve("xdg").toString());
    assertEquals(folder.resolve("xdg/noesis/native"), choose());
  }

  @Test
  void takesTheTemporaryFolderWhenHomeCannotBeWritten() {
    properties.put("user.home", file.toString());
    assertEquals(folder.resolve("tmp/noesis-native-" + System.getProperty("user.name")), choose());
  }

  @Test
  void refusesATemporaryFolderOfSomebodyElse() {
    properties.put("user.home", file.toString());
    properties.put("user.name", "somebody-else");
    assertThrows(ModelException.class, this::choose);
  }

  @Test
  void saysWhatToSetWhenNothingCanBeWritten() {
    properties.put("user.home", file.toString());
    properties.put("java.io.tmpdir", file.toString());
    String message = assertThrows(ModelException.class, this::choose).getMessage();
    assertTrue(message.contains("DJL_CACHE_DIR"), message);
    assertTrue(message.contains(file.toString()), message);
  }

  @Test
  void theTokenizerLibraryReportsToNobody() {
    NativeCache.prepare();
    assertEquals("true", System.getProperty("ai.djl.offline"));
    assertEquals("true", System.getProperty("OPT_OUT_TRACKING"));
  }

  private Path choose() {
    return NativeCache.choose(environment::get, properties::get);
  }
}
