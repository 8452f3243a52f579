package io.noesis.ingest.study;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What the axes of epochs {@code [trials, channels, samples]} mean.
 *
 * @param channels their names; numbers from 1 where none are known
 * @param positions of the sensors, two or three coordinates each, NaN where one is not known; empty
 *     when none is
 * @param samples of an epoch
 * @param samplingRateHz NaN when not known
 * @param startSeconds time of the first sample; the event is at 0
 */
public record EpochAxes(
    List<String> channels,
    List<List<Double>> positions,
    int samples,
    double samplingRateHz,
    double startSeconds) {
  /** Copies and checks. */
  public EpochAxes {
    channels = List.copyOf(channels);
    positions = positions.stream().map(List::copyOf).toList();
    Check.argument(
        !channels.isEmpty() && samples > 0,
        "epochs: expected at least 1 channel and 1 sample, found %d and %d",
        channels.size(),
        samples);
    Check.argument(
        positions.isEmpty() || positions.size() == channels.size(),
        "epochs of %d channels: expected a position for each or none, found %d",
        channels.size(),
        positions.size());
    Check.argument(
        Double.isNaN(samplingRateHz) || (samplingRateHz > 0 && Double.isFinite(startSeconds)),
        "epochs: expected a sampling rate above 0 Hz and a finite start, found %s and %s",
        samplingRateHz,
        startSeconds);
  }

  /** Epochs of which nothing but the sizes is known. */
  public static EpochAxes of(int channels, int samples) {
    List<String> names = IntStream.rangeClosed(1, channels).mapToObj(Integer::toString).toList();
    return new EpochAxes(names, Collections.emptyList(), samples, Double.NaN, Double.NaN);
  }

  /** The same sensors, sampled at that rate from that time on. */
  public EpochAxes timed(double rateHz, double fromSeconds) {
    return new EpochAxes(channels, positions, samples, rateHz, fromSeconds);
  }

  /**
   * The samples of a window of time: from the one nearest its beginning to the one nearest its end,
   * both included, as MNE cuts epochs.
   *
   * @param fromSeconds its beginning
   * @param toSeconds its end
   * @return number of the first, and how many
   * @throws DataException when the sampling rate is not known, or the window reaches outside
   */
  public int[] window(double fromSeconds, double toSeconds) {
    if (Double.isNaN(samplingRateHz)) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "cutting %s s to %s s out of epochs: their sampling rate is not known. Give"
                  + " study.settings.samplingRateHz and startSeconds, or a responses.json with"
                  + " SamplingFrequency and StartTime.",
              fromSeconds,
              toSeconds));
    }
    long first = Math.round((fromSeconds - startSeconds) * samplingRateHz);
    long last = Math.round((toSeconds - startSeconds) * samplingRateHz);
    if (first < 0 || last >= samples || first > last) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "cutting %s s to %s s out of epochs: they reach from %.4g s to %.4g s (%d samples at"
                  + " %s Hz), expected a window inside. Change the recipe's window, or the study's"
                  + " startSeconds.",
              fromSeconds,
              toSeconds,
              startSeconds,
              endSeconds(),
              samples,
              samplingRateHz));
    }
    return new int[] {(int) first, (int) (last - first + 1)};
  }

  /** Time of the last sample. */
  public double endSeconds() {
    return startSeconds + (samples - 1) / samplingRateHz;
  }

  /** The same channels, but only some of the samples. */
  public EpochAxes cut(int first, int count) {
    return new EpochAxes(
        channels, positions, count, samplingRateHz, startSeconds + first / samplingRateHz);
  }

  /** Some of the channels, all samples. */
  public EpochAxes only(int[] which) {
    return new EpochAxes(
        Arrays.stream(which).mapToObj(channels::get).toList(),
        positions.isEmpty() ? positions : Arrays.stream(which).mapToObj(positions::get).toList(),
        samples,
        samplingRateHz,
        startSeconds);
  }

  /** The samples in words: {@code 250, -0.2 s to 0.996 s at 250 Hz}. */
  public String time() {
    return Double.isNaN(samplingRateHz)
        ? samples + ", sampling rate unknown"
        : String.format(
            Locale.ROOT,
            "%d, %.4g s to %.4g s at %s Hz",
            samples,
            startSeconds,
            endSeconds(),
            samplingRateHz == Math.rint(samplingRateHz)
                ? String.valueOf((long) samplingRateHz)
                : String.valueOf(samplingRateHz));
  }
}
