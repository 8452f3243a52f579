package io.noesis.alignment.train;

import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.run.Fingerprint;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;

/** A fingerprint of all that decides a training's result. */
final class TrainingIdentity {
  private TrainingIdentity() {}

  static String of(TrainingSpec spec, Layer network, TrainingRows rows, Seed seed) {
    return Fingerprint.ofText(
        String.join(
            "\n",
            RecordBinder.tree(spec).toString(),
            network.toString(),
            seed.toString(),
            rows.responses().shape() + " " + Fingerprint.ofFloats(rows.responses().array()),
            rows.targets().shape() + " " + Fingerprint.ofFloats(rows.targets().array()),
            Fingerprint.ofText(String.join("\n", rows.groups())),
            Fingerprint.ofText(rows.recorded().toString())));
  }
}
