package io.noesis.ingest.simulate.stimulus;

import static io.noesis.ingest.simulate.stimulus.Outlines.box;
import static io.noesis.ingest.simulate.stimulus.Outlines.circle;
import static io.noesis.ingest.simulate.stimulus.Outlines.minus;
import static io.noesis.ingest.simulate.stimulus.Outlines.oval;
import static io.noesis.ingest.simulate.stimulus.Outlines.path;
import static io.noesis.ingest.simulate.stimulus.Outlines.union;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.LinearGradientPaint;
import java.awt.RadialGradientPaint;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;

/** Draws the backgrounds, in muted colours so that the objects stand out. */
final class Backdrops {
  private static final Shape ALL = box(0, 0, 1, 1);

  private Backdrops() {}

  /** Fills the unit box. */
  static void draw(Background background, Graphics2D g) {
    switch (background) {
      case STUDIO -> studio(g);
      case WHITE -> fill(g, ALL, 0xffffff);
      case SKY -> sky(g);
      case MEADOW -> meadow(g);
      case BEACH -> beach(g);
      case NIGHT -> night(g);
      case CITY -> city(g);
      case ROOM -> room(g);
    }
  }

  private static void studio(Graphics2D g) {
    fade(g, ALL, 0, 1, 0xb4b6ba, 0x9b9da2);
    g.setPaint(
        new RadialGradientPaint(
            new Point2D.Double(0.5, 0.5),
            0.75f,
            new float[] {0f, 1f},
            new Color[] {new Color(255, 255, 255, 90), new Color(255, 255, 255, 0)}));
    g.fill(ALL);
    fade(g, box(0, 0.66, 1, 0.34), 0.66, 1, 0xa9abb0, 0xc0c2c6);
    fade(g, box(0, 0.60, 1, 0.0601), 0.60, 0.66, 0xbabcc0, 0xa9abb0);
  }

  private static void sky(Graphics2D g) {
    fade(g, ALL, 0, 1, 0x7fbcec, 0xd9eefb);
    cloud(g, 0.20, 0.17, 0.13);
    cloud(g, 0.80, 0.30, 0.15);
    cloud(g, 0.14, 0.66, 0.12);
    cloud(g, 0.70, 0.88, 0.17);
  }

  private static void cloud(Graphics2D g, double x, double y, double r) {
    Shape puffs =
        union(
            oval(x, y + 0.25 * r, 1.3 * r, 0.36 * r),
            circle(x - 0.45 * r, y, 0.45 * r),
            circle(x + 0.15 * r, y - 0.18 * r, 0.58 * r),
            circle(x + 0.70 * r, y + 0.08 * r, 0.38 * r));
    g.setPaint(new Color(255, 255, 255, 225));
    g.fill(puffs);
  }

  private static void meadow(Graphics2D g) {
    fade(g, ALL, 0, 0.6, 0xb5dcf3, 0xeef8fb);
    cloud(g, 0.24, 0.14, 0.10);
    cloud(g, 0.78, 0.22, 0.12);
    fill(
        g,
        path("M 0 .54 C .18 .44 .34 .46 .52 .54 C .70 .46 .86 .46 1 .52 L 1 1 L 0 1 Z"),
        0xb4d3a0);
    fade(g, path("M 0 .60 C .30 .54 .66 .56 1 .60 L 1 1 L 0 1 Z"), 0.56, 1, 0xa4d283, 0x7fb962);
    g.setPaint(new Color(0x6ba552));
    g.setStroke(Outlines.stroke(0.007));
    for (int k = 0; k < 22; k++) {
      double x = (k * 0.569840 + 0.07) % 1;
      double y = 0.64 + 0.34 * ((k * 0.754878 + 0.11) % 1);
      g.draw(new Line2D.Double(x, y, x - 0.012, y - 0.028));
      g.draw(new Line2D.Double(x, y, x + 0.012, y - 0.028));
    }
  }

  private static void beach(Graphics2D g) {
    fade(g, ALL, 0, 0.45, 0x9fd3f0, 0xe6f5fa);
    fill(g, circle(0.82, 0.15, 0.07), 0xfff1b8);
    fade(g, box(0, 0.42, 1, 0.22), 0.42, 0.62, 0x4f9fc0, 0x8cd0d8);
    fade(
        g,
        path("M 0 .61 C .20 .57 .36 .63 .54 .60 C .72 .57 .86 .61 1 .58 L 1 1 L 0 1 Z"),
        0.58,
        1,
        0xf4e3b8,
        0xe3c98f);
    g.setPaint(new Color(255, 255, 255, 200));
    g.setStroke(Outlines.stroke(0.012));
    g.draw(path("M 0 .61 C .20 .57 .36 .63 .54 .60 C .72 .57 .86 .61 1 .58"));
    g.setStroke(Outlines.stroke(0.006));
    g.draw(path("M .10 .48 L .24 .48 M .52 .46 L .64 .46 M .72 .52 L .88 .52 M .30 .54 L .42 .54"));
    g.setPaint(new Color(0xcfb277));
    for (int k = 0; k < 26; k++) {
      g.fill(circle((k * 0.569840 + 0.11) % 1, 0.68 + 0.30 * ((k * 0.754878 + 0.11) % 1), 0.005));
    }
  }

