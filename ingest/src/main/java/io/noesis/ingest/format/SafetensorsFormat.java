package io.noesis.ingest.format;

import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Safetensors have no magic: a length, then JSON of that length. */
final class SafetensorsFormat implements Format {
  @Override
  public boolean recognises(Probe probe) {
    byte[] start = probe.start();
    if (start.length < 9 || start[8] != '{') {
      return false;
    }
    long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return length > 1 && length <= 100_000_000;
  }

  @Override
  public Summary describe(Path path) {
    try (Safetensors tensors = Safetensors.open(path)) {
      Summary.Builder summary = new Summary.Builder(path, "safetensors");
      summary.add("tensors", tensors.names().size());
      for (String name : tensors.names()) {
        SafetensorsEntry entry = tensors.entry(name);
        summary.add(name, entry.dtype() + " " + entry.shape());
      }
      tensors.metadata().forEach((key, value) -> summary.add("metadata " + key, value));
      return summary.build();
    }
  }
}
