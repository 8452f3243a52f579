package io.noesis.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.format.Formats;
import io.noesis.ingest.format.Summary;
import io.noesis.ingest.format.Summary.Fact;
import io.noesis.ingest.format.nifti.NiftiFile;
import io.noesis.ingest.format.nifti.NiftiHeader;
import io.noesis.ingest.manifest.DatasetManifest;
import io.noesis.ingest.manifest.ManifestFile;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.layout.StudyLayouts;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import io.noesis.run.NoesisException;
import io.noesis.run.UnsupportedDataException;
import io.noesis.run.YamlTree;
import io.noesis.tensor.NpyRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What a file, a study or a run folder is, from names, tables and headers: the Java API of {@code
 * noesis inspect}. No recording is read.
 */
public final class Inspection {
  private final Summary summary;
  private final Optional<StudyOutline> study;
  private final Optional<RunOutline> run;
  private final Optional<String> problem;

  private Inspection(
      Summary summary,
      Optional<StudyOutline> study,
      Optional<RunOutline> run,
      Optional<String> problem) {
    this.summary = summary;
    this.study = study;
    this.run = run;
    this.problem = problem;
  }

  /**
   * Looks at a path.
   *
   * @param path a file, a study's folder or a run folder
   * @return what it is; a study that cannot be opened, or a file whose data are cut off, is told
   *     with its problem
   * @throws DataException when it is missing, empty, unreadable or of no known kind
   */
  public static Inspection of(Path path) {
    if (Files.isDirectory(path)) {
      return folder(path);
    }
    Summary summary = LineageFacts.inWords(Formats.describe(path));
    return new Inspection(summary, Optional.empty(), Optional.empty(), damage(summary));
  }

  private static Inspection folder(Path path) {
    if (RunOutline.looksLikeOne(path)) {
      RunOutline run = RunOutline.of(path);
      Summary summary = new Summary(path, "run", List.of());
      return new Inspection(summary, Optional.empty(), Optional.of(run), Optional.empty());
    }
    if (Formats.of(path).isPresent()) {
      return opened(Formats.describe(path), () -> open("bids", path));
    }
    Optional<DatasetManifest> manifest = manifest(path);
    if (manifest.isPresent()) {
      return known(path, manifest.get());
    }
    if (looksLikeArrays(path)) {
      return opened(new Summary(path, "arrays", List.of()), () -> open("arrays", path));
    }
    throw new UnsupportedDataException(
        "looking at the folder "
            + path
            + ": it is neither a BIDS dataset (dataset_description.json), nor a study of the layout"
            + " 'arrays' (responses.npy and trials.tsv, there or in sub-...), nor a run of Noesis"
            + " (run.json), nor a study that a manifest knows. Give one of these, or a file.");
  }

  private static Study open(String layout, Path path) {
    return StudyLayouts.open(layout, path, YamlTree.emptyMapping());
  }

  private static Inspection opened(Summary summary, Supplier<Study> opening) {
    try {
      StudyOutline outline = StudyOutline.of(opening.get());
      return new Inspection(summary, Optional.of(outline), Optional.empty(), Optional.empty());
    } catch (NoesisException e) {
      String why = "it cannot be opened as a study: " + e.getMessage();
      return new Inspection(summary, Optional.empty(), Optional.empty(), Optional.of(oneLine(why)));
    }
  }

  private static Inspection known(Path path, DatasetManifest manifest) {
    Summary summary =
        new Summary(
            path,
            "study",
            List.of(
                new Fact("manifest", manifest.name()),
                new Fact("title", manifest.title()),
                new Fact("licence", manifest.licence())));
    return manifest.layout().isEmpty()
        ? new Inspection(summary, Optional.empty(), Optional.empty(), Optional.empty())
        : opened(summary, () -> StudyLayouts.open(manifest, path, YamlTree.emptyMapping()));
  }

  /** The manifest whose files are all there in their sizes; contents are compared by a run. */
  private static Optional<DatasetManifest> manifest(Path folder) {
    return Manifests.datasetNames().stream()
        .map(Manifests::dataset)
        .filter(m -> !m.files().isEmpty())
        .filter(m -> m.files().stream().allMatch(file -> isThere(folder, file)))
        .findFirst();
  }

  private static boolean isThere(Path folder, ManifestFile file) {
    Path path = folder.resolve(file.path());
    try {
      return Files.isRegularFile(path) && Files.size(path) == file.bytes();
    } catch (IOException e) {
      throw new DataException("looking at " + path + ": " + Failure.reason(e) + ".", e);
    }
  }

  private static boolean looksLikeArrays(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return Stream.concat(
              Stream.of(folder),
              entries.filter(e -> String.valueOf(e.getFileName()).startsWith("sub-")))
          .anyMatch(
              place ->
                  Files.isRegularFile(place.resolve("responses.npy"))
                      || Files.isRegularFile(place.resolve("trials.tsv")));
    } catch (IOException e) {
      throw new DataException("listing " + folder + ": " + Failure.reason(e) + ".", e);
    }
  }

  /** Whether the data behind a sound header are there, as far as sizes tell. */
  private static Optional<String> damage(Summary summary) {
    Path path = summary.path();
    try {
      if (summary.format().equals("nifti") && NiftiHeader.read(path).isSeries()) {
        NiftiFile.source(path);
      } else if (summary.format().equals("npy")) {
        NpyRows.open(path).close();
      }
      return Optional.empty();
    } catch (UnsupportedDataException e) {
      // Nothing is wrong with a file only because it cannot be read here.
      return Optional.empty();
    } catch (CorruptDataException e) {
      return Optional.of(oneLine(String.valueOf(e.getMessage())));
    }
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  Summary summary() {
    return summary;
  }

  Optional<StudyOutline> study() {
    return study;
  }

  Optional<RunOutline> run() {
    return run;
  }

  Optional<String> problem() {
    return problem;
  }

  /** For people: one line per fact. */
  public List<String> lines() {
    return InspectionText.of(this);
  }

  /** For scripts: one object whose keys are always there, null where they say nothing. */
  public ObjectNode json() {
    return InspectionJson.of(this);
  }
}
