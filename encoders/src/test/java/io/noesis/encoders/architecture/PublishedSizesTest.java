package io.noesis.encoders.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.Pretraining;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.BatchNorm;
import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Convolution;
import io.noesis.encoders.layer.FeedForward;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.NormedResidual;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.TransformerBlock;
import io.noesis.encoders.torch.Window;
import io.noesis.run.RecipeException;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Parameter counts and widths that papers and their code give for the published settings. */
class PublishedSizesTest {
  private static List<List<Double>> places(int count) {
    return IntStream.range(0, count).mapToObj(i -> List.of(Math.cos(i), Math.sin(i))).toList();
  }

  private static BrainMagick published(BrainMagick.Pooling pooling) {
    BrainMagick d = BrainMagick.defaults();
    return new BrainMagick(
        d.spatial(),
        d.channels(),
        d.frequencies(),
        d.spatialDropout(),
        d.subjects(),
        d.width(),
        d.depth(),
        d.dilations(),
        d.headWidth(),
        pooling,
        d.heads());
  }

  private static NetworkSizes meg(List<Integer> target) {
    List<String> subjects = IntStream.range(0, 27).mapToObj(String::valueOf).toList();
    return new NetworkSizes(
        List.of(208, 343), subjects, subjects.stream().map(s -> 208).toList(), places(208), target);
  }

  @Test
  void brainMagickHas9565054ParametersFor27Subjects() {
    assertEquals(
        9_565_054,
        Parameters.count(published(BrainMagick.Pooling.NONE).network(meg(List.of(1024, 343)))));
    assertEquals(
        9_565_054 + 343 + 1,
        Parameters.count(BrainMagick.defaults().network(meg(List.of(1024)))),
        "one weight for each sample and a constant more");
    Map<String, Shape> shapes =
        Parameters.shapes(published(BrainMagick.Pooling.MEAN).network(meg(List.of(1024))));
    assertEquals(Shape.of(27, 270, 270), shapes.get("subjects.weight"));
    assertEquals(Shape.of(270, 2048), shapes.get("merger.heads"));
  }

  private static long startingWith(Map<String, Shape> shapes, String... beginnings) {
    return shapes.entrySet().stream()
        .filter(entry -> Arrays.stream(beginnings).anyMatch(entry.getKey()::startsWith))
        .filter(entry -> !entry.getKey().contains("running_"))
        .mapToLong(entry -> entry.getValue().size())
        .sum();
  }

  @Test
  void brainMagickHasItsPublishedParts() {
    Map<String, Shape> shapes =
        Parameters.shapes(published(BrainMagick.Pooling.NONE).network(meg(List.of(1024, 343))));
    assertEquals(552_960, startingWith(shapes, "merger."));
    assertEquals(73_170, startingWith(shapes, "mix."));
    assertEquals(1_968_300, startingWith(shapes, "subjects."));
    assertEquals(3_033_600, startingWith(shapes, "convolutions."));
    assertEquals(3_075_200, startingWith(shapes, "gates."));
    assertEquals(861_824, startingWith(shapes, "head.", "out."));
  }

  @Test
  void brainMagickSaysWhatItLacks() {
    IllegalArgumentException places =
        assertThrows(
            IllegalArgumentException.class,
            () -> BrainMagick.defaults().network(NetworkSizes.ofEpochs(60, 100, 16)));
    assertTrue(places.getMessage().contains("sensors.tsv"), places.getMessage());
    IllegalArgumentException targets =
        assertThrows(
            IllegalArgumentException.class,
            () -> published(BrainMagick.Pooling.NONE).network(meg(List.of(1024))));
    assertTrue(targets.getMessage().contains("[dim, 343]"), targets.getMessage());
  }

  @Test
  void eegNetHas2484ParametersFor22ChannelsAnd512Samples() {
    NetworkSizes sizes = NetworkSizes.ofEpochs(22, 512, 4);
    assertEquals(2_484, Parameters.count(EegNet.defaults().network(sizes)));
  }

