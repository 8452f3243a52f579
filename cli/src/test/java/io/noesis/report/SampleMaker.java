package io.noesis.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Renders sample pages to look at in a browser: {@code java -cp ... io.noesis.report.SampleMaker
 * FOLDER} writes {@code four/}, {@code one/}, {@code wide/} and {@code empty/} below the folder.
 */
final class SampleMaker {
  private SampleMaker() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    List<SubjectPanel> wide = new ArrayList<>();
    List<String> forty = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      forty.add("category number " + i);
    }
    wide.add(SampleReport.subject("01", forty, 20));
    wide.add(SampleReport.failed("02"));
    make(folder.resolve("four"), SampleReport.of(4));
    make(folder.resolve("one"), SampleReport.of(1));
    make(folder.resolve("wide"), SampleReport.of(wide));
    make(folder.resolve("empty"), SampleReport.empty());
  }

  private static void make(Path folder, Report report) throws IOException {
    SamplePictures.draw(folder);
    ReportJson.write(folder.resolve("report.json"), report);
    ReportPage.render(folder.resolve("report.json"), ReportPage.Form.FOLDER);
  }
}
