package io.noesis.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.train.OptimizerSpec;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.torch.Arithmetic;
import io.noesis.ingest.format.Formats;
import io.noesis.reconstruction.diffusion.Families;
import io.noesis.reconstruction.diffusion.schedule.Schedulers;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DescribeCommandTest {
  @Test
  void everyFormatIsDescribed() {
    assertTrue(Call.of("describe").ended(0).out().contains("formats"));
    String list = Call.of("describe", "formats").ended(0).out();
    for (String name : Formats.names()) {
      assertTrue(
          list.lines().anyMatch(l -> l.startsWith(name) && l.endsWith(Formats.description(name))),
          list);
    }
    assertTrue(Call.of("describe", "formats", "nifty").ended(2).err().contains("'nifti'"));
  }

  @Test
  void everySamplerIsDescribedWithItsNameInDiffusers() {
    String list = Call.of("describe", "samplers").ended(0).out();
    for (var sampler : Schedulers.registry().entries()) {
      assertTrue(list.contains(sampler.description()), list);
      assertTrue(
          Call.of("describe", "samplers", sampler.name())
              .ended(0)
              .out()
              .contains(sampler.value().className()));
    }
  }

  @Test
  void settingsThatTakeANameSayWhichThereAre() {
    String training = Call.of("describe", "training", "keys").ended(0).out();
    for (String line :
        List.of(
            "optimizer.rule: one of " + names(OptimizerSpec.Rule.values()),
            "arithmetic: one of " + names(Arithmetic.values()))) {
      assertTrue(training.lines().anyMatch(line::equals), () -> line + "\n" + training);
    }
    String recipe = Call.of("describe", "recipe", "decoding").ended(0).out();
    String start = "encoder.start: one of " + names(Fitting.Start.values());
    assertTrue(recipe.lines().anyMatch(start::equals), recipe);
  }

  private static String names(Enum<?>[] values) {
    return Arrays.stream(values)
        .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .collect(Collectors.joining(", "));
  }

  @Test
  void generatorsAndTheProfilesOfPublishedSystemsAreDescribedWithTheirSources() {
    String list = Call.of("describe", "generators").ended(0).out();
    for (var family : Families.registry().entries()) {
      assertTrue(list.contains(family.name()), list);
    }
    String takagi = Call.of("describe", "profiles", "takagi").ended(0).out();
    assertTrue(takagi.contains("strength: 0.8"), takagi);
    assertTrue(takagi.contains("yu-takagi/StableDiffusionReconstruction"), takagi);
  }
}
