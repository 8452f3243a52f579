package io.noesis.ingest.simulate.stimulus;

import static io.noesis.ingest.simulate.stimulus.Outlines.both;
import static io.noesis.ingest.simulate.stimulus.Outlines.circle;
import static io.noesis.ingest.simulate.stimulus.Outlines.oval;
import static io.noesis.ingest.simulate.stimulus.Outlines.path;
import static io.noesis.ingest.simulate.stimulus.Outlines.round;
import static io.noesis.ingest.simulate.stimulus.Outlines.tube;
import static io.noesis.ingest.simulate.stimulus.Outlines.turn;
import static io.noesis.ingest.simulate.stimulus.Outlines.union;

import java.awt.Shape;
import java.util.Locale;

/** The drawings of the plants. */
final class Plants {
  private Plants() {}

  static void tree(Brush b) {
    Palette p = b.palette();
    b.shadow(.50, .95, .34);
    b.paint(
        path(
            "M .36 .96 C .43 .90 .455 .78 .45 .55 L .55 .55 C .545 .78 .57 .90 .64 .96 C .56 .94"
                + " .44 .94 .36 .96 Z"),
        Inks.WOOD);
    b.line("M .485 .90 L .48 .72 M .525 .88 L .52 .76", .012, Inks.TIMBER);
    b.line("M .50 .70 L .62 .58 M .50 .66 L .40 .57", .035, Inks.WOOD);
    Shape crown =
        union(
            circle(.50, .22, .19),
            circle(.30, .31, .18),
            circle(.70, .31, .18),
            circle(.22, .46, .15),
            circle(.78, .46, .15),
            circle(.40, .52, .14),
            circle(.61, .52, .14),
            circle(.50, .38, .24));
    b.solid(crown, p.main());
    Shape shade =
        union(oval(.68, .56, .22, .10), oval(.36, .60, .20, .08), oval(.86, .46, .07, .14));
    b.flat(both(crown, shade), p.dark());
    b.flat(both(crown, union(circle(.42, .20, .11), circle(.26, .33, .09))), p.light());
    b.line(crown, .018, p.line());
    b.line(
        "M .52 .32 C .56 .27 .62 .27 .66 .32 M .38 .44 C .42 .39 .48 .39 .52 .44", .016, p.mark());
    b.line(
        "M .66 .46 C .69 .42 .74 .42 .78 .46 M .22 .46 C .25 .42 .29 .42 .32 .46", .016, p.mark());
  }

  static void flower(Brush b) {
    Palette p = b.palette();
    b.shadow(.50, .955, .22);
    b.paint(tube("M .50 .50 C .52 .68 .49 .80 .50 .94", .032), Inks.STEM);
    Shape leaf = path("M .50 .86 C .40 .66 .22 .64 .13 .68 C .18 .84 .34 .92 .50 .86 Z");
    b.paint(leaf, Inks.LEAF);
    b.line("M .47 .85 C .38 .76 .28 .72 .20 .71", .012, Inks.STEM);
    b.paint(path("M .50 .80 C .60 .60 .78 .58 .87 .62 C .82 .78 .66 .86 .50 .80 Z"), Inks.LEAF);
    b.line("M .53 .79 C .62 .70 .72 .66 .80 .65", .012, Inks.STEM);
    Shape petal = path("M .50 .34 C .36 .22 .38 .03 .50 .02 C .62 .03 .64 .22 .50 .34 Z");
    for (int k = 0; k < 8; k++) {
      b.paint(turn(petal, 22.5 + 45 * k, .50, .34), p.dark());
    }
    for (int k = 0; k < 8; k++) {
      b.paint(turn(petal, 45 * k, .50, .34), p.main());
      b.line(turn(path("M .50 .22 L .50 .11"), 45 * k, .50, .34), .012, p.mark());
    }
    b.paint(circle(.50, .34, .105), Inks.GOLD);
    for (int k = 0; k < 7; k++) {
      double angle = Math.toRadians(k * 360.0 / 7);
      b.flat(circle(.50 + .06 * Math.cos(angle), .34 + .06 * Math.sin(angle), .014), Inks.WOOD);
    }
    b.flat(circle(.50, .34, .016), Inks.WOOD);
  }

