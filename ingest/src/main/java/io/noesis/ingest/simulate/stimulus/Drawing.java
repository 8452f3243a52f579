package io.noesis.ingest.simulate.stimulus;

/** Draws one object into the unit box of a brush, in the colours of the brush's palette. */
@FunctionalInterface
public interface Drawing {
  /**
   * Draws the object; it fills most of the box [0, 1] × [0, 1], y pointing down.
   *
   * @param brush the brush, already placed, turned and scaled
   */
  void draw(Brush brush);
}
