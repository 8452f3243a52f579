package io.noesis.ingest.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What records a simulated EEG or MEG study.
 *
 * @param modality electrodes on the scalp or magnetometers above it
 * @param channels how many, spread evenly over the upper head
 * @param samplingRateHz of the epochs
 * @param startSeconds of an epoch; the picture appears at 0
 * @param endSeconds of an epoch, included
 */
public record SensorPlan(
    Modality modality,
    int channels,
    double samplingRateHz,
    double startSeconds,
    double endSeconds) {
  /** What is recorded. */
  public enum Modality {
    /** Electric potentials, in microvolts. */
    EEG,
    /** Magnetic fields, in femtotesla. */
    MEG
  }

  private static final double GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

  /** The lowest sensors lie so far below the equator of the head: cos of the angle to its top. */
  private static final double LOWEST = -0.25;

  /** Checks the ranges. */
  public SensorPlan {
    Plan.require(channels >= 4 && channels <= 400, "channels must be 4 to 400, found %d", channels);
    Plan.require(
        samplingRateHz >= 20 && samplingRateHz <= 2000,
        "samplingRateHz must be 20 to 2000, found %s",
        samplingRateHz);
    Plan.require(
        startSeconds >= -2 && startSeconds <= 0 && endSeconds >= 0.5 && endSeconds <= 3,
        "an epoch must begin at -2 to 0 s and end at 0.5 to 3 s, found %s to %s",
        startSeconds,
        endSeconds);
  }

  /** 32 electrodes or 64 magnetometers, 100 Hz, −0.2 s to 0.79 s: 100 samples. */
  public static SensorPlan defaults(Modality modality) {
    return new SensorPlan(modality, modality == Modality.EEG ? 32 : 64, 100, -0.2, 0.79);
  }

  /** Samples of an epoch. */
  public int samples() {
    return (int) Math.round((endSeconds - startSeconds) * samplingRateHz) + 1;
  }

  /** Seconds of each sample. */
  double time(int sample) {
    return startSeconds + sample / samplingRateHz;
  }

  /** The unit of the numbers. */
  String unit() {
    return modality == Modality.EEG ? "uV" : "fT";
  }

  /** Size of the noise in that unit. */
  double noise() {
    return modality == Modality.EEG ? 10 : 100;
  }

  /** A name for each channel: {@code E01}, {@code M01}. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (int c = 1; c <= channels; c++) {
      names.add(String.format(Locale.ROOT, "%s%02d", modality == Modality.EEG ? "E" : "M", c));
    }
    return names;
  }

  /**
   * Unit vectors to the sensors, along a spiral from the top of the head that gives each the same
   * area; x to the right, y to the front, z up.
   */
  List<double[]> positions() {
    List<double[]> positions = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      double z = 1 - (1 - LOWEST) * (c + 0.5) / channels;
      double across = Math.sqrt(1 - z * z);
      double angle = GOLDEN_ANGLE * c;
      positions.add(new double[] {across * Math.cos(angle), across * Math.sin(angle), z});
    }
    return positions;
  }
}