  private static NetworkSizes nsd(List<Integer> target) {
    return new NetworkSizes(List.of(15_724), List.of("1"), List.of(15_724), List.of(), target);
  }

  /** About 940 M, of which the map to 257 tokens of 768 has 808 M. */
  @Test
  void mindEyeHas940MillionParametersForTheFirstSubject() {
    Layer network =
        new MindEye(ResidualMlp.defaults(), 2048, List.of()).network(nsd(List.of(257, 768)));
    long last = 4097L * 257 * 768;
    assertEquals(808, Math.floorDiv(last, 1_000_000));
    long first = 15_725L * 4096 + 2 * 4096;
    long blocks = 4 * (4097L * 4096 + 2 * 4096);
    long projector = 2 * 768 + 769L * 2048 + 2 * 2 * 2048 + 2049L * 2048 + 2049L * 768;
    assertEquals(first + blocks + last + projector, Parameters.count(network));
    assertEquals(940, Parameters.count(network) / 1e6, 10);
  }

  /** MindEye 2's ridge and its map to 256 tokens of 1664, and the decoder of its latent. */
  @Test
  void theLatentOfMindEye2HasItsPublishedMaps() {
    Map<String, Shape> shapes =
        Parameters.shapes(MindEye.defaults().network(nsd(List.of(256, 1664))));
    assertEquals(Shape.of(64 * 7 * 7, 4096), shapes.get("heads.latent.linear.weight"));
    assertEquals(Shape.of(4, 32, 3, 3), shapes.get("heads.latent.decoder.embedding.out.weight"));
    assertEquals(
        Shape.of(512, 512, 1, 1),
        shapes.get("heads.latent.decoder.latent_features.linear3.weight"));
  }

  /** About 540 M that all subjects share: blocks and the maps to images and texts. */
  @Test
  void mindBridgeShares540MillionParameters() {
    MindBridge d = MindBridge.defaults();
    HeadSpec text = new HeadSpec("text", 0, 0, List.of(77, 768));
    MindBridge both =
        new MindBridge(
            d.pooled(),
            d.bottleneck(),
            d.width(),
            d.blocks(),
            d.firstDropout(),
            d.blockDropout(),
            d.reconstruction(),
            d.cycle(),
            List.of(text));
    Layer network = both.network(nsd(List.of(257, 768)));
    long shared =
        Parameters.shapes(network).entrySet().stream()
            .filter(entry -> !entry.getKey().startsWith("subject."))
            .mapToLong(entry -> entry.getValue().size())
            .sum();
    assertEquals(4 * (2049L * 2048 + 2 * 2048) + 2049L * (257 + 77) * 768, shared);
    assertEquals(540, shared / 1e6, 5);
  }

  /** About 19 M that embed each subject's voxels, and as many that build them again. */
  @Test
  void mindBridgeEmbedsEachSubjectBy19MillionParameters() {
    Layer network = MindBridge.defaults().network(nsd(List.of(257, 768)));
    Map<String, Shape> shapes = Parameters.shapes(network);
    long adapter = 8193L * 128 + 129 * 8192;
    long embedder = adapter + 8193L * 2048 + 2 * 2048;
    assertEquals(embedder, startingWith(shapes, "subject.embed."));
    assertEquals(19, embedder / 1e6, 0.5);
    assertEquals(adapter + 2049L * 8192 + 2 * 8192, startingWith(shapes, "subject.build."));
  }

  private static NetworkSizes atm() {
    return NetworkSizes.ofEpochs(63, 250, 1024)
        .withSubjects(IntStream.range(0, 10).mapToObj(String::valueOf).toList());
  }

  /** ATM's paper: 103,680 of its convolution and 2,527,232 of its projector to 1024. */
  @Test
  void atmsConvolutionAndProjectorHaveTheirPublishedSizes() {
    Map<String, Shape> shapes = Parameters.shapes(AtmS.defaults().network(atm()));
    assertEquals(103_680, startingWith(shapes, "convolution."));
    assertEquals(2_527_232, startingWith(shapes, "projector."));
  }

