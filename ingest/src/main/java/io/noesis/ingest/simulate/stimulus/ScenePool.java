package io.noesis.ingest.simulate.stimulus;

import java.util.ArrayList;
import java.util.List;

/** Which combinations of category and colour a sample may draw from. */
public enum ScenePool {
  /** Every combination. */
  ALL,
  /** What a generator or encoder may be trained on: 8 of 10 colours of each category. */
  TRAINING,
  /** What is kept for tests of new combinations: 2 of 10 colours of each category. */
  HELD_OUT;

  /** The colours of a category that belong to the pool, in the order of the enumeration. */
  List<SceneColour> colours(ObjectCategory category) {
    List<SceneColour> allowed = new ArrayList<>();
    for (SceneColour colour : SceneColour.values()) {
      boolean heldOut = HeldOutPairs.contains(category, colour);
      if (this == ALL || heldOut == (this == HELD_OUT)) {
        allowed.add(colour);
      }
    }
    return allowed;
  }
}
