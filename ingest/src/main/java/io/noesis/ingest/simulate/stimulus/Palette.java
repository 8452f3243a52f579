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
 * @param trim for stripes and spines that are white on every object but a white one
 * @param mark for fine marks on the main colour: darker on light colours, lighter on dark ones
 */
record Palette(
    Color main,
    Color light,
    Color pale,
    Color dark,
    Color deep,
    Color line,
    Color trim,
    Color mark) {

  static Palette of(SceneColour colour) {
    Color main = new Color(colour.rgb());
    boolean isDark = luminance(main) < 0.25;
    Color grey = shaded(main, 0.20);
    return new Palette(
        main,
        mix(main, Color.WHITE, isDark ? 0.16 : 0.30),
        isPale(main) ? grey : mix(main, Color.WHITE, isDark ? 0.40 : 0.66),
        shaded(main, 0.16),
        shaded(main, 0.34),
        mix(shaded(main, 0.70), Color.BLACK, 0.30),
        isPale(main) ? shaded(main, 0.34) : Inks.WHITE,
        isDark ? mix(main, Color.WHITE, 0.45) : shaded(main, 0.52));
  }

  /** The colour in shade: yellows turn to brown rather than olive, whites to a cool grey. */
  static Color shaded(Color colour, double depth) {
    if (isPale(colour)) {
      return mix(colour, new Color(0x6f7890), depth);
    }
    boolean warm = colour.getRed() > 190 && colour.getGreen() > 105 && colour.getBlue() < 110;
    return mix(colour, warm ? new Color(0x6e3200) : Color.BLACK, depth);
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

  private static boolean isPale(Color colour) {
    return luminance(colour) > 0.92;
  }

  private static double luminance(Color c) {
    return (0.299 * c.getRed() + 0.587 * c.getGreen() + 0.114 * c.getBlue()) / 255;
  }
}
