package io.noesis.ingest.simulate.stimulus;

import io.noesis.run.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Writes scenes as PNG files that say in a {@code tEXt} chunk (PNG 3rd edition, section 11.3.3)
 * that they were drawn by code. The bytes are the same on every run of one JDK.
 */
public final class StimulusPng {
  private static final String FORMAT = "javax_imageio_png_1.0";

  private StimulusPng() {}

  /**
   * Draws a scene into a file, whole or not at all.
   *
   * @param file the file; replaced when it exists
   * @param scene what to draw; its caption becomes the file's {@code Description}
   * @param pixels along each side
   * @throws io.noesis.run.OutputException when it cannot be written
   */
  public static void write(Path file, Scene scene, int pixels) {
    BufferedImage image = scene.draw(pixels);
    AtomicFile.write(file, out -> encode(image, scene.caption(), out));
  }

  private static void encode(BufferedImage image, String caption, OutputStream out)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(
              ImageTypeSpecifier.createFromRenderedImage(image), writer.getDefaultWriteParam());
      IIOMetadataNode texts = new IIOMetadataNode("tEXt");
      texts.appendChild(text("Description", caption));
      texts.appendChild(text("Source", "simulated stimulus drawn by code; not a photograph"));
      texts.appendChild(text("Software", "Noesis"));
      IIOMetadataNode root = new IIOMetadataNode(FORMAT);
      root.appendChild(texts);
      metadata.mergeTree(FORMAT, root);
      writer.setOutput(stream);
      writer.write(new IIOImage(image, null, metadata));
    } finally {
      writer.dispose();
    }
  }

  private static IIOMetadataNode text(String keyword, String value) {
    IIOMetadataNode node = new IIOMetadataNode("tEXtEntry");
    node.setAttribute("keyword", keyword);
    node.setAttribute("value", value);
    return node;
  }
}
