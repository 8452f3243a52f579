package io.noesis.ingest.study.layout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.format.bids.BidsDataset;
import io.noesis.ingest.format.bids.BidsFile;
import io.noesis.ingest.format.bids.BidsName;
import io.noesis.run.DataException;
import io.noesis.run.UnsupportedDataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the BOLD runs of a subject, with events, mask and confounds of each. */
final class BidsRuns {
  private static final List<String> IMAGES = List.of(".nii.gz", ".nii");

  /** Entities that say how a file was derived, not which recording it is of. */
  private static final List<String> DERIVED = List.of("space", "desc", "res", "den", "label");

  private final BidsDataset raw;
  private final BidsDataset source;
  private final BidsSettings settings;

  BidsRuns(BidsDataset raw, BidsSettings settings) {
    this.raw = raw;
    this.settings = settings;
    this.source = settings.derivative().map(raw::derivative).orElse(raw);
  }

  /** The runs of a subject that have events, in the order of their names. */
  List<BidsRun> of(String subject) {
    List<BidsFile> images = new ArrayList<>();
    for (BidsFile file : source.files(subject, "bold", IMAGES)) {
      boolean wanted =
          settings.task().map(t -> t.equals(file.name().entity("task"))).orElse(true)
              && settings.space().map(s -> s.equals(file.name().entity("space"))).orElse(true);
      if (wanted && (events(file).isPresent() || settings.task().isPresent())) {
        images.add(file);
      }
    }
    if (images.isEmpty()) {
      throw new DataException(
          "reading sub-"
              + subject
              + " of "
              + source.root()
              + ": found no BOLD run with events"
              + settings.task().map(t -> " of task '" + t + "'").orElse("")
              + settings.space().map(s -> " in space '" + s + "'").orElse("")
              + ". Expected func/sub-"
              + subject
              + "_task-..._bold.nii.gz with an _events.tsv beside it.");
    }
    requireOne(images, "task", "task");
    requireOne(images, "space", "space");
    Map<BidsFile, String> labels = labels(images);
    return images.stream().map(image -> run(image, labels)).toList();
  }

  private BidsRun run(BidsFile image, Map<BidsFile, String> labels) {
    Path events =
        events(image)
            .orElseThrow(
                () ->
                    new DataException(
                        "reading the run "
                            + image.path()
                            + ": it has no events table. Add "
                            + recording(image).name().as("events", ".tsv").fileName()
                            + "."));
    ObjectNode sidecar = raw.sidecar(recording(image));
    sidecar.setAll(source.sidecar(image));
    if (sidecar.has("VolumeTiming")) {
      throw new UnsupportedDataException(
          "reading the run "
              + image.path()
              + ": its volumes are unevenly spaced (VolumeTiming), which the GLM does not read yet."
              + " Leave the run out, or estimate betas elsewhere and use the layout 'arrays'.");
    }
    return new BidsRun(
        image,
        String.valueOf(labels.get(image)),
        events,
        number(sidecar, "RepetitionTime", Double.NaN, image),
        number(sidecar, "StartTime", 0, image),
        mask(image),
        confounds(image));
  }

