package io.noesis.ingest.format;

import io.noesis.ingest.format.bids.BidsDataset;
import io.noesis.ingest.format.bids.BidsFile;
import io.noesis.ingest.format.bids.DatasetDescription;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A folder with a {@code dataset_description.json}. */
final class BidsFormat implements Format {
  private static final List<String> RECORDINGS =
      List.of(".nii.gz", ".nii", ".edf", ".bdf", ".vhdr", ".set", ".fif");

  @Override
  public boolean recognises(Probe probe) {
    return probe.folder() && BidsDataset.looksLikeOne(probe.path());
  }

  @Override
  public Summary describe(Path path) {
    BidsDataset dataset = BidsDataset.open(path);
    DatasetDescription says = dataset.description();
    TreeSet<String> tasks = new TreeSet<>();
    TreeSet<String> sessions = new TreeSet<>();
    Map<String, Integer> kinds = new TreeMap<>();
    for (String subject : dataset.subjects()) {
      sessions.addAll(dataset.sessions(subject));
      for (BidsFile file : dataset.files(subject)) {
        if (!file.name().entity("task").isEmpty()) {
          tasks.add(file.name().entity("task"));
        }
        if (RECORDINGS.contains(file.name().extension())) {
          kinds.merge(file.name().suffix(), 1, Integer::sum);
        }
      }
    }
    Summary.Builder summary =
        new Summary.Builder(path, "bids")
            .add("name", says.name())
            .add("type", says.datasetType())
            .add(
                "origin",
                says.origin() == DatasetDescription.Origin.SIMULATED ? "simulated" : "recorded")
            .add("licence", says.licence().isEmpty() ? "not given" : says.licence())
            .add(
                "subjects",
                dataset.subjects().size() + ": " + String.join(", ", dataset.subjects()))
            .add("sessions", sessions.isEmpty() ? "none" : String.join(", ", sessions))
            .add("tasks", tasks.isEmpty() ? "none" : String.join(", ", tasks));
    kinds.forEach((kind, count) -> summary.add(kind + " files", count));
    if (!dataset.derivatives().isEmpty()) {
      summary.add("derivatives", String.join(", ", dataset.derivatives().keySet()));
    }
    return summary.build();
  }
}
