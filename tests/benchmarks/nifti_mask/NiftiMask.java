import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.signal.Scaling;
import io.noesis.ingest.signal.Trend;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.MaskedRun;
import io.noesis.ingest.volume.Masker;
import io.noesis.ingest.volume.MaskerOptions;
import io.noesis.ingest.volume.NonFinite;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** A run to a masked matrix, z-scored within the run: {@code NiftiMask BOLD MASK [OUT.f32]}. */
final class NiftiMask {
  private NiftiMask() {}

  public static void main(String[] args) throws IOException {
    BrainMask mask = NiftiFile.readMask(Path.of(args[1]));
    MaskerOptions options =
        new MaskerOptions(Trend.NONE, Scaling.ZSCORE_POPULATION, NonFinite.REFUSE);
    MaskedRun run = new Masker(mask, options).mask(NiftiFile.source(Path.of(args[0])));
    System.out.println(run.values() + " corner " + run.values().at(0, 0));
    if (args.length > 2) {
      write(Path.of(args[2]), run.values().array());
    }
  }

  private static void write(Path file, float[] values) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (float value : values) {
        block.putFloat(value);
        if (!block.hasRemaining()) {
          out.write(block.array());
          block.clear();
        }
      }
      out.write(block.array(), 0, block.position());
    }
  }
}
