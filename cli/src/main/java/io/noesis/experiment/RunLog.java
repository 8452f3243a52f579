package io.noesis.experiment;

import io.noesis.run.Failure;
import io.noesis.run.OutputException;
import io.noesis.run.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Keeps what was done and when in {@code log.txt} of the run folder, one line per stage, and passes
 * everything on. The only file of a run that holds times; nothing reads it back.
 */
final class RunLog implements Progress {
  private final Path file;
  private final PortableText text;
  private final Progress next;
  private String stage = "";

  RunLog(RunFolder run, Progress next) {
    this.file = run.file("log.txt");
    this.text = PortableText.near(List.of(run.path()));
    this.next = next;
  }

  @Override
  public synchronized void begin(String name, long total) {
    stage = name;
    next.begin(name, total);
  }

  @Override
  public void step(long steps) {
    next.step(steps);
  }

  @Override
  public synchronized void done(String result) {
    append(stage + ": " + result);
    next.done(result);
  }

  @Override
  public synchronized void warn(String message) {
    append("warning: " + message);
    next.warn(message);
  }

  private void append(String line) {
    try {
      Files.writeString(
          file,
          Instant.now().truncatedTo(ChronoUnit.SECONDS)
              + " "
              + text.of(line).replace('\n', ' ')
              + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new OutputException("writing " + file + ": " + Failure.reason(e), e);
    }
  }
}
