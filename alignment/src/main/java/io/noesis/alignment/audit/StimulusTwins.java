package io.noesis.alignment.audit;

import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.embedding.ResizeFilter;
import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.Fingerprint;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pictures of a study are the same under two ids: by file content, by decoded pixels, or
 * nearly (the same picture compressed anew, scaled, or slightly brighter). Made once per study and
 * shared by its subjects.
 *
 * <p>Nearly the same means: as thumbnails of 32 x 32 pixels they differ by a root mean square of at
 * most 4 of 255 levels, and by at most a tenth of their own contrast. Averages over 8 x 8 blocks
 * can only differ less, so most pairs are ruled out by 48 numbers and none wrongly.
 */
public final class StimulusTwins {
  private static final int SIDE = 32;
  private static final int COARSE = 4;
  private static final double MAX_RMS = 4;
  private static final double MAX_RELATIVE = 0.1;

  /** Nothing was compared: for questions that do not look at pictures. */
  public static final StimulusTwins NONE = new StimulusTwins(Map.of(), Map.of(), List.of());

  private final Map<String, String> fileOf;
  private final Map<String, String> pixelsOf;
  private final List<NearPair> near;

  /**
   * Two pictures that are nearly the same.
   *
   * @param one fingerprint of the pixels of the first
   * @param other fingerprint of the pixels of the second
   * @param rms root mean square difference of their thumbnails, of 255 levels
   */
  record NearPair(String one, String other, double rms) {}

  @SuppressWarnings("ArrayRecordComponent") // Private to this class and compared by nobody.
  private record Thumbnail(String pixels, byte[] fine, double[] coarse, double contrast) {}

  private StimulusTwins(
      Map<String, String> fileOf, Map<String, String> pixelsOf, List<NearPair> near) {
    this.fileOf = Collections.unmodifiableMap(fileOf);
    this.pixelsOf = Collections.unmodifiableMap(pixelsOf);
    this.near = List.copyOf(near);
  }

