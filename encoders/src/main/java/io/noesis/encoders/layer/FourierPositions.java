package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Places as waves: cosines, then sines, of 2π·Σ kₐ·(xₐ + margin) / (1 + 2·margin) for all whole
 * numbers kₐ from 0 to {@code frequencies} − 1, those of the first axis slowest (Défossez et al.
 * 2023, doi:10.1038/s42256-023-00714-5). {@code [..., axes]}, coordinates in [0, 1] → {@code [...,
 * 2·frequenciesᵃˣᵉˢ]}.
 *
 * @param axes of a place: 2 or 3
 * @param frequencies of each axis
 * @param margin kept free around [0, 1]
 */
public record FourierPositions(int axes, int frequencies, double margin) implements Layer {
  /** Checks the settings. */
  public FourierPositions {
    Check.argument(
        axes >= 1 && axes <= 3 && frequencies >= 1 && margin >= 0,
        "Fourier positions: expected 1 to 3 axes, at least 1 frequency and a margin of at least 0,"
            + " found %d, %d, %s",
        axes,
        frequencies,
        margin);
  }

  /** As published: two axes, 32 frequencies each, a margin of 0.2. */
  public static FourierPositions defaults() {
    return new FourierPositions(2, 32, 0.2);
  }

  private int waves() {
    return Math.toIntExact(Math.round(Math.pow(frequencies, axes)));
  }

  /** How many numbers it makes of a place. */
  public int width() {
    return 2 * waves();
  }

  /** {@code [axes, waves]}: phases for each unit of length. */
  private double[] rates() {
    int waves = waves();
    double[] rates = new double[axes * waves];
    for (int axis = 0; axis < axes; axis++) {
      int slower = Math.toIntExact(Math.round(Math.pow(frequencies, axes - 1 - axis)));
      for (int wave = 0; wave < waves; wave++) {
        int k = wave / slower % frequencies;
        rates[axis * waves + wave] = 2 * Math.PI * k / (1 + 2 * margin);
      }
    }
    return rates;
  }

  /**
   * The waves of fixed places, in float64 and rounded once.
   *
   * @param places {@code [sensors, axes]}
   * @return {@code [sensors, width]}
   */
  Tensor of(Tensor places) {
    double[] rates = rates();
    int waves = waves();
    int count = places.dim(0);
    float[] out = new float[count * width()];
    for (int place = 0; place < count; place++) {
      for (int wave = 0; wave < waves; wave++) {
        double phase = 0;
        for (int axis = 0; axis < axes; axis++) {
          phase += (places.array()[place * axes + axis] + margin) * rates[axis * waves + wave];
        }
        out[place * width() + wave] = (float) Math.cos(phase);
        out[place * width() + waves + wave] = (float) Math.sin(phase);
      }
    }
    return Tensor.wrap(out, count, width());
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    Value rates = Value.of(rates(), axes, waves()).like(input);
    Value phases = Ops.matmul(Ops.add(input, margin), rates);
    return Ops.concatenate(-1, Ops.cos(phases), Ops.sin(phases));
  }

  @Override
  public String emit(Emission graph, String input) {
    double[] rates = rates();
    float[] rounded = new float[rates.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) rates[i];
    }
    String shift = graph.constant("margin", Tensor.wrap(new float[] {(float) margin}));
    String moved = graph.node("Add", "moved", List.of(input, shift));
    String matrix = graph.constant("rates", Tensor.wrap(rounded, axes, waves()));
    String phases = graph.node("MatMul", "phases", List.of(moved, matrix));
    return graph.node(
        "Concat",
        "out",
        List.of(
            graph.node("Cos", "cosines", List.of(phases)),
            graph.node("Sin", "sines", List.of(phases))),
        OnnxAttribute.number("axis", -1));
  }

  @Override
  public String describe() {
    return "waves of places on " + axes + " axes, " + frequencies + " frequencies each";
  }
}
