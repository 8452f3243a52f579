package io.noesis.alignment.audit;

import io.noesis.run.Registry;
import java.util.List;

/** All audits by their codes. */
public final class Audits {
  private static final Registry<Audit> REGISTRY =
      Registry.of(
          "audit",
          List.of(
              new Registry.Entry<>(
                  LeakStimulus.CODE,
                  new LeakStimulus(),
                  "the same or nearly the same stimulus is used for training and for testing"),
              new Registry.Entry<>(
                  LeakFit.CODE,
                  new LeakFit(),
                  "a transform was fitted on test trials together with training trials"),
              new Registry.Entry<>(
                  LeakWindow.CODE,
                  new LeakWindow(),
                  "training and test trials share stretches of a recording"),
              new Registry.Entry<>(
                  LeakLineage.CODE,
                  new LeakLineage(),
                  "a decoder that this one was started from saw the subject or stimuli that are"
                      + " tested"),
              new Registry.Entry<>(
                  NoSignal.CODE, new NoSignal(), "the scores lie inside what chance gives"),
              new Registry.Entry<>(
                  TwoWayAlone.CODE,
                  new TwoWayAlone(),
                  "two-way identification is reported without ranks over the full pool")));

  private Audits() {}

  /** All audits by their codes. */
  public static Registry<Audit> registry() {
    return REGISTRY;
  }
}