  private static void night(Graphics2D g) {
    fade(g, ALL, 0, 0.8, 0x1c2550, 0x4d5c9c);
    g.setPaint(new Color(0xfdf6d8));
    for (int k = 0; k < 42; k++) {
      double x = (k * 0.569840 + 0.03) % 1;
      double y = 0.03 + 0.68 * ((k * 0.754878 + 0.21) % 1);
      if (Math.hypot(x - 0.84, y - 0.14) > 0.10) {
        g.fill(circle(x, y, k % 5 == 0 ? 0.0075 : 0.0045));
      }
    }
    fill(g, minus(circle(0.84, 0.14, 0.075), circle(0.805, 0.125, 0.065)), 0xfdf0b8);
    fade(
        g,
        path("M 0 .78 C .26 .70 .44 .76 .62 .80 C .78 .76 .90 .76 1 .78 L 1 1 L 0 1 Z"),
        0.74,
        1,
        0x34406a,
        0x252d50);
  }

  private static void city(Graphics2D g) {
    fade(g, ALL, 0, 0.7, 0xd7dde6, 0xf3ede4);
    double[][] towers = {
      {-0.02, 0.34, 0.15}, {0.12, 0.22, 0.12}, {0.23, 0.42, 0.13}, {0.35, 0.30, 0.11},
      {0.45, 0.46, 0.14}, {0.58, 0.26, 0.13}, {0.70, 0.38, 0.12}, {0.81, 0.18, 0.11},
      {0.91, 0.36, 0.12}
    };
    for (int k = 0; k < towers.length; k++) {
      double x = towers[k][0];
      double top = towers[k][1];
      double width = towers[k][2];
      fade(
          g, box(x, top, width, 0.75 - top), top, 0.75, k % 2 == 0 ? 0x9fabbf : 0xb3bccb, 0xc6ccd6);
      g.setPaint(new Color(0xe9edf2));
      for (double y = top + 0.03; y < 0.68; y += 0.05) {
        for (double w = x + 0.02; w < x + width - 0.025; w += 0.035) {
          g.fill(box(w, y, 0.017, 0.025));
        }
      }
    }
    fill(g, box(0, 0.70, 1, 0.06), 0xc9c7c3);
    fade(g, box(0, 0.75, 1, 0.25), 0.75, 1, 0x85888f, 0x74777e);
    g.setPaint(new Color(0xe8e4d4));
    for (int k = 0; k < 4; k++) {
      g.fill(box(0.04 + 0.27 * k, 0.87, 0.13, 0.018));
    }
  }

  private static void room(Graphics2D g) {
    fade(g, ALL, 0, 0.7, 0xefe3d0, 0xe3d3bb);
    g.setPaint(new Color(0xe0d0b6));
    for (int k = 0; k < 10; k++) {
      g.fill(box(0.03 + 0.10 * k, 0, 0.035, 0.68));
    }
    fade(g, box(0, 0.68, 1, 0.32), 0.68, 1, 0xb98c5e, 0xa87a4d);
    g.setPaint(new Color(0x94693f));
    g.setStroke(Outlines.stroke(0.004));
    g.draw(path("M 0 .74 L 1 .74 M 0 .815 L 1 .815 M 0 .905 L 1 .905"));
    g.draw(
        path("M .22 .68 L .20 .74 M .68 .68 L .69 .74 M .44 .74 L .43 .815 M .88 .74 L .90 .815"));
    g.draw(
        path("M .16 .815 L .13 .905 M .66 .815 L .67 .905 M .40 .905 L .39 1 M .86 .905 L .89 1"));
    fill(g, box(0, 0.655, 1, 0.028), 0xf7f2e8);
    fill(g, box(0.06, 0.09, 0.25, 0.29), 0xfaf7f0);
    fade(g, box(0.08, 0.11, 0.21, 0.25), 0.11, 0.36, 0xa9d4ec, 0xdff0f4);
    fill(g, box(0.178, 0.11, 0.014, 0.25), 0xfaf7f0);
    fill(g, box(0.08, 0.228, 0.21, 0.014), 0xfaf7f0);
    fill(g, box(0.045, 0.375, 0.28, 0.022), 0xf0e9dc);
  }

  private static void fill(Graphics2D g, Shape shape, int rgb) {
    g.setPaint(new Color(rgb));
    g.fill(shape);
  }

  /** A vertical gradient between two heights. */
  private static void fade(
      Graphics2D g, Shape shape, double top, double bottom, int upper, int lower) {
    g.setPaint(
        new LinearGradientPaint(
            new Point2D.Double(0, top),
            new Point2D.Double(0, bottom),
            new float[] {0f, 1f},
            new Color[] {new Color(upper), new Color(lower)}));
    g.fill(shape);
  }
}
