package io.noesis.alignment.train;

import io.noesis.encoders.Choices;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.run.Fingerprint;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Map;
import java.util.stream.Collectors;

/** A fingerprint of all that decides a training's result, files that its loss reads included. */
final class TrainingIdentity {
  private TrainingIdentity() {}

  static String of(Trainer.Start start, TrainingRows rows, Seed seed) {
    TrainingSpec spec = start.spec();
    Layer network = start.network();
    return Fingerprint.ofText(
        String.join(
            "\n",
            RecordBinder.tree(spec).toString(),
            network.toString(),
            seed.toString(),
            rows.responses().shape() + " " + Fingerprint.ofFloats(rows.responses().array()),
            rows.targets().shape() + " " + Fingerprint.ofFloats(rows.targets().array()),
            Fingerprint.ofText(String.join("\n", rows.groups())),
            Fingerprint.ofText(rows.recorded().toString()),
            Fingerprint.ofText(String.join("\n", rows.shown().stimuli())),
            tables(rows.shown().targets())
                + tables(rows.shown().inputs())
                + choices(rows.shown().choices()),
            tables(start.weights())
                + (start.counts() ? "the start counts" : "")
                + start.share().stream().sorted().toList()
                + files(spec)));
  }

  private static String files(TrainingSpec spec) {
    return spec.loss().make().files().stream()
        .map(file -> "\nfile " + Fingerprint.ofFile(file))
        .collect(Collectors.joining());
  }

  private static String choices(Map<String, Choices> choices) {
    StringBuilder out = new StringBuilder();
    choices.forEach(
        (name, own) ->
            out.append(tables(Map.of("drawn " + name, own.all())))
                .append(Fingerprint.ofText(own.ofRow().toString())));
    return out.toString();
  }

  private static String tables(Map<String, Tensor> tables) {
    StringBuilder out = new StringBuilder();
    tables.forEach(
        (name, tensor) ->
            out.append(name)
                .append(' ')
                .append(tensor.shape())
                .append(' ')
                .append(Fingerprint.ofFloats(tensor.array()))
                .append('\n'));
    return out.toString();
  }
}
