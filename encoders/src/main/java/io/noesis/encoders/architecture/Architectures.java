package io.noesis.encoders.architecture;

import io.noesis.encoders.Architecture;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.architecture.NetworkArchitecture.Sample;
import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The architectures that a recipe can name. */
public final class Architectures {
  private static final TokenEncoder SMALL = new TokenEncoder(12, 2, 3, 17, 0.1, 5);

  private static final Registry<Architecture> REGISTRY = Registry.of("architecture", entries());

  private Architectures() {}

  private static List<Entry<Architecture>> entries() {
    List<Entry<Architecture>> entries = new ArrayList<>();
    entries.add(
        new Entry<>(
            "ridge",
            new RidgeArchitecture(),
            "Multi-target ridge regression with cross-validated penalty: the first encoder and the"
                + " permanent baseline."));
    entries.add(
        network(
            ResidualMlp.NAME,
            ResidualMlp.class,
            new Sample<>(new ResidualMlp(45, 2, 0.5, 0.15), NetworkSizes.of(203, 17)),
            "Residual multilayer perceptron, trained by gradients: the backbones of MindEye 1 and 2."));
    entries.add(
        network(
            MindBridge.NAME,
            MindBridge.class,
            new Sample<>(
                new MindBridge(19, 4, 15, 2, 0.5, 0.15, 1, 1),
                new NetworkSizes(
                    List.of(37),
                    List.of("01", "02", "05"),
                    List.of(31, 37, 29),
                    List.of(),
                    List.of(3, 5))),
            "Each subject's voxels pooled to one width and embedded by its own weights, then"
                + " shared residual blocks: MindBridge."));
    entries.add(
        network(
            Sttm.NAME,
            Sttm.class,
            new Sample<>(
                new Sttm(15, 1, 0.5, 0.15, new Sttm.Tokens(6, 2, 8, 11, 7)),
                new NetworkSizes(
                    List.of(23), List.of("01", "02"), List.of(23, 21), List.of(), List.of(3, 5))),
            "Adapters per subject, shared residual blocks and narrow tokens with attention:"
                + " See Through Their Minds."));
    entries.add(
        network(
            VolumeTransformer.NAME,
            VolumeTransformer.class,
            new Sample<>(
                new VolumeTransformer(6, SMALL), NetworkSizes.of(53, 7).withPositions(grid(53, 3))),
            "A vision transformer over cubes of a volume: Neuro-Vision."));
    entries.add(
        network(
            MapTransformer.NAME,
            MapTransformer.class,
            new Sample<>(
                new MapTransformer(6, 2, SMALL), NetworkSizes.of(28, 7).withPositions(grid(28, 2))),
            "A vision transformer over squares of a flat map: the encoder of NeuroPictor and"
                + " MinD-3D."));
    entries.add(
        network(
            ParcelTransformer.NAME,
            ParcelTransformer.class,
            new Sample<>(
                new ParcelTransformer(5, SMALL), NetworkSizes.of(53, 7).withPositions(grid(53, 3))),
            "A transformer whose tokens are parcels of neighbouring voxels."));
    entries.add(
        network(
            RoiQueries.NAME,
            RoiQueries.class,
            new Sample<>(
                new RoiQueries(3, SMALL),
                new NetworkSizes(List.of(5, 9), List.of(""), List.of(5), List.of(), List.of(13))),
            "Encoding: a query for each ROI looks at the tokens of a stimulus: transformer"
                + " brain encoders."));
    entries.addAll(EpochArchitectures.entries());
    return entries;
  }

  /** Coordinates on a grid of 2 mm, seven to a row. */
  private static List<List<Double>> grid(int voxels, int axes) {
    return IntStream.range(0, voxels)
        .mapToObj(
            v ->
                List.of(2.0 * (v % 7), 2.0 * (v / 7 % 4), 2.0 * Math.floorDiv(v, 28))
                    .subList(0, axes))
        .toList();
  }

  static <S extends Record & NetworkSpec> Entry<Architecture> network(
      String name, Class<S> spec, Sample<S> sample, String description) {
    return new Entry<>(name, new NetworkArchitecture<>(name, spec, sample), description);
  }

  /** The list. */
  public static Registry<Architecture> registry() {
    return REGISTRY;
  }
}
