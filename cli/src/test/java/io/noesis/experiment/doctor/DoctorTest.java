package io.noesis.experiment.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir Path folder;

  private static Finding finding(Machine machine, String check) {
    return new Doctor(machine)
        .findings().stream().filter(f -> f.check().equals(check)).findFirst().orElseThrow();
  }

  private Machine machine(int java, long heap, Path temporary) {
    return new Machine(java, "a Java", heap, 8L << 30, 2, "an OS", temporary);
  }

  @Test
  void anOldJavaAndALittleHeapAreProblems() {
    Machine poor = machine(11, 100L << 20, folder);
    Finding java = finding(poor, "java");
    assertEquals(ExitCode.USAGE, java.code());
    assertTrue(java.remedy().contains("JAVA_HOME"), java.remedy());
    Finding memory = finding(poor, "memory");
    assertEquals(ExitCode.USAGE, memory.code());
    assertTrue(memory.found().startsWith("100 MB for Java, 8192 MB"), memory.found());
    assertTrue(memory.remedy().contains("NOESIS_JAVA_OPTS"), memory.remedy());
    Machine rich = machine(21, 4L << 30, folder);
    assertTrue(finding(rich, "java").ok() && finding(rich, "memory").ok());
  }

  @Test
  void aFolderThatCannotBeWrittenIsAnOutputProblem() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    for (Path bad : List.of(folder.resolve("missing"), file.resolve("below"))) {
      Finding temp = finding(machine(17, 4L << 30, bad), "temp folder");
      assertEquals(ExitCode.OUTPUT, temp.code());
      assertTrue(temp.found().contains(bad.toString()), temp.found());
      assertTrue(temp.remedy().contains("java.io.tmpdir"), temp.remedy());
    }
    assertTrue(finding(machine(17, 4L << 30, folder), "temp folder").ok());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList());
    }
  }

  @Test
  void theEncoderIsHeldAgainstAKnownPair() {
    Finding encoder = finding(machine(17, 4L << 30, folder), "encoder");
    assertTrue(encoder.ok(), encoder.found());
    assertTrue(encoder.found().contains("is 0.7") || encoder.found().contains("is 0.8"));
  }
}
