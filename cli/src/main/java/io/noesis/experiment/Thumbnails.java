package io.noesis.experiment;

import io.noesis.ingest.study.Stimulus;
import io.noesis.run.AtomicFile;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Small copies of the pictures that a report shows, in the run folder beside it. */
final class Thumbnails {
  /** Longer side in pixels: sharp on a phone at a third of its width, about 10 KB each. */
  private static final int SIDE = 144;

  private static final String FOLDER = "pictures";

  private final RunFolder run;
  private final Map<String, String> written = new HashMap<>();

  Thumbnails(RunFolder run) {
    this.run = run;
  }

  /**
   * The thumbnail of a stimulus, made when it is first asked for.
   *
   * @param stimulus any stimulus of the study
   * @return its path relative to the run folder; empty when it has no picture
   */
  String of(Stimulus stimulus) {
    return stimulus
        .image()
        .map(image -> written.computeIfAbsent(stimulus.id(), id -> make(id, image)))
        .orElse("");
  }

  private String make(String id, Path image) {
    String name = FOLDER + "/" + (written.size() + 1) + "-" + safe(id) + ".png";
    BufferedImage small = shrink(read(image));
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(small, "png", png);
    } catch (IOException e) {
      throw new IllegalStateException("encoding a picture in memory", e);
    }
    AtomicFile.write(run.file(name), out -> png.writeTo(out));
    return name;
  }

  private static BufferedImage read(Path image) {
    try {
      return Optional.ofNullable(ImageIO.read(Files.newInputStream(image)))
          .orElseThrow(
              () ->
                  new DataException(
                      "reading the picture "
                          + image
                          + ": it is not a PNG, JPEG, GIF or BMP. Convert it to PNG."));
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

  private static String safe(String id) {
    String plain = id.replaceAll("[^A-Za-z0-9_-]", "_");
    return plain.length() > 60 ? plain.substring(0, 60) : plain;
  }
}
