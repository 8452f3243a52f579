package io.noesis.tests.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** One fault in a copy of a small study, and how the program must speak of it. */
record Fault(String name, Planted planted, List<String> words) {
  private static final String RUN = "sub-01/ses-01/func/sub-01_ses-01_task-pictures_run-01_";
  static final String BOLD = RUN + "bold.nii.gz";
  private static final String EVENTS = RUN + "events.tsv";
  private static final String MASK =
      "derivatives/simulation/sub-01/func/sub-01_task-pictures_desc-brain_mask.nii.gz";
  private static final String STIMULI = "stimuli/stimuli.tsv";

  /** Damages the study in this folder. */
  @FunctionalInterface
  interface Planted {
    void in(Path study) throws IOException;
  }

  static List<Fault> all() {
    return List.of(
        new Fault("truncated gzip", s -> bytes(s, BOLD, Fault::half), List.of("run-01_bold")),
        new Fault("flipped byte", s -> bytes(s, BOLD, Fault::flipped), List.of("run-01_bold")),
        new Fault("wrong checksum", s -> bytes(s, BOLD, Fault::checksum), List.of("run-01_bold")),
        new Fault("wrong magic", s -> image(s, BOLD, Fault::magic), List.of("run-01_bold")),
        new Fault("cut inside", s -> image(s, BOLD, Fault::half), List.of("run-01_bold")),
        new Fault(
            "NaN voxel", Fault::nan, List.of("run-01_bold", "1 of", "NaN", "nonFinite: drop")),
        new Fault(
            "another mask",
            s -> image(s, MASK, Fault::narrower),
            List.of("desc-brain_mask.nii.gz", "_bold.nii.gz", "Resample")),
        new Fault("late event", Fault::lateEvent, List.of("run-01_events.tsv", "9999", "past")),
        new Fault("unknown stimulus", Fault::unknownStimulus, List.of("picture-of-nobody")),
        new Fault("missing picture", Fault::missingPicture, List.of("pic0004.png")),
        new Fault("duplicate ids", Fault::duplicateIds, List.of("stimuli.tsv", "pic0001")));
  }

  @Override
  public String toString() {
    return name;
  }

  /** Writes the run's volumes as float32 with NaN in the first voxel inside the mask. */
  private static void nan(Path study) throws IOException {
    byte[] mask = unzip(Files.readAllBytes(study.resolve(MASK)));
    int voxel = 0;
    while (mask[352 + voxel] == 0) {
      voxel++;
    }
    int first = voxel;
    image(study, BOLD, bold -> withNan(bold, first));
  }

  private static byte[] withNan(byte[] image, int voxel) {
    ByteBuffer in = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    int values = (image.length - 352) / 2;
    ByteBuffer out = ByteBuffer.allocate(352 + 4 * values).order(ByteOrder.LITTLE_ENDIAN);
    out.put(image, 0, 352);
    out.putShort(70, (short) 16).putShort(72, (short) 32);
    for (int i = 0; i < values; i++) {
      out.putFloat(i == voxel ? Float.NaN : in.getShort(352 + 2 * i));
    }
    return out.array();
  }

  private static void lateEvent(Path study) throws IOException {
    lines(
        study,
        EVENTS,
        lines -> {
          lines.set(3, lines.get(3).replaceFirst("^[^\t]+", "9999.0"));
          return lines;
        });
  }

  private static void unknownStimulus(Path study) throws IOException {
    lines(
        study,
        EVENTS,
        lines -> {
          lines.set(3, lines.get(3).replaceAll("pic\\d{4}", "picture-of-nobody"));
          return lines;
        });
  }

  private static void missingPicture(Path study) throws IOException {
    Files.delete(study.resolve("stimuli/pic0004.png"));
  }

  private static void duplicateIds(Path study) throws IOException {
    lines(
        study,
        STIMULI,
        lines -> {
          lines.add(lines.get(1));
          return lines;
        });
  }

  private static byte[] half(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  private static byte[] flipped(byte[] bytes) {
    bytes[bytes.length / 2] ^= 0x55;
    return bytes;
  }

  /** The last eight bytes of a gzip file are its checksum and its length. */
  private static byte[] checksum(byte[] bytes) {
    bytes[bytes.length - 8] ^= 1;
    return bytes;
  }

  private static byte[] magic(byte[] image) {
    image[344] = 'x';
    return image;
  }

  /** One voxel less along the first axis, and the values that then fit. */
  private static byte[] narrower(byte[] image) {
    ByteBuffer header = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    int width = header.getShort(42);
    header.putShort(42, (short) (width - 1));
    return Arrays.copyOf(image, 352 + (image.length - 352) / width * (width - 1));
  }

  private static void bytes(Path study, String file, UnaryOperator<byte[]> change)
      throws IOException {
    Path path = study.resolve(file);
    Files.write(path, change.apply(Files.readAllBytes(path)));
  }

  private static void image(Path study, String file, UnaryOperator<byte[]> change)
      throws IOException {
    Path path = study.resolve(file);
    byte[] changed = change.apply(unzip(Files.readAllBytes(path)));
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path))) {
      out.write(changed);
    }
  }

  private static byte[] unzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      in.transferTo(out);
    }
    return out.toByteArray();
  }

  private static void lines(Path study, String file, UnaryOperator<List<String>> change)
      throws IOException {
    Path path = study.resolve(file);
    List<String> lines =
        new java.util.ArrayList<>(Files.readAllLines(path, StandardCharsets.UTF_8));
    Files.writeString(path, String.join("\n", change.apply(lines)) + "\n");
  }
}
