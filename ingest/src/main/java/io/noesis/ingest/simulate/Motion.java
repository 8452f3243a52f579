package io.noesis.ingest.simulate;

import io.noesis.ingest.simulate.stimulus.FirstFrame;
import io.noesis.run.Parallel;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the objects of pictures begin to move, all of a picture alike. The direction is drawn for
 * each picture by itself, so that nothing in the picture tells it; where something can move, the
 * picture tells.
 *
 * @param side places along each side of the grid
 * @param velocities {@code [pictures, 2]}: to the right and down, places per frame
 */
record Motion(int side, Tensor velocities) {
  /** The names of its two columns among the features of pictures. */
  static final List<String> NAMES = List.of("motion:x", "motion:y");

  private static final double SLOWEST = 1;
  private static final double FASTEST = 3;

  /** Draws speed and direction of each picture. */
  static Motion of(int pictures, int side, Seed seed) {
    PinnedRandom random = seed.random();
    float[] out = new float[2 * pictures];
    for (int p = 0; p < pictures; p++) {
      double speed = SLOWEST + (FASTEST - SLOWEST) * random.nextDouble();
      double angle = 2 * Math.PI * random.nextDouble();
      out[2 * p] = (float) (speed * StrictMath.cos(angle));
      out[2 * p + 1] = (float) (speed * StrictMath.sin(angle));
    }
    return new Motion(side, Tensor.wrap(out, pictures, 2));
  }

  /** The features of pictures with two more, of variance 1: the velocity. */
  Tensor beside(Tensor features) {
    int pictures = features.dim(0);
    int width = features.dim(1);
    double square = SLOWEST * SLOWEST + SLOWEST * FASTEST + FASTEST * FASTEST;
    double sd = Math.sqrt(square / 6);
    float[] out = new float[pictures * (width + 2)];
    for (int p = 0; p < pictures; p++) {
      System.arraycopy(features.array(), p * width, out, p * (width + 2), width);
      for (int axis = 0; axis < 2; axis++) {
        out[p * (width + 2) + width + axis] = (float) (velocities.at(p, axis) / sd);
      }
    }
    return Tensor.wrap(out, pictures, width + 2);
  }

  /** Writes the flow and what the first frame shows at each place, with the ids of their rows. */
  void write(Path folder, List<SimulatedStimulus> stimuli, int pixels) {
    int places = side * side;
    float[] frames = new float[stimuli.size() * places * FirstFrame.FEATURES];
    float[] flow = new float[stimuli.size() * places * 2];
    Parallel.forBlocks(
        stimuli.size(),
        8,
        (from, to) -> {
          for (int p = from; p < to; p++) {
            float[] frame = FirstFrame.of(stimuli.get(p).scene(), pixels, side);
            System.arraycopy(frame, 0, frames, p * frame.length, frame.length);
            for (int place = 0; place < places; place++) {
              for (int axis = 0; axis < 2; axis++) {
                flow[(p * places + place) * 2 + axis] =
                    frame[place * FirstFrame.FEATURES] * velocities.at(p, axis);
              }
            }
          }
        });
    List<List<String>> ids = new ArrayList<>();
    ids.add(List.of("id"));
    stimuli.forEach(stimulus -> ids.add(List.of(stimulus.id())));
    Npy.write(
        folder.resolve("first_frame.npy"),
        Tensor.wrap(frames, stimuli.size(), places, FirstFrame.FEATURES));
    Bids.table(folder.resolve("first_frame.tsv"), ids);
    Npy.write(folder.resolve("flow.npy"), Tensor.wrap(flow, stimuli.size(), places, 2));
    Bids.table(folder.resolve("flow.tsv"), ids);
  }
}
