package io.noesis.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void writesWholeFilesAndMakesFolders() throws IOException {
    Path file = folder.resolve("a/b/c.txt");
    AtomicFile.writeText(file, "one");
    AtomicFile.writeText(file, "two");
    assertEquals("two", Files.readString(file));
    assertEquals(List.of("c.txt"), names(file.getParent()));
  }

  @Test
  void whatAKilledProcessLeftIsSweptAndWhatIsBeingWrittenStays() throws IOException {
    Path left = Files.createDirectories(folder.resolve("sub-01")).resolve(".a.npy.1.noesis-tmp");
    Files.writeString(left, "half");
    Files.writeString(folder.resolve("a.npy"), "whole");
    Files.writeString(folder.resolve("notes.noesis-tmp"), "not named by us");
    AtomicFile.write(
        folder.resolve("b.npy"),
        out -> {
          assertEquals(1, AtomicFile.sweep(folder), "the file being written is not abandoned");
          out.write(1);
        });
    assertEquals(List.of("a.npy", "b.npy", "notes.noesis-tmp", "sub-01"), names(folder));
    assertEquals(List.of(), names(folder.resolve("sub-01")));
    assertEquals(0, AtomicFile.sweep(folder));
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = folder.resolve("kept.txt");
    AtomicFile.writeText(file, "old");
    OutputException e =
        assertThrows(
            OutputException.class,
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("No space left on device");
                    }));
    assertTrue(e.getMessage().contains("No space left on device"), e.getMessage());
    assertTrue(e.getMessage().contains("kept.txt"), e.getMessage());
    assertEquals(ExitCode.OUTPUT, e.exitCode());
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("kept.txt"), names(folder));
  }

  @Test
  void aFaultInTheWriterAlsoLeavesNothing() throws IOException {
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                folder.resolve("new.txt"),
                out -> {
                  throw new IllegalStateException("a bug");
                }));
    assertEquals(List.of(), names(folder));
  }

  @Test
  void aFolderThatIsAFileIsNamed() {
    AtomicFile.writeText(folder.resolve("file"), "x");
    OutputException e =
        assertThrows(
            OutputException.class,
            () -> AtomicFile.writeText(folder.resolve("file/below.txt"), "y"));
    assertTrue(e.getMessage().contains("below.txt"), e.getMessage());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }
}
