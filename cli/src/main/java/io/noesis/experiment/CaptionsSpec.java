package io.noesis.experiment;

import io.noesis.alignment.score.Condition;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.caption.WordSearch;
import io.noesis.run.Check;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Captions made from decoded embeddings. A captioner never sees a true caption.
 *
 * @param pack the captioner: {@code embedded}, a pack of {@code noesis models list}, a folder, or
 *     {@value #RETRIEVAL} for the caption of the nearest training stimulus
 * @param search how the next word is chosen: greedy, beam, mean-beam (ClipCap's), nucleus
 * @param width of a beam
 * @param temperature of drawn words
 * @param topP of drawn words: how much of the probability they are drawn from
 * @param maxTokens no caption is longer
 * @param stretch what is done to the length of decoded embeddings before
 * @param stimuli how many test stimuli, drawn by the seed; 0 for all
 * @param seed of drawn words; the recipe's where absent
 * @param conditions what captions are made from; leaving one out is seen in the report
 * @param device where the captioner runs: cpu, cuda, tensorrt, coreml, directml, with {@code :n}
 *     for another card than the first
 * @param head the output of the network that captions are made from, for one that a text decoder
 *     reads (GLIM's {@code tokens}); its numbers are taken as they are, averaged over the trials of
 *     a stimulus. The embedding where absent
 * @param truth a target of {@code encoder.heads} with as many numbers as that output, which shows
 *     what the captioner makes of the truth; where absent there is no ceiling, which {@code
 *     NO-CEILING} blocks
 */
public record CaptionsSpec(
    String pack,
    Search search,
    int width,
    double temperature,
    double topP,
    int maxTokens,
    Stretch stretch,
    int stimuli,
    OptionalLong seed,
    List<Condition> conditions,
    String device,
    Optional<String> head,
    Optional<String> truth) {
  /** The captioner that copies. */
  public static final String RETRIEVAL = "retrieval";

  /** How the next word is chosen. */
  public enum Search {
    /** Always the most likely. */
    GREEDY,
    /** The most likely sentence of a beam, by the rules of transformers. */
    BEAM,
    /** The most likely sentence of a beam by the mean over its words, ClipCap's own rule. */
    MEAN_BEAM,
    /** Drawn from the likely ones. */
    NUCLEUS
  }

  /** Checks the numbers and copies the list. */
  public CaptionsSpec {
    conditions = List.copyOf(conditions);
    new OnnxOptions(1).on(device);
    Check.argument(width > 0, "width must be at least 1, found %d", width);
    Check.argument(temperature > 0, "temperature must be above 0, found %s", temperature);
    Check.argument(topP > 0 && topP <= 1, "topP must lie within 0 and 1, found %s", topP);
    Check.argument(maxTokens > 0, "maxTokens must be at least 1, found %d", maxTokens);
    Check.argument(stimuli >= 0, "stimuli must be at least 0 (all), found %d", stimuli);
    Check.argument(
        conditions.contains(Condition.DECODED), "conditions must contain decoded: %s", conditions);
    Check.argument(
        head.isEmpty() || !pack.equals(RETRIEVAL),
        "head: %s copies the caption of the nearest training stimulus by its embedding; name a pack"
            + " of a captioner, or leave head out",
        RETRIEVAL);
    Check.argument(
        truth.isEmpty() || head.isPresent(),
        "truth: it belongs to an output of the network, and no head is given");
  }

  /** The embedded captioner, beam search, all stimuli, everything that must stand beside. */
  public static CaptionsSpec defaults() {
    return new CaptionsSpec(
        "embedded",
        Search.BEAM,
        5,
        1,
        0.9,
        40,
        Stretch.TRAINING,
        0,
        OptionalLong.empty(),
        List.of(Condition.values()),
        "cpu",
        Optional.empty(),
        Optional.empty());
  }

  /** What is done to the length of what captions are made from. */
  Stretch ownStretch() {
    return head.isPresent() ? Stretch.NONE : stretch;
  }

  boolean retrieves() {
    return pack.equals(RETRIEVAL);
  }

  OnnxOptions options(int threads) {
    return new OnnxOptions(threads).on(device);
  }

  WordSearch wordSearch() {
    return switch (search) {
      case GREEDY -> new WordSearch.Greedy();
      case BEAM -> new WordSearch.Beam(width, 1);
      case MEAN_BEAM -> new WordSearch.MeanBeam(width);
      case NUCLEUS -> new WordSearch.Nucleus(temperature, topP);
    };
  }
}