  /**
   * Reads and compares all pictures.
   *
   * @param stimuli the study's stimuli; those without a picture are left out
   * @param progress hears of every picture
   * @return what was found
   * @throws io.noesis.run.DataException when a picture is missing or damaged
   */
  public static StimulusTwins find(StimulusSet stimuli, Progress progress) {
    List<Stimulus> pictured =
        stimuli.all().stream().filter(stimulus -> stimulus.image().isPresent()).toList();
    progress.begin("comparing pictures", pictured.size());
    String[] files = new String[pictured.size()];
    Parallel.forBlocks(
        files.length,
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            files[i] = Fingerprint.ofFile(pictured.get(i).image().orElseThrow());
          }
        });
    Map<String, Path> distinct = new LinkedHashMap<>();
    Map<String, String> fileOf = new LinkedHashMap<>();
    for (int i = 0; i < files.length; i++) {
      distinct.putIfAbsent(files[i], pictured.get(i).image().orElseThrow());
      fileOf.put(pictured.get(i).id(), files[i]);
    }
    List<Path> paths = List.copyOf(distinct.values());
    Thumbnail[] thumbnails = new Thumbnail[paths.size()];
    Parallel.forBlocks(
        thumbnails.length,
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            thumbnails[i] = thumbnail(PixelImage.read(paths.get(i)));
            progress.step(1);
          }
        });
    Map<String, Thumbnail> byFile = new LinkedHashMap<>();
    Map<String, Thumbnail> byPixels = new LinkedHashMap<>();
    List<String> hashes = List.copyOf(distinct.keySet());
    for (int i = 0; i < thumbnails.length; i++) {
      byFile.put(hashes.get(i), thumbnails[i]);
      byPixels.putIfAbsent(thumbnails[i].pixels(), thumbnails[i]);
    }
    Map<String, String> pixelsOf = new LinkedHashMap<>();
    fileOf.forEach((id, file) -> pixelsOf.put(id, pixels(byFile, file)));
    List<NearPair> near = nearPairs(List.copyOf(byPixels.values()));
    progress.done(byPixels.size() + " different pictures of " + stimuli.size() + " stimuli");
    return new StimulusTwins(fileOf, pixelsOf, near);
  }

  private static String pixels(Map<String, Thumbnail> byFile, String file) {
    Thumbnail thumbnail = byFile.get(file);
    return thumbnail == null ? "" : thumbnail.pixels();
  }

  private static Thumbnail thumbnail(PixelImage picture) {
    byte[] fine = picture.resize(SIDE, SIDE, ResizeFilter.BILINEAR).rgb();
    int block = SIDE / COARSE;
    double[] coarse = new double[3 * COARSE * COARSE];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < fine.length; i++) {
      int value = fine[i] & 0xff;
      int pixel = i / 3;
      int cell = (pixel / SIDE / block) * COARSE + (pixel % SIDE) / block;
      coarse[3 * cell + i % 3] += value / (double) (block * block);
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / fine.length;
    double contrast = Math.sqrt(Math.max(0, squares / fine.length - mean * mean));
    return new Thumbnail(picture.sha256(), fine, coarse, contrast);
  }

  private static List<NearPair> nearPairs(List<Thumbnail> thumbnails) {
    int n = thumbnails.size();
    List<List<NearPair>> ofRow = new ArrayList<>(Collections.nCopies(n, List.of()));
    Parallel.forBlocks(
        n,
        16,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            ofRow.set(i, nearPairs(thumbnails, i));
          }
        });
    return ofRow.stream().flatMap(List::stream).toList();
  }

  private static List<NearPair> nearPairs(List<Thumbnail> thumbnails, int i) {
    Thumbnail one = thumbnails.get(i);
    List<NearPair> found = new ArrayList<>();
    for (int j = i + 1; j < thumbnails.size(); j++) {
      Thumbnail other = thumbnails.get(j);
      double limit =
          Math.min(MAX_RMS, Math.max(1, MAX_RELATIVE * Math.min(one.contrast(), other.contrast())));
      if (coarseRms(one, other, limit) <= limit) {
        double rms = fineRms(one, other);
        if (rms <= limit) {
          found.add(new NearPair(one.pixels(), other.pixels(), rms));
        }
      }
    }
    return found;
  }

  private static double coarseRms(Thumbnail one, Thumbnail other, double limit) {
    double enough = limit * limit * one.coarse().length;
    double sum = 0;
    for (int i = 0; i < one.coarse().length && sum <= enough; i++) {
      double difference = one.coarse()[i] - other.coarse()[i];
      sum += difference * difference;
    }
    return Math.sqrt(sum / one.coarse().length);
  }

  private static double fineRms(Thumbnail one, Thumbnail other) {
    double sum = 0;
    for (int i = 0; i < one.fine().length; i++) {
      double difference = (one.fine()[i] & 0xff) - (other.fine()[i] & 0xff);
      sum += difference * difference;
    }
    return Math.sqrt(sum / one.fine().length);
  }

  /**
   * By which a stimulus is known again in other studies: its pixels, or its id where there is no
   * picture.
   *
   * @param stimulus its id
   * @return 16 hexadecimal digits
   */
  public String fingerprint(String stimulus) {
    String pixels = pixelsOf.get(stimulus);
    String text = pixels == null ? "id " + stimulus : "pixels " + pixels;
    return Fingerprint.ofText(text).substring(0, 16);
  }

  /** SHA-256 of each stimulus's picture file, by stimulus id. */
  Map<String, String> fileOf() {
    return fileOf;
  }

  /** Fingerprint of each stimulus's pixels, by stimulus id. */
  Map<String, String> pixelsOf() {
    return pixelsOf;
  }

  /** Pairs of different pictures that are nearly the same. */
  List<NearPair> near() {
    return near;
  }
}
