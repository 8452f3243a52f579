package io.noesis.ingest.simulate.stimulus;

import static io.noesis.ingest.simulate.stimulus.Outlines.both;
import static io.noesis.ingest.simulate.stimulus.Outlines.box;
import static io.noesis.ingest.simulate.stimulus.Outlines.circle;
import static io.noesis.ingest.simulate.stimulus.Outlines.oval;
import static io.noesis.ingest.simulate.stimulus.Outlines.path;
import static io.noesis.ingest.simulate.stimulus.Outlines.round;
import static io.noesis.ingest.simulate.stimulus.Outlines.turn;
import static io.noesis.ingest.simulate.stimulus.Outlines.union;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;

/** The drawings of the foods. */
final class Foods {
  private Foods() {}

  static void apple(Brush b) {
    Palette p = b.palette();
    b.shadow(.50, .945, .34);
    Shape body =
        path(
            "M .50 .30 C .40 .18 .08 .18 .08 .54 C .08 .80 .27 .96 .40 .96 C .46 .96 .47 .93 .50 .93"
                + " C .53 .93 .54 .96 .60 .96 C .73 .96 .92 .80 .92 .54 C .92 .18 .60 .18 .50 .30"
                + " Z");
    b.solid(body, p.main());
    b.flat(
        both(body, path("M .92 .30 C .86 .70 .70 .90 .42 .90 L .42 1 L 1 1 L 1 .30 Z")), p.dark());
    b.flat(both(body, oval(.50, .26, .16, .09)), p.dark());
    b.line(body, .018, p.line());
    b.gloss(turn(oval(.25, .48, .065, .13), 18, .25, .48));
    b.gloss(circle(.23, .67, .03));
    b.line("M .50 .30 C .50 .22 .52 .14 .57 .07", .042, Inks.TIMBER);
    b.paint(path("M .54 .20 C .60 .06 .76 .02 .90 .09 C .85 .22 .68 .28 .54 .20 Z"), Inks.LEAF);
    b.line("M .57 .19 C .66 .16 .74 .13 .82 .11", .012, Inks.STEM);
  }

  static void banana(Brush b) {
    Palette p = b.palette();
    b.shadow(.56, .93, .38);
    Shape body =
        path(
            "M .13 .17 C .00 .58 .28 .97 .74 .93 C .86 .92 .94 .86 .98 .76 C .68 .74 .38 .56 .29 .14"
                + " Z");
    b.solid(body, p.main());
    b.flat(
        both(body, path("M .10 .17 C -.02 .60 .30 .97 .98 .86 L .98 1 L .00 1 L .00 .17 Z")),
        p.dark());
    b.flat(
        both(body, path("M .22 .15 C .26 .52 .54 .76 .98 .79 L 1 .70 L .50 .60 L .32 .10 Z")),
        p.light());
    b.line("M .215 .18 C .24 .54 .52 .80 .95 .79", .014, p.mark());
    b.line(body, .018, p.line());
    b.paint(
        path("M .13 .18 L .15 .04 L .25 .03 L .29 .15 C .24 .20 .18 .21 .13 .18 Z"), Inks.TIMBER);
    b.paint(
        path("M .90 .86 C .95 .83 .97 .80 .985 .755 L .93 .755 C .90 .79 .89 .82 .90 .86 Z"),
        Inks.TIMBER);
    b.line("M .30 .62 L .34 .66 M .46 .78 L .52 .81 M .64 .86 L .68 .865", .016, p.mark());
  }

