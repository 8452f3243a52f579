package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.SinusoidalPositions;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The settings of the fixtures that {@link ForeignWeightsTest} decodes. */
final class ProgramCases {
  static final TemporalSpatialConvolution CONVOLUTION =
      new TemporalSpatialConvolution(6, 7, 9, 4, 0.5, 0.5);

  private static final Nice NICE = new Nice(CONVOLUTION, Nice.Spatial.NONE, Nice.First.UNIFORM);

  private static final Labram.Codes LABRAM_CODES = new Labram.Codes(7, 3, 0.9, 1, 0.5);

  /** A program with the settings and sizes of its fixture. */
  record Case(String program, Record settings, NetworkSizes sizes) {
    @Override
    public String toString() {
      return program;
    }
  }

  /** One for each program of the registry. */
  static Stream<Case> all() {
    List<String> subjects = List.of("01", "02");
    return Stream.of(
        new Case(
            "braindecode-eegnet",
            new EegNet(3, 2, 5, 16, 6, 3, 2, 0.25, 1, EegNet.Padding.BOTH_SIDES),
            NetworkSizes.ofEpochs(5, 63, 4)),
        new Case(
            "braindecode-shallow-fbcsp",
            new ShallowFbcsp(6, 7, 9, 4, 0.5),
            NetworkSizes.ofEpochs(5, 61, 4)),
        new Case(
            "braindecode-deep4",
            new DeepConvNet(List.of(5, 6, 7, 8), 4, 3, 0.5),
            NetworkSizes.ofEpochs(5, 230, 4)),
        new Case(
            "braindecode-eeg-conformer",
            new EegConformer(6, 7, 9, 4, 2, 3, 0.5, List.of(256, 32), List.of(0.5, 0.3)),
            NetworkSizes.ofEpochs(5, 61, 4)),
        new Case("nice-eeg", NICE, NetworkSizes.ofEpochs(5, 41, 7)),
        new Case(
            "eeg-image-decode-atms",
            new AtmS(3, 4, 11, 1, 0.25, AtmS.Positions.NONE, AtmS.Kept.FIRST, CONVOLUTION),
            NetworkSizes.ofEpochs(5, 41, 7).withSubjects(subjects)),
        new Case(
            "brainmagick",
            new BrainMagick(
                BrainMagick.Spatial.ATTENTION,
                7,
                3,
                0.2,
                BrainMagick.Subjects.MATRIX,
                9,
                4,
                3,
                18,
                BrainMagick.Pooling.NONE,
                List.of()),
            new NetworkSizes(List.of(5, 33), subjects, List.of(5, 5), places(), List.of(6, 33))),
        new Case(
            "mindeye1",
            new MindEye(new ResidualMlp(11, 2, 0.5, 0.15), 6, List.of()),
            tokens(15, List.of(""), List.of(3, 4))),
        new Case(
            "mindeye1-backbone",
            new ResidualMlp(11, 2, 0.5, 0.15, ResidualMlp.Norm.LAST, ResidualMlp.Adapter.SHARED, 6),
            tokens(15, List.of(""), List.of(3, 4))),
        new Case(
            "mindeye1-low-level",
            new ResidualMlp(
                10,
                2,
                0.5,
                0.25,
                ResidualMlp.Norm.LAST_SILU,
                ResidualMlp.Adapter.SHARED,
                0,
                Optional.of(
                    new ResidualMlp.Latent(
                        List.of(2, 6, 4), new Upsampling(3, List.of(4, 8), 2, 6)))),
            tokens(15, List.of(""), List.of(48))),
        new Case(
            "mindeye2",
            new MindEye(
                new ResidualMlp(
                    10, 0, 0, 0.15, ResidualMlp.Norm.FIRST, ResidualMlp.Adapter.SUBJECT, 0),
                4,
                List.of(
                    new HeadSpec(
                        "latent",
                        0,
                        0.3,
                        List.of(2, 6, 4),
                        Optional.of(new Upsampling(3, List.of(4, 8), 2, 6))))),
            new NetworkSizes(List.of(15), subjects, List.of(15, 15), List.of(), List.of(3, 4))),
        new Case(
            "mindbridge",
            new MindBridge(
                9, 3, 8, 2, 0.5, 0.15, 1, 1, List.of(new HeadSpec("text", 0, 0, List.of(4)))),
            tokens(15, List.of("01", "02", "05"), List.of(5))),
        new Case(
            "sttm",
            new Sttm(
                10,
                2,
                1,
                0.5,
                0.15,
                new Sttm.Tokens(6, 2, 8, 10, 7, 0.15, 0.1, Sttm.Scores.MULTIPLIED),
                List.of()),
            tokens(13, List.of("01", "07"), List.of(3, 5))),
        new Case(
            "mind-vis",
            new MindVis(
                4,
                new TokenEncoder(8, 2, 2, 12, 0, 5),
                3,
                SinusoidalPositions.Waves.BEHIND_EACH_OTHER,
                MindVis.defaults().filling()),
            tokens(24, List.of(""), List.of(3, 5))),
        new Case(
            "fmri-pte",
            new MapTransformer(2, 2, new TokenEncoder(8, 2, 2, 12, 0, 0)),
            tokens(96, List.of(""), List.of(5)).withPositions(grid(24, 4))),
        new Case(
            "vit-volume",
            new VolumeTransformer(2, new TokenEncoder(8, 2, 2, 12, 0, 0)),
            tokens(96, List.of(""), List.of(5)).withPositions(grid(4, 4, 6))),
        new Case(
            "du-in",
            duIn(DuIn.defaults().codes().linearly(), DuIn.Subjects.MAP),
            NetworkSizes.ofEpochs(5, 24, 4).withSubjects(subjects)),
        new Case(
            "du-in-vqvae",
            duIn(
                new DuIn.Codes(
                    7,
                    3,
                    0.99,
                    1,
                    0.5,
                    List.of(new DuIn.Up(6, 3, 1), new DuIn.Up(5, 5, 2), new DuIn.Up(4, 4, 3))),
                DuIn.Subjects.MAP),
            new NetworkSizes(List.of(5, 24), subjects, List.of(5, 5), List.of(), List.of(5, 24))),
        new Case("du-in-poms", poms(), NetworkSizes.ofEpochs(5, 24, 4).withSubjects(subjects)),
        new Case(
            "du-in-poms-vqvae",
            poms(),
            new NetworkSizes(List.of(5, 24), subjects, List.of(5, 5), List.of(), List.of(5, 24))),
        new Case(
            "labram",
            new Labram(
                6,
                new Labram.Stem(4, 2, 2, 3),
                new TokenEncoder(8, 3, 2, 32, 0, 0),
                0.1,
                0.1,
                5,
                List.of("F8", "cz", "Fp1", "F7-T7"),
                LABRAM_CODES),
            NetworkSizes.ofEpochs(4, 18, 5)),
        labramPretraining("labram-vqnsp", 12, 12),
        labramPretraining("labram-pretrain", 12, 8),
        new Case(
            "mind-vis-mae",
            new MindVis(
                4,
                new TokenEncoder(8, 2, 2, 12, 0, 5),
                3,
                SinusoidalPositions.Waves.BEHIND_EACH_OTHER,
                new MindVis.Filling(0.5, 6, 1, 3, 1)),
            tokens(24, List.of(""), List.of(7, 8))),
        new Case("glim", glim(), people(List.of(4))),
        new Case("glim-tokens", glim(), people(List.of(3, 4))),
        new Case("wave", series(), NetworkSizes.ofEpochs(7, 5, 3)),
        new Case(
            "wave-tokens",
            series(),
            new NetworkSizes(List.of(7, 5), List.of(""), List.of(7), List.of(), List.of(2, 3))),
        new Case("learning-from-brains", series(), NetworkSizes.ofEpochs(7, 5, 3)),
        new Case(
            "torch-roi-queries",
            new RoiQueries(
                3,
                List.of(2, 7, 4),
                new TokenEncoder(12, 2, 3, 17, 0.1, 0),
                RoiQueries.Positions.KEYS),
            new NetworkSizes(List.of(5, 9), List.of(""), List.of(5), List.of(), List.of(13))),
        new Case(
            "torch-parcel-transformer",
            new ParcelTransformer(4, new TokenEncoder(8, 2, 2, 11, 0.1, 0)),
            tokens(12, List.of(""), List.of(5)).withPositions(grid(12))));
  }

