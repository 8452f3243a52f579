package io.noesis.alignment.diffusion;

import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Emission;
import io.noesis.encoders.layer.Initial;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Residual;
import io.noesis.encoders.layer.RotaryAttention;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.Silu;
import io.noesis.encoders.layer.SwiGlu;
import io.noesis.encoders.layer.TimestepWaves;
import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.tensor.Tensor;
import java.util.List;

/** The layer of {@link RotaryDenoiser}. */
record RotaryDenoising(RotaryDenoiser spec, int tokens, int dim) implements Layer {
  private static final String PLACES = "places";

  /** A score for each head by how far a key lies before a query. */
  private static final String DISTANCES = "distances";

  private static final int BUCKETS = 32;
  private static final int FARTHEST = 128;

  /** By which cosines of queries and keys are multiplied. */
  private static final double SCALE = 16;

  private int all() {
    return 2 * tokens + 1;
  }

  private Layer time() {
    return Sequence.builder()
        .add("waves", new TimestepWaves(dim, TimestepWaves.Order.SINES_FIRST))
        .add("linear1", Linear.of(dim, 2 * dim))
        .add("activation1", new Silu())
        .add("linear2", Linear.of(2 * dim, 2 * dim))
        .add("activation2", new Silu())
        .add("linear3", Linear.of(2 * dim, dim))
        .add("token", Reshape.to(1, dim))
        .build();
  }

  private static Layer norm(int width) {
    return new LayerNorm(width, 1e-5, Bias.WITHOUT);
  }

  private Layer transformer() {
    Sequence.Builder steps = Sequence.builder();
    int inner = spec.hidden() * dim;
    for (int i = 0; i < spec.depth(); i++) {
      Layer attention = new RotaryAttention(all(), dim, spec.heads(), spec.headWidth(), SCALE);
      steps
          .add(
              "blocks." + i + ".self",
              new Residual(
                  Sequence.builder().add("norm", norm(dim)).add("attention", attention).build()))
          .add(
              "blocks." + i + ".mlp",
              new Residual(
                  Sequence.builder()
                      .add("norm", norm(dim))
                      .add("into", new Linear(dim, 2 * inner, Bias.WITHOUT))
                      .add("gate", new SwiGlu(inner))
                      .add("out", new Linear(inner, dim, Bias.WITHOUT))
                      .build()));
    }
    return steps.build();
  }

  private Layer last() {
    return Sequence.builder()
        .add("norm", norm(dim))
        .add("out", new Linear(dim, dim, Bias.WITHOUT))
        .build();
  }

  /** The bucket of each query and key (the first key stands before all tokens); near ones exact. */
  private long[] buckets() {
    int n = all();
    long[] buckets = new long[n * (n + 1)];
    int exact = BUCKETS / 2;
    for (int query = 0; query < n; query++) {
      for (int key = 0; key <= n; key++) {
        int back = Math.max(0, query - key);
        double far =
            Math.log(Math.max(1, back) / (double) exact) / Math.log(FARTHEST / (double) exact);
        int bucket = back < exact ? back : exact + (int) ((float) far * (BUCKETS - exact));
        buckets[query * (n + 1) + key] = Math.min(BUCKETS - 1, bucket);
      }
    }
    return buckets;
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.inner("time", time());
    ConditionTokens.declare(parameters, tokens, dim);
    parameters.parameter(PLACES, new Initial.Normal(1 / Math.sqrt(dim)), tokens, dim);
    parameters.parameter(DISTANCES, new Initial.Normal(1), BUCKETS, spec.heads());
    parameters.inner("transformer", transformer());
    parameters.inner("last", last());
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value about = ConditionTokens.forward(pass);
    Value time = pass.inner("time", time(), pass.further(Denoiser.TIMESTEP));
    Value noisy = Ops.add(input, pass.parameter(PLACES));
    int n = all();
    Value scores = Ops.select(pass.parameter(DISTANCES), 0, Value.of(buckets(), n * (n + 1)));
    Value bias = Ops.permute(Ops.reshape(scores, n, n + 1, spec.heads()), 2, 0, 1);
    Value seen =
        pass.with(RotaryAttention.BIAS, bias)
            .inner("transformer", transformer(), Ops.concatenate(1, about, time, noisy));
    Value own = Ops.narrow(seen, 1, tokens + 1, tokens);
    Value largest = Ops.addAxis(Ops.largest(own, 2), 2);
    return pass.inner("last", last(), Ops.divide(own, largest.detach()));
  }

  @Override
  public String emit(Emission graph, String input) {
    String about = ConditionTokens.emit(graph);
    String time = graph.inner("time", time(), graph.further(Denoiser.TIMESTEP));
    String noisy = graph.node("Add", "noisy", List.of(input, graph.weight(PLACES)));
    String all =
        graph.node("Concat", "all", List.of(about, time, noisy), OnnxAttribute.number("axis", 1));
    String seen =
        graph
            .with(RotaryAttention.BIAS, graph.constant("score_bias", bias(graph)))
            .inner("transformer", transformer(), all);
    String own =
        graph.node(
            "Slice",
            "own",
            List.of(
                seen,
                graph.constant("from", tokens + 1),
                graph.constant("to", all()),
                graph.constant("axis", 1)));
    String largest =
        graph.node(
            "ReduceMax",
            "largest",
            List.of(own, graph.constant("width_axis", 2)),
            OnnxAttribute.number("keepdims", 1));
    return graph.inner("last", last(), graph.node("Div", "scaled", List.of(own, largest)));
  }

  /** {@code [heads, tokens, tokens + 1]}. */
  private Tensor bias(Emission graph) {
    Tensor distances = graph.numbers(DISTANCES);
    long[] buckets = buckets();
    int heads = spec.heads();
    float[] out = new float[heads * buckets.length];
    for (int head = 0; head < heads; head++) {
      for (int i = 0; i < buckets.length; i++) {
        out[head * buckets.length + i] = distances.at((int) buckets[i], head);
      }
    }
    return Tensor.wrap(out, heads, all(), all() + 1);
  }

  @Override
  public String describe() {
    return "denoiser of " + tokens + " turned tokens of " + dim + " in " + spec.depth() + " blocks";
  }
}
