package io.noesis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.report.Report;
import io.noesis.report.ReportJson;
import io.noesis.report.ScoreLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped recipe on real human IT; expected numbers are those of {@code
 * ../shared/data/kriegeskorte92/README.md}, computed there with SciPy.
 */
class KriegeskorteRunTest {
  private static final Path DATA =
      Path.of(System.getProperty("noesis.root"), "..", "shared", "data").normalize();

  @TempDir Path folder;

  @Test
  void modelsAgreeWithHumanItAsPublished() {
    Path root = DATA.resolve("kriegeskorte92");
    assumeTrue(Files.isDirectory(root), () -> "no recording at " + root);
    Path out = folder.resolve("run");
    int code =
        Noesis.execute(
            "run",
            "kriegeskorte92",
            out.toString(),
            "--root",
            root.toString(),
            "--set",
            "evaluation.bootstraps=99");
    assertEquals(0, code);
    TsvTable table = Tsv.read(out.resolve("models.tsv"));
    Map<String, Double> found = new LinkedHashMap<>();
    for (int row = 0; row < table.rows(); row++) {
      found.put(table.text(row, "model"), table.number(row, "value"));
    }
    Map<String, Double> published =
        Map.of(
            "animacy", 0.299,
            "monkey IT", 0.238,
            "four object classes", 0.208,
            "EVA", 0.205,
            "HMAX", 0.091,
            "silhouette", 0.066,
            "pixels 32 x 32", 0.059,
            "RADON", 0.045,
            "V1", 0.017);
    published.forEach((model, value) -> assertEquals(value, found.get(model), 5e-4, model));
    // Quantised on the fly, so its last digits hang on how pictures are interpolated: 0.099 to
    // 0.103 in NumPy and ONNX Runtime, by rounding between passes and by batch.
    assertEquals(0.101, found.get("MobileNetV2 features"), 2.5e-3);
    Report report = ReportJson.read(out.resolve("report.json"));
    assertEquals(0.240, report.geometry().ceilingLow(), 5e-4);
    assertEquals(0.596, report.geometry().ceilingHigh(), 5e-4);
    assertEquals(
        ScoreLine.Standing.AT_CHANCE,
        report.geometry().models().get(found.size() - 1).score().standing());
    assertTrue(report.verdict().headline().startsWith("10 of 12 models"), "Holm over twelve");
  }

  @Test
  void itCannotBeTrainedOrChecked() {
    assertEquals(2, Noesis.execute("check", "kriegeskorte92"));
    assertEquals(2, Noesis.execute("train", "kriegeskorte92", folder.resolve("no").toString()));
  }
}
