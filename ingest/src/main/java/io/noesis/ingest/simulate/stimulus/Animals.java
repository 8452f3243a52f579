package io.noesis.ingest.simulate.stimulus;

import static io.noesis.ingest.simulate.stimulus.Outlines.both;
import static io.noesis.ingest.simulate.stimulus.Outlines.circle;
import static io.noesis.ingest.simulate.stimulus.Outlines.mirror;
import static io.noesis.ingest.simulate.stimulus.Outlines.oval;
import static io.noesis.ingest.simulate.stimulus.Outlines.path;
import static io.noesis.ingest.simulate.stimulus.Outlines.scale;
import static io.noesis.ingest.simulate.stimulus.Outlines.tube;
import static io.noesis.ingest.simulate.stimulus.Outlines.union;

import java.awt.Shape;

/** The drawings of the animals. */
final class Animals {
  private Animals() {}

  static void cat(Brush b) {
    Palette p = b.palette();
    b.shadow(.50, .95, .40);
    b.paint(tube("M .66 .89 C .98 .95 1.00 .66 .86 .56", .085), p.dark());
    b.paint(path("M .27 .95 C .19 .70 .31 .48 .50 .48 C .69 .48 .81 .70 .73 .95 Z"), p.main());
    b.solid(path("M .40 .58 C .34 .72 .40 .90 .50 .90 C .60 .90 .66 .72 .60 .58 Z"), p.pale());
    b.paint(oval(.385, .915, .095, .05), p.light());
    b.paint(oval(.615, .915, .095, .05), p.light());
    Shape ear = path("M .235 .36 C .20 .24 .19 .12 .21 .04 C .31 .07 .39 .12 .45 .20 Z");
    b.paint(union(oval(.50, .34, .285, .225), ear, mirror(ear)), p.main());
    Shape inner = path("M .265 .22 C .25 .17 .245 .14 .25 .105 C .30 .125 .34 .15 .37 .18 Z");
    b.flat(inner, Inks.ROSE);
    b.flat(mirror(inner), Inks.ROSE);
    for (Shape stripe : new Shape[] {path("M .42 .145 L .44 .20"), path("M .58 .145 L .56 .20")}) {
      b.line(stripe, .022, p.mark());
    }
    b.line("M .50 .135 L .50 .21", .022, p.mark());
    b.line("M .78 .70 M .735 .70 L .665 .715 M .75 .78 L .68 .79", .022, p.mark());
    b.line("M .265 .70 L .335 .715 M .25 .78 L .32 .79", .022, p.mark());
    catFace(b, p);
  }

  private static void catFace(Brush b, Palette p) {
    Shape eye = oval(.385, .33, .06, .062);
    Shape pupil = oval(.39, .33, .022, .054);
    Shape glint = circle(.375, .305, .014);
    for (Shape each : new Shape[] {eye, mirror(eye)}) {
      b.flat(each, Inks.EYE);
      b.line(each, .012, Inks.INK);
    }
    b.flat(pupil, Inks.INK);
    b.flat(mirror(pupil), Inks.INK);
    b.flat(glint, Inks.WHITE);
    b.flat(circle(.60, .305, .014), Inks.WHITE);
    b.flat(union(oval(.45, .45, .075, .055), oval(.55, .45, .075, .055)), p.pale());
    b.line(
        "M .50 .43 L .50 .46 C .48 .49 .45 .49 .43 .475 M .50 .46 C .52 .49 .55 .49 .57 .475",
        .012,
        Inks.INK);
    b.flat(path("M .46 .395 L .54 .395 L .50 .435 Z"), Inks.CHERRY);
    String whiskers = "M .37 .44 L .13 .41 M .37 .46 L .13 .48 M .38 .48 L .16 .545";
    b.line(whiskers, .009, p.mark());
    b.line(mirror(path(whiskers)), .009, p.mark());
  }

