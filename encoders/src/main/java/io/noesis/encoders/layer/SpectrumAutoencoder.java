package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import java.util.List;

/**
 * Makes the spectra of patches of a response from one code per patch (Jiang et al. 2024,
 * arXiv:2405.18765). In training the mean squared errors of amplitudes and phases are added to the
 * loss as {@value #AMPLITUDE} and {@value #PHASE}, besides the commitment of the quantiser, and the
 * numbers of the codes are an output {@value QuantisedAutoencoder#CODES}. Targets are standardised
 * over each row: an error of 1 is that of a constant. {@code [batch, ...]} → {@code [batch,
 * patches, 2·samples]}: amplitudes, then phases.
 *
 * @param patches {@code [batch, ...]} → {@code [batch, patches, samples]}; has no parameters
 * @param encoder {@code [batch, ...]} → {@code [batch, patches, width of a code]}
 * @param quantiser of each patch
 * @param decoder {@code [batch, patches, width of a code]} → {@code [batch, patches, width]}
 * @param amplitude {@code [batch, patches, width]} → {@code [batch, patches, samples]}
 * @param phase as amplitude
 */
public record SpectrumAutoencoder(
    Layer patches,
    Layer encoder,
    VectorQuantise quantiser,
    Layer decoder,
    Layer amplitude,
    Layer phase)
    implements Layer {
  /** Name of the amplitudes' term of the loss. */
  public static final String AMPLITUDE = "amplitude";

  /** Name of the phases' term of the loss. */
  public static final String PHASE = "phase";

  @Override
  public void declare(Declaration parameters) {
    parameters.inner("encoder", encoder);
    parameters.inner("quantiser", quantiser);
    parameters.inner("decoder", decoder);
    parameters.inner(AMPLITUDE, amplitude);
    parameters.inner(PHASE, phase);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value tokens = pass.inner("encoder", encoder, input);
    Value quantised = pass.inner("quantiser", quantiser, tokens);
    Value made = pass.inner("decoder", decoder, quantised);
    Value amplitudes = pass.inner(AMPLITUDE, amplitude, made);
    Value phases = pass.inner(PHASE, phase, made);
    if (pass.mode() == Mode.TRAINING) {
      pass.output(QuantisedAutoencoder.CODES, quantiser.codes(pass.in("quantiser"), tokens));
      PatchSpectrum target =
          Scope.withoutGradients(() -> PatchSpectrum.of(pass.inner("patches", patches, input)));
      pass.term(AMPLITUDE, Ops.mean(Ops.square(Ops.subtract(amplitudes, target.amplitude()))));
      pass.term(PHASE, Ops.mean(Ops.square(Ops.subtract(phases, target.phase()))));
    }
    return Ops.concatenate(2, amplitudes, phases);
  }

  @Override
  public String emit(Emission graph, String input) {
    String tokens = graph.inner("encoder", encoder, input);
    String quantised = graph.inner("quantiser", quantiser, tokens);
    String made = graph.inner("decoder", decoder, quantised);
    List<String> both =
        List.of(graph.inner(AMPLITUDE, amplitude, made), graph.inner(PHASE, phase, made));
    return graph.node("Concat", "spectra", both, OnnxAttribute.number("axis", 2));
  }

  @Override
  public String describe() {
    return encoder.describe()
        + ", "
        + quantiser.describe()
        + ", "
        + decoder.describe()
        + ", amplitudes and phases";
  }
}
