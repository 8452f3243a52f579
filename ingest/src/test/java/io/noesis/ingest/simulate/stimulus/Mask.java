package io.noesis.ingest.simulate.stimulus;

import java.awt.image.BufferedImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Which pixels of a scene differ from its bare background, and what can be measured on them. */
record Mask(BufferedImage image, boolean[] changed, int pixels) {

  static Mask of(Scene scene, int pixels) {
    BufferedImage image = scene.draw(pixels);
    BufferedImage bare = scene.drawBackground(pixels);
    boolean[] changed = new boolean[pixels * pixels];
    for (int i = 0; i < changed.length; i++) {
      changed[i] =
          distance(image.getRGB(i % pixels, i / pixels), bare.getRGB(i % pixels, i / pixels)) > 8;
    }
    return new Mask(image, changed, pixels);
  }

  /** The largest difference in red, green or blue. */
  static int distance(int a, int b) {
    int red = Math.abs(((a >> 16) & 255) - ((b >> 16) & 255));
    int green = Math.abs(((a >> 8) & 255) - ((b >> 8) & 255));
    return Math.max(Math.max(red, green), Math.abs((a & 255) - (b & 255)));
  }

  /** The share of the picture that is object. */
  double area() {
    int n = 0;
    for (boolean each : changed) {
      n += each ? 1 : 0;
    }
    return (double) n / changed.length;
  }

  /** The middle of the box around the object pixels: x and y in 0 .. 1. */
  double[] middle() {
    int[] box = {pixels, pixels, 0, 0};
    for (int i = 0; i < changed.length; i++) {
      if (changed[i]) {
        box[0] = Math.min(box[0], i % pixels);
        box[1] = Math.min(box[1], i / pixels);
        box[2] = Math.max(box[2], i % pixels);
        box[3] = Math.max(box[3], i / pixels);
      }
    }
    return new double[] {
      (box[0] + box[2] + 1) / 2.0 / pixels, (box[1] + box[3] + 1) / 2.0 / pixels
    };
  }

  /** How many object pixels lie on the outermost frame of the picture. */
  int onFrame() {
    int n = 0;
    for (int i = 0; i < changed.length; i++) {
      int x = i % pixels;
      int y = i / pixels;
      boolean frame = x == 0 || y == 0 || x == pixels - 1 || y == pixels - 1;
      n += frame && changed[i] ? 1 : 0;
    }
    return n;
  }

  /** The named colour to which most object pixels are nearest in sRGB. */
  SceneColour colour() {
    Map<SceneColour, Integer> votes = new EnumMap<>(SceneColour.class);
    for (int i = 0; i < changed.length; i++) {
      if (changed[i]) {
        votes.merge(nearest(image.getRGB(i % pixels, i / pixels)), 1, Integer::sum);
      }
    }
    return Collections.max(votes.entrySet(), Map.Entry.comparingByValue()).getKey();
  }

  private static SceneColour nearest(int rgb) {
    SceneColour best = SceneColour.RED;
    int least = Integer.MAX_VALUE;
    for (SceneColour colour : SceneColour.values()) {
      int sum = 0;
      for (int shift = 0; shift <= 16; shift += 8) {
        int difference = ((rgb >> shift) & 255) - ((colour.rgb() >> shift) & 255);
        sum += difference * difference;
      }
      if (sum < least) {
        least = sum;
        best = colour;
      }
    }
    return best;
  }

  /** How many connected pieces (8 neighbours) have at least a third of the largest one's size. */
  int pieces() {
    boolean[] left = changed.clone();
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < left.length; i++) {
      if (left[i]) {
        sizes.add(flood(left, i));
      }
    }
    int largest = Collections.max(sizes);
    return (int) sizes.stream().filter(size -> size * 3 >= largest).count();
  }

  private int flood(boolean[] left, int start) {
    ArrayDeque<Integer> open = new ArrayDeque<>();
    left[start] = false;
    open.add(start);
    int size = 0;
    while (!open.isEmpty()) {
      int at = open.remove();
      size++;
      for (int k = 0; k < 9; k++) {
        int x = at % pixels + k % 3 - 1;
        int y = at / pixels + k / 3 - 1;
        if (x >= 0 && y >= 0 && x < pixels && y < pixels && left[y * pixels + x]) {
          left[y * pixels + x] = false;
          open.add(y * pixels + x);
        }
      }
    }
    return size;
  }
}
