package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.experiment.Execution.Existing;
import io.noesis.run.CorruptDataException;
import io.noesis.run.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path folder;

  @Test
  void aRunOfTheSameIdentityGoesOn() {
    Path out = folder.resolve("run");
    RunFolder first = RunFolder.create(out, "abc", Existing.RESUME);
    first.finish("sub-01/training", "abc");
    RunFolder second = RunFolder.create(out, "abc", Existing.RESUME);
    assertTrue(second.finished("sub-01/training", "abc"));
    assertFalse(second.finished("sub-01/training", "other"));
    assertFalse(second.finished("sub-02/training", "abc"));
    assertEquals(List.of("01"), second.subjects());
  }

  @Test
  void anotherIdentityIsRefusedUnlessForced() {
    Path out = folder.resolve("run");
    RunFolder.create(out, "abc", Existing.RESUME).finish("targets", "abc");
    RecipeException e =
        assertThrows(RecipeException.class, () -> RunFolder.create(out, "xyz", Existing.RESUME));
    assertTrue(e.getMessage().contains("--force"), e.getMessage());
    assertTrue(Files.exists(out.resolve("targets.done.json")));
    RunFolder anew = RunFolder.create(out, "xyz", Existing.REPLACE);
    assertFalse(anew.finished("targets", "abc"));
    assertFalse(Files.exists(out.resolve("targets.done.json")));
  }

  @Test
  void aFolderOfSomebodyElseIsNeverTouched() throws IOException {
    Files.writeString(folder.resolve("thesis.txt"), "precious");
    for (Existing existing : Existing.values()) {
      RecipeException e =
          assertThrows(RecipeException.class, () -> RunFolder.create(folder, "abc", existing));
      assertTrue(e.getMessage().contains("was not made by Noesis"), e.getMessage());
    }
    assertEquals("precious", Files.readString(folder.resolve("thesis.txt")));
    assertFalse(Files.exists(folder.resolve("run.json")));
  }

  @Test
  void whatIsNotARunOrOfAnotherVersionSaysSo() throws IOException {
    assertTrue(
        assertThrows(RecipeException.class, () -> RunFolder.open(folder))
            .getMessage()
            .contains("noesis run"));
    Files.writeString(folder.resolve("run.json"), "{\"schema\": \"noesis-run-0\"}");
    assertThrows(CorruptDataException.class, () -> RunFolder.open(folder));
    Files.writeString(folder.resolve("run.json"), "{\"sche");
    assertThrows(CorruptDataException.class, () -> RunFolder.open(folder));
  }
}
