package io.noesis.ingest.simulate.stimulus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.Seed;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SceneCaptionTest {
  private static final List<Scene> SAMPLE = SceneSampler.of(ScenePool.ALL).sample(Seed.of(4), 480);

  @Test
  void namesEveryAttribute() {
    for (Scene scene : SAMPLE) {
      String caption = scene.caption();
      boolean one = scene.count() == SceneCount.ONE;
      String noun = one ? scene.category().word() : scene.category().plural();
      assertTrue(caption.contains(scene.colour().word() + " " + noun), caption);
      assertTrue(hasOne(caption, SceneCaption.sizeWords(scene.size())), caption);
      assertTrue(hasOne(caption, SceneCaption.where(scene.position())), caption);
      assertTrue(hasOne(caption, SceneCaption.setting(scene.background())), caption);
      assertTrue(one || caption.contains(scene.count().word() + " "), caption);
      assertFalse(caption.contains("a average"), caption);
      assertEquals(one && caption.contains("average"), caption.contains("an average"), caption);
    }
  }

  @Test
  void wordingFollowsTheSeedAlone() {
    Set<String> wordings = new HashSet<>();
    Scene scene = Scene.ofId("butterfly_yellow_small_top_three_night", Seed.of(1));
    for (int k = 0; k < 40; k++) {
      Seed wording = Seed.of(1).child("wording-" + k);
      assertEquals(scene.caption(wording), scene.caption(wording));
      wordings.add(scene.caption(wording));
    }
    assertTrue(wordings.size() > 20, "only " + wordings.size() + " wordings of 40");
    assertEquals(
        Scene.ofId(scene.id(), Seed.of(1)).caption(), scene.caption(Seed.of(1).child("caption")));
  }

  /** A stored result: captions reach studies on disk, so their wording may not drift. */
  @Test
  void goldenCaptions() {
    assertEquals(
        List.of(
            "on a meadow with hills, a big red car on the left",
            "three little yellow birds in front of a night sky, near the top",
            "two average-sized pink ice creams at the beach by the sea, at the centre"),
        List.of(
            Scene.ofId("car_red_large_left_one_meadow", Seed.of(1)).caption(),
            Scene.ofId("bird_yellow_small_top_three_night", Seed.of(2)).caption(),
            Scene.ofId("ice-cream_pink_medium_centre_two_beach", Seed.of(3)).caption()));
  }

  private static boolean hasOne(String caption, List<String> ways) {
    return ways.stream().anyMatch(caption::contains);
  }
}
