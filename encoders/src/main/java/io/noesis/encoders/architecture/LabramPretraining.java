package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.Pretraining;
import io.noesis.encoders.layer.Initial;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.MaskedCodes;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.SpectrumAutoencoder;
import io.noesis.encoders.layer.Starting;
import io.noesis.encoders.layer.Tanh;
import io.noesis.encoders.layer.VectorQuantise;
import io.noesis.run.Check;
import java.util.List;
import java.util.Map;

/**
 * What LaBraM learns without targets (arXiv:2405.18765), with the details of its program: the maps
 * to queries, keys and values have biases where patches become codes and codes become spectra, and
 * queries and keys are normed in the second stage alone; there the class token has the vector of
 * the first channel, and no branches are dropped. (Its loss of the second stage is the sum of that
 * of hidden patches and that of the others, twice what {@link MaskedCodes} adds.)
 *
 * @param of the network that learns
 * @param sizes of responses
 */
record LabramPretraining(Labram of, NetworkSizes sizes) {
  /** The stage in which it puts patches into codes. */
  static final String SPECTRA = "codes";

  /** The stage in which it names the codes of patches that it did not see. */
  static final String NAMING = "masked-codes";

  Pretraining stages() {
    int tokens = of.tokenCount(sizes);
    Check.argument(
        of.patch() > 1,
        "%s: a patch of 1 sample has no spectrum to learn; set encoder.settings.patch higher",
        Labram.NAME);
    return new Pretraining(
        List.of(
            new Pretraining.Stage(
                SPECTRA, spectra(), List.of(tokens, 2 * of.patch()), Map.of(), List.of(), 0),
            new Pretraining.Stage(
                NAMING,
                naming(),
                List.of(tokens, of.width()),
                Map.of("tokenizer.", "encoder.", "quantiser.", "quantiser."),
                List.of("tokenizer.", "quantiser."),
                0)),
        Map.of("tokens.", "tokens.", "encoder.", "encoder."));
  }

  private VectorQuantise quantiser() {
    Labram.Codes codes = of.codes();
    return new VectorQuantise(
        codes.count(), codes.width(), codes.decay(), VectorQuantise.Space.SPHERE);
  }

  /** A hyperbolic tangent between two maps. */
  private Layer through(int out) {
    Layer both =
        Sequence.builder()
            .add("into", Linear.of(of.width(), of.width()))
            .add("activation", new Tanh())
            .add("out", Linear.of(of.width(), out))
            .build();
    Layer drawn = new Starting(both, "weight", new Initial.TruncatedNormal(Labram.SD));
    return new Starting(drawn, "bias", new Initial.Constant(0));
  }

  private Layer plain(int depth) {
    return of.encoder(sizes, new Labram.Blocks(depth, 0, 0, false), 0).build();
  }

  private Layer toCodes() {
    return Sequence.builder()
        .add("tokens", of.tokens(sizes))
        .add("encoder", plain(of.transformer().depth()))
        .add("norm", of.norm())
        .add("down", through(of.codes().width()))
        .build();
  }

  private Layer spectra() {
    Layer decoder =
        Sequence.builder()
            .add("up", Linear.of(of.codes().width(), of.width()))
            .add("decoder", plain(of.codes().decoderDepth()))
            .add("norm", of.norm())
            .build();
    return new SpectrumAutoencoder(
        of.cut(sizes, of.tokenCount(sizes), of.patch()).build(),
        toCodes(),
        quantiser(),
        decoder,
        through(of.patch()),
        through(of.patch()));
  }

  private Layer naming() {
    int first = of.numbers(sizes).get(0);
    return new MaskedCodes(
        of.tokens(sizes),
        of.encoder(sizes, of.blocks(0), first).add("norm", of.norm()).build(),
        toCodes(),
        quantiser(),
        new MaskedCodes.Masking(of.width(), of.codes().masked()));
  }
}
