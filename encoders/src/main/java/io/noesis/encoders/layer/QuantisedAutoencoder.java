package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;

/**
 * Rebuilds responses from one code per token (van den Oord et al. 2017, arXiv:1711.00937). In
 * training the mean squared error is added to the loss as {@value #RECONSTRUCTION}, besides the
 * commitment of the quantiser, and the numbers of the codes are an output {@value #CODES}. {@code
 * [batch, ...]} → the same.
 *
 * @param encoder {@code [batch, ...]} → {@code [batch, tokens, width of a code]}
 * @param quantiser of each token
 * @param decoder back
 */
public record QuantisedAutoencoder(Layer encoder, VectorQuantise quantiser, Layer decoder)
    implements Layer {
  /** Name of the reconstruction's term of the loss. */
  public static final String RECONSTRUCTION = "reconstruction";

  /** Name of the output with the numbers of the codes. */
  public static final String CODES = "codes";

  @Override
  public void declare(Declaration parameters) {
    parameters.inner("encoder", encoder);
    parameters.inner("quantiser", quantiser);
    parameters.inner("decoder", decoder);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value tokens = pass.inner("encoder", encoder, input);
    Value quantised = pass.inner("quantiser", quantiser, tokens);
    Value rebuilt = pass.inner("decoder", decoder, quantised);
    if (pass.mode() == Mode.TRAINING) {
      pass.output(CODES, quantiser.codes(pass.in("quantiser"), tokens));
      pass.term(RECONSTRUCTION, Ops.mean(Ops.square(Ops.subtract(rebuilt, input))));
    }
    return rebuilt;
  }

  @Override
  public String emit(Emission graph, String input) {
    String tokens = graph.inner("encoder", encoder, input);
    String quantised = graph.inner("quantiser", quantiser, tokens);
    return graph.inner("decoder", decoder, quantised);
  }

  @Override
  public String describe() {
    return encoder.describe() + ", " + quantiser.describe() + ", " + decoder.describe();
  }
}
