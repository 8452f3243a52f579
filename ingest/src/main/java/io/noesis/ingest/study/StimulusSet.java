package io.noesis.ingest.study;

import io.noesis.run.DataException;
import io.noesis.run.Suggest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The stimuli of a study by id, in a fixed order. Immutable. */
public final class StimulusSet {
  private final Map<String, Stimulus> byId;

  private StimulusSet(Map<String, Stimulus> byId) {
    this.byId = Collections.unmodifiableMap(byId);
  }

  /**
   * Makes a set.
   *
   * @param stimuli in the order to keep
   * @return the set
   * @throws DataException when two stimuli have one id
   */
  public static StimulusSet of(Collection<Stimulus> stimuli) {
    Map<String, Stimulus> map = new LinkedHashMap<>();
    for (Stimulus stimulus : stimuli) {
      if (map.put(stimulus.id(), stimulus) != null) {
        throw new DataException(
            "reading the stimuli: the id '"
                + stimulus.id()
                + "' stands for two stimuli; ids must be unique. Rename or remove one of the rows.");
      }
    }
    return new StimulusSet(map);
  }

  /** All ids in order. */
  public Set<String> ids() {
    return byId.keySet();
  }

  /** All stimuli in order. */
  public List<Stimulus> all() {
    return List.copyOf(byId.values());
  }

  /** How many stimuli. */
  public int size() {
    return byId.size();
  }

  /** Whether there is a stimulus of that id. */
  public boolean contains(String id) {
    return byId.containsKey(id);
  }

  /**
   * The stimulus of that id.
   *
   * @param id the id
   * @return the stimulus
   * @throws DataException when there is none
   */
  public Stimulus get(String id) {
    Stimulus stimulus = byId.get(id);
    if (stimulus == null) {
      throw new DataException(
          "looking up the stimulus '"
              + id
              + "': the study's stimulus set of "
              + byId.size()
              + " has none of that id. "
              + Suggest.nearest(id, byId.keySet()).map(n -> "Nearest: '" + n + "'. ").orElse("")
              + "Add it to the stimulus table or correct the trial.");
    }
    return stimulus;
  }

  /**
   * The stimuli of those ids, in that order.
   *
   * @param ids ids of this set
   * @return a smaller set
   */
  public StimulusSet select(Collection<String> ids) {
    List<Stimulus> chosen = new ArrayList<>();
    for (String id : new LinkedHashSet<>(ids)) {
      chosen.add(get(id));
    }
    return of(chosen);
  }

  /** The categories in order of first appearance; without the empty one. */
  public List<String> categories() {
    Set<String> seen = new LinkedHashSet<>();
    for (Stimulus stimulus : byId.values()) {
      if (!stimulus.category().isEmpty()) {
        seen.add(stimulus.category());
      }
    }
    return List.copyOf(seen);
  }
}
