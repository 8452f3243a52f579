package io.noesis.reconstruction.diffusion;

import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackGraph;
import io.noesis.run.Failure;
import io.noesis.run.ModelException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a pack takes when it runs, before any of it is loaded: its weights as they lie on disk, and
 * an upper estimate of what lies between the layers of the network for the pictures that go through
 * it at once.
 */
final class PackMemory {
  /** Maps of the widest resolution that are held at once: skips of the way down and workspace. */
  private static final long MAPS = 40;

  private static final long HEADS = 8;

  private PackMemory() {}

  /** Refuses a pack that this machine cannot hold. */
  static void require(ModelPack pack) {
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean machine) {
      require(pack, machine.getTotalMemorySize());
    }
  }

  static void require(ModelPack pack, long available) {
    long weights = weights(pack);
    UnetConfig config = UnetConfig.read(pack);
    long rows = 2L * DiffusionPipeline.atOnce(config);
    long needed = weights + rows * activations(config.side(), config.firstWidth());
    if (needed > available) {
      throw new ModelException(
          String.format(
              "loading the model pack %s: its weights take %.1f GB and a run about %.1f GB more,"
                  + " this machine has %.1f GB. Take a pack of smaller networks, export it in"
                  + " float16, or run on a larger machine.",
              pack.folder(), weights / 1e9, (needed - weights) / 1e9, available / 1e9));
    }
  }

  /** The bytes of the graphs and of the weights in files beside them. */
  static long weights(ModelPack pack) {
    Set<Path> folders = new LinkedHashSet<>();
    for (PackGraph graph : pack.graphs()) {
      folders.add(graph.file().toAbsolutePath().getParent());
    }
    long bytes = 0;
    for (Path folder : folders) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          bytes += Files.size(file);
        }
      } catch (IOException e) {
        throw new ModelException(
            "measuring the model pack " + folder + ": " + Failure.reason(e), e);
      }
    }
    return bytes;
  }

  /** Bytes per row of a batch: feature maps, and attention between all places of the sample. */
  static long activations(int side, int width) {
    long places = (long) side * side;
    long attention = side <= 64 ? HEADS * places * places : HEADS * places * places / 16;
    return 4 * (MAPS * width * places + attention);
  }
}
