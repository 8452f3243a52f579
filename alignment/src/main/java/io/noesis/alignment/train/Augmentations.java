package io.noesis.alignment.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.run.Check;
import io.noesis.run.PinnedRandom;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The augmentations of responses that a recipe can name. */
public final class Augmentations {
  private static final Registry<Class<? extends Record>> REGISTRY =
      Registry.of(
          "augmentation",
          List.of(
              new Entry<>(
                  "channel-dropout",
                  ChannelDropout.class,
                  "A part of channels, parcels or voxels is zero in the whole response."),
              new Entry<>(
                  "time-shuffle",
                  TimeShuffle.class,
                  "Samples or volumes of an epoch come in another order.")));

  private Augmentations() {}

  /** The list: the records that are augmentations. */
  public static Registry<Class<? extends Record>> registry() {
    return REGISTRY;
  }

  /**
   * Refuses those of epochs, for responses without time.
   *
   * @param specs that a recipe names
   * @param found the axes of the responses
   * @throws RecipeException naming the first
   */
  public static void requireNoneOfEpochs(List<Spec> specs, String found) {
    for (Spec spec : specs) {
      if (spec.make().ofEpochs()) {
        throw new RecipeException(
            "training.batches.augment: "
                + spec.name()
                + " needs epochs [trials, channels, samples], and these responses are "
                + found
                + ". Leave it out.");
      }
    }
  }

  /**
   * Which augmentation, with which settings.
   *
   * @param name of {@link Augmentations}
   * @param settings of it; missing ones take its defaults
   */
  public record Spec(String name, Optional<JsonNode> settings) {
    /** Checks that it can be made. */
    public Spec {
      make(name, settings);
    }

    private static Augmentation make(String name, Optional<JsonNode> settings) {
      return (Augmentation)
          RecordBinder.bind(
              settings.orElseGet(JsonNodeFactory.instance::objectNode),
              registry().get(name),
              "training.batches.augment: " + name);
    }

    /** The augmentation. */
    Augmentation make() {
      return make(name, settings);
    }
  }

  /**
   * A part of all channels, parcels or voxels, drawn for each response, is zero in all of it; 0 is
   * the mean where responses are standardised. WAVE leaves out a fifth of the parcels so.
   *
   * @param part of them, rounded to a number of channels
   */
  public record ChannelDropout(double part) implements Augmentation {
    /** Checks the part. */
    public ChannelDropout {
      Check.argument(
          part >= 0 && part < 1, "channel-dropout: expected a part in [0, 1), found %s", part);
    }

    /** A fifth. */
    public static ChannelDropout defaults() {
      return new ChannelDropout(0.2);
    }

    @Override
    public void apply(Response response, PinnedRandom random) {
      int[] order = random.permutation(response.channels());
      int out = Math.toIntExact(Math.round(part * response.channels()));
      float[] values = response.batch().array();
      for (int i = 0; i < out; i++) {
        int start = response.start(order[i]);
        Arrays.fill(values, start, start + response.samples(), 0);
      }
    }

    @Override
    public String describe() {
      return part + " of the channels left out";
    }
  }

  /**
   * The samples of an epoch, or volumes of a series, in an order drawn for each response, the same
   * for all channels, as WAVE does with its five volumes.
   *
   * @param probability of a response to be shuffled
   */
  public record TimeShuffle(double probability) implements Augmentation {
    /** Checks the probability. */
    public TimeShuffle {
      Check.argument(
          probability >= 0 && probability <= 1,
          "time-shuffle: expected a probability from 0 to 1, found %s",
          probability);
    }

    /** Every response. */
    public static TimeShuffle defaults() {
      return new TimeShuffle(1);
    }

    @Override
    public boolean ofEpochs() {
      return true;
    }

    @Override
    public void apply(Response response, PinnedRandom random) {
      boolean chosen = random.nextDouble() < probability;
      int samples = response.samples();
      int[] order = random.permutation(samples);
      if (!chosen) {
        return;
      }
      float[] values = response.batch().array();
      for (int channel = 0; channel < response.channels(); channel++) {
        int start = response.start(channel);
        float[] before = Arrays.copyOfRange(values, start, start + samples);
        for (int t = 0; t < samples; t++) {
          values[start + t] = before[order[t]];
        }
      }
    }

    @Override
    public String describe() {
      return "samples shuffled" + (probability < 1 ? " in " + probability + " of the rows" : "");
    }
  }
}
