package io.noesis.ingest.simulate;

import io.noesis.ingest.simulate.stimulus.Scene;

/**
 * One picture of a simulated study.
 *
 * @param id its id in events and tables: {@code pic0001}
 * @param scene what it shows
 * @param copy whether it is drawn from the same scene as an earlier picture (a planted fault)
 */
public record SimulatedStimulus(String id, Scene scene, Copy copy) {
  /** Whether a picture is one of a kind. */
  public enum Copy {
    /** No other picture has its pixels. */
    ORIGINAL,
    /** Another picture has the same pixels. */
    DUPLICATE
  }

  /** The file below {@code stimuli/}. */
  public String file() {
    return id + ".png";
  }
}
