package io.noesis.alignment.diffusion;

import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Emission;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.Silu;
import io.noesis.encoders.layer.TimestepWaves;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import java.util.ArrayList;
import java.util.List;

/** The layer of {@link VectorDenoiser}. */
record VectorDenoising(VectorDenoiser spec, int condition, int dim) implements Layer {
  /** One map down or up, and what it is told. */
  private record Level(String name, int in, int out) {}

  private List<Level> levels() {
    List<Integer> widths = spec.widths();
    List<Level> levels = new ArrayList<>();
    for (int i = 0; i + 1 < widths.size(); i++) {
      levels.add(new Level("down." + i, widths.get(i), widths.get(i + 1)));
    }
    for (int i = 0; i + 1 < widths.size(); i++) {
      int at = widths.size() - 1 - i;
      levels.add(new Level("up." + i, widths.get(at), widths.get(at - 1)));
    }
    return levels;
  }

  private Layer waves() {
    return new TimestepWaves(spec.timeWidth());
  }

  private Layer into() {
    return mapped(dim, spec.widths().get(0)).build();
  }

  private Layer time(Level level) {
    return Sequence.builder()
        .add("linear1", Linear.of(spec.timeWidth(), level.in()))
        .add("activation", new Silu())
        .add("linear2", Linear.of(level.in(), level.in()))
        .build();
  }

  private Layer condition(Level level) {
    return Linear.of(condition, level.in());
  }

  private Layer map(Level level) {
    return mapped(level.in(), level.out()).add("dropout", new Dropout(spec.dropout())).build();
  }

  private Layer out() {
    return Linear.of(spec.widths().get(0), dim);
  }

  private static Sequence.Builder mapped(int in, int out) {
    return Sequence.builder()
        .add("linear", Linear.of(in, out))
        .add("norm", LayerNorm.of(out))
        .add("activation", new Silu());
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.inner("into", into());
    for (Level level : levels()) {
      parameters.inner(level.name() + ".time", time(level));
      parameters.inner(level.name() + ".condition", condition(level));
      parameters.inner(level.name() + ".map", map(level));
    }
    parameters.inner("out", out());
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value waves = waves().forward(pass, pass.further(Denoiser.TIMESTEP));
    Value about = pass.further(Denoiser.CONDITION);
    Value keep = pass.further(Denoiser.KEEP);
    Value x = pass.inner("into", into(), input);
    List<Value> wayIn = new ArrayList<>();
    for (Level level : levels()) {
      boolean down = level.name().startsWith("down");
      if (down) {
        wayIn.add(x);
      }
      Value told = pass.inner(level.name() + ".condition", condition(level), about);
      Value time = pass.inner(level.name() + ".time", time(level), waves);
      Value sum = Ops.add(Ops.add(x, time), Ops.multiply(told, keep));
      x = pass.inner(level.name() + ".map", map(level), sum);
      if (!down) {
        x = Ops.add(x, wayIn.remove(wayIn.size() - 1));
      }
    }
    return pass.inner("out", out(), x);
  }

  @Override
  public String emit(Emission graph, String input) {
    String waves = graph.inner("waves", waves(), graph.further(Denoiser.TIMESTEP));
    String about = graph.further(Denoiser.CONDITION);
    String keep = graph.further(Denoiser.KEEP);
    String x = graph.inner("into", into(), input);
    List<String> wayIn = new ArrayList<>();
    for (Level level : levels()) {
      boolean down = level.name().startsWith("down");
      if (down) {
        wayIn.add(x);
      }
      String told = graph.inner(level.name() + ".condition", condition(level), about);
      String kept = graph.node("Mul", level.name() + ".kept", List.of(told, keep));
      String time = graph.inner(level.name() + ".time", time(level), waves);
      String timed = graph.node("Add", level.name() + ".timed", List.of(x, time));
      String sum = graph.node("Add", level.name() + ".told", List.of(timed, kept));
      x = graph.inner(level.name() + ".map", map(level), sum);
      if (!down) {
        String added = wayIn.remove(wayIn.size() - 1);
        x = graph.node("Add", level.name() + ".joined", List.of(x, added));
      }
    }
    return graph.inner("out", out(), x);
  }

  @Override
  public String describe() {
    return "denoiser of vectors " + dim + " through " + spec.widths();
  }
}
