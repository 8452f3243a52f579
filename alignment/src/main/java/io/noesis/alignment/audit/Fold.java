package io.noesis.alignment.audit;

import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.TrialTable;
import java.util.LinkedHashSet;
import java.util.Set;

/** One fold as the audits see it: validation trials choose settings, so they count as seen. */
record Fold(Split split, TrialTable trials) {
  boolean seen(int row) {
    Split.Part part = split.parts().get(row);
    return part == Split.Part.TRAIN || part == Split.Part.VALIDATION;
  }

  boolean tested(int row) {
    return split.parts().get(row) == Split.Part.TEST;
  }

  Set<String> stimuli(boolean ofTest) {
    Set<String> ids = new LinkedHashSet<>();
    for (int row = 0; row < trials.size(); row++) {
      if (ofTest ? tested(row) : seen(row)) {
        ids.add(trials.get(row).stimulus());
      }
    }
    return ids;
  }
}
