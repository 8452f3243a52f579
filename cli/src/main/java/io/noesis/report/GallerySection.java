package io.noesis.report;

import io.noesis.report.Report.Picture;
import io.noesis.report.SubjectPanel.GalleryItem;
import io.noesis.report.SubjectPanel.Retrieved;
import java.util.Optional;

/**
 * What was seen and what was retrieved for it: percentiles and random picks, never only the best.
 */
final class GallerySection implements Section {
  @Override
  public String id() {
    return "gallery";
  }

  @Override
  public String title() {
    return "Gallery";
  }

  @Override
  public boolean belongs(Report report) {
    return report.decodes();
  }

  @Override
  public void write(Report report, Page page) {
    if (report.subjects().stream().allMatch(s -> s.gallery().isEmpty())) {
      page.nothing("No gallery: no subject has one.");
      return;
    }
    page.hint(
        "At the left what was shown, then what the decoder ranked first to last. Items are taken at"
            + " percentiles of the rank and by a seeded random draw, never by hand. The number below"
            + " a picture is the cosine of its embedding with the decoded one.");
    Html html = page.html();
    html.open("p", "class", "legend");
    html.element("span", "\u2713 same stimulus", "class", "key same");
    html.element("span", "\u2248 same category", "class", "key category");
    html.element("span", "\u00B7 other", "class", "key other");
    html.close("p");
    for (SubjectPanel subject : report.subjects()) {
      page.subject(subject.id());
      if (subject.gallery().isEmpty()) {
        page.nothing("No gallery for this subject.");
        continue;
      }
      html.open("div", "class", "gallery");
      subject.gallery().forEach(item -> item(item, page));
      html.close("div");
    }
  }

  private static void item(GalleryItem item, Page page) {
    Html html = page.html();
    html.open("article", "class", "item");
    html.open("header").element("span", item.tag(), "class", "chip");
    html.open("span", "class", "rank").text("true one at rank ");
    html.element("b", Integer.toString(item.rank())).text(" of " + item.pool());
    html.close("span").close("header");
    html.open("figure", "class", "seen");
    picture(item.seen(), page);
    String words = item.seen().caption().isEmpty() ? item.seen().id() : item.seen().caption();
    html.close("figure");
    html.open("ol", "class", "retrieved");
    for (Retrieved retrieved : item.retrieved()) {
      html.open("li", "class", kind(retrieved.match()));
      picture(retrieved.picture(), page);
      html.open("p").element("span", mark(retrieved.match()), "aria-label", retrieved.match());
      html.text(" ");
      page.number(retrieved.similarity(), 2);
      html.close("p").close("li");
    }
    html.close("ol");
    html.element("p", "Shown: " + words, "class", "caption", "title", item.seen().id());
    html.close("article");
  }

  private static void picture(Picture picture, Page page) {
    Html html = page.html();
    String words = picture.caption().isEmpty() ? picture.id() : picture.caption();
    Optional<String> source = page.pictures().source(picture);
    if (source.isPresent()) {
      html.empty(
          "img", "src", source.get(), "alt", words, "title", picture.id(), "loading", "lazy");
    } else {
      html.open("div", "class", "tile", "title", picture.id());
      html.element("span", words);
      if (!picture.file().isEmpty()) {
        html.element("small", "picture not found below the report: " + picture.file());
      }
      html.close("div");
    }
  }

  private static String kind(String match) {
    return switch (match) {
      case "same", "category" -> match;
      default -> "other";
    };
  }

  private static String mark(String match) {
    return switch (match) {
      case "same" -> "\u2713";
      case "category" -> "\u2248";
      default -> "\u00B7";
    };
  }
}
