package io.noesis.ingest.simulate.stimulus;

import static io.noesis.ingest.simulate.stimulus.Outlines.both;
import static io.noesis.ingest.simulate.stimulus.Outlines.box;
import static io.noesis.ingest.simulate.stimulus.Outlines.circle;
import static io.noesis.ingest.simulate.stimulus.Outlines.oval;
import static io.noesis.ingest.simulate.stimulus.Outlines.path;
import static io.noesis.ingest.simulate.stimulus.Outlines.round;
import static io.noesis.ingest.simulate.stimulus.Outlines.tube;

import java.awt.Shape;
import java.awt.geom.Line2D;

/** The drawings of the vehicles. */
final class Vehicles {
  private Vehicles() {}

  static void car(Brush b) {
    Palette p = b.palette();
    b.shadow(.50, .775, .48);
    Shape body =
        path(
            "M .03 .60 C .03 .49 .06 .45 .14 .43 L .21 .41 C .28 .25 .34 .20 .44 .20 L .60 .20 C .69"
                + " .20 .75 .27 .81 .41 L .91 .44 C .96 .46 .98 .51 .98 .60 L .98 .65 C .98 .68 .96"
                + " .69 .94 .69 L .06 .69 C .04 .69 .03 .67 .03 .64 Z");
    b.solid(body, p.main());
    b.flat(both(body, box(0, .605, 1, .10)), p.dark());
    b.line(body, .018, p.line());
    b.paint(path("M .28 .41 C .33 .30 .37 .265 .44 .265 L .50 .265 L .50 .41 Z"), Inks.GLASS);
    b.paint(path("M .545 .265 L .60 .265 C .66 .265 .69 .30 .74 .41 L .545 .41 Z"), Inks.GLASS);
    b.line("M .36 .39 L .42 .29 M .60 .39 L .64 .30", .016, Inks.WHITE);
    b.line("M .523 .41 L .523 .66 M .27 .43 L .26 .50 M .77 .42 L .79 .52", .010, p.mark());
    b.line("M .44 .475 L .49 .475 M .67 .475 L .72 .475", .020, p.mark());
    b.paint(oval(.945, .535, .024, .042), Inks.LAMP);
    b.paint(round(.035, .49, .035, .075, .01), Inks.CHERRY);
    for (double x : new double[] {.25, .76}) {
      b.flat(both(body, circle(x, .665, .135)), p.line());
      wheel(b, x, .665, .112);
    }
  }

  private static void wheel(Brush b, double x, double y, double radius) {
    b.solid(circle(x, y, radius), Inks.INK);
    b.solid(circle(x, y, radius * .60), Inks.METAL);
    b.flat(circle(x, y, radius * .22), Inks.STEEL);
    for (int k = 0; k < 5; k++) {
      double angle = Math.toRadians(72 * k - 90);
      b.flat(
          circle(
              x + radius * .40 * Math.cos(angle), y + radius * .40 * Math.sin(angle), radius * .10),
          Inks.STEEL);
    }
  }

  static void sailboat(Brush b) {
    Palette p = b.palette();
    b.paint(round(.478, .05, .034, .66, .015), Inks.WOOD);
    Shape sail = path("M .535 .09 C .74 .24 .90 .44 .94 .63 L .535 .63 Z");
    b.solid(sail, p.main());
    b.flat(both(sail, box(0, .34, 1, .075)), p.pale());
    b.line(sail, .018, p.line());
    b.paint(path("M .455 .16 C .36 .34 .22 .52 .08 .63 L .455 .63 Z"), Inks.CREAM);
    b.line("M .40 .32 L .455 .32 M .27 .48 L .455 .48", .010, Inks.STONE);
    b.paint(path("M .495 .03 L .36 .075 L .495 .12 Z"), p.main());
    Shape hull =
        path("M .04 .68 L .97 .68 C .94 .80 .86 .91 .76 .91 L .26 .91 C .15 .89 .07 .80 .04 .68 Z");
    b.solid(hull, p.main());
    b.flat(both(hull, box(0, .735, 1, .04)), p.trim());
    b.flat(both(hull, box(0, .85, 1, .10)), p.deep());
    b.line(hull, .018, p.line());
    b.solid(
        tube(
            "M .02 .93 C .08 .87 .12 .87 .18 .93 C .24 .97 .28 .97 .34 .93 C .40 .87 .44 .87 .50"
                + " .93 C .56 .97 .60 .97 .66 .93 C .72 .87 .76 .87 .82 .93 C .88 .97 .92 .97 .98"
                + " .93",
            .035),
        Inks.WATER);
  }