  private static Layer block(int width, Attention attention, int hidden) {
    return TransformerBlock.of(
        attention, FeedForward.of(width, hidden), NormedResidual.Style.normLast());
  }

  /**
   * The paper's 553,078 of the channel attention, and so its 3,183,990 in all, are not of the
   * encoder that it describes and whose weights are public. They are twice a layer of PyTorch's
   * transformer whose tokens are samples of 63 channels, with PyTorch's hidden width of 2048:
   * programs of its repository keep the layer of which torch.nn.TransformerEncoder makes a copy.
   */
  @Test
  void theTableOfAtmCountsAnEarlierChannelAttention() {
    long table = 2 * Parameters.count(block(63, Attention.self(63, 1), 2048));
    assertEquals(553_078, table);
    Map<String, Shape> shapes = Parameters.shapes(AtmS.defaults().network(atm()));
    long rest = startingWith(shapes, "convolution.", "projector.");
    assertEquals(3_183_990, table + rest);
  }

  /**
   * The program of today has 3,202,413. Of those 127,251 compute nothing: tokens for subjects that
   * are unknown and for masks (3), a map of time features (4 to 250), linear maps of 2 subjects,
   * and the scale of the loss.
   */
  @Test
  void atmHasTheParametersOfItsProgram() {
    Layer network = AtmS.defaults().network(atm());
    Map<String, Shape> shapes = Parameters.shapes(network);
    long channels = startingWith(shapes, "embedding.", "subjects.", "blocks.", "norm.");
    assertEquals(251 * 250 + 10 * 250 + 378_500 + 2 * 250, channels);
    long unused = 3 * 250 + 4 * 250 + 2 * 251 * 250 + 1;
    assertEquals(3_202_413, Parameters.count(network) + unused);
  }

