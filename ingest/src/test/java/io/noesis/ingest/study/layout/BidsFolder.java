package io.noesis.ingest.study.layout;

import io.noesis.ingest.format.nifti.NiftiSpec;
import io.noesis.ingest.format.nifti.NiftiWriter;
import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.BrainMask;
import io.noesis.ingest.volume.Grid;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A small BIDS study written into a folder: one subject, runs of 40 volumes of 4 x 3 x 2 voxels.
 */
final class BidsFolder {
  static final Grid GRID = new Grid(4, 3, 2, Affine.diagonal(3, 3, 3));
  static final int VOLUMES = 40;
  static final double TR = 1.5;

  final Path root;

  BidsFolder(Path root) {
    this.root = root;
  }

  static BidsFolder good(Path root) throws IOException {
    BidsFolder folder = new BidsFolder(root);
    folder.text(
        "dataset_description.json",
        "{\"Name\": \"small\", \"BIDSVersion\": \"1.10.0\", \"License\": \"CC0\","
            + " \"Authors\": [\"A\", \"B\"]}");
    folder.text("task-pictures_bold.json", "{\"RepetitionTime\": 1.5, \"TaskName\": \"pictures\"}");
    folder.text(
        "stimuli/stimuli.tsv",
        "id\tfile\tcaption\tcategory\tgroup\n"
            + "a\ta.png\ta red cup\tcup\tthing\n"
            + "b\tb.png\ta blue dog\tdog\tanimal\n"
            + "c\tc.png\ta green dog\tdog\tanimal\n");
    for (String name : new String[] {"a", "b", "c"}) {
      folder.text("stimuli/" + name + ".png", "not really a picture " + name);
    }
    folder.run("01", "a", "b", "c");
    folder.run("02", "c", "a", "b");
    folder.mask("01", half());
    folder.mask("02", half());
    return folder;
  }

  static boolean[] half() {
    boolean[] inside = new boolean[GRID.voxels()];
    Arrays.fill(inside, 0, 12, true);
    return inside;
  }

  Path func(String name) {
    return root.resolve("sub-01/func/sub-01_task-pictures_" + name);
  }

  void run(String run, String... stimuli) throws IOException {
    image(run, values(run));
    StringBuilder events =
        new StringBuilder("onset\tduration\ttrial_type\tstim_file\tstimulus_id\tpart\n");
    for (int i = 0; i < stimuli.length; i++) {
      events
          .append(4 + 15 * i)
          .append("\t2\tview\tstimuli/")
          .append(stimuli[i])
          .append(".png\t")
          .append(stimuli[i])
          .append(i == 2 ? "\ttest\n" : "\ttrain\n");
    }
    events(run, events.toString());
  }

  static float[][] values(String run) {
    PinnedRandom random = Seed.of(3).child("bold " + run).random();
    float[][] out = new float[VOLUMES][GRID.voxels()];
    for (float[] volume : out) {
      for (int v = 0; v < volume.length; v++) {
        // Voxels outside the half mask are dark, so that a mean mask finds the same half.
        volume[v] = (float) (v < 12 ? 1000 + 10 * random.nextGaussian() : random.nextDouble());
      }
    }
    return out;
  }

  void image(String run, float[][] values) {
    NiftiWriter.writeFloat32(
        func("run-" + run + "_bold.nii.gz"),
        NiftiSpec.series(GRID, values.length, TR),
        t -> values[t]);
  }

  void events(String run, String text) throws IOException {
    text("sub-01/func/sub-01_task-pictures_run-" + run + "_events.tsv", text);
  }

  void mask(String run, boolean[] inside) {
    NiftiWriter.writeMask(maskFile(run), BrainMask.of(GRID, inside));
  }

  Path maskFile(String run) {
    return root.resolve(
        "derivatives/simulation/sub-01/func/sub-01_task-pictures_run-"
            + run
            + "_desc-brain_mask.nii.gz");
  }

  void text(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  void replace(String name, String from, String to) throws IOException {
    Path file = root.resolve(name);
    String text = Files.readString(file);
    if (!text.contains(from)) {
      throw new IllegalArgumentException(file + " does not contain " + from);
    }
    Files.writeString(file, text.replace(from, to));
  }
}
