package io.noesis.reconstruction.diffusion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.reconstruction.diffusion.schedule.Scheduler;
import io.noesis.reconstruction.diffusion.schedule.SchedulerKind;
import io.noesis.reconstruction.diffusion.schedule.Schedulers;
import io.noesis.reconstruction.pack.ModelPack;
import java.nio.file.Path;
import java.util.Optional;

/** Which sampler a generator runs: its pack's, or what a profile takes in its place. */
final class PackSampler {
  private static final String SPACING = "timestep_spacing";

  private PackSampler() {}

  /** The file of a pack's own. */
  static Path file(ModelPack pack) {
    return pack.file("scheduler/scheduler_config.json");
  }

  static Scheduler open(ModelPack pack, Profile profile) {
    Path file = file(pack);
    JsonNode own = Schedulers.tree(file);
    if (profile.sampler().isEmpty()) {
      return Schedulers.read(own, file.toString());
    }
    Profile.Sampler wanted = profile.sampler().get();
    boolean packs = wanted.name().equals(Profile.Sampler.OF_THE_PACK);
    SchedulerKind kind =
        packs ? Schedulers.kind(own, file.toString()) : Schedulers.registry().get(wanted.name());
    if (packs && !kind.usesSpacing()) {
      throw kind.refusedSpacing("sampling with " + pack.folder());
    }
    ObjectNode settings = own.deepCopy();
    wanted.settings().forEach((name, value) -> settings.putPOJO(name, value));
    JsonNode plain = new ObjectMapper().valueToTree(settings);
    return kind.read(plain, file + " with a profile");
  }

  /** Name and spacing of the steps, for readers. */
  static String words(ModelPack pack, Profile profile) {
    Path file = file(pack);
    JsonNode own = Schedulers.tree(file);
    Optional<Profile.Sampler> wanted = profile.sampler();
    String spacing =
        wanted
            .map(s -> s.settings().get(SPACING))
            .map(String::valueOf)
            .orElse(own.path(SPACING).asText(""));
    String name =
        wanted
            .map(Profile.Sampler::name)
            .filter(n -> !n.equals(Profile.Sampler.OF_THE_PACK))
            .orElseGet(() -> Schedulers.name(own, file.toString()));
    return spacing.isEmpty() ? name : name + ", " + spacing;
  }
}
