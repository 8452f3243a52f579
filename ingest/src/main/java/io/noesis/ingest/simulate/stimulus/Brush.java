package io.noesis.ingest.simulate.stimulus;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.LinearGradientPaint;
import java.awt.MultipleGradientPaint.ColorSpaceType;
import java.awt.MultipleGradientPaint.CycleMethod;
import java.awt.Paint;
import java.awt.RadialGradientPaint;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;

/** Paints shapes of one object into its unit box; the light comes from the upper left. */
public final class Brush {
  private static final double LINE = 0.018;

  /** Whether the object casts a shadow on the ground below it. */
  enum Ground {
    NEAR,
    NONE
  }

  private final Graphics2D graphics;
  private final Palette palette;
  private final Ground ground;

  /** Takes over the graphics, whose transform maps the unit box to the picture. */
  Brush(Graphics2D graphics, Palette palette, Ground ground) {
    this.graphics = graphics;
    this.palette = palette;
    this.ground = ground;
  }

  Palette palette() {
    return palette;
  }

  /** Turns everything drawn from now on about the middle of the box. */
  void turn(double degrees) {
    graphics.rotate(Math.toRadians(degrees), 0.5, 0.5);
  }

  /** Scales everything drawn from now on about the middle of the box. */
  void zoom(double factor) {
    graphics.translate(0.5, 0.5);
    graphics.scale(factor, factor);
    graphics.translate(-0.5, -0.5);
  }

  /** A soft shadow where the object touches the ground, if there is ground. */
  void shadow(double cx, double cy, double rx) {
    if (ground == Ground.NONE) {
      return;
    }
    double ry = rx * 0.16;
    AffineTransform flat = AffineTransform.getTranslateInstance(cx, cy);
    flat.scale(rx, ry);
    graphics.setPaint(
        new RadialGradientPaint(
            new Point2D.Double(0, 0),
            1f,
            new Point2D.Double(0, 0),
            new float[] {0f, 0.55f, 1f},
            new Color[] {new Color(0, 0, 0, 105), new Color(0, 0, 0, 70), new Color(0, 0, 0, 0)},
            CycleMethod.NO_CYCLE,
            ColorSpaceType.SRGB,
            flat));
    graphics.fill(Outlines.oval(cx, cy, rx, ry));
  }

  /** Fills with light from the upper left and draws the outline. */
  void paint(Shape shape, Color colour) {
    solid(shape, colour);
    line(shape, LINE, palette.line());
  }

  /** Fills with light from the upper left, without outline. */
  void solid(Shape shape, Color colour) {
    graphics.setPaint(lit(shape, colour));
    graphics.fill(shape);
  }

  /** Fills with one colour. */
  void flat(Shape shape, Color colour) {
    graphics.setPaint(colour);
    graphics.fill(shape);
  }

  /** Draws along a shape. */
  void line(Shape shape, double width, Color colour) {
    graphics.setPaint(colour);
    graphics.setStroke(Outlines.stroke(width));
    graphics.draw(shape);
  }

  /** Draws along a path given as text. */
  void line(String path, double width, Color colour) {
    line(Outlines.path(path), width, colour);
  }

  /** A white reflection. */
  void gloss(Shape shape) {
    flat(shape, Palette.veil(Color.WHITE, 0.42));
  }

  private static Paint lit(Shape shape, Color colour) {
    Rectangle2D box = shape.getBounds2D();
    double width = Math.max(box.getWidth(), 1e-3);
    double height = Math.max(box.getHeight(), 1e-3);
    return new LinearGradientPaint(
        new Point2D.Double(box.getX() + 0.25 * width, box.getY()),
        new Point2D.Double(box.getX() + 0.75 * width, box.getY() + height),
        new float[] {0f, 0.5f, 1f},
        new Color[] {Palette.mix(colour, Color.WHITE, 0.18), colour, Palette.shaded(colour, 0.13)});
  }
}