  private static DuIn duIn(DuIn.Codes codes, DuIn.Subjects own) {
    return new DuIn(
        3,
        6,
        new DuIn.Stem(6, 4, 2, 3, DuIn.Over.PATCH),
        new TokenEncoder(8, 2, 2, 11, 0.1, 9),
        5,
        codes,
        own);
  }

  private static DuIn poms() {
    List<DuIn.Up> up = List.of(new DuIn.Up(6, 3, 1), new DuIn.Up(5, 4, 3));
    return duIn(new DuIn.Codes(7, 3, 0.99, 1, 0.5, up), DuIn.Subjects.CONVOLUTIONS);
  }

  private static Case labramPretraining(String program, Integer... target) {
    Labram labram =
        new Labram(
            6,
            new Labram.Stem(4, 2, 2, 3),
            new TokenEncoder(8, 2, 2, 32, 0, 0),
            0,
            0.1,
            5,
            List.of("F8", "cz", "Fp1", "F7-T7"),
            LABRAM_CODES);
    NetworkSizes sizes =
        new NetworkSizes(List.of(4, 18), List.of(""), List.of(4), List.of(), List.of(target));
    return new Case(program, labram, sizes);
  }

  private static Glim glim() {
    return new Glim(
        8,
        2,
        2,
        Glim.Channels.FILLED,
        Glim.Modulation.WIDTH_AND_TIME,
        List.of(
            new GlimPrompt("task", List.of("NR", "TSR"), "TSR", 0),
            new GlimPrompt("dataset", List.of("ZuCo1", "ZuCo2"), "", 1),
            GlimPrompt.ofSubject(0)),
        new Glim.Gathering(3, 6, 2),
        2);
  }

  private static NetworkSizes people(List<Integer> target) {
    List<String> subjects = List.of("ZAB", "ZDM", "ZDN");
    return new NetworkSizes(List.of(5, 13), subjects, List.of(5, 5, 5), List.of(), target);
  }

  private static CausalSequence series() {
    return new CausalSequence(new TokenEncoder(8, 2, 2, 32, 0.1, 0), 1.5);
  }

  private static NetworkSizes tokens(int voxels, List<String> subjects, List<Integer> target) {
    List<Integer> widths = subjects.stream().map(subject -> voxels).toList();
    return new NetworkSizes(List.of(voxels), subjects, widths, List.of(), target);
  }

  /** The last axis fastest. */
  private static List<List<Double>> grid(int... sizes) {
    List<List<Double>> places = List.of(List.of());
    for (int size : sizes) {
      places =
          places.stream()
              .flatMap(
                  place ->
                      IntStream.range(0, size)
                          .mapToObj(
                              i -> Stream.concat(place.stream(), Stream.of((double) i)).toList()))
              .toList();
    }
    return places;
  }

  private static List<List<Double>> places() {
    return IntStream.range(0, 5)
        .mapToObj(i -> List.of(Math.cos(1.1 * i), Math.sin(1.1 * i)))
        .toList();
  }

  private ProgramCases() {}
}
