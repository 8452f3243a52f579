package io.noesis.ingest.simulate;

import io.noesis.ingest.simulate.stimulus.Scene;

/**
 * Which pictures are shown, and how often.
 *
 * @param train pictures in training runs
 * @param trainRepetitions how often each subject sees each of them
 * @param test pictures in test runs; every second one has a held-out combination of category and
 *     colour
 * @param testRepetitions how often each subject sees each of them; a ceiling needs at least 2
 * @param pixels size of a picture along each side
 * @param captions how many captions each picture has, all different wordings of what it shows
 */
public record PicturePlan(
    int train, int trainRepetitions, int test, int testRepetitions, int pixels, int captions) {
  private static final int MOST_CAPTIONS = 20;

  public PicturePlan {
    Plan.require(
        captions >= 1 && captions <= MOST_CAPTIONS,
        "captions must be 1 to %d of a picture, found %d",
        MOST_CAPTIONS,
        captions);
    Plan.require(train >= 1, "train must be at least 1 picture, found %d", train);
    Plan.require(
        trainRepetitions >= 1, "trainRepetitions must be at least 1, found %d", trainRepetitions);
    Plan.require(test >= 0, "test must be at least 0 pictures, found %d", test);
    Plan.require(
        testRepetitions >= 1, "testRepetitions must be at least 1, found %d", testRepetitions);
    Plan.require(
        pixels >= Scene.SMALLEST_PIXELS && pixels <= Scene.LARGEST_PIXELS,
        "pixels must be %d to %d, found %d",
        Scene.SMALLEST_PIXELS,
        Scene.LARGEST_PIXELS,
        pixels);
  }

  /** With one caption of each. */
  public PicturePlan(int train, int trainRepetitions, int test, int testRepetitions, int pixels) {
    this(train, trainRepetitions, test, testRepetitions, pixels, 1);
  }

  /** 720 pictures once and 72 others three times, of 128 pixels. */
  public static PicturePlan defaults() {
    return new PicturePlan(720, 1, 72, 3, 128);
  }

  /** The same with so many captions of each picture. */
  public PicturePlan withCaptions(int count) {
    return new PicturePlan(train, trainRepetitions, test, testRepetitions, pixels, count);
  }

  /** How many different pictures. */
  public int distinct() {
    return train + test;
  }

  /** How many trials each subject sees. */
  public int trials() {
    return train * trainRepetitions + test * testRepetitions;
  }
}