  private static double number(JsonNode sidecar, String key, double missing, BidsFile image) {
    JsonNode node = sidecar.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return missing;
    }
    if (!node.isNumber()) {
      throw new DataException(
          "reading the sidecar of "
              + image.path()
              + ": "
              + key
              + " is "
              + node
              + ", expected a number of seconds. Correct the sidecar.");
    }
    return node.doubleValue();
  }

  private Optional<Path> events(BidsFile image) {
    return raw.table(recording(image), "events");
  }

  /** The raw file that an image was derived from; itself when it is raw. */
  private BidsFile recording(BidsFile image) {
    BidsName name = image.name();
    for (String key : DERIVED) {
      name = name.with(key, "");
    }
    Path relative = source.root().relativize(image.path());
    return new BidsFile(raw.root().resolve(relative).resolveSibling(name.fileName()), name);
  }

  private Optional<Path> mask(BidsFile image) {
    if (!settings.mask().equals("auto")) {
      return Optional.empty();
    }
    List<BidsDataset> places = new ArrayList<>(List.of(source));
    for (String name : raw.derivatives().keySet()) {
      places.add(raw.derivative(name));
    }
    return places.stream().flatMap(place -> maskIn(place, image).stream()).findFirst();
  }

  private Optional<Path> maskIn(BidsDataset place, BidsFile image) {
    String space = image.name().entity("space");
    return place.files(image.name().entity("sub"), "mask", IMAGES).stream()
        .filter(f -> f.name().entity("desc").equals("brain"))
        .filter(f -> f.name().entity("space").equals(space))
        .filter(f -> String.valueOf(f.path().getParent()).endsWith("func"))
        .filter(f -> withoutDerived(f.name()).appliesTo(image.name()))
        .max(Comparator.comparingInt(f -> f.name().entities().size()))
        .map(BidsFile::path);
  }

  private static BidsName withoutDerived(BidsName name) {
    BidsName out = name;
    for (String key : DERIVED) {
      out = out.with(key, "");
    }
    return out;
  }

  private Optional<Path> confounds(BidsFile image) {
    if (settings.confounds().isEmpty()) {
      return Optional.empty();
    }
    List<BidsDataset> places = new ArrayList<>(List.of(source));
    raw.derivatives().keySet().forEach(name -> places.add(raw.derivative(name)));
    for (BidsDataset place : places) {
      for (BidsFile file : place.files(image.name().entity("sub"), "timeseries", List.of(".tsv"))) {
        if (file.name().entity("desc").equals("confounds")
            && withoutDerived(file.name()).appliesTo(image.name())) {
          return Optional.of(file.path());
        }
      }
    }
    throw new DataException(
        "looking for the confounds "
            + settings.confounds()
            + " of "
            + image.path()
            + ": found no ..._desc-confounds_timeseries.tsv for it. Name the derivative that holds"
            + " them, or take 'confounds' out of the settings.");
  }

  private static void requireOne(List<BidsFile> images, String key, String setting) {
    Set<String> found =
        images.stream()
            .map(f -> f.name().entity(key))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    if (found.size() > 1) {
      throw new DataException(
          "reading "
              + images.get(0).path().getParent()
              + ": its BOLD runs are of several "
              + key
              + "s: "
              + String.join(", ", found)
              + ". Choose one by the setting '"
              + setting
              + "'.");
    }
  }

  /** The run entity where it tells the runs of a session apart, else all entities that do. */
  private static Map<BidsFile, String> labels(List<BidsFile> images) {
    Map<BidsFile, String> out = new LinkedHashMap<>();
    for (BidsFile image : images) {
      String run = image.name().entity("run");
      out.put(image, run.isEmpty() ? "01" : run);
    }
    Set<String> seen = new LinkedHashSet<>();
    boolean unique = out.entrySet().stream().allMatch(e -> seen.add(key(e.getKey(), e.getValue())));
    if (!unique) {
      out.replaceAll((image, label) -> entities(image, List.of("sub", "ses", "task")));
    }
    Set<String> again = new LinkedHashSet<>();
    for (Map.Entry<BidsFile, String> e : out.entrySet()) {
      if (!again.add(key(e.getKey(), e.getValue()))) {
        throw new DataException(
            "reading the run "
                + e.getKey().path()
                + ": another image is of the same session and run. Keep one of them (.nii or"
                + " .nii.gz, one desc), or choose by the setting 'derivative' or 'space'.");
      }
    }
    return out;
  }

  private static String key(BidsFile image, String label) {
    return image.name().entity("ses") + "/" + label;
  }

  private static String entities(BidsFile image, List<String> without) {
    return image.name().entities().entrySet().stream()
        .filter(e -> !without.contains(e.getKey()) && !DERIVED.contains(e.getKey()))
        .map(e -> e.getKey() + "-" + e.getValue())
        .collect(Collectors.joining("_"));
  }
}
