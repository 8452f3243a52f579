package io.noesis.reconstruction.caption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.DataException;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetrievalCaptionerTest {
  private static final EmbeddingSpace SPACE =
      new EmbeddingSpace("clip", "image_embeds", 2, EmbeddingSpace.Scaling.RAW);
  private static final Embeddings TRAINING =
      new Embeddings(
          SPACE,
          List.of("east", "north", "west"),
          Tensor.wrap(new float[] {9, 0, 0, 1, -2, 0}, 3, 2));
  private static final Map<String, String> CAPTIONS =
      Map.of("east", "a sunrise", "north", "a bear", "west", "a sunset");
  private static final CaptionRequest REQUEST = new CaptionRequest(new WordSearch.Greedy(), 5, 0);

  @Test
  void theNearestTrainingCaptionIsCopiedWithTheNameOfItsStimulus() {
    try (Captioner captioner = RetrievalCaptioner.of(TRAINING, CAPTIONS)) {
      Tensor decoded = Tensor.wrap(new float[] {0.1f, 3, -4, 1, 1, 0.9f, 1, 0.9f}, 4, 2);
      List<Caption> found = captioner.caption(decoded, REQUEST, Progress.NONE);
      assertEquals(
          List.of("a bear", "a sunset", "a sunrise", "a sunrise"),
          found.stream().map(Caption::text).toList());
      assertEquals(
          List.of("north", "west", "east", "east"),
          found.stream().map(one -> one.copiedFrom().orElseThrow()).toList());
      assertTrue(found.stream().allMatch(one -> one.tokens().isEmpty()));
      assertEquals(SPACE, captioner.space());
    }
  }

  @Test
  void everythingThatDecidesTheCaptionsIsInTheFingerprint() {
    String first = RetrievalCaptioner.of(TRAINING, CAPTIONS).fingerprint();
    assertEquals(first, RetrievalCaptioner.of(TRAINING, CAPTIONS).fingerprint());
    Map<String, String> other = Map.of("east", "a sunrise", "north", "a fox", "west", "a sunset");
    assertNotEquals(first, RetrievalCaptioner.of(TRAINING, other).fingerprint());
    Embeddings moved =
        new Embeddings(SPACE, TRAINING.ids(), Tensor.wrap(new float[] {9, 0, 0, 1, -2, 1}, 3, 2));
    assertNotEquals(first, RetrievalCaptioner.of(moved, CAPTIONS).fingerprint());
  }

  @Test
  void aTrainingStimulusWithoutACaptionIsNamed() {
    DataException e =
        assertThrows(
            DataException.class,
            () -> RetrievalCaptioner.of(TRAINING, Map.of("east", "a sunrise", "west", " ")));
    assertTrue(e.getMessage().contains("'north'"), e.getMessage());
    assertEquals(Optional.empty(), new Caption("x", List.of(1L), Optional.empty()).copiedFrom());
  }
}
