package io.noesis.ingest.simulate.stimulus;

import java.awt.geom.Path2D;
import java.util.Locale;
import java.util.StringTokenizer;

/**
 * Reads outlines written as text, in the absolute commands of SVG 1.1 section 8.3: {@code M x y},
 * {@code L x y}, {@code Q x1 y1 x y}, {@code C x1 y1 x2 y2 x y} and {@code Z}.
 */
final class PathText {
  private final StringTokenizer words;
  private final String text;

  private PathText(String text) {
    this.text = text;
    this.words = new StringTokenizer(text, " ,");
  }

  static Path2D read(String text) {
    return new PathText(text).read();
  }

  private Path2D read() {
    Path2D path = new Path2D.Double();
    while (words.hasMoreTokens()) {
      String command = words.nextToken().toUpperCase(Locale.ROOT);
      switch (command) {
        case "M" -> path.moveTo(number(), number());
        case "L" -> path.lineTo(number(), number());
        case "Q" -> path.quadTo(number(), number(), number(), number());
        case "C" -> path.curveTo(number(), number(), number(), number(), number(), number());
        case "Z" -> path.closePath();
        default ->
            throw new IllegalArgumentException(
                "outline '" + text + "': expected M, L, Q, C or Z, found '" + command + "'");
      }
    }
    return path;
  }

  private double number() {
    return Double.parseDouble(words.nextToken());
  }
}
