package io.noesis.ingest.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.study.Split.Part;
import io.noesis.run.AuditException;
import io.noesis.run.DataException;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BrainDatasetTest {
  @Test
  void givesThePartsOfASplit() {
    BrainDataset dataset =
        new BrainDataset(
            responses("a", "b", "a", "c"),
            stimuli("cat", "a", "b", "c"),
            split(Part.TRAIN, Part.TEST, Part.TRAIN, Part.VALIDATION));
    assertEquals(Tensor.wrap(new float[] {0, 1, 4, 5}, 2, 2), dataset.responses(Part.TRAIN));
    assertEquals(Tensor.wrap(new float[] {2, 3}, 1, 2), dataset.responses(Part.TEST));
    assertEquals(0, dataset.responses(Part.UNUSED).dim(0));
    assertEquals(
        List.of("a", "a"),
        dataset.trials(Part.TRAIN).trials().stream().map(Trial::stimulus).toList());
    assertEquals(Map.of(Part.TRAIN, 2, Part.TEST, 1, Part.VALIDATION, 1), dataset.counts());
    assertEquals("01", dataset.subject());
  }

  @Test
  void refusesAStimulusInTwoPartsUnlessItIsAllowedByName() {
    SubjectResponses responses = responses("a", "b", "c", "a");
    StimulusSet stimuli = stimuli("cat", "a", "b", "c");
    for (Part other : List.of(Part.TEST, Part.VALIDATION)) {
      Split split = split(Part.TRAIN, Part.TEST, Part.TEST, other);
      String message =
          assertThrows(AuditException.class, () -> new BrainDataset(responses, stimuli, split))
              .getMessage();
      assertTrue(message.contains("LEAK-STIMULUS"), message);
      assertTrue(message.contains("'a' in [TRAIN, " + other + "]"), message);
      BrainDataset allowed = BrainDataset.allowing("LEAK-STIMULUS", responses, stimuli, split);
      assertEquals(split, allowed.split());
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            BrainDataset.allowing(
                "LEAK-FIT",
                responses,
                stimuli,
                split(Part.TRAIN, Part.TEST, Part.TEST, Part.TRAIN)));
    // Trials that are left aside are in no part.
    new BrainDataset(responses, stimuli, split(Part.TRAIN, Part.TEST, Part.TEST, Part.UNUSED));
  }

  @Test
  void stimuliThatOnlyNameTheirCategoryMayRepeat() {
    StimulusSet names =
        StimulusSet.of(
            List.of(
                new Stimulus("face", "face", Optional.empty(), Optional.empty(), Map.of()),
                new Stimulus("house", "house", Optional.empty(), Optional.empty(), Map.of())));
    new BrainDataset(
        responses("face", "house", "face", "house"),
        names,
        split(Part.TRAIN, Part.TRAIN, Part.TEST, Part.TEST));
  }

  @Test
  void refusesATrialWithoutStimulusAndASplitOfAnotherLength() {
    SubjectResponses responses = responses("a", "b");
    assertThrows(
        DataException.class,
        () -> new BrainDataset(responses, stimuli("cat", "a"), split(Part.TRAIN, Part.TEST)));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new BrainDataset(
                responses, stimuli("cat", "a", "b"), split(Part.TRAIN, Part.TEST, Part.TEST)));
  }

  private static Split split(Part... parts) {
    return new Split("made up", List.of(parts));
  }

  private static StimulusSet stimuli(String category, String... ids) {
    List<Stimulus> list = new ArrayList<>();
    for (String id : new LinkedHashSet<>(List.of(ids))) {
      list.add(new Stimulus(id, category, Optional.empty(), Optional.empty(), Map.of()));
    }
    return StimulusSet.of(list);
  }

  private static SubjectResponses responses(String... shown) {
    List<Trial> trials = new ArrayList<>();
    float[] values = new float[2 * shown.length];
    for (int i = 0; i < shown.length; i++) {
      trials.add(new Trial("01", "", "1", 4 * i, 2, 4 * i, 4 * i + 4, shown[i], "", 1, ""));
      values[2 * i] = 2 * i;
      values[2 * i + 1] = 2 * i + 1;
    }
    return new SubjectResponses(
        "01",
        new TrialTable(trials),
        Tensor.wrap(values, shown.length, 2),
        ResponseKind.BETAS,
        List.of(),
        List.of());
  }
}
