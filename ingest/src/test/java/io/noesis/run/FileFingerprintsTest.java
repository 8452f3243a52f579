package io.noesis.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileFingerprintsTest {
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

  private final Logger logger = Logger.getLogger(FileFingerprints.class.getName());
  private final AtomicInteger hashed = new AtomicInteger();
  private final Handler counting =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          hashed.incrementAndGet();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @TempDir Path folder;

  @BeforeEach
  void listen() {
    logger.setLevel(Level.FINE);
    logger.addHandler(counting);
  }

  @AfterEach
  void deaf() {
    logger.removeHandler(counting);
    logger.setLevel(null);
  }

  private Path old(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), text);
    Files.setLastModifiedTime(file, LONG_AGO);
    return file;
  }

  @Test
  void aFileThatStaysAsItIsIsHashedOnceByAnyOfItsNames() throws IOException {
    Path file = old("one");
    for (Path name : new Path[] {file, file, folder.resolve("./file")}) {
      assertEquals(Fingerprint.ofText("one"), FileFingerprints.of(name));
    }
    assertEquals(1, hashed.get());
  }

  @Test
  void aFileOfAnotherSizeOrTimeIsHashedAgain() throws IOException {
    Path file = old("one");
    FileFingerprints.of(file);
    assertEquals(Fingerprint.ofText("three"), FileFingerprints.of(old("three")));
    Files.setLastModifiedTime(file, FileTime.from(LONG_AGO.toInstant().plusSeconds(9)));
    assertEquals(Fingerprint.ofText("three"), FileFingerprints.of(file));
    assertEquals(3, hashed.get());
  }

  /** Whoever sets the time of the last change back cannot set that of the entry back. */
  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void otherBytesOfTheSameSizeAndTimeAreFound() throws IOException {
    Path file = old("one");
    assertEquals(Fingerprint.ofText("one"), FileFingerprints.of(file));
    assertEquals(Fingerprint.ofText("two"), FileFingerprints.of(old("two")));
    Path other = Files.writeString(folder.resolve("other"), "six");
    Files.setLastModifiedTime(other, LONG_AGO);
    Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertEquals(Fingerprint.ofText("six"), FileFingerprints.of(file));
  }

  @Test
  void whatWasJustWrittenIsReadAgain() throws IOException {
    Path file = Files.writeString(folder.resolve("new"), "one");
    assertEquals(FileFingerprints.of(file), FileFingerprints.of(file));
    assertEquals(2, hashed.get());
    assertNotEquals(FileFingerprints.of(file), FileFingerprints.of(Files.writeString(file, "two")));
    Files.delete(file);
    assertThrows(DataException.class, () -> FileFingerprints.of(file));
  }
}