  static void cactus(Brush b) {
    Palette p = b.palette();
    b.shadow(.50, .955, .30);
    Shape body =
        union(
            round(.385, .08, .23, .70, .115),
            tube("M .42 .55 L .28 .55 C .19 .55 .18 .50 .18 .44 L .18 .34", .14),
            tube("M .58 .46 L .72 .46 C .81 .46 .82 .41 .82 .35 L .82 .22", .14));
    b.solid(body, p.main());
    b.flat(both(body, round(.405, .12, .05, .60, .025)), p.light());
    b.line(body, .018, p.line());
    b.line("M .47 .14 L .47 .70 M .55 .14 L .55 .70", .012, p.mark());
    b.line("M .18 .33 L .18 .46 M .82 .21 L .82 .36", .012, p.mark());
    for (int k = 0; k < 5; k++) {
      double y = .20 + .105 * k;
      b.line(path(spine(.425, y) + spine(.51, y + .05) + spine(.59, y)), .011, p.trim());
    }
    b.line(
        path(spine(.15, .38) + spine(.21, .44) + spine(.79, .27) + spine(.85, .33)),
        .011,
        p.trim());
    for (int k = 0; k < 5; k++) {
      b.paint(turn(oval(.50, .045, .028, .04), 72 * k, .50, .085), Inks.ROSE);
    }
    b.flat(circle(.50, .085, .024), Inks.GOLD);
    b.paint(path("M .29 .73 L .71 .73 L .66 .96 L .34 .96 Z"), Inks.CLAY);
    b.paint(round(.26, .68, .48, .085, .02), Inks.CLAY);
  }

  private static String spine(double x, double y) {
    return String.format(
        Locale.ROOT,
        "M %.3f %.3f L %.3f %.3f M %.3f %.3f L %.3f %.3f ",
        x - .018,
        y - .018,
        x + .018,
        y + .018,
        x + .018,
        y - .018,
        x - .018,
        y + .018);
  }

  static void mushroom(Brush b) {
    Palette p = b.palette();
    b.shadow(.50, .95, .32);
    b.paint(
        path(
            "M .39 .46 C .42 .68 .37 .84 .32 .91 C .42 .97 .58 .97 .68 .91 C .63 .84 .58 .68 .61"
                + " .46 Z"),
        Inks.CREAM);
    b.line("M .46 .72 L .45 .88 M .54 .70 L .56 .86", .010, Inks.STONE);
    b.paint(path("M .36 .60 C .44 .66 .56 .66 .64 .60 L .62 .52 L .38 .52 Z"), Inks.WHITE);
    b.paint(oval(.50, .50, .40, .075), Inks.CREAM);
    b.line(
        "M .50 .51 L .50 .57 M .42 .51 L .39 .565 M .58 .51 L .61 .565 M .34 .51 L .28 .55 M .66 .51"
            + " L .72 .55",
        .010,
        Inks.STONE);
    Shape cap =
        path(
            "M .04 .48 C .03 .20 .28 .05 .50 .05 C .72 .05 .97 .20 .96 .48 C .96 .57 .72 .50 .50"
                + " .50 C .28 .50 .04 .57 .04 .48 Z");
    b.solid(cap, p.main());
    Shape dots =
        union(
            oval(.47, .22, .085, .075),
            oval(.26, .32, .065, .065),
            oval(.70, .28, .07, .07),
            oval(.40, .41, .05, .04),
            oval(.60, .42, .045, .035),
            oval(.86, .43, .055, .05),
            oval(.13, .45, .05, .04),
            oval(.60, .10, .045, .03),
            oval(.33, .14, .04, .035));
    b.flat(both(cap, dots), p.pale());
    b.line(cap, .018, p.line());
  }
}
