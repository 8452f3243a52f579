package io.noesis.ingest.simulate.stimulus;

import static io.noesis.ingest.simulate.stimulus.Outlines.box;
import static io.noesis.ingest.simulate.stimulus.Outlines.circle;
import static io.noesis.ingest.simulate.stimulus.Outlines.minus;
import static io.noesis.ingest.simulate.stimulus.Outlines.mirror;
import static io.noesis.ingest.simulate.stimulus.Outlines.oval;
import static io.noesis.ingest.simulate.stimulus.Outlines.path;
import static io.noesis.ingest.simulate.stimulus.Outlines.round;
import static io.noesis.ingest.simulate.stimulus.Outlines.tube;
import static io.noesis.ingest.simulate.stimulus.Outlines.turn;
import static io.noesis.ingest.simulate.stimulus.Outlines.union;

import java.awt.Shape;

/** The drawings of things of the house. */
final class Household {
  private Household() {}

  static void chair(Brush b) {
    Palette p = b.palette();
    b.shadow(.50, .955, .42);
    Shape rear = path("M .26 .66 L .33 .66 L .33 .88 L .27 .88 Z");
    b.paint(rear, p.deep());
    b.paint(mirror(rear), p.deep());
    b.paint(box(.30, .77, .40, .04), p.deep());
    b.paint(round(.27, .24, .46, .07, .02), p.main());
    b.paint(round(.27, .37, .46, .07, .02), p.main());
    Shape post = path("M .20 .05 C .20 .02 .28 .02 .28 .05 L .29 .60 L .21 .60 Z");
    b.paint(post, p.main());
    b.paint(mirror(post), p.main());
    b.paint(
        path("M .22 .07 C .38 .03 .62 .03 .78 .07 L .78 .18 C .62 .14 .38 .14 .22 .18 Z"),
        p.light());
    Shape leg = path("M .12 .68 L .22 .68 L .205 .96 L .145 .96 Z");
    b.paint(leg, p.main());
    b.paint(mirror(leg), p.main());
    b.paint(path("M .20 .54 L .80 .54 L .91 .68 L .09 .68 Z"), p.light());
    b.paint(path("M .09 .68 L .91 .68 L .90 .745 L .10 .745 Z"), p.main());
    b.line("M .36 .56 L .31 .66 M .50 .56 L .50 .66 M .64 .56 L .69 .66", .010, p.mark());
  }

  static void umbrella(Brush b) {
    Palette p = b.palette();
    b.turn(8);
    b.paint(tube("M .50 .03 L .50 .10", .014), Inks.STEEL);
    b.paint(tube("M .50 .40 L .50 .82", .010), Inks.STEEL);
    b.line("M .50 .40 L .50 .82", .022, Inks.METAL);
    b.paint(tube("M .50 .76 L .50 .85 C .50 .98 .33 .98 .33 .86", .038), Inks.WOOD);
    Shape outer =
        path("M .50 .07 C .22 .08 .03 .26 .03 .52 Q .15 .42 .265 .52 C .27 .34 .36 .18 .50 .07 Z");
    Shape inner = path("M .50 .07 C .36 .18 .27 .34 .265 .52 Q .385 .42 .50 .52 Z");
    b.paint(outer, p.main());
    b.paint(mirror(inner), p.main());
    b.paint(inner, p.light());
    b.paint(mirror(outer), p.dark());
    b.gloss(path("M .30 .17 C .20 .22 .13 .30 .11 .38 C .15 .32 .22 .25 .30 .17 Z"));
  }

  static void clock(Brush b) {
    Palette p = b.palette();
    b.shadow(.50, .95, .32);
    b.paint(tube("M .29 .82 L .20 .93", .06), p.deep());
    b.paint(tube("M .71 .82 L .80 .93", .06), p.deep());
    b.line("M .34 .13 C .38 .02 .62 .02 .66 .13", .030, Inks.STEEL);
    Shape bell = turn(path("M .13 .26 C .13 .06 .43 .06 .43 .26 Z"), -32, .28, .20);
    b.paint(bell, p.main());
    b.paint(mirror(bell), p.main());
    b.paint(round(.475, .08, .05, .12, .02), Inks.STEEL);
    b.paint(circle(.50, .56, .37), p.main());
    b.paint(circle(.50, .56, .255), Inks.WHITE);
    for (int k = 0; k < 12; k++) {
      Shape tick = path(k % 3 == 0 ? "M .50 .335 L .50 .38" : "M .50 .335 L .50 .35");
      b.line(turn(tick, 30 * k, .50, .56), k % 3 == 0 ? .026 : .016, Inks.INK);
    }
    b.line("M .50 .56 L .38 .47", .036, Inks.INK);
    b.line("M .50 .56 L .63 .42", .026, Inks.INK);
    b.line("M .50 .56 L .50 .73", .012, Inks.CHERRY);
    b.flat(circle(.50, .56, .03), Inks.INK);
    b.gloss(path("M .19 .48 C .22 .36 .30 .27 .40 .23 C .32 .30 .25 .38 .22 .48 Z"));
  }

  static void key(Brush b) {
    Palette p = b.palette();
    b.turn(-42);
    b.zoom(0.97);
    Shape bow =
        union(
            circle(.02, .50, .155),
            circle(.16, .36, .155),
            circle(.16, .64, .155),
            oval(.17, .50, .16, .18));
    Shape holes = union(circle(.02, .50, .07), circle(.16, .36, .07), circle(.16, .64, .07));
    Shape bit =
        path("M .78 .53 L .78 .74 L .86 .74 L .86 .67 L .92 .67 L .92 .74 L 1.00 .74 L 1.00 .53 Z");
    Shape shaft = round(.26, .445, .80, .11, .04);
    b.paint(minus(union(bow, bit, shaft), holes), p.main());
    b.flat(round(.38, .465, .64, .025, .012), p.pale());
    b.paint(round(.30, .405, .05, .19, .02), p.dark());
    b.paint(round(.38, .42, .04, .16, .02), p.dark());
    b.gloss(turn(oval(.10, .27, .05, .02), -30, .10, .27));
  }
}
