package io.noesis.encoders.architecture;

import static io.noesis.encoders.architecture.Architectures.network;

import io.noesis.encoders.Architecture;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.architecture.NetworkArchitecture.Sample;
import io.noesis.run.Registry.Entry;
import java.util.List;
import java.util.stream.IntStream;

/** Architectures for epochs of EEG, MEG and intracranial recordings. */
final class EpochArchitectures {
  private EpochArchitectures() {}

  static List<Entry<Architecture>> entries() {
    return List.of(
        network(
            Nice.NAME,
            Nice.class,
            new Sample<>(
                new Nice(convolution(), Nice.Spatial.GRAPH, Nice.First.NORMAL),
                NetworkSizes.ofEpochs(5, 41, 7)),
            "Temporal-spatial convolution and projector of NICE, for epochs of images seen."),
        network(
            AtmS.NAME,
            AtmS.class,
            new Sample<>(
                new AtmS(
                    3, 4, 11, 1, 0.25, AtmS.Positions.WAVES, AtmS.Kept.CHANNELS, convolution()),
                NetworkSizes.ofEpochs(5, 41, 7).withSubjects(List.of("01", "03"))),
            "ATM-S: channels and the subject as tokens of a transformer, then NICE's convolution."),
        network(
            EegNet.NAME,
            EegNet.class,
            new Sample<>(
                new EegNet(3, 2, 5, 8, 5, 3, 2, 0.25, 1, EegNet.Padding.BOTH_SIDES),
                NetworkSizes.ofEpochs(5, 31, 7)),
            "EEGNet: a compact convolutional network for epochs."),
        network(
            ShallowFbcsp.NAME,
            ShallowFbcsp.class,
            new Sample<>(new ShallowFbcsp(6, 7, 9, 4, 0.5), NetworkSizes.ofEpochs(5, 33, 7)),
            "Shallow convolutional network that computes band power, for induced rhythms."),
        network(
            DeepConvNet.NAME,
            DeepConvNet.class,
            new Sample<>(
                new DeepConvNet(List.of(5, 7, 9), 4, 2, 0.5), NetworkSizes.ofEpochs(5, 47, 7)),
            "Deep4: four blocks of convolution and maxima, for epochs."),
        network(
            EegConformer.NAME,
            EegConformer.class,
            new Sample<>(
                new EegConformer(6, 7, 9, 4, 2, 3, 0.5, List.of(11, 8), List.of(0.5, 0.3)),
                NetworkSizes.ofEpochs(5, 33, 7)),
            "EEG Conformer: convolutions make tokens, a transformer relates them."),
        network(
            Glim.NAME,
            Glim.class,
            new Sample<>(
                new Glim(
                    8,
                    1,
                    2,
                    Glim.Channels.FILLED,
                    Glim.Modulation.WIDTH_AND_TIME,
                    List.of(
                        new GlimPrompt("task", List.of("a", "b"), "b", 0.2),
                        GlimPrompt.ofSubject(0.3)),
                    new Glim.Gathering(3, 6, 1),
                    7),
                NetworkSizes.ofEpochs(5, 13, 7).withSubjects(List.of("01", "03"))),
            "GLIM's encoder and aligner: samples as tokens, queries that gather them for a language"
                + " model, and one that makes the embedding; EEG to text."),
        network(
            CausalSequence.NAME,
            CausalSequence.class,
            new Sample<>(
                new CausalSequence(new TokenEncoder(6, 2, 3, 7, 0.1, 5), 0.72),
                NetworkSizes.ofEpochs(5, 4, 7)),
            "A causal transformer over a series of volumes, whose parcels' means are the channels:"
                + " the encoder of WAVE."),
        network(
            DuIn.NAME,
            DuIn.class,
            new Sample<>(
                new DuIn(
                    3,
                    6,
                    new DuIn.Stem(5, 4, 2, 3, DuIn.Over.PATCH),
                    new TokenEncoder(8, 1, 2, 11, 0.1, 9),
                    5,
                    new DuIn.Codes(
                        7,
                        3,
                        0.9,
                        1,
                        0.5,
                        List.of(new DuIn.Up(5, 3, 1), new DuIn.Up(4, 3, 2), new DuIn.Up(3, 5, 3))),
                    DuIn.Subjects.CONVOLUTIONS),
                new NetworkSizes(
                    List.of(5, 33), List.of("01", "03"), List.of(5, 4), List.of(), List.of(7))),
            "Du-IN: patches of time as tokens of a transformer that can first learn codes and name"
                + " those it did not see; for intracranial recordings and EEG."),
        network(
            Labram.NAME,
            Labram.class,
            new Sample<>(
                new Labram(
                    6,
                    new Labram.Stem(4, 2, 2, 3),
                    new TokenEncoder(8, 2, 2, 11, 0.1, 9),
                    0.2,
                    0.1,
                    4,
                    List.of("Cz", "Pz", "O1", "Oz", "F7-T7"),
                    new Labram.Codes(7, 3, 0.9, 1, 0.5)),
                NetworkSizes.ofEpochs(5, 22, 7)),
            "LaBraM: patches of each channel as tokens, told channel and time by learned vectors,"
                + " related by one transformer that can first learn codes of spectra and name those"
                + " it did not see; for EEG."),
        network(
            BrainMagick.NAME,
            BrainMagick.class,
            new Sample<>(
                new BrainMagick(
                    BrainMagick.Spatial.ATTENTION,
                    7,
                    3,
                    0.2,
                    BrainMagick.Subjects.MATRIX,
                    9,
                    4,
                    3,
                    11,
                    BrainMagick.Pooling.LEARNED,
                    BrainMagick.Layout.SPACE,
                    0.3,
                    List.of(new HeadSpec("text", 6, 0.2, List.of(2, 3)))),
                new NetworkSizes(
                    List.of(5, 33),
                    List.of("01", "03"),
                    List.of(5, 4),
                    NetworkSizes.positionsOfAll(List.of(ring(5), ring(4))),
                    List.of(7))),
            "BrainMagick: attention to sensor positions, a matrix per subject, dilated"
                + " convolutions; for MEG and EEG of speech and images."));
  }

  private static TemporalSpatialConvolution convolution() {
    return new TemporalSpatialConvolution(6, 7, 9, 4, 0.5, 0.5);
  }

  /** Sensors around the head. */
  private static List<List<Double>> ring(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> List.of(Math.cos(2.0 * i), Math.sin(2.0 * i), 0.1 * i))
        .toList();
  }
}
