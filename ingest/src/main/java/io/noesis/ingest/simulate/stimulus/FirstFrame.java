package io.noesis.ingest.simulate.stimulus;

import io.noesis.run.Check;
import java.awt.image.BufferedImage;

/**
 * What a scene shows at the places of a square grid: how much of a place its objects cover, and its
 * mean red, green and blue. A stand-in for the features of an image model on the first frame of a
 * clip.
 */
public final class FirstFrame {
  /** Numbers of a place: cover, red, green, blue, each 0 to 1. */
  public static final int FEATURES = 4;

  /** By so many of 256 steps of a colour an object must differ from what is behind it. */
  private static final int SEEN = 8;

  private FirstFrame() {}

  /**
   * Draws a scene and looks at it.
   *
   * @param scene what is shown
   * @param pixels side of the picture
   * @param side places along each side, at most as many as pixels
   * @return {@code [places, 4]}, row after row from the top, each from the left
   */
  public static float[] of(Scene scene, int pixels, int side) {
    Check.argument(
        side >= 1 && side <= pixels,
        "places along a side must be 1 to %d pixels, found %d",
        pixels,
        side);
    BufferedImage image = scene.draw(pixels);
    BufferedImage behind = scene.drawBackground(pixels);
    double[] sums = new double[side * side * FEATURES];
    int[] counts = new int[side * side];
    for (int y = 0; y < pixels; y++) {
      for (int x = 0; x < pixels; x++) {
        int place = y * side / pixels * side + x * side / pixels;
        int shown = image.getRGB(x, y);
        boolean covered = false;
        for (int channel = 0; channel < 3; channel++) {
          int shift = 16 - 8 * channel;
          int value = shown >> shift & 0xff;
          covered |= Math.abs(value - (behind.getRGB(x, y) >> shift & 0xff)) > SEEN;
          sums[place * FEATURES + 1 + channel] += value / 255.0;
        }
        sums[place * FEATURES] += covered ? 1 : 0;
        counts[place]++;
      }
    }
    float[] features = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      features[i] = (float) (sums[i] / counts[i / FEATURES]);
    }
    return features;
  }
}
