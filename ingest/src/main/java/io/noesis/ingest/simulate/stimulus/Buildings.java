package io.noesis.ingest.simulate.stimulus;

import static io.noesis.ingest.simulate.stimulus.Outlines.both;
import static io.noesis.ingest.simulate.stimulus.Outlines.box;
import static io.noesis.ingest.simulate.stimulus.Outlines.circle;
import static io.noesis.ingest.simulate.stimulus.Outlines.mirror;
import static io.noesis.ingest.simulate.stimulus.Outlines.oval;
import static io.noesis.ingest.simulate.stimulus.Outlines.path;
import static io.noesis.ingest.simulate.stimulus.Outlines.round;
import static io.noesis.ingest.simulate.stimulus.Outlines.union;

import java.awt.Shape;

/** The drawings of the buildings. */
final class Buildings {
  private Buildings() {}

  static void house(Brush b) {
    Palette p = b.palette();
    b.shadow(.50, .945, .46);
    b.paint(box(.70, .12, .11, .28), Inks.CLAY);
    b.paint(round(.68, .09, .15, .05, .01), Inks.CLAY);
    b.paint(box(.11, .42, .78, .52), p.main());
    b.flat(box(.119, .46, .762, .035), p.dark());
    Shape roof = path("M .02 .46 L .50 .08 L .98 .46 Z");
    b.paint(roof, p.deep());
    b.line(
        "M .37 .23 L .63 .23 M .26 .32 L .42 .32 M .58 .32 L .74 .32 M .14 .41 L .86 .41",
        .010,
        p.line());
    b.paint(circle(.50, .32, .058), Inks.GLASS);
    b.line("M .445 .32 L .555 .32 M .50 .265 L .50 .375", .012, Inks.WHITE);
    b.paint(round(.42, .64, .16, .30, .02), Inks.TIMBER);
    b.line("M .45 .67 L .55 .67 L .55 .76 L .45 .76 Z", .010, Inks.WOOD);
    b.flat(circle(.55, .80, .015), Inks.GOLD);
    Shape pane = box(.19, .61, .16, .17);
    for (Shape each : new Shape[] {pane, mirror(pane)}) {
      b.paint(each, Inks.GLASS);
    }
    String cross = "M .27 .62 L .27 .77 M .20 .695 L .34 .695";
    b.line(cross, .016, Inks.WHITE);
    b.line(mirror(path(cross)), .016, Inks.WHITE);
    Shape sill = round(.175, .78, .19, .03, .01);
    b.paint(sill, Inks.CREAM);
    b.paint(mirror(sill), Inks.CREAM);
  }

  static void castle(Brush b) {
    Palette p = b.palette();
    b.shadow(.50, .945, .48);
    b.line("M .50 .02 L .50 .14", .016, Inks.TIMBER);
    b.paint(path("M .505 .015 L .64 .045 L .505 .085 Z"), Inks.CHERRY);
    b.paint(box(.39, .28, .22, .40), p.main());
    b.paint(path("M .35 .30 L .50 .10 L .65 .30 Z"), p.deep());
    b.paint(round(.465, .35, .07, .11, .035), Inks.INK);
    b.paint(
        path(
            "M .25 .94 L .25 .52 L .31 .52 L .31 .57 L .37 .57 L .37 .52 L .43 .52 L .43 .57 L .47"
                + " .57 L .47 .52 L .53 .52 L .53 .57 L .57 .57 L .57 .52 L .63 .52 L .63 .57 L .69"
                + " .57 L .69 .52 L .75 .52 L .75 .94 Z"),
        p.main());
    Shape tower =
        path(
            "M .06 .94 L .06 .44 L .03 .44 L .03 .26 L .10 .26 L .10 .32 L .145 .32 L .145 .26 L"
                + " .205 .26 L .205 .32 L .25 .32 L .25 .26 L .32 .26 L .32 .44 L .29 .44 L .29 .94"
                + " Z");
    Shape slit = round(.155, .52, .04, .11, .02);
    Shape ledge = path("M .04 .44 L .31 .44");
    Shape bricks =
        path("M .08 .70 L .14 .70 M .20 .76 L .27 .76 M .09 .86 L .16 .86 M .22 .50 L .27 .50");
    for (Shape[] side :
        new Shape[][] {
          {tower, slit, ledge, bricks},
          {mirror(tower), mirror(slit), mirror(ledge), mirror(bricks)}
        }) {
      b.paint(side[0], p.light());
      b.flat(side[1], Inks.INK);
      b.line(side[2], .014, p.mark());
      b.line(side[3], .012, p.mark());
    }
    b.line("M .36 .64 L .42 .64 M .58 .66 L .64 .66 M .46 .62 L .51 .62", .012, p.mark());
    b.paint(path("M .39 .94 L .39 .80 C .39 .67 .61 .67 .61 .80 L .61 .94 Z"), Inks.TIMBER);
    b.line("M .445 .73 L .445 .93 M .50 .71 L .50 .93 M .555 .73 L .555 .93", .012, Inks.INK);
    b.line("M .40 .80 L .60 .80 M .40 .87 L .60 .87", .012, Inks.INK);
  }

