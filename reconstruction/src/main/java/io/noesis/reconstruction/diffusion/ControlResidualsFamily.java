package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * ControlNet (Zhang et al. 2023, arXiv:2302.05543) as a graph of its own: {@code controlnet} sees
 * the network's input and a picture {@code control}, and gives residuals {@code down_0, down_1,
 * ..., mid} that the graph {@code unet} takes. They are multiplied by {@code control-scale} from
 * the share {@code control-start} of the run to {@code control-end}, by 0 elsewhere. Both halves of
 * guidance see them.
 *
 * <p>Further graphs {@code controlnet_2}, {@code controlnet_3}, ... have pictures {@code control_2}
 * and settings {@code control-scale-2} of their own; residuals are added up.
 */
final class ControlResidualsFamily implements Family {
  private static final String GRAPH = "controlnet";

  private final Family text;
  private final List<Control> controls = new ArrayList<>();
  private final List<String> residuals;

  /** One ControlNet: its graph and the names that a request has for it. */
  private record Control(
      Network network, String input, List<Integer> axes, String scale, String start, String end) {
    static Control of(OnnxModel graph, int number, int pixels) {
      String suffix = number == 1 ? "" : "-" + number;
      Network network = new Network(graph);
      Control control =
          new Control(
              network,
              "control" + suffix.replace('-', '_'),
              Wanted.row(network.require("control"), pixels),
              "control-scale" + suffix,
              "control-start" + suffix,
              "control-end" + suffix);
      return control;
    }

    float scale(Step step) {
      SamplingPlan plan = step.plan();
      boolean steers = step.begin() >= plan.setting(start, 0) && step.end() <= plan.setting(end, 1);
      return steers ? (float) plan.setting(scale, 1) : 0;
    }

    void check(SamplingPlan plan) {
      double from = plan.setting(start, 0);
      double to = plan.setting(end, 1);
      if (!(from >= 0 && from < to && to <= 1)) {
        throw new RecipeException(
            "generating pictures: "
                + start
                + " "
                + from
                + " and "
                + end
                + " "
                + to
                + ", expected 0 <= start < end <= 1, shares of the run.");
      }
    }
  }

  ControlResidualsFamily(PackParts parts, Family text) {
    this.text = text;
    this.residuals = parts.model(GRAPH).outputs().stream().map(OnnxPort::name).toList();
    String role = GRAPH;
    do {
      OnnxModel graph = parts.model(role);
      requireSame(parts, role, graph.outputs().stream().map(OnnxPort::name).toList());
      controls.add(Control.of(graph, controls.size() + 1, parts.pixels()));
      role = GRAPH + "_" + (controls.size() + 1);
    } while (parts.pack().has(role));
  }

  private void requireSame(PackParts parts, String role, List<String> given) {
    for (String name : given) {
      if (parts.network().input(name).isEmpty()) {
        throw refused(parts, role, "gives '" + name + "', which its unet does not take");
      }
    }
    if (!given.equals(residuals)) {
      throw refused(parts, role, "gives " + given + ", expected " + residuals);
    }
  }

  private static ModelException refused(PackParts parts, String role, String why) {
    return new ModelException(
        "opening the model pack "
            + parts.pack().folder()
            + ": its graph "
            + role
            + " "
            + why
            + ". Export all with controlnet_residuals.py.");
  }

  @Override
  public EmbeddingSpace space() {
    return text.space();
  }

  @Override
  public Map<String, List<Integer>> also() {
    return controls.stream().collect(Collectors.toMap(Control::input, Control::axes));
  }

  @Override
  public Set<String> needs(SamplingPlan plan) {
    return also().keySet();
  }

  @Override
  public int tokens() {
    return text.tokens();
  }

  @Override
  public Set<String> settings() {
    return controls.stream()
        .flatMap(one -> Stream.of(one.scale(), one.start(), one.end()))
        .collect(Collectors.toSet());
  }

  @Override
  public Text text() {
    return text.text();
  }

  @Override
  public Conditioning condition(Ask ask, List<NoiseSource> noise) {
    Map<String, Tensor> pictures = new LinkedHashMap<>();
    for (Control one : controls) {
      one.check(ask.plan());
      pictures.put(one.input(), Wanted.also(ask, one.input()));
    }
    return text.condition(ask, noise).and(Conditioning.of(pictures, pictures));
  }

  @Override
  public Map<String, Tensor> during(Step step) {
    Map<String, Tensor> inputs = new LinkedHashMap<>(step.conditions());
    inputs.keySet().removeAll(also().keySet());
    Map<String, Tensor> sums = new LinkedHashMap<>();
    for (int i = 0; i < controls.size(); i++) {
      float scale = controls.get(i).scale(step);
      // One is run in any case: residuals of 0 have sizes too.
      if (scale != 0 || (sums.isEmpty() && i == controls.size() - 1)) {
        Map<String, Tensor> found = found(controls.get(i), step, inputs);
        residuals.forEach(
            name -> sums.merge(name, scaled(found, name, scale), ControlResidualsFamily::sum));
      }
    }
    inputs.putAll(sums);
    return inputs;
  }

  private Map<String, Tensor> found(Control one, Step step, Map<String, Tensor> conditions) {
    Map<String, Tensor> seen = new LinkedHashMap<>(conditions);
    seen.put("control", Objects.requireNonNull(step.conditions().get(one.input())));
    return one.network().outputs(step.input(), step.time(), seen, residuals);
  }

  private static Tensor scaled(Map<String, Tensor> found, String name, float scale) {
    return Objects.requireNonNull(found.get(name)).map(v -> v * scale);
  }

  private static Tensor sum(Tensor a, Tensor b) {
    float[] out = a.array().clone();
    for (int i = 0; i < out.length; i++) {
      out[i] += b.array()[i];
    }
    return Tensor.wrap(out, a.shape().toArray());
  }

  @Override
  public void close() {
    text.close();
  }
}
