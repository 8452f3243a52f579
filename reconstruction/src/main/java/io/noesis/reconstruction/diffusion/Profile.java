package io.noesis.reconstruction.diffusion;

import io.noesis.reconstruction.diffusion.schedule.Spacing;
import io.noesis.run.Check;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a published system runs its generator: values where it differs from the usual, each with the
 * place that says so. {@link #USUAL} has no quirks.
 *
 * @param kinds the kinds of model that it is made for; any when empty
 * @param plan steps, guidance, strength and settings; the pack's own when absent
 * @param sampler which sampler with which settings over those of the pack; the pack's when absent
 * @param without what the unconditional half is fed
 * @param entry what a run from a picture or from noise starts with
 * @param offsetNoise how much of one more number per picture is added to all of its noise
 * @param pixels how the decoder's output becomes grey levels
 * @param startPixels how a picture to start from is shown to the encoder
 * @param candidates pictures per embedding, of which the one closest to the embedding is kept; 1
 *     keeps what comes. A value for who chooses: see {@link BestOf}
 * @param negative what pictures should not show: the text of the unconditional half; empty for none
 * @param blend the share of a low-level picture in the last picture; 0 for none. A value for who
 *     has one: see {@link Blended}
 * @param sources per field, where it is stated
 */
public record Profile(
    List<String> kinds,
    Optional<SamplingPlan> plan,
    Optional<Sampler> sampler,
    Without without,
    Entry entry,
    double offsetNoise,
    Line pixels,
    Line startPixels,
    int candidates,
    String negative,
    double blend,
    Map<String, String> sources) {

  /** What the unconditional half is fed. */
  public enum Without {
    /** What the family's authors use: an empty text, zeros or the embedding of an empty picture. */
    OF_THE_MODEL,
    /** Zeros for every embedding and token. */
    ZEROS,
    /** Standard normal noise, fresh for every picture and the same at every step. */
    NOISE
  }

  /** What a run starts with. */
  public enum Entry {
    /** Noise of the first step that is run. */
    FIRST_STEP,
    /** Noise of the step before it, as latent diffusion's DDIM does with pictures. */
    ONE_STEP_NOISIER,
    /** A standard normal sample plus noise of the first step, as MindEye2 does. */
    NOISE_ON_NOISE
  }

  /**
   * A sampler by name.
   *
   * @param name a line of the registry of samplers, or {@value #OF_THE_PACK}
   * @param settings keys of a {@code scheduler_config.json} over those of the pack
   */
  public record Sampler(String name, Map<String, Object> settings) {
    /** The sampler that the pack comes with. */
    public static final String OF_THE_PACK = "the pack's";

    /** Copies the map. */
    public Sampler {
      settings = Map.copyOf(settings);
    }
  }

  /**
   * {@code gain v + offset}, per channel.
   *
   * @param gain one per channel
   * @param offset one per channel
   */
  public record Line(List<Double> gain, List<Double> offset) {
    /** Copies the lists. */
    public Line {
      gain = List.copyOf(gain);
      offset = List.copyOf(offset);
      Check.argument(gain.size() == 3 && offset.size() == 3, "a line of pixels has three channels");
    }

    static Line of(double gain, double offset) {
      return new Line(List.of(gain, gain, gain), List.of(offset, offset, offset));
    }

    float at(int channel, float value) {
      return (float) (gain.get(channel) * value + offset.get(channel));
    }

    @Override
    public String toString() {
      boolean same =
          gain.stream().distinct().count() == 1 && offset.stream().distinct().count() == 1;
      return same
          ? String.format(Locale.ROOT, "%s v %+f", gain.get(0), offset.get(0))
          : gain + " v + " + offset;
    }
  }

  static final Line DECODED = Line.of(0.5, 0.5);
  static final Line SHOWN = Line.of(2, -1);

  /** The sane behaviour: the pack's own plan and sampler, no quirks. */
  public static final Profile USUAL =
      new Profile(
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Without.OF_THE_MODEL,
          Entry.FIRST_STEP,
          0,
          DECODED,
          SHOWN,
          1,
          "",
          0,
          Map.of());

  /**
   * With nothing that pictures should not show.
   *
   * @param kinds as above
   * @param plan as above
   * @param sampler as above
   * @param without as above
   * @param entry as above
   * @param offsetNoise as above
   * @param pixels as above
   * @param startPixels as above
   * @param candidates as above
   * @param blend as above
   * @param sources as above
   */
  public Profile(
      List<String> kinds,
      Optional<SamplingPlan> plan,
      Optional<Sampler> sampler,
      Without without,
      Entry entry,
      double offsetNoise,
      Line pixels,
      Line startPixels,
      int candidates,
      double blend,
      Map<String, String> sources) {
    this(
        kinds,
        plan,
        sampler,
        without,
        entry,
        offsetNoise,
        pixels,
        startPixels,
        candidates,
        "",
        blend,
        sources);
  }

  /** Checks the numbers and copies the collections. */
  public Profile {
    kinds = List.copyOf(kinds);
    sources = Map.copyOf(sources);
    Check.argument(candidates > 0, "candidates must be at least 1, found %d", candidates);
    Check.argument(
        offsetNoise >= 0 && Double.isFinite(offsetNoise),
        "offsetNoise must be at least 0, found %s",
        offsetNoise);
    Check.argument(blend >= 0 && blend < 1, "blend must lie within 0 and 1, found %s", blend);
  }

  /**
   * The same with another sampler or spacing; the settings that the profile has for its own sampler
   * stay where they are not given anew.
   *
   * @param scheduler a line of the registry of samplers; the profile's when absent
   * @param spacing which steps of training are visited; the profile's when absent
   * @return the profile
   */
  public Profile with(Optional<String> scheduler, Optional<Spacing> spacing) {
    if (scheduler.isEmpty() && spacing.isEmpty()) {
      return this;
    }
    Map<String, Object> settings = new HashMap<>(sampler.map(Sampler::settings).orElseGet(Map::of));
    spacing.ifPresent(s -> settings.put("timestep_spacing", s.key()));
    String name = scheduler.or(() -> sampler.map(Sampler::name)).orElse(Sampler.OF_THE_PACK);
    Map<String, String> told = new HashMap<>(sources);
    told.put("sampler", "given beside the profile");
    return new Profile(
        kinds,
        plan,
        Optional.of(new Sampler(name, settings)),
        without,
        entry,
        offsetNoise,
        pixels,
        startPixels,
        candidates,
        negative,
        blend,
        told);
  }

  /** One line per value with its source, for {@code describe}. */
  public List<String> describe() {
    List<String> out = new ArrayList<>();
    plan.ifPresent(
        p -> {
          line(out, "steps", p.steps());
          line(out, "guidance", p.guidance());
          line(out, "strength", p.strength());
          new TreeMap<>(p.settings()).forEach((name, value) -> line(out, name, value));
        });
    sampler.ifPresent(
        s -> {
          String more = s.settings().isEmpty() ? "" : " " + new TreeMap<>(s.settings());
          line(out, "sampler", s.name() + more);
        });
    line(out, "without", without);
    line(out, "entry", entry);
    line(out, "offsetNoise", offsetNoise);
    line(out, "pixels", pixels);
    line(out, "startPixels", startPixels);
    line(out, "candidates", candidates);
    if (!negative.isEmpty()) {
      line(out, "negative", "'" + negative + "'");
    }
    line(out, "blend", blend);
    return out;
  }

  private void line(List<String> out, String field, Object value) {
    out.add(field + ": " + value + " (" + sources.getOrDefault(field, "the usual") + ")");
  }
}
