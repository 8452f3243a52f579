package io.noesis.ingest.simulate.stimulus;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;

/** Shapes in the unit box: x to the right, y down, both from 0 to 1. */
final class Outlines {
  private Outlines() {}

  static Path2D path(String text) {
    return PathText.read(text);
  }

  static Shape oval(double cx, double cy, double rx, double ry) {
    return new Ellipse2D.Double(cx - rx, cy - ry, 2 * rx, 2 * ry);
  }

  static Shape circle(double cx, double cy, double r) {
    return oval(cx, cy, r, r);
  }

  static Shape box(double x, double y, double width, double height) {
    return new Rectangle2D.Double(x, y, width, height);
  }

  /** A box with rounded corners of radius r. */
  static Shape round(double x, double y, double width, double height, double r) {
    return new RoundRectangle2D.Double(x, y, width, height, 2 * r, 2 * r);
  }

  /** The outline of a line of that width with round ends. */
  static Shape tube(String text, double width) {
    return stroke(width).createStrokedShape(path(text));
  }

  static BasicStroke stroke(double width) {
    return new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }

  static Area union(Shape... shapes) {
    Area all = new Area();
    for (Shape shape : shapes) {
      all.add(new Area(shape));
    }
    return all;
  }

  static Area minus(Shape whole, Shape hole) {
    Area rest = new Area(whole);
    rest.subtract(new Area(hole));
    return rest;
  }

  /** Where both shapes are. */
  static Area both(Shape a, Shape b) {
    Area common = new Area(a);
    common.intersect(new Area(b));
    return common;
  }

  /** The mirror image about the vertical middle line x = 0.5. */
  static Shape mirror(Shape shape) {
    return new AffineTransform(-1, 0, 0, 1, 1, 0).createTransformedShape(shape);
  }

  static Shape turn(Shape shape, double degrees, double cx, double cy) {
    return AffineTransform.getRotateInstance(Math.toRadians(degrees), cx, cy)
        .createTransformedShape(shape);
  }

  /** The shape made larger or smaller about a point. */
  static Shape scale(Shape shape, double factor, double cx, double cy) {
    AffineTransform transform = AffineTransform.getTranslateInstance(cx, cy);
    transform.scale(factor, factor);
    transform.translate(-cx, -cy);
    return transform.createTransformedShape(shape);
  }
}
