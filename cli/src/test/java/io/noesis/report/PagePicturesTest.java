package io.noesis.report;

import static io.noesis.report.SamplePage.found;
import static io.noesis.report.SamplePage.page;
import static io.noesis.report.SamplePage.rendered;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.report.ReportPage.Form;
import io.noesis.run.OutputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures beside a page or inside it, and never from elsewhere. */
class PagePicturesTest {
  @TempDir Path folder;

  @Test
  void theFolderCanBeMoved() throws IOException {
    Path first = folder.resolve("here/run");
    SamplePictures.draw(first);
    ReportJson.write(first.resolve("report.json"), SampleReport.of(1));
    ReportPage.render(first.resolve("report.json"), Form.FOLDER);
    Path second = folder.resolve("there with space & <odd> name");
    Files.move(first, second);
    String html = Files.readString(second.resolve("report.html"));
    assertFalse(html.contains(folder.getFileName().toString()));
    List<String> sources = found(html, "<img src=\"([^\"]+)\"");
    assertEquals(8 * 6, sources.size());
    for (String source : sources) {
      assertTrue(Files.isRegularFile(second.resolve(source)), source);
    }
  }

  @Test
  void aSelfContainedPageHoldsItsPictures() throws IOException {
    SamplePictures.draw(folder);
    String html = rendered(folder, ReportJson.text(SampleReport.of(1)), Form.SELF_CONTAINED);
    List<String> sources = found(html, "<img src=\"([^\"]{0,40})");
    assertEquals(8 * 6, sources.size());
    assertTrue(sources.stream().allMatch(s -> s.startsWith("data:image/png;base64,iVBOR")));
    assertFalse(html.contains("./pictures"));
  }

  @Test
  void aSelfContainedPageHasALimit() throws IOException {
    SamplePictures.draw(folder);
    Pictures few = new Pictures(folder, Form.SELF_CONTAINED, 2000);
    OutputException e =
        assertThrows(OutputException.class, () -> ReportPage.html(SampleReport.of(1), few));
    assertTrue(e.getMessage().contains("folder form"), e.getMessage());
    assertTrue(e.getMessage().contains("pictures/"), e.getMessage());
  }

  @Test
  void onlyPicturesBelowTheReportAreShown() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("run"));
    SamplePictures.draw(folder);
    Path secret = folder.resolve("pictures/cat-0.png");
    Files.createSymbolicLink(inner.resolve("link.png"), secret);
    Files.writeString(inner.resolve("page.png"), "<svg onload='alert(1)'/>");
    for (Form form : Form.values()) {
      for (String file :
          List.of(
              "../pictures/cat-0.png", secret.toString(), "link.png", "http://a/b.png", "a\0b")) {
        Pictures pictures = new Pictures(inner, form, Pictures.CAP_BYTES);
        assertTrue(pictures.source(new Report.Picture("x", "", file)).isEmpty(), file);
      }
    }
    Pictures inlined = new Pictures(inner, Form.SELF_CONTAINED, Pictures.CAP_BYTES);
    assertTrue(inlined.source(new Report.Picture("x", "", "page.png")).isEmpty());
    String html = page(folder, SampleReport.of(1));
    assertNotEquals(0, found(html, "(picture not found below the report)").size());
  }
}
