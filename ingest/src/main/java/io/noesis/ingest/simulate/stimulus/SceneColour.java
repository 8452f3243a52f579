package io.noesis.ingest.simulate.stimulus;

import java.util.Locale;

/** The main colour of the object, by name, with its sRGB value. */
public enum SceneColour {
  RED(0xd32f2f),
  ORANGE(0xf3851b),
  YELLOW(0xf7d02e),
  GREEN(0x37a04a),
  BLUE(0x2b6cd6),
  PURPLE(0x8246b4),
  PINK(0xf58ab8),
  BROWN(0x86542d),
  BLACK(0x2b2b30),
  WHITE(0xf5f5f3);

  private final int rgb;

  SceneColour(int rgb) {
    this.rgb = rgb;
  }

  /** The colour as 0xRRGGBB in sRGB. */
  public int rgb() {
    return rgb;
  }

  /** The colour's English name. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
