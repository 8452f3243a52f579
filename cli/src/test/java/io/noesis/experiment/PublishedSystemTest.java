package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.reconstruction.diffusion.Profiles;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What is said of published systems holds: every name is there, and nothing that serves one is left
 * out.
 */
class PublishedSystemTest {
  private static final Map<String, PublishedSystem> ALL = PublishedSystem.all();

  /** Of nobody's system alone. */
  private static final Set<String> OWN =
      Set.of("banded-ridge", "gaussian-inversion", "parcel-transformer");

  @Test
  void everyNameIsThere() {
    ALL.forEach(
        (name, system) -> {
          Set<String> recipes = Catalogue.names("recipes").keySet();
          assertTrue(recipes.containsAll(system.recipes()), name + ": " + system.recipes());
          assertFalse(system.recipes().isEmpty(), name);
          Set<String> programs = Catalogue.names("programs").keySet();
          assertTrue(programs.containsAll(system.programs()), name + ": " + system.programs());
          Set<String> networks = Architectures.registry().names();
          assertTrue(networks.containsAll(system.architectures()), name);
          assertTrue(Profiles.registry().names().containsAll(system.profiles()), name);
          assertTrue(
              system.source().matches("(arXiv:\\d{4}\\.\\d{5}|doi:10\\..+)"), system.source());
        });
  }

  @Test
  void everyArchitectureIsOfOneAndEveryoneHasARecipeThatUsesIt() {
    Set<String> named = new HashSet<>();
    ALL.values().forEach(system -> named.addAll(system.architectures()));
    Set<String> left = new TreeSet<>(Architectures.registry().names());
    left.removeAll(named);
    assertEquals(OWN, left);
    ALL.forEach(
        (name, system) -> {
          Set<String> used = new HashSet<>();
          for (String recipe : system.recipes()) {
            JsonNode tree = Recipes.tree(recipe, List.of());
            used.add(tree.path("encoder").path("architecture").asText("ridge"));
            used.addAll(tree.path("model").findValuesAsText("architecture"));
          }
          assertTrue(
              system.architectures().isEmpty()
                  || system.architectures().stream().anyMatch(used::contains),
              () -> name + ": its recipes use " + used);
        });
  }

  @Test
  void everyProgramAndProfileIsOfOne() {
    Set<String> programs = new TreeSet<>(Catalogue.names("programs").keySet());
    Set<String> profiles = new TreeSet<>(Profiles.registry().names());
    ALL.values()
        .forEach(
            system -> {
              programs.removeAll(system.programs());
              profiles.removeAll(system.profiles());
            });
    assertEquals(Set.of("torch-parcel-transformer"), programs);
    assertEquals(Set.of("usual"), profiles);
  }

  @Test
  void oneIsDescribedWithWhatItLacks() {
    String text = Catalogue.detail("systems", "sttm");
    assertTrue(text.startsWith("sttm: See Through Their Minds"), text);
    assertTrue(text.contains("recipes: simulated-sttm, simulated-gated"), text);
    assertTrue(text.contains("not here: Its prior"), text);
    assertFalse(Catalogue.detail("systems", "labram").contains("not here"));
  }
}