  static void train(Brush b) {
    Palette p = b.palette();
    b.shadow(.50, .93, .48);
    b.solid(circle(.66, .09, .065), Inks.SMOKE);
    b.solid(circle(.54, .07, .05), Inks.SMOKE);
    b.solid(circle(.745, .14, .05), Inks.SMOKE);
    b.paint(path("M .69 .19 L .85 .19 L .82 .25 L .81 .42 L .73 .42 L .72 .25 Z"), Inks.STEEL);
    b.paint(path("M .50 .40 C .50 .27 .62 .27 .62 .40 Z"), Inks.GOLD);
    Shape boiler = round(.34, .37, .57, .30, .10);
    b.paint(boiler, p.main());
    b.flat(both(boiler, round(.38, .405, .48, .04, .02)), p.light());
    b.flat(both(boiler, box(.47, .37, .025, .30)), Inks.GOLD);
    b.flat(both(boiler, box(.66, .37, .025, .30)), Inks.GOLD);
    b.flat(both(boiler, box(.84, .30, .10, .40)), p.dark());
    b.line(boiler, .018, p.line());
    b.paint(box(.08, .20, .31, .50), p.main());
    b.paint(round(.14, .28, .19, .17, .02), Inks.GLASS);
    b.line("M .17 .42 L .25 .30", .016, Inks.WHITE);
    b.paint(round(.03, .13, .41, .08, .03), p.deep());
    b.line("M .13 .52 L .34 .52 L .34 .64 L .13 .64 Z", .012, p.mark());
    b.paint(path("M .90 .66 L .99 .90 L .83 .90 Z"), Inks.STEEL);
    b.line("M .90 .74 L .90 .88 M .90 .72 L .945 .88", .010, Inks.INK);
    b.paint(round(.05, .67, .88, .07, .01), Inks.STEEL);
    b.paint(circle(.915, .45, .035), Inks.LAMP);
    for (double x : new double[] {.20, .46}) {
      trainWheel(b, x, .79, .125);
    }
    trainWheel(b, .67, .83, .085);
    b.line("M .20 .82 L .67 .82", .030, Inks.METAL);
  }

  private static void trainWheel(Brush b, double x, double y, double radius) {
    b.paint(circle(x, y, radius), b.palette().main());
    b.flat(circle(x, y, radius * .60), Inks.CREAM);
    for (int k = 0; k < 4; k++) {
      double dx = radius * .62 * Math.cos(Math.toRadians(45 * k));
      double dy = radius * .62 * Math.sin(Math.toRadians(45 * k));
      b.line(new Line2D.Double(x - dx, y - dy, x + dx, y + dy), .012, Inks.INK);
    }
    b.flat(circle(x, y, radius * .22), Inks.INK);
  }

  static void airplane(Brush b) {
    Palette p = b.palette();
    b.turn(-9);
    b.zoom(0.96);
    b.paint(path("M .46 .43 L .32 .13 L .41 .13 L .66 .43 Z"), p.dark());
    b.paint(path("M .07 .46 L .01 .17 L .12 .17 L .29 .43 Z"), p.dark());
    Shape body =
        path(
            "M .02 .44 C .10 .405 .20 .40 .30 .40 L .76 .39 C .88 .39 .97 .46 .99 .52 C .97 .58 .88"
                + " .61 .76 .61 L .32 .61 C .18 .60 .08 .54 .02 .44 Z");
    b.solid(body, p.main());
    b.flat(both(body, box(0, .545, 1, .10)), p.pale());
    b.line(body, .018, p.line());
    b.paint(path("M .87 .425 C .91 .44 .94 .465 .955 .49 L .87 .49 Z"), Inks.GLASS);
    for (int k = 0; k < 8; k++) {
      b.flat(circle(.34 + .062 * k, .465, .021), Inks.INK);
      b.flat(circle(.34 + .062 * k, .465, .016), Inks.GLASS);
    }
    b.paint(round(.40, .70, .19, .10, .05), Inks.METAL);
    b.paint(round(.56, .70, .04, .10, .02), Inks.STEEL);
    b.paint(path("M .40 .54 L .20 .90 L .31 .90 L .66 .56 Z"), p.dark());
    b.line("M .40 .62 L .27 .87", .012, p.deep());
    b.paint(path("M .07 .47 L -.03 .58 L .05 .58 L .22 .49 Z"), p.dark());
  }
}