  static void iceCream(Brush b) {
    Palette p = b.palette();
    Shape cone = path("M .29 .50 L .71 .50 L .52 .97 C .51 .985 .49 .985 .48 .97 Z");
    b.solid(cone, Inks.WAFFLE);
    for (int k = 0; k < 8; k++) {
      double x = .05 + .11 * k;
      Shape down = new Line2D.Double(x, .48, x + .30, 1.0);
      Shape up = new Line2D.Double(x + .02, .48, x - .28, 1.0);
      Shape grid =
          union(
              Outlines.stroke(.012).createStrokedShape(down),
              Outlines.stroke(.012).createStrokedShape(up));
      b.flat(both(cone, grid), Inks.WOOD);
    }
    b.line(cone, .018, p.line());
    b.paint(circle(.50, .20, .165), p.light());
    b.gloss(turn(oval(.42, .16, .03, .055), 30, .42, .16));
    Shape scoop =
        path(
            "M .24 .42 C .22 .22 .78 .22 .76 .42 C .81 .47 .79 .55 .73 .54 C .71 .60 .64 .60 .62 .54"
                + " C .60 .56 .58 .56 .57 .55 C .56 .66 .47 .66 .46 .55 C .43 .58 .38 .58 .37 .54 C"
                + " .34 .58 .28 .57 .27 .54 C .21 .55 .19 .47 .24 .42 Z");
    b.paint(scoop, p.main());
    b.gloss(turn(oval(.345, .38, .035, .07), 30, .345, .38));
    b.line("M .52 .40 L .56 .37 M .62 .45 L .66 .44 M .45 .46 L .48 .49", .022, p.pale());
    b.line("M .50 .24 L .54 .22 M .56 .14 L .60 .15", .022, p.pale());
    b.line("M .51 .03 C .54 .00 .58 .00 .61 .01", .016, Inks.TIMBER);
    b.paint(circle(.50, .06, .045), Inks.CHERRY);
    b.flat(circle(.485, .045, .012), Inks.WHITE);
  }

  static void cake(Brush b) {
    Palette p = b.palette();
    b.shadow(.50, .95, .46);
    b.paint(oval(.50, .88, .47, .075), Inks.METAL);
    b.solid(oval(.50, .865, .40, .05), Inks.WHITE);
    Shape body = path("M .12 .46 L .12 .82 C .12 .92 .88 .92 .88 .82 L .88 .46 Z");
    b.solid(body, p.main());
    b.flat(
        both(
            body,
            path("M .10 .64 C .10 .74 .90 .74 .90 .64 L .90 .70 C .90 .80 .10 .80 .10 .70 Z")),
        p.pale());
    b.line(body, .018, p.line());
    b.paint(
        path(
            "M .12 .45 C .12 .32 .88 .32 .88 .45 L .88 .55 C .88 .61 .80 .61 .80 .55 C .80 .52 .72"
                + " .53 .72 .57 C .72 .67 .63 .67 .63 .58 C .63 .54 .55 .54 .55 .58 C .55 .63 .47"
                + " .63 .47 .58 C .47 .54 .39 .54 .39 .58 C .39 .69 .29 .69 .29 .57 C .29 .53 .21"
                + " .52 .21 .56 C .21 .61 .12 .61 .12 .55 Z"),
        Inks.CREAM);
    b.flat(oval(.50, .445, .345, .075), Inks.WHITE);
    for (double x : new double[] {.30, .50, .70}) {
      double y = x == .50 ? .47 : .44;
      Shape candle = round(x - .025, y - .27, .05, .27, .01);
      b.solid(candle, p.light());
      b.flat(both(candle, box(0, y - .21, 1, .035)), Inks.WHITE);
      b.flat(both(candle, box(0, y - .13, 1, .035)), Inks.WHITE);
      b.line(candle, .014, p.line());
      b.solid(flame(x, y - .30, 1.0), Inks.CLAY);
      b.flat(flame(x, y - .285, .6), Inks.LAMP);
    }
    for (double x : new double[] {.22, .40, .60, .78}) {
      b.paint(circle(x, .475, .034), Inks.CHERRY);
    }
  }

  private static Shape flame(double x, double y, double size) {
    Shape drop = path("M .50 .40 C .55 .47 .555 .54 .50 .545 C .445 .54 .45 .47 .50 .40 Z");
    Shape moved = AffineTransform.getTranslateInstance(x - .5, y - .5).createTransformedShape(drop);
    return Outlines.scale(moved, size, x, y + .03);
  }
}
