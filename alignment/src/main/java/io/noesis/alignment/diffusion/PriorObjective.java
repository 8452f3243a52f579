package io.noesis.alignment.diffusion;

import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Emission;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * What the trainer of a prior sees: the condition and the true embedding behind each other go in,
 * {@code [batch, condition + embedding]}; steps, noise and rows without condition are drawn; and
 * what comes out differs from the true embedding by the network's error, of x₀ or of ε. So the mean
 * squared error of the output is that of the prediction.
 *
 * @param spec settings of the prior
 * @param sizes of embeddings
 */
public record PriorObjective(PriorSpec spec, PriorSizes sizes) implements Layer {
  private static final String NETWORK = "network";

  private Layer network() {
    return spec.denoiser().network(sizes);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.inner(NETWORK, network());
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value truth = Ops.narrow(input, 1, sizes.conditionSize(), sizes.embeddingSize());
    return predicted(pass, Ops.narrow(input, 1, 0, sizes.conditionSize()), truth);
  }

  /**
   * What the network says of a true embedding with noise.
   *
   * @param pass parameters, and a stream of which step, noise and rows without condition are drawn;
   *     outside training no row is without
   * @param about decoded ones {@code [batch, condition]}
   * @param truth true ones {@code [batch, embedding]}
   * @return {@code [batch, embedding]}, as far from the truth as the prediction is from what it
   *     should be
   */
  public Value predicted(Pass pass, Value about, Value truth) {
    int batch = truth.dim(0);
    Value condition = shaped(about, sizes.condition());
    double[] drawn = Ops.uniform(pass.random(), 0, spec.schedule().steps(), batch).toDoubles();
    double[] signal = spec.schedule().signal();
    float[] steps = new float[batch];
    float[] signals = new float[batch];
    float[] noises = new float[batch];
    for (int row = 0; row < batch; row++) {
      int t = Math.min((int) drawn[row], spec.schedule().steps() - 1);
      steps[row] = t;
      signals[row] = (float) Math.sqrt(signal[t]);
      noises[row] = (float) Math.sqrt(1 - signal[t]);
    }
    Value noise = Ops.normal(pass.random(), 0, 1, batch, sizes.embeddingSize());
    Value noisy =
        Ops.add(Ops.multiply(truth, column(signals)), Ops.multiply(noise, column(noises)));
    Value keep =
        pass.mode() == Mode.TRAINING
            ? Ops.below(Ops.uniform(pass.random(), 0, 1, batch, 1), 1 - spec.dropCondition())
            : Ops.add(column(new float[batch]), 1);
    Value predicted =
        pass.with(Denoiser.TIMESTEP, column(steps))
            .with(Denoiser.CONDITION, condition)
            .with(Denoiser.KEEP, keep)
            .inner(NETWORK, network(), shaped(noisy, sizes.embedding()));
    Value flat = Ops.reshape(predicted, batch, sizes.embeddingSize());
    return spec.predicts() == Predicts.EMBEDDING ? flat : Ops.add(truth, Ops.subtract(flat, noise));
  }

  private static Value column(float[] values) {
    return Value.of(Tensor.wrap(values, values.length, 1));
  }

  private static Value shaped(Value rows, List<Integer> axes) {
    int[] all = new int[axes.size() + 1];
    all[0] = rows.dim(0);
    for (int i = 0; i < axes.size(); i++) {
      all[i + 1] = axes.get(i);
    }
    return Ops.reshape(rows, all);
  }

  /** Not what decodes: that is the network inside. */
  @Override
  public String emit(Emission graph, String input) {
    throw new IllegalStateException(
        "the objective of a prior draws noise and has no graph; write the graph of its network");
  }

  @Override
  public String describe() {
    return network().describe();
  }
}
