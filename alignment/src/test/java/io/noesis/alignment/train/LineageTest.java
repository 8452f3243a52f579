package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.noesis.run.CorruptDataException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LineageTest {
  private static final Lineage PARENT =
      Lineage.of("p", List.of("study/02", "study/01"), List.of("b", "a", "b"));
  private static final Lineage CHILD =
      Lineage.of("c", List.of("study/03"), List.of("c")).startedFrom(PARENT);

  @Test
  void comesBackFromMetadata() {
    assertEquals(Optional.of(CHILD), Lineage.read(CHILD.metadata(), "file"));
    assertEquals(Optional.empty(), Lineage.read(Map.of("format", "x"), "file"));
  }

  @Test
  void isSortedSoThatItsTextIsTheSame() {
    assertEquals(List.of("study/01", "study/02"), PARENT.subjects());
    assertEquals(List.of("a", "b"), PARENT.stimuli());
  }

  @Test
  void countsParents() {
    assertEquals(Set.of("study/01", "study/02", "study/03"), CHILD.allSubjects());
    assertEquals(Set.of("a", "b", "c"), CHILD.allStimuli());
  }

  @Test
  void damageIsNamed() {
    CorruptDataException e =
        assertThrows(
            CorruptDataException.class,
            () -> Lineage.read(Map.of("lineage", "{\"run\": 3}"), "weights.safetensors"));
    assertEquals(
        "reading the lineage in weights.safetensors: it is damaged. Train again.", e.getMessage());
  }
}
