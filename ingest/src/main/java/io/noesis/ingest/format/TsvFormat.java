package io.noesis.ingest.format;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import java.nio.file.Path;

/** Tables: text whose first line has a tab, or that is named {@code .tsv}. */
final class TsvFormat implements Format {
  @Override
  public boolean recognises(Probe probe) {
    return probe.text() && (probe.firstLine().indexOf('\t') > 0 || probe.named(".tsv"));
  }

  @Override
  public Summary describe(Path path) {
    TsvTable table = Tsv.read(path);
    return new Summary.Builder(path, "tsv")
        .add("rows", table.rows())
        .add("columns", String.join(", ", table.columns()))
        .build();
  }
}
