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
                  NoSignal.CODE,
                  new NoSignal(),
                  "no subject's primary score is better than chance (permutation p, corrected by"
                      + " Holm over subjects)"),
              new Registry.Entry<>(
                  TwoWayAlone.CODE,
                  new TwoWayAlone(),
                  "two-way identification is reported without ranks over the full pool"),
              new Registry.Entry<>(
                  GeneratorPrior.CODE,
                  new GeneratorPrior(),
                  "pictures or captions are no nearer to what was shown than those made of the"
                      + " responses to other stimuli"),
              new Registry.Entry<>(
                  NoCeiling.CODE,
                  new NoCeiling(),
                  "pictures or captions are scored without what the model makes of the true"
                      + " embeddings"),
              new Registry.Entry<>(
                  TargetFed.CODE,
                  new TargetFed(),
                  "a model was told of the stimulus what it should find out"),
              new Registry.Entry<>(
                  TestSelected.CODE,
                  new TestSelected(),
                  "of several pictures or captions the one nearest to the truth was taken"),
              new Registry.Entry<>(
                  Transductive.CODE,
                  new Transductive(),
                  "a trial is decoded otherwise alone than among the other test trials (a"
                      + " warning)")));

  private Audits() {}

  /** All audits by their codes. */
  public static Registry<Audit> registry() {
    return REGISTRY;
  }
}
