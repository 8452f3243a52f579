package io.noesis.ingest.simulate.stimulus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SceneSamplerTest {
  @Property(tries = 30)
  void balancedWithoutDuplicatesAndInThePool(
      @ForAll long root, @ForAll @IntRange(min = 1, max = 700) int n, @ForAll ScenePool pool) {
    List<Scene> scenes = SceneSampler.of(pool).sample(Seed.of(root), n);
    assertEquals(n, scenes.size());
    assertEquals(n, scenes.stream().map(Scene::id).distinct().count());
    Map<ObjectCategory, Long> counts =
        scenes.stream().collect(Collectors.groupingBy(Scene::category, Collectors.counting()));
    for (ObjectCategory category : ObjectCategories.all()) {
      long count = counts.getOrDefault(category, 0L);
      assertTrue(count == n / 24 || count == (n + 23) / 24, category + ": " + count);
    }
    for (Scene scene : scenes) {
      assertTrue(
          pool == ScenePool.ALL || scene.heldOut() == (pool == ScenePool.HELD_OUT), scene.id());
    }
  }

  @Test
  void coloursOfACategoryComeInTurn() {
    for (ObjectCategory category : ObjectCategories.all()) {
      SceneSampler sampler = new SceneSampler(List.of(category), ScenePool.TRAINING);
      Map<SceneColour, Integer> counts = new EnumMap<>(SceneColour.class);
      sampler.sample(Seed.of(2), 24).forEach(s -> counts.merge(s.colour(), 1, Integer::sum));
      assertEquals(8, counts.size());
      counts.values().forEach(count -> assertEquals(3, count));
    }
  }

  @Test
  void longerSampleBeginsWithTheShorterOne() {
    SceneSampler sampler = SceneSampler.of(ScenePool.TRAINING);
    List<Scene> sample = sampler.sample(Seed.of(8), 300);
    assertEquals(sample.subList(0, 77), sampler.sample(Seed.of(8), 77));
    assertNotEquals(sample, sampler.sample(Seed.of(9), 300));
  }

  @Test
  void everyCombinationCanBeDrawnAndNoMore() {
    SceneSampler sampler =
        new SceneSampler(
            List.of(ObjectCategories.named("cat"), ObjectCategories.named("key")),
            ScenePool.HELD_OUT);
    assertEquals(2 * 2 * 3 * 5 * 3 * 8, sampler.capacity());
    assertEquals(
        sampler.capacity(),
        sampler.sample(Seed.of(1), sampler.capacity()).stream().map(Scene::id).distinct().count());
    RecipeException tooMany =
        assertThrows(RecipeException.class, () -> sampler.sample(Seed.of(1), 1441));
    assertTrue(tooMany.getMessage().contains("expected 0 to 1440"), tooMany.getMessage());
    assertThrows(RecipeException.class, () -> new SceneSampler(List.of(), ScenePool.ALL));
    assertEquals(86400, SceneSampler.of(ScenePool.ALL).capacity());
  }

  /** A stored rule: a generator trained under it must never have seen these pairs. */
  @Test
  void heldOutPairsDoNotDrift() {
    StringBuilder pairs = new StringBuilder();
    for (ObjectCategory category : ObjectCategories.all()) {
      pairs.append(category.name());
      for (SceneColour colour : SceneColour.values()) {
        Scene scene =
            Scene.ofId(category.name() + "_" + colour.word() + "_small_left_one_sky", Seed.of(1));
        if (scene.heldOut()) {
          pairs.append(' ').append(colour.word());
        }
      }
      pairs.append('\n');
    }
    assertEquals(
        """
        cat red purple
        fish brown black
        bird yellow black
        butterfly pink black
        car green pink
        sailboat blue black
        train purple white
        airplane red orange
        tree yellow pink
        flower orange white
        cactus brown white
        mushroom orange white
        house black white
        castle orange yellow
        tent purple brown
        lighthouse blue black
        apple purple pink
        banana yellow pink
        ice-cream red green
        cake red brown
        chair red green
        umbrella orange pink
        clock orange yellow
        key pink white
        """,
        pairs.toString());
  }
}