  /** Its sizes, of which no count is published: 96 tokens of flan-t5-large of 1280 samples. */
  @Test
  void glimHasItsPublishedMaps() {
    NetworkSizes sizes = NetworkSizes.ofEpochs(104, 1280, 1024);
    Map<String, Shape> shapes = Parameters.shapes(Glim.defaults().network(sizes));
    String block = "encoder.inner.blocks.5.";
    assertEquals(Shape.of(2 * 1280, 128), shapes.get(block + "time.modulation.weight"));
    assertEquals(Shape.of(3 * 128, 128), shapes.get(block + "attention.modulation.weight"));
    assertEquals(Shape.of(512, 128), shapes.get(block + "mlp.inner.into.weight"));
    assertEquals(Shape.of(256, 128), shapes.get("wider.weight"));
    assertEquals(Shape.of(96, 256), shapes.get("gathering.queries"));
    assertEquals(Shape.of(256, 256), shapes.get("gathering.decoder.blocks.5.cross.key.weight"));
    assertEquals(Shape.of(1024, 256), shapes.get("text.weight"));
    assertEquals(Shape.of(1, 1024), shapes.get("heads.embedding.query.queries"));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Glim.defaults().network(NetworkSizes.ofEpochs(306, 100, 1024)));
    assertTrue(refused.getMessage().contains("channels to mixed"), refused.getMessage());
  }

  /** 4 blocks of 768 over 1024 parcels, with 512 positions and 1501 times. */
  @Test
  void causalSequenceHasItsPublishedMaps() {
    Layer network = CausalSequence.defaults().network(NetworkSizes.ofEpochs(1024, 5, 768));
    long block = 12L * 768 * 768 + 13 * 768;
    long before = 1024 + 1025L * 768 + 2 * 768 + (1501L + 512) * 768;
    assertEquals(before + 4 * block + 2 * 768 + 2 * 769L * 768, Parameters.count(network));
    assertThrows(
        IllegalArgumentException.class,
        () -> CausalSequence.defaults().network(NetworkSizes.ofEpochs(1024, 512, 768)));
  }

  /** A quantiser of Du-IN with the maps before and behind it. */
  private static long quantiser(DuIn of, int count) {
    int width = of.transformer().width();
    int code = of.codes().width();
    return (width + 1L) * width
        + (width + 1L) * code
        + (long) count * code
        + 2L * code
        + (code + 1L) * width;
  }

  /**
   * What Du-IN's program counts and computes no word with: a use of each code and a mark, two maps
   * of a contrastive loss to 32 numbers and its temperature, the waves of 30 positions, and one
   * scale for each block.
   */
  private static long idle(DuIn of, int count) {
    int width = of.transformer().width();
    return count + 1 + 2 * (width + 1L) * 32 + 1 + 30L * width + of.transformer().depth();
  }

  /** 4.38 M for 61 words with the quantiser that its network carries along. */
  @Test
  void duInHasItsPublishedParameters() {
    DuIn d = DuIn.defaults();
    Layer network = d.network(NetworkSizes.ofEpochs(10, 3000, 61));
    assertEquals(4_182_813, Parameters.count(network));
    int codes = d.codes().count();
    assertEquals(4_377_639, Parameters.count(network) + quantiser(d, codes) + idle(d, codes));
  }

  private static DuIn poms() {
    DuIn d = DuIn.defaults();
    List<DuIn.Up> up =
        List.of(new DuIn.Up(128, 3, 1), new DuIn.Up(128, 3, 1), new DuIn.Up(128, 19, 10));
    return new DuIn(
        d.sources(),
        d.patch(),
        d.stem(),
        d.transformer(),
        d.headWidth(),
        new DuIn.Codes(1024, 64, 0.99, 4, 0.5, up),
        DuIn.Subjects.CONVOLUTIONS);
  }

  /**
   * The 5.18 M of its variant for 12 subjects at once (poms) have 1024 codes and, in the place of a
   * channel map for each subject and convolutions for all, convolutions over the channels for each.
   */
  @Test
  void duInOfSeveralSubjectsHasItsPublishedParameters() {
    NetworkSizes twelve =
        NetworkSizes.ofEpochs(10, 3000, 61)
            .withSubjects(IntStream.range(0, 12).mapToObj(String::valueOf).toList());
    DuIn poms = poms();
    Layer network = poms.network(twelve);
    assertEquals(5_181_063, Parameters.count(network) + quantiser(poms, 1024) + idle(poms, 1024));
    Map<String, Shape> shapes = Parameters.shapes(network);
    assertEquals(Shape.of(12, 128, 10, 19), shapes.get("tokens.own.stem.conv1.weight"));
    Map<String, Shape> codes =
        Parameters.shapes(poms.pretraining(twelve).orElseThrow().stages().get(0).network());
    assertEquals(Shape.of(12, 16, 128, 3), codes.get("decoder.own.ups.0.weight"));
    assertEquals(Shape.of(12, 128, 128, 19), codes.get("decoder.own.ups.2.weight"));
    assertEquals(Shape.of(12, 10, 128, 1), codes.get("decoder.own.signal.weight"));
    assertEquals(
        4_182_813 + 11 * 11 * 16,
        Parameters.count(DuIn.defaults().network(twelve)),
        "with a map for each and convolutions for all");
  }

  /** 5.8 M without the head. */
  @Test
  void labramHasItsPublishedParameters() {
    NetworkSizes sizes = NetworkSizes.ofEpochs(23, 2000, 6);
    Layer base = Labram.defaults().network(sizes);
    assertEquals(5_819_936 + 201 * 6, Parameters.count(base));
    Map<String, Shape> shapes = Parameters.shapes(base);
    assertEquals(Shape.of(129, 200), shapes.get("encoder.channels.weight"));
    assertEquals(Shape.of(16, 200), shapes.get("encoder.times.weight"));
    assertEquals(Shape.of(8, 1, 1, 15), shapes.get("tokens.conv1.weight"));
    assertEquals(Shape.of(20), shapes.get("encoder.blocks.11.self.key_norm.weight"));
  }

  /** 8192 codes of 64 numbers, from which 3 blocks make 200 amplitudes and 200 phases. */
  @Test
  void labramIsPretrainedByItsPublishedCodes() {
    Pretraining plan =
        Labram.defaults().pretraining(NetworkSizes.ofEpochs(23, 2000, 6)).orElseThrow();
    Pretraining.Stage codes = plan.stage(LabramPretraining.SPECTRA);
    assertEquals(List.of(230, 400), codes.output());
    Map<String, Shape> shapes = Parameters.shapes(codes.network());
    assertEquals(Shape.of(8192, 64), shapes.get("quantiser.codebook"));
    assertEquals(Shape.of(200, 64), shapes.get("decoder.up.weight"));
    assertEquals(Shape.of(200), shapes.get("encoder.encoder.blocks.11.self.key.bias"));
    assertEquals(Shape.of(200, 800), shapes.get("decoder.decoder.blocks.2.mlp.out.weight"));
    assertFalse(shapes.containsKey("decoder.decoder.blocks.3.mlp.out.weight"));
    assertFalse(shapes.containsKey("encoder.encoder.blocks.0.self.scale.weight"));
    assertEquals(Shape.of(200, 200), shapes.get("phase.out.weight"));
    Pretraining.Stage named = plan.stage(LabramPretraining.NAMING);
    assertEquals(List.of(230, 200), named.output());
    Map<String, Shape> student = Parameters.shapes(named.network());
    assertEquals(Shape.of(8192, 200), student.get("names.weight"));
    assertEquals(
        5_819_936 + 200,
        startingWith(student, "tokens.", "encoder.", "mask_token"),
        "what decodes without its head, and the mask");
  }

  private static Labram labramOf(int slots, String... channels) {
    Labram d = Labram.defaults();
    return new Labram(
        d.patch(),
        d.stem(),
        d.transformer(),
        d.dropPath(),
        d.scale(),
        slots,
        List.of(channels),
        d.codes());
  }

  @Test
  void labramSaysWhatDoesNotFit() {
    NetworkSizes sizes = NetworkSizes.ofEpochs(2, 801, 6);
    Map<String, Runnable> wrong =
        Map.of(
            "set encoder.settings.slots higher", () -> labramOf(4).network(sizes),
            "3 names, but responses have 2 channels",
                () -> labramOf(16, "Cz", "C3", "C4").network(sizes),
            "for a channel 'EOG'", () -> labramOf(16, "Cz", "EOG"),
            "expected each channel once", () -> labramOf(16, "Cz", "CZ"),
            "129 channels, but it has learned vectors for 128",
                () -> labramOf(16).network(NetworkSizes.ofEpochs(129, 200, 6)));
    wrong.forEach(
        (words, make) -> {
          String message = assertThrows(IllegalArgumentException.class, make::run).getMessage();
          assertTrue(message.contains(words), message);
        });
    assertEquals(5_819_936 + 201 * 6, Parameters.count(labramOf(16, "Cz", "o2").network(sizes)));
  }

  @Test
  void temporalSpatialConvolutionMakes1440FeaturesOf250Samples() {
    assertEquals(1440, TemporalSpatialConvolution.defaults().features(250));
    Map<String, Shape> shapes =
        Parameters.shapes(Nice.defaults().network(NetworkSizes.ofEpochs(63, 250, 768)));
    assertEquals(Shape.of(768, 1440), shapes.get("projector.into.weight"));
  }

  /** As braindecode's and the authors' own for BCI competition IV 2a. */
  @Test
  void conformerHas789572ParametersFor22ChannelsAnd1000Samples() {
    NetworkSizes sizes = NetworkSizes.ofEpochs(22, 1000, 4);
    assertEquals(789_572, Parameters.count(EegConformer.defaults().network(sizes)));
  }

  /**
   * The 2.34 M that Du-IN's paper gives an EEG Conformer (10 channels, 3 s at 250 Hz, 61 words) are
   * not of Song's: its program has 128 filters, convolutions that keep the length, so 50 tokens, 4
   * of Du-IN's own blocks and one hidden layer of 128; it counts waves of positions and scales as
   * well.
   */
  @Test
  void theConformerThatDuInComparesWithIsAnother() {
    Layer tokens =
        Sequence.builder()
            .add("time", new Convolution(1, 128, Window.of(1, 25), Bias.WITH))
            .add("space", new Convolution(128, 128, Window.of(10, 1), Bias.WITH))
            .add("norm", BatchNorm.of(128))
            .add("mix", new Convolution(128, 128, Window.of(1, 1), Bias.WITH))
            .add("hidden", Linear.of(50 * 128, 128))
            .add("out", Linear.of(128, 61))
            .build();
    Attention.Options normed =
        Attention.Options.defaults(8 * 64).withNorm(Attention.QueryKeyNorm.LAYER);
    Layer block = block(128, Attention.self(128, 8).with(normed), 256);
    long beside = 50 * 128 + 4;
    long all = Parameters.count(tokens) + 4 * Parameters.count(block) + beside;
    assertEquals(2.34, all / 1e6, 0.005);
    Layer published = EegConformer.defaults().network(NetworkSizes.ofEpochs(10, 750, 61));
    assertEquals(598_173, Parameters.count(published));
  }

  @Test
  void conformerHasItsPublishedTokens() {
    Map<String, Shape> shapes =
        Parameters.shapes(EegConformer.defaults().network(NetworkSizes.ofEpochs(22, 1000, 4)));
    assertEquals(Shape.of(256, 2440), shapes.get("hidden.0.weight"), "61 tokens of width 40");
  }

  @Test
  void epochsThatAreTooShortAreRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Nice.defaults().network(NetworkSizes.ofEpochs(63, 60, 768)));
    assertTrue(refused.getMessage().contains("longer epochs"), refused.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> Nice.defaults().network(NetworkSizes.of(200, 768)));
  }

  @Test
  void sensorsLieOnTheUnitSquare() {
    Tensor flat =
        SensorLayout.square(
            List.of(
                List.of(0.0, 0.0, 1.0),
                List.of(1.0, 0.0, 0.0),
                List.of(-1.0, 0.0, 0.0),
                List.of(0.0, Math.sqrt(0.5), Math.sqrt(0.5)),
                List.of(Double.NaN, 0.0, 0.0)));
    float[] expected = {0.5f, 0, 1, 0, 0, 0, 0.5f, 1, -0.1f, -0.1f};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], flat.array()[i], 1e-6, Arrays.toString(flat.array()));
    }
  }

  /** Before anything is trained, not when a stage is reached that uses them. */
  @Test
  void settingsOfPretrainingAreCheckedWithTheOthers() {
    for (String name : List.of(DuIn.NAME, Labram.NAME)) {
      for (String wrong : List.of("masked=1.5", "count=0", "decay=1", "decoderDepth=-1")) {
        ObjectNode settings = YamlTree.emptyMapping();
        YamlTree.set(settings, "codes." + wrong);
        RecipeException e =
            assertThrows(RecipeException.class, () -> Architectures.inputs(name, settings));
        assertTrue(e.getMessage().contains("masked in (0, 1)"), e::getMessage);
      }
    }
    ObjectNode single = YamlTree.emptyMapping();
    YamlTree.set(single, "patch=1");
    YamlTree.set(single, "stem={filters: 8, groups: 4, padding: 7, stride: 1}");
    YamlTree.set(single, "transformer={width: 8, heads: 2}");
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () -> Architectures.pretraining(Labram.NAME, single, NetworkSizes.ofEpochs(5, 12, 7)));
    assertTrue(e.getMessage().contains("set encoder.settings.patch higher"), e::getMessage);
  }
}
