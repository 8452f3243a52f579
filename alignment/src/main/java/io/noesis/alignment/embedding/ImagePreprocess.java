package io.noesis.alignment.embedding;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * From a picture to what an image model expects: {@code (v / 255 - mean) / std} of every channel of
 * the resized picture, {@code [1, 3, size, size]}.
 *
 * @param fit how the picture is brought to a square
 * @param filter how it is interpolated
 * @param resize length of the shorter side before the crop; equal to {@code size} for STRETCH
 * @param size side of the square that the model takes
 * @param mean three numbers in the model's channel order, on a scale of 0 to 1
 * @param std three numbers above 0
 * @param order the model's channel order
 */
public record ImagePreprocess(
    Fit fit,
    ResizeFilter filter,
    int resize,
    int size,
    List<Double> mean,
    List<Double> std,
    ChannelOrder order) {
  /** How a picture is brought to a square. */
  public enum Fit {
    /**
     * Shorter side to {@code resize}, then the middle square of {@code size}; an odd margin is
     * halved to the even number, as torchvision and OpenAI's CLIP do.
     */
    CENTRE_CROP,
    /** The same with odd margins halved downward, as the image processors of transformers do. */
    CENTRE_CROP_DOWN,
    /** Both sides to {@code size}, whatever the proportions. */
    STRETCH
  }

  /** The order of the colour channels. */
  public enum ChannelOrder {
    /** Red first. */
    RGB,
    /** Blue first. */
    BGR
  }

  private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);
  private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
  private static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);

  /** Checks the numbers. */
  public ImagePreprocess {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    Check.size("means of the colour channels", 3, mean.size());
    Check.size("standard deviations of the colour channels", 3, std.size());
    Check.argument(
        std.stream().allMatch(s -> s > 0),
        "standard deviations of the colour channels must be above 0, found %s",
        std);
    Check.argument(
        size > 0 && resize >= size,
        "a picture resized to %d cannot be cropped to %d",
        resize,
        size);
  }

  /**
   * As the classifiers of torchvision expect it: bilinear, ImageNet's mean and deviation.
   *
   * @param resize length of the shorter side before the crop
   * @param size side of the square
   * @return the settings
   */
  public static ImagePreprocess imagenet(int resize, int size) {
    return new ImagePreprocess(
        Fit.CENTRE_CROP,
        ResizeFilter.BILINEAR,
        resize,
        size,
        IMAGENET_MEAN,
        IMAGENET_STD,
        ChannelOrder.RGB);
  }

  /**
   * As CLIP expects it: bicubic, centre crop, CLIP's mean and deviation.
   *
   * @param size side of the square
   * @return the settings
   */
  public static ImagePreprocess clip(int size) {
    return new ImagePreprocess(
        Fit.CENTRE_CROP, ResizeFilter.BICUBIC, size, size, CLIP_MEAN, CLIP_STD, ChannelOrder.RGB);
  }

  /**
   * As {@code CLIPImageProcessor} of transformers prepares pictures: {@link #clip} with odd margins
   * halved downward.
   *
   * @param size side of the square
   * @return the settings
   */
  public static ImagePreprocess clipOfTransformers(int size) {
    return new ImagePreprocess(
        Fit.CENTRE_CROP_DOWN,
        ResizeFilter.BICUBIC,
        size,
        size,
        CLIP_MEAN,
        CLIP_STD,
        ChannelOrder.RGB);
  }

  /**
   * The square that the model sees, before its values are scaled.
   *
   * @param image any picture; filters of tensors have no such square in 8 bits
   * @return {@code size} by {@code size} pixels
   */
  public PixelImage square(PixelImage image) {
    if (fit == Fit.STRETCH) {
      return image.resize(size, size, filter);
    }
    int shorter = Math.min(image.width(), image.height());
    int width = (int) ((long) resize * image.width() / shorter);
    int height = (int) ((long) resize * image.height() / shorter);
    return image
        .resize(width, height, filter)
        .crop(middle(width - size), middle(height - size), size, size);
  }

  /** Half of what is left over. */
  private int middle(int over) {
    return fit == Fit.CENTRE_CROP_DOWN ? over / 2 : (int) Math.rint(over / 2.0);
  }

  /**
   * The model's input.
   *
   * @param image any picture
   * @return {@code [1, 3, size, size]}
   */
  public Tensor apply(PixelImage image) {
    return filter
        .torch()
        .map(resizing -> normalised(tensorSquare(image, resizing)))
        .orElseGet(() -> normalised(levels(square(image))));
  }

  /** {@code [1, 3, height, width]} on a scale of 0 to 1, red first. */
  private static Tensor levels(PixelImage image) {
    byte[] rgb = image.rgb();
    int plane = image.width() * image.height();
    float[] out = new float[3 * plane];
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < plane; i++) {
        out[c * plane + i] = (rgb[3 * i + c] & 0xff) / 255f;
      }
    }
    return Tensor.wrap(out, 1, 3, image.height(), image.width());
  }

  private Tensor tensorSquare(PixelImage image, TensorResize resizing) {
    if (fit == Fit.STRETCH) {
      return resizing.apply(levels(image), size, size);
    }
    int shorter = Math.min(image.width(), image.height());
    int width = (int) ((long) resize * image.width() / shorter);
    int height = (int) ((long) resize * image.height() / shorter);
    Tensor resized = resizing.apply(levels(image), height, width);
    int left = middle(width - size);
    int top = middle(height - size);
    float[] out = new float[3 * size * size];
    for (int line = 0; line < 3 * size; line++) {
      int from = ((line / size) * height + top + line % size) * width + left;
      System.arraycopy(resized.array(), from, out, line * size, size);
    }
    return Tensor.wrap(out, 1, 3, size, size);
  }

  private Tensor normalised(Tensor square) {
    int plane = size * size;
    float[] out = new float[3 * plane];
    for (int c = 0; c < 3; c++) {
      int from = order == ChannelOrder.RGB ? c : 2 - c;
      float m = mean.get(c).floatValue();
      float s = std.get(c).floatValue();
      for (int i = 0; i < plane; i++) {
        out[c * plane + i] = (square.array()[from * plane + i] - m) / s;
      }
    }
    return Tensor.wrap(out, 1, 3, size, size);
  }

  /** All settings in one line: part of the fingerprint of what was computed with them. */
  String signature() {
    return String.join(
        ",",
        fit.name(),
        filter.name(),
        Integer.toString(resize),
        Integer.toString(size),
        mean.toString(),
        std.toString(),
        order.name());
  }
}
