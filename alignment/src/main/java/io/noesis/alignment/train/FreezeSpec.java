package io.noesis.alignment.train;

import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.run.RecipeException;
import io.noesis.run.Suggest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which parameters of the network training leaves as they are. They take no part in weight decay
 * and running averages; batch norms that are left as they are compute with the statistics they
 * have. Dropout stays.
 *
 * @param scope by what they belong to
 * @param names how the names of further ones begin
 */
public record FreezeSpec(Scope scope, List<String> names) {
  /** What is left as it is. */
  public enum Scope {
    /** Nothing. */
    NOTHING,
    /** All but the parameters of which each subject has its own. */
    SHARED
  }

  /** Copies. */
  public FreezeSpec {
    names = List.copyOf(names);
  }

  /** Everything learns. */
  public static FreezeSpec defaults() {
    return new FreezeSpec(Scope.NOTHING, List.of());
  }

  /** Only what each subject has its own of learns: how a new subject is fitted. */
  public static FreezeSpec shared() {
    return new FreezeSpec(Scope.SHARED, List.of());
  }

  /** The full names of what is left as it is. */
  Set<String> frozen(Layer network) {
    Set<String> all = Parameters.shapes(network).keySet();
    Set<String> frozen = new LinkedHashSet<>();
    if (scope == Scope.SHARED) {
      frozen.addAll(all);
      frozen.removeAll(Parameters.ofSubjects(network));
    }
    for (String name : names) {
      List<String> found = all.stream().filter(full -> full.startsWith(name)).toList();
      if (found.isEmpty()) {
        throw new RecipeException(
            "training.freeze: the network has no parameters whose names begin with '"
                + name
                + "'. "
                + Suggest.sentence(name, all));
      }
      frozen.addAll(found);
    }
    return frozen;
  }
}
