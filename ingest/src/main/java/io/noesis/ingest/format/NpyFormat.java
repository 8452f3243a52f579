package io.noesis.ingest.format;

import io.noesis.tensor.DType;
import io.noesis.tensor.NpyHeader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** NumPy arrays by their magic. */
final class NpyFormat implements Format {
  @Override
  public boolean recognises(Probe probe) {
    byte[] start = probe.start();
    return start.length >= 6
        && start[0] == (byte) 0x93
        && new String(start, 1, 5, StandardCharsets.US_ASCII).equals("NUMPY");
  }

  @Override
  public Summary describe(Path path) {
    NpyHeader header = NpyHeader.read(path);
    Summary.Builder summary = new Summary.Builder(path, "npy");
    add(summary, "", header);
    return summary.build();
  }

  static void add(Summary.Builder summary, String prefix, NpyHeader header) {
    summary
        .add(prefix + "shape", header.shape())
        .add(
            prefix + "type",
            header
                .dtype()
                .map(DType::label)
                .orElse(header.descr() + (header.isText() ? " (text)" : " (not read)")))
        .add(prefix + "order", header.order());
    header
        .dtype()
        .ifPresent(
            type -> summary.add(prefix + "memory", 4 * header.elements() + " bytes as float32"));
  }
}
