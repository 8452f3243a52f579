package io.noesis.alignment.train;

import io.noesis.run.AtomicFile;
import io.noesis.run.Failure;
import io.noesis.run.OutputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** One line of JSON per epoch, in the order of the epochs, none twice. */
final class MetricsLog {
  private final Optional<Path> file;

  MetricsLog(Optional<Path> folder) {
    this.file = folder.map(f -> f.resolve(TrainingRun.METRICS));
  }

  /** Drops lines after the first ones: epochs that a checkpoint does not know will be repeated. */
  void keepFirst(int lines) {
    file.ifPresent(
        path -> {
          List<String> kept = Files.exists(path) ? read(path) : List.of();
          AtomicFile.writeText(
              path, kept.stream().limit(lines).map(line -> line + "\n").reduce("", String::concat));
        });
  }

  private static List<String> read(Path path) {
    try {
      return Files.readAllLines(path);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path, e);
    }
  }

  void append(EpochRecord epoch) {
    file.ifPresent(
        path -> {
          try {
            Files.writeString(
                path,
                EpochJson.write(epoch) + "\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
          } catch (IOException e) {
            throw new OutputException(
                "writing "
                    + path
                    + ": "
                    + Failure.reason(e)
                    + ". Choose a folder you may write to with enough free space.",
                e);
          }
        });
  }
}