  static void tent(Brush b) {
    Palette p = b.palette();
    b.shadow(.52, .90, .48);
    b.line("M .74 .15 L .99 .86", .012, Inks.WOOD);
    b.paint(path("M .37 .16 L .73 .12 L .97 .82 L .71 .90 Z"), p.dark());
    b.line("M .55 .15 L .84 .85", .014, p.deep());
    Shape front = path("M .37 .16 L .04 .90 L .71 .90 Z");
    b.paint(front, p.main());
    b.flat(both(front, path("M .04 .82 L .74 .82 L .74 .92 L .00 .92 Z")), p.dark());
    b.flat(path("M .37 .32 L .235 .90 L .51 .90 Z"), Inks.INK);
    b.flat(path("M .37 .62 L .30 .90 L .45 .90 Z"), Inks.STEEL);
    b.paint(path("M .37 .32 L .235 .90 L .15 .90 C .25 .72 .32 .52 .37 .32 Z"), p.pale());
    b.paint(path("M .37 .32 L .51 .90 L .60 .90 C .49 .72 .42 .52 .37 .32 Z"), p.pale());
    b.line(front, .018, p.line());
    b.line("M .34 .09 L .40 .23 M .40 .09 L .34 .23", .022, Inks.WOOD);
    b.line("M .04 .90 L .01 .94 M .71 .90 L .73 .94 M .97 .82 L .99 .86", .022, Inks.WOOD);
  }

  static void lighthouse(Brush b) {
    Palette p = b.palette();
    b.shadow(.50, .95, .40);
    Shape beam = path("M .42 .20 L .12 .12 L .12 .28 Z");
    b.flat(beam, Palette.veil(Inks.LAMP, 0.55));
    b.flat(mirror(beam), Palette.veil(Inks.LAMP, 0.55));
    b.paint(
        path(
            "M .12 .95 C .14 .86 .24 .82 .32 .85 C .42 .80 .60 .80 .68 .85 C .78 .82 .87 .87 .88"
                + " .95 Z"),
        Inks.STONE);
    Shape tower = path("M .36 .29 L .64 .29 L .735 .88 C .62 .91 .38 .91 .265 .88 Z");
    b.solid(tower, p.main());
    b.flat(
        both(tower, path("M 0 .42 C .40 .45 .60 .45 1 .42 L 1 .50 C .60 .53 .40 .53 0 .50 Z")),
        p.trim());
    b.flat(
        both(tower, path("M 0 .65 C .40 .68 .60 .68 1 .65 L 1 .735 C .60 .765 .40 .765 0 .735 Z")),
        p.trim());
    b.flat(
        both(tower, path("M .58 .20 L .80 .20 L .80 .95 L .64 .95 Z")),
        Palette.veil(Inks.INK, 0.16));
    b.line(tower, .018, p.line());
    b.paint(box(.41, .145, .18, .13), Inks.LAMP);
    b.line("M .47 .15 L .47 .27 M .53 .15 L .53 .27", .012, Inks.STEEL);
    b.paint(round(.32, .27, .36, .04, .01), Inks.STEEL);
    b.paint(path("M .38 .15 C .40 .05 .60 .05 .62 .15 Z"), p.dark());
    b.flat(union(circle(.50, .055, .022), box(.493, .02, .014, .04)), Inks.STEEL);
    b.paint(path("M .45 .89 L .45 .83 C .45 .77 .55 .77 .55 .83 L .55 .89 Z"), Inks.TIMBER);
    b.paint(round(.473, .56, .054, .07, .02), Inks.INK);
    b.paint(oval(.50, .355, .025, .03), Inks.INK);
  }
}
