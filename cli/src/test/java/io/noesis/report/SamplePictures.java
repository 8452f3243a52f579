package io.noesis.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Draws a thumbnail for every stimulus that a {@link SampleReport} names. */
final class SamplePictures {
  private static final int SIZE = 96;

  private SamplePictures() {}

  /** Writes {@code pictures/NAME-K.png} below the folder. */
  static void draw(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("pictures"));
    for (int c = 0; c < SampleReport.CATEGORIES.size(); c++) {
      for (int k = 0; k <= 5; k++) {
        Path file = folder.resolve(SampleReport.picture(SampleReport.CATEGORIES, c, k).file());
        ImageIO.write(one(c, k), "png", file.toFile());
      }
    }
  }

  private static BufferedImage one(int category, int exemplar) {
    BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(Color.getHSBColor(exemplar / 6f, 0.12f, 0.9f));
    g.fillRect(0, 0, SIZE, SIZE);
    g.setColor(Color.getHSBColor(category / 12f, 0.6f, 0.55f + 0.05f * exemplar));
    int size = 34 + 6 * exemplar;
    int x = 10 + 6 * exemplar;
    switch (category % 4) {
      case 0 -> g.fillOval(x, 24, size, size);
      case 1 -> g.fillRect(x, 24, size, size);
      case 2 -> g.fillPolygon(new int[] {x, x + size, x + size / 2}, new int[] {80, 80, 22}, 3);
      default -> g.fillArc(x, 24, size, size, 30, 250);
    }
    g.dispose();
    return image;
  }
}
