package io.noesis.experiment;

import io.noesis.alignment.embedding.PixelImage;
import io.noesis.run.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.NodeList;

/**
 * Pictures as PNG files that say in text chunks (PNG 3rd edition, section 11.3.3) what they are and
 * how they were made. The bytes are the same on every run of one JDK.
 */
final class MadePng {
  private static final String FORMAT = "javax_imageio_png_1.0";

  private MadePng() {}

  /** Writes a picture, whole or not at all. */
  static void write(Path file, PixelImage picture, Map<String, String> texts) {
    BufferedImage image =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_3BYTE_BGR);
    byte[] rgb = picture.rgb();
    for (int i = 0; i < rgb.length / 3; i++) {
      image.setRGB(
          i % picture.width(),
          i / picture.width(),
          (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | (rgb[3 * i + 2] & 0xff));
    }
    AtomicFile.write(file, out -> encode(image, texts, out));
  }

  private static void encode(BufferedImage image, Map<String, String> texts, OutputStream out)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(
              ImageTypeSpecifier.createFromRenderedImage(image), writer.getDefaultWriteParam());
      IIOMetadataNode latin = new IIOMetadataNode("tEXt");
      IIOMetadataNode other = new IIOMetadataNode("iTXt");
      texts.forEach(
          (keyword, text) ->
              (isLatin(text) ? latin : other)
                  .appendChild(
                      isLatin(text) ? latin(keyword, text) : international(keyword, text)));
      IIOMetadataNode root = new IIOMetadataNode(FORMAT);
      root.appendChild(latin);
      if (other.getLength() > 0) {
        root.appendChild(other);
      }
      metadata.mergeTree(FORMAT, root);
      writer.setOutput(stream);
      writer.write(new IIOImage(image, null, metadata));
    } finally {
      writer.dispose();
    }
  }

  private static boolean isLatin(String text) {
    return StandardCharsets.ISO_8859_1.newEncoder().canEncode(text);
  }

  private static IIOMetadataNode latin(String keyword, String value) {
    IIOMetadataNode node = new IIOMetadataNode("tEXtEntry");
    node.setAttribute("keyword", keyword);
    node.setAttribute("value", value);
    return node;
  }

  private static IIOMetadataNode international(String keyword, String value) {
    IIOMetadataNode node = new IIOMetadataNode("iTXtEntry");
    node.setAttribute("keyword", keyword);
    node.setAttribute("compressionFlag", "FALSE");
    node.setAttribute("compressionMethod", "0");
    node.setAttribute("languageTag", "");
    node.setAttribute("translatedKeyword", "");
    node.setAttribute("text", value);
    return node;
  }

  /** What a picture says of itself; nothing for a file that is missing or no whole PNG. */
  static Map<String, String> texts(Path file) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (!Files.isRegularFile(file)) {
      return texts;
    }
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      reader.setInput(in);
      IIOMetadataNode root = (IIOMetadataNode) reader.getImageMetadata(0).getAsTree(FORMAT);
      reader.read(0);
      put(texts, root.getElementsByTagName("tEXtEntry"), "value");
      put(texts, root.getElementsByTagName("iTXtEntry"), "text");
      return texts;
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return Map.of(); // made again
    } finally {
      reader.dispose();
    }
  }

  private static void put(Map<String, String> texts, NodeList nodes, String attribute) {
    for (int i = 0; i < nodes.getLength(); i++) {
      if (nodes.item(i) instanceof IIOMetadataNode node) {
        texts.put(node.getAttribute("keyword"), node.getAttribute(attribute));
      }
    }
  }
}