  static void fish(Brush b) {
    Palette p = b.palette();
    b.paint(
        path(
            "M .66 .50 C .76 .40 .86 .26 .97 .22 C .91 .40 .91 .60 .97 .78 C .86 .74 .76 .60 .66"
                + " .50 Z"),
        p.dark());
    b.line("M .78 .47 L .90 .38 M .78 .50 L .89 .50 M .78 .53 L .90 .62", .012, p.deep());
    b.paint(path("M .24 .32 C .32 .10 .52 .08 .64 .18 C .59 .26 .60 .34 .63 .42 Z"), p.dark());
    b.line("M .37 .18 L .40 .28 M .47 .15 L .48 .27 M .56 .16 L .55 .29", .012, p.deep());
    b.paint(path("M .36 .72 C .39 .84 .46 .91 .56 .91 C .53 .83 .53 .76 .56 .68 Z"), p.dark());
    Shape body =
        path(
            "M .03 .50 C .12 .24 .46 .14 .74 .47 C .765 .50 .765 .50 .74 .53 C .46 .86 .12 .76 .03"
                + " .50 Z");
    b.solid(body, p.main());
    b.flat(
        both(body, path("M .10 .60 C .26 .72 .46 .72 .66 .58 L .60 .90 L .10 .90 Z")), p.light());
    b.flat(both(body, tube("M .42 .14 C .48 .36 .48 .64 .42 .86", .06)), p.pale());
    b.flat(both(body, tube("M .57 .20 C .62 .40 .62 .60 .57 .80", .045)), p.pale());
    b.line(body, .018, p.line());
    b.line("M .28 .34 C .34 .44 .34 .57 .28 .67", .016, p.mark());
    b.paint(path("M .36 .53 C .44 .49 .53 .55 .54 .64 C .45 .67 .38 .62 .36 .53 Z"), p.dark());
    b.flat(circle(.18, .43, .058), Inks.WHITE);
    b.line(circle(.18, .43, .058), .012, Inks.INK);
    b.flat(circle(.17, .43, .032), Inks.INK);
    b.flat(circle(.16, .42, .011), Inks.WHITE);
    b.line("M .045 .535 C .08 .575 .11 .58 .145 .565", .016, p.mark());
  }

  static void bird(Brush b) {
    Palette p = b.palette();
    b.shadow(.46, .955, .26);
    b.line("M .42 .78 L .41 .95 M .41 .95 L .33 .955 M .41 .95 L .48 .955", .026, Inks.GOLD);
    b.line("M .54 .78 L .54 .95 M .54 .95 L .46 .955 M .54 .95 L .61 .955", .026, Inks.GOLD);
    b.paint(path("M .62 .58 L .98 .54 C .97 .62 .93 .68 .86 .72 L .66 .75 Z"), p.dark());
    b.line("M .72 .65 L .93 .60", .014, p.deep());
    b.paint(path("M .22 .23 L .03 .31 L .22 .37 Z"), Inks.GOLD);
    b.line("M .05 .31 L .20 .30", .012, Inks.TIMBER);
    Shape body =
        path(
            "M .17 .30 C .15 .06 .48 .01 .53 .26 C .56 .40 .82 .46 .80 .64 C .77 .82 .55 .87 .42"
                + " .84 C .22 .79 .14 .58 .19 .42 C .18 .38 .17 .34 .17 .30 Z");
    b.solid(body, p.main());
    b.flat(both(body, path("M .17 .44 C .34 .46 .40 .64 .60 .80 L .40 .95 L .10 .80 Z")), p.pale());
    b.line(body, .018, p.line());
    b.paint(
        path(
            "M .37 .47 C .48 .38 .66 .44 .92 .62 C .78 .70 .54 .75 .43 .66 C .36 .60 .35 .52 .37"
                + " .47 Z"),
        p.dark());
    b.line(
        "M .46 .53 C .56 .52 .66 .55 .76 .61 M .46 .60 C .54 .61 .62 .63 .68 .66", .014, p.deep());
    b.flat(circle(.30, .25, .052), Inks.WHITE);
    b.flat(circle(.295, .25, .040), Inks.INK);
    b.flat(circle(.28, .235, .014), Inks.WHITE);
  }

  static void butterfly(Brush b) {
    Palette p = b.palette();
    Shape lower = path("M .52 .52 C .76 .50 .92 .62 .87 .78 C .80 .97 .60 .90 .52 .60 Z");
    Shape upper = path("M .52 .48 C .54 .22 .76 .03 .95 .09 C 1.01 .28 .92 .52 .52 .55 Z");
    for (Shape wing : new Shape[] {lower, mirror(lower), upper, mirror(upper)}) {
      b.paint(wing, p.deep());
    }
    Shape lowerField = scale(lower, .78, .57, .60);
    Shape upperField = scale(upper, .80, .60, .42);
    for (Shape field :
        new Shape[] {lowerField, mirror(lowerField), upperField, mirror(upperField)}) {
      b.solid(field, p.main());
    }
    Shape spots =
        union(
            circle(.81, .20, .045),
            circle(.72, .31, .055),
            circle(.83, .33, .032),
            circle(.71, .70, .055),
            circle(.79, .76, .028));
    b.flat(spots, p.pale());
    b.flat(mirror(spots), p.pale());
    String feeler = "M .51 .30 C .53 .20 .58 .13 .64 .10";
    for (Shape each : new Shape[] {path(feeler), mirror(path(feeler))}) {
      b.line(each, .016, Inks.INK);
    }
    b.flat(circle(.64, .10, .018), Inks.INK);
    b.flat(circle(.36, .10, .018), Inks.INK);
    b.solid(oval(.50, .56, .036, .25), Inks.INK);
    b.solid(circle(.50, .31, .048), Inks.INK);
    b.line("M .475 .50 L .525 .50 M .475 .58 L .525 .58 M .478 .66 L .522 .66", .012, Inks.STONE);
  }
}
