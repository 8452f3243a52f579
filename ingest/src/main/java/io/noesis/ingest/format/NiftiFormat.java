package io.noesis.ingest.format;

import io.noesis.ingest.format.nifti.NiftiHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** NIfTI by the size of its header and its magic. */
final class NiftiFormat implements Format {
  @Override
  public boolean recognises(Probe probe) {
    if (probe.expanded().length < 4) {
      return false;
    }
    int size = ByteBuffer.wrap(probe.expanded()).order(ByteOrder.LITTLE_ENDIAN).getInt();
    boolean first = size == 348 || Integer.reverseBytes(size) == 348;
    boolean second = size == 540 || Integer.reverseBytes(size) == 540;
    // A file cut off before its magic is still an image to whoever named it so.
    boolean cut = probe.expanded().length < 348 && (probe.named(".nii") || probe.named(".nii.gz"));
    return (first && (probe.has(344, "n+1") || probe.has(344, "ni1") || cut))
        || (second && (probe.has(4, "n+2") || probe.has(4, "ni2")));
  }

  @Override
  public Summary describe(Path path) {
    NiftiHeader header = NiftiHeader.read(path);
    Summary.Builder summary = new Summary.Builder(path, "nifti");
    for (String line : header.lines()) {
      int colon = line.indexOf(": ");
      summary.add(line.substring(0, colon), line.substring(colon + 2));
    }
    return summary.build();
  }
}
