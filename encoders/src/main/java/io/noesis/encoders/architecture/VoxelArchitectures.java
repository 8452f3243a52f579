package io.noesis.encoders.architecture;

import static io.noesis.encoders.architecture.Architectures.network;

import io.noesis.encoders.Architecture;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.architecture.NetworkArchitecture.Sample;
import io.noesis.encoders.layer.DecoderOptions;
import io.noesis.encoders.layer.SemanticDecoder.Group;
import io.noesis.encoders.layer.SemanticDecoder.Step;
import io.noesis.encoders.layer.SemanticDecoder.Window;
import io.noesis.encoders.layer.SinusoidalPositions;
import io.noesis.run.Registry.Entry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Architectures for responses of voxels, and of voxels to stimuli. */
final class VoxelArchitectures {
  private VoxelArchitectures() {}

  static List<Entry<Architecture>> entries() {
    return List.of(
        network(
            MindEye.NAME,
            MindEye.class,
            new Sample<>(
                new MindEye(
                    new ResidualMlp(
                        17, 1, 0, 0.15, ResidualMlp.Norm.FIRST, ResidualMlp.Adapter.SUBJECT, 0),
                    11,
                    List.of(
                        new HeadSpec("text", 7, 0.3, List.of(2, 3)),
                        new HeadSpec(
                            "latent",
                            0,
                            0.3,
                            List.of(2, 6, 2),
                            Optional.of(new Upsampling(3, List.of(2, 4), 2, 5))))),
                new NetworkSizes(
                    List.of(31), List.of("01", "02"), List.of(31, 29), List.of(), List.of(3, 5))),
            "Backbone, retrieval projector and further heads as outputs of one network: MindEye 1"
                + " and 2."),
        network(
            MindBridge.NAME,
            MindBridge.class,
            new Sample<>(
                new MindBridge(
                    19, 4, 15, 2, 0.5, 0.15, 1, 1, List.of(new HeadSpec("text", 0, 0, List.of(6)))),
                new NetworkSizes(
                    List.of(37),
                    List.of("01", "02", "05"),
                    List.of(31, 37, 29),
                    List.of(),
                    List.of(3, 5))),
            "Each subject's voxels pooled to one width and embedded by its own weights, then"
                + " shared residual blocks: MindBridge."),
        network(
            Sttm.NAME,
            Sttm.class,
            new Sample<>(
                new Sttm(
                    15,
                    1,
                    1,
                    0.5,
                    0.15,
                    new Sttm.Tokens(6, 2, 8, 11, 7, 0.15, 0.1, Sttm.Scores.MULTIPLIED),
                    List.of(new HeadSpec("latent", 5, 0.3, List.of(2, 3)))),
                new NetworkSizes(
                    List.of(23), List.of("01", "02"), List.of(23, 21), List.of(), List.of(3, 5))),
            "Adapters per subject, shared residual blocks and narrow tokens with attention:"
                + " See Through Their Minds."),
        network(
            VolumeTransformer.NAME,
            VolumeTransformer.class,
            new Sample<>(new VolumeTransformer(6, small()), twoSubjects(grid(53, 3), grid(41, 3))),
            "A vision transformer over cubes of a volume: Neuro-Vision."),
        network(
            MapTransformer.NAME,
            MapTransformer.class,
            new Sample<>(
                new MapTransformer(6, 2, small()), twoSubjects(grid(28, 2), moved(grid(28, 2)))),
            "A vision transformer over squares of a flat map: the encoder of NeuroPictor and"
                + " MinD-3D."),
        network(
            ParcelTransformer.NAME,
            ParcelTransformer.class,
            new Sample<>(
                new ParcelTransformer(5, small(), ResidualMlp.Adapter.SUBJECT),
                twoSubjects(grid(41, 3), grid(53, 3))),
            "A transformer whose tokens are parcels of neighbouring voxels."),
        network(
            MindVis.NAME,
            MindVis.class,
            new Sample<>(
                new MindVis(
                    4,
                    small(),
                    3,
                    SinusoidalPositions.Waves.BEHIND_EACH_OTHER,
                    new MindVis.Filling(0.7, 8, 1, 2, 1)),
                NetworkSizes.of(53, 7)),
            "Patches of the row of voxels through a transformer that can first learn to fill in"
                + " what it did not see: Mind-Vis."),
        network(
            TensorBrain.NAME,
            TensorBrain.class,
            new Sample<>(
                new TensorBrain(
                    new ResidualMlp(
                        17, 1, 0, 0.15, ResidualMlp.Norm.FIRST, ResidualMlp.Adapter.SUBJECT, 0),
                    9,
                    6,
                    List.of(new Group("things", 5), new Group("colours", 3)),
                    List.of(
                        Window.of(Step.INPUT),
                        Window.of(Step.EVOLVE),
                        Window.measure("what", "things"),
                        Window.attend("what"),
                        Window.of(Step.INPUT),
                        Window.measure("colour", "colours")),
                    DecoderOptions.defaults().scaled()),
                new NetworkSizes(
                    List.of(31), List.of("01", "02"), List.of(31, 29), List.of(), List.of(7))),
            "Concepts read out of a predicted embedding slot by slot, each telling the state before"
                + " the next: the semantic decoder of the Tensor Brain."),
        network(
            BrainNrds.NAME,
            BrainNrds.class,
            new Sample<>(
                new BrainNrds(new ResidualMlp(19, 1, 0.5, 0.15), "frame", 7, 13, 2, 0.1),
                new NetworkSizes(List.of(31), List.of("01"), List.of(31), List.of(), List.of(5, 2))
                    .told(Map.of("frame", List.of(15)))),
            "The flow at each place of a grid as the mean of codes, from the response and features"
                + " of the first frame that are told: BrainNRDS."),
        network(
            RoiQueries.NAME,
            RoiQueries.class,
            new Sample<>(
                new RoiQueries(3, List.of(2, 7, 4), small(), RoiQueries.Positions.KEYS),
                new NetworkSizes(List.of(5, 9), List.of(""), List.of(5), List.of(), List.of(13))),
            "Encoding: a query for each ROI looks at the tokens of a stimulus: transformer"
                + " brain encoders."));
  }

  /** A small one. */
  private static TokenEncoder small() {
    return new TokenEncoder(12, 2, 3, 17, 0.1, 5);
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

  /** The same places, elsewhere by a part of a voxel and more. */
  private static List<List<Double>> moved(List<List<Double>> places) {
    return places.stream().map(at -> at.stream().map(x -> x + 4.7).toList()).toList();
  }

  private static NetworkSizes twoSubjects(List<List<Double>> first, List<List<Double>> second) {
    return new NetworkSizes(
        List.of(Math.max(first.size(), second.size())),
        List.of("01", "02"),
        List.of(first.size(), second.size()),
        NetworkSizes.positionsOfAll(List.of(first, second)),
        List.of(7));
  }
}
