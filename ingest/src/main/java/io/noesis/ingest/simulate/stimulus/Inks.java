package io.noesis.ingest.simulate.stimulus;

import java.awt.Color;

/** Colours of parts that do not follow the main colour: wood, glass, leaves. */
final class Inks {
  static final Color INK = new Color(0x24242c);
  static final Color WHITE = new Color(0xfdfdfd);
  static final Color CREAM = new Color(0xfbf0d9);
  static final Color GLASS = new Color(0xb9e0f2);
  static final Color LAMP = new Color(0xffe27a);
  static final Color METAL = new Color(0xc3c8d0);
  static final Color STEEL = new Color(0x5b626e);
  static final Color STONE = new Color(0x8d9097);
  static final Color WOOD = new Color(0x9a6a3c);
  static final Color TIMBER = new Color(0x6f4826);
  static final Color LEAF = new Color(0x5cab4b);
  static final Color STEM = new Color(0x4a9144);
  static final Color ROSE = new Color(0xf29bab);
  static final Color CHERRY = new Color(0xcf2f45);
  static final Color GOLD = new Color(0xefb23a);
  static final Color EYE = new Color(0xdff08a);
  static final Color CLAY = new Color(0xc4704a);
  static final Color WAFFLE = new Color(0xe2a75c);
  static final Color WATER = new Color(0x8ec6e6);
  static final Color SMOKE = new Color(0xe4e6ea);

  private Inks() {}
}
