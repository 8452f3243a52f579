package io.noesis.ingest.simulate.stimulus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.noesis.run.Seed;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CaptionWordsTest {
  @Test
  void readsEveryAttributeOfEveryWording() {
    for (Scene scene : SceneSampler.of(ScenePool.ALL).sample(Seed.of(5), 3000)) {
      assertEquals(
          CaptionWords.attributes(scene), CaptionWords.attributes(scene.caption()), scene.id());
    }
  }

  @Test
  void twoValuesOfOneAttributeCountAsNone() {
    assertEquals(
        Map.of("category", "key", "size", "small", "count", "one"),
        CaptionWords.attributes("a small key on the left, near the top"));
    assertEquals(Map.of(), CaptionWords.attributes("a cat and a dog and a car"));
  }
}
