package io.noesis.experiment;

import io.noesis.run.AtomicFile;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** A small copy of a picture for the report. */
final class Thumbnail {
  /** Longer side in pixels: sharp on a phone at a third of its width, about 10 KB. */
  private static final int SIDE = 144;

  private Thumbnail() {}

  /** Writes the thumbnail and returns its path relative to the run folder. */
  static String write(RunFolder run, int number, String id, Path image) {
    String plain = id.replaceAll("[^A-Za-z0-9_-]", "_");
    String name =
        "pictures/" + number + "-" + plain.substring(0, Math.min(60, plain.length())) + ".png";
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(shrink(read(image)), "png", png);
    } catch (IOException e) {
      throw new IllegalStateException("encoding a picture in memory", e);
    }
    AtomicFile.write(run.file(name), png::writeTo);
    return name;
  }

  private static BufferedImage read(Path image) {
    try (InputStream in = Files.newInputStream(image)) {
      BufferedImage picture = ImageIO.read(in);
      if (picture == null) {
        throw new DataException(
            "reading the picture "
                + image
                + ": it is not a PNG, JPEG, GIF or BMP. Convert it to PNG.");
      }
      return picture;
    } catch (IOException e) {
      throw new DataException(
          "reading the picture " + image + ": " + Failure.reason(e) + ". Check the stimulus table.",
          e);
    }
  }

  /** Halves with averaging until the next half would be too small, then one smooth step. */
  private static BufferedImage shrink(BufferedImage image) {
    double factor = Math.min(1.0, SIDE / (double) Math.max(image.getWidth(), image.getHeight()));
    int width = Math.max(1, (int) Math.round(image.getWidth() * factor));
    int height = Math.max(1, (int) Math.round(image.getHeight() * factor));
    BufferedImage current = image;
    while (current.getWidth() / 2 >= width && current.getHeight() / 2 >= height) {
      current = draw(current, current.getWidth() / 2, current.getHeight() / 2);
    }
    return draw(current, width, height);
  }

  private static BufferedImage draw(BufferedImage image, int width, int height) {
    BufferedImage out = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = out.createGraphics();
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    g.drawImage(image, 0, 0, width, height, null);
    g.dispose();
    return out;
  }
}
