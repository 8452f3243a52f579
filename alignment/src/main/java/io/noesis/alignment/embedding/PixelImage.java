package io.noesis.alignment.embedding;

import io.noesis.run.Check;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import io.noesis.run.Fingerprint;
import io.noesis.run.UnsupportedDataException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A picture as 8-bit RGB, rows from the top, three bytes per pixel. Samples are taken as stored: no
 * colour profile is applied and grey is copied to the three channels, as model pipelines in Python
 * do. Transparent pixels are laid over white. Immutable as long as nobody writes to {@link #rgb}.
 */
public final class PixelImage {
  private static final long MAX_PIXELS = 100_000_000;

  private final int width;
  private final int height;
  private final byte[] rgb;

  private PixelImage(int width, int height, byte[] rgb) {
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  /**
   * Makes a picture without copying: the caller gives the array away.
   *
   * @param width pixels per row, at least 1
   * @param height rows, at least 1
   * @param rgb {@code width * height * 3} bytes
   * @return the picture
   */
  public static PixelImage wrap(int width, int height, byte[] rgb) {
    Check.argument(
        width > 0 && height > 0, "a picture needs at least one pixel, found %dx%d", width, height);
    Check.size("bytes of a picture", 3L * width * height, rgb.length);
    return new PixelImage(width, height, rgb);
  }

  /**
   * Reads a PNG, JPEG, BMP, GIF (first frame) or TIFF file.
   *
   * @param file the file
   * @return the picture
   * @throws DataException when the file is missing, damaged, of another kind, or claims more than
   *     100 million pixels
   */
  public static PixelImage read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          "reading the picture "
              + file
              + ": "
              + (Files.exists(file) ? "it is not a file" : "it does not exist")
              + ". Correct the path in the stimulus table.");
    }
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new UnsupportedDataException(
            "reading the picture "
                + file
                + ": it is none of PNG, JPEG, BMP, GIF, TIFF. Convert it to PNG.");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        return decode(reader, file);
      } finally {
        reader.dispose();
      }
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new CorruptDataException(
          "reading the picture "
              + file
              + ": its content cannot be decoded ("
              + (e instanceof IOException io ? Failure.reason(io) : e.toString())
              + "). Fetch it again, or convert it to an 8-bit RGB PNG.",
          e);
    }
  }

  private static PixelImage decode(ImageReader reader, Path file) throws IOException {
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    if (pixels <= 0 || pixels > MAX_PIXELS) {
      throw new UnsupportedDataException(
          "reading the picture "
              + file
              + ": its header claims "
              + reader.getWidth(0)
              + "x"
              + reader.getHeight(0)
              + " pixels, expected 1 to "
              + MAX_PIXELS
              + " in all. Make it smaller.");
    }
    return of(reader.read(0));
  }

  /**
   * The pixels of a Java2D picture.
   *
   * @param image the picture; copied
   * @return its pixels
   */
  public static PixelImage of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    Raster raster = image.getRaster();
    int bits = raster.getSampleModel().getSampleSize(0);
    boolean palette = image.getColorModel() instanceof IndexColorModel;
    if (palette || (bits != 8 && bits != 16) || raster.getNumBands() > 4) {
      copyColours(image, rgb);
    } else {
      copySamples(raster, bits - 8, rgb);
    }
    return new PixelImage(width, height, rgb);
  }

  /** Reads samples, not colours: Java would bend grey values by its linear grey colour space. */
  private static void copySamples(Raster raster, int shift, byte[] rgb) {
    int bands = raster.getNumBands();
    boolean grey = bands < 3;
    boolean alpha = bands == 2 || bands == 4;
    int width = raster.getWidth();
    int[] row = new int[width * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int opacity = alpha ? row[x * bands + bands - 1] >> shift : 255;
        for (int c = 0; c < 3; c++) {
          rgb[at++] = overWhite(row[x * bands + (grey ? 0 : c)] >> shift, opacity);
        }
      }
    }
  }

  private static void copyColours(BufferedImage image, byte[] rgb) {
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int argb = image.getRGB(x, y);
        for (int c = 16; c >= 0; c -= 8) {
          rgb[at++] = overWhite((argb >> c) & 0xff, argb >>> 24);
        }
      }
    }
  }

  private static byte overWhite(int sample, int opacity) {
    return (byte) ((sample * opacity + 255 * (255 - opacity) + 127) / 255);
  }

  /** Pixels per row. */
  public int width() {
    return width;
  }

  /** Rows. */
  public int height() {
    return height;
  }

  /** The live bytes {@code [height, width, 3]}: read, never write. */
  public byte[] rgb() {
    return rgb;
  }

  /**
   * The picture at another size.
   *
   * @param newWidth pixels per row
   * @param newHeight rows
   * @param filter how to interpolate
   * @return a new picture
   */
  public PixelImage resize(int newWidth, int newHeight, ResizeFilter filter) {
    Check.argument(
        filter.torch().isEmpty(), "%s resizes tensors, not pictures of 8 bits", filter.name());
    return Resampler.resize(this, newWidth, newHeight, filter);
  }

  /**
   * A part of the picture.
   *
   * @param left first column
   * @param top first row
   * @param newWidth columns
   * @param newHeight rows
   * @return a new picture
   */
  public PixelImage crop(int left, int top, int newWidth, int newHeight) {
    Check.argument(
        left >= 0 && top >= 0 && left + newWidth <= width && top + newHeight <= height,
        "a crop of %dx%d from (%d, %d) does not lie within %dx%d",
        newWidth,
        newHeight,
        left,
        top,
        width,
        height);
    byte[] out = new byte[3 * newWidth * newHeight];
    for (int y = 0; y < newHeight; y++) {
      System.arraycopy(rgb, 3 * ((top + y) * width + left), out, 3 * y * newWidth, 3 * newWidth);
    }
    return wrap(newWidth, newHeight, out);
  }

  /** SHA-256 of size and pixels: equal for equal pictures whatever file they came from. */
  public String sha256() {
    MessageDigest sha = Fingerprint.sha256();
    sha.update(ByteBuffer.allocate(8).putInt(width).putInt(height).array());
    return HexFormat.of().formatHex(sha.digest(rgb));
  }

  @Override
  public String toString() {
    return "PixelImage[" + width + "x" + height + "]";
  }
}
