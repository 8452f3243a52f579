package io.noesis.ingest.simulate.stimulus;

import java.awt.Color;

/**
 * The colours of one object, all derived from its main colour.
 *
 * @param main the named colour
 * @param light for parts that catch the light
 * @param pale for bellies, spots and stripes
 * @param dark for parts in shade and second parts
 * @param deep for folds and seams
 * @param line for outlines
 * @param mark for fine marks on the main colour: darker on light colours, lighter on dark ones
 */
record Palette(
    Color main, Color light, Color pale, Color dark, Color deep, Color line, Color mark) {

  static Palette of(SceneColour colour) {
    Color main = new Color(colour.rgb());
    boolean isDark = luminance(main) < 0.25;
    boolean isPale = luminance(main) > 0.92;
    Color cool = new Color(0x8b93a8);
    return new Palette(
        main,
        mix(main, Color.WHITE, isDark ? 0.16 : 0.30),
        mix(main, Color.WHITE, isDark ? 0.40 : 0.66),
        isPale ? mix(main, cool, 0.26) : mix(main, Color.BLACK, 0.15),
        isPale ? mix(main, cool, 0.55) : mix(main, Color.BLACK, 0.38),
        isPale ? new Color(0x5d6376) : mix(main, Color.BLACK, 0.66),
        isDark ? mix(main, Color.WHITE, 0.45) : mix(main, isPale ? cool : Color.BLACK, 0.48));
  }

  /** The colour between two, in sRGB: {@code (1 - share) * a + share * b}. */
  static Color mix(Color a, Color b, double share) {
    return new Color(
        blend(a.getRed(), b.getRed(), share),
        blend(a.getGreen(), b.getGreen(), share),
        blend(a.getBlue(), b.getBlue(), share),
        blend(a.getAlpha(), b.getAlpha(), share));
  }

  /** The colour with another opacity, 0 to 1. */
  static Color veil(Color colour, double opacity) {
    return new Color(
        colour.getRed(), colour.getGreen(), colour.getBlue(), (int) Math.round(255 * opacity));
  }

  private static int blend(int a, int b, double share) {
    return (int) Math.round(a + share * (b - a));
  }

  private static double luminance(Color c) {
    return (0.299 * c.getRed() + 0.587 * c.getGreen() + 0.114 * c.getBlue()) / 255;
  }
}
