package io.noesis.ingest.format;

import io.noesis.tensor.Npz;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A zip whose first entry is an array. */
final class NpzFormat implements Format {
  @Override
  public boolean recognises(Probe probe) {
    byte[] start = probe.start();
    if (start.length < 30 || !probe.has(0, "PK\u0003\u0004")) {
      return false;
    }
    int length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getShort(26) & 0xffff;
    int end = Math.min(start.length, 30 + length);
    return new String(start, 30, end - 30, StandardCharsets.UTF_8).endsWith(".npy");
  }

  @Override
  public Summary describe(Path path) {
    try (Npz npz = Npz.open(path)) {
      Summary.Builder summary = new Summary.Builder(path, "npz");
      summary.add("arrays", npz.names().size());
      for (String name : npz.names()) {
        NpyFormat.add(summary, name + " ", npz.header(name));
      }
      return summary.build();
    }
  }
}
