package io.noesis.ingest.format;

import io.noesis.ingest.format.mat.MatFile;
import java.nio.file.Path;

/**
 * MATLAB files by the text they begin with; 7.3 is recognised in order to say what to do with it.
 */
final class MatFormat implements Format {
  @Override
  public boolean recognises(Probe probe) {
    return probe.has(0, "MATLAB ") && (probe.has(126, "IM") || probe.has(126, "MI"));
  }

  @Override
  public Summary describe(Path path) {
    MatFile file = MatFile.read(path);
    Summary.Builder summary = new Summary.Builder(path, "mat");
    for (String name : file.names()) {
      summary.add(name, file.get(name).describe());
    }
    return summary.build();
  }
}
