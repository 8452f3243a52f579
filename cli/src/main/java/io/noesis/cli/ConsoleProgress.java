package io.noesis.cli;

import io.noesis.run.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Shows long work on the error stream: a line that is rewritten with a time to go on a terminal,
 * one line per stage elsewhere, and one JSON object per line with {@code --log-format json}.
 */
final class ConsoleProgress implements Progress {
  /** How lines look. */
  enum Format {
    /** For people. */
    TEXT,
    /** One JSON object per line. */
    JSON
  }

  private static final long REDRAW_NANOS = Duration.ofMillis(200).toNanos();

  private final PrintWriter out;
  private final Format format;
  private final boolean terminal;

  /** Nanoseconds that stages had taken when another one came between. */
  private final Map<String, Long> interrupted = new HashMap<>();

  private String stage = "";
  private boolean over = true;
  private long total;
  private long steps;
  private long started;
  private long drawn;

  ConsoleProgress(PrintWriter out, Format format) {
    this.out = out;
    this.format = format;
    // The launcher knows whether the error stream is a terminal; the JDK only knows of both
    // streams.
    this.terminal = format == Format.TEXT && Boolean.getBoolean("noesis.terminal");
  }

  @Override
  public synchronized void begin(String name, long total) {
    long now = System.nanoTime();
    Long before = interrupted.remove(name);
    if (before == null && !over && !name.equals(stage)) {
      interrupted.put(stage, now - started);
    }
    this.stage = name;
    this.over = false;
    this.total = total;
    this.steps = 0;
    this.started = before == null ? now : now - before;
    this.drawn = 0;
    draw();
  }

  @Override
  public synchronized void step(long more) {
    steps += more;
    draw();
  }

  @Override
  public synchronized void done(String result) {
    over = true;
    double seconds = (System.nanoTime() - started) / 1e9;
    if (format == Format.JSON) {
      out.println(
          "{\"event\":\"done\",\"stage\":"
              + quote(stage)
              + ",\"result\":"
              + quote(result)
              + String.format(Locale.ROOT, ",\"seconds\":%.3f}", seconds));
    } else {
      out.println(
          (terminal ? "\r\033[K" : "")
              + String.format(Locale.ROOT, "%-40s %s (%.1f s)", stage, result, seconds));
    }
    out.flush();
  }

  @Override
  public synchronized void warn(String message) {
    if (format == Format.JSON) {
      out.println("{\"event\":\"warning\",\"message\":" + quote(message) + "}");
    } else {
      out.println((terminal ? "\r\033[K" : "") + "warning: " + message);
    }
    out.flush();
  }

  private void draw() {
    long now = System.nanoTime();
    if (!terminal || now - drawn < REDRAW_NANOS) {
      return;
    }
    drawn = now;
    StringBuilder line = new StringBuilder("\r\033[K").append(String.format("%-40s", stage));
    if (total > 0) {
      line.append(' ').append(steps).append(" of ").append(total);
      if (steps > 0 && steps < total) {
        double left = (now - started) / 1e9 / steps * (total - steps);
        line.append(String.format(Locale.ROOT, ", about %.0f s to go", Math.ceil(left)));
      }
    }
    out.print(line);
    out.flush();
  }

  static String quote(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        default -> {
          if (c < 0x20) {
            json.append(String.format("\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"').toString();
  }
}
