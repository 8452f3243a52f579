package io.noesis.ingest.format.bids;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import io.noesis.run.Suggest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A BIDS dataset folder: which subjects, sessions and files it has, and what its sidecars say. Only
 * names and sidecars are read, never a recording. {@code participants.tsv} may name more people
 * than there are folders; the folders decide.
 */
public final class BidsDataset {
  private static final long MAX_JSON_BYTES = 16L << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final DatasetDescription description;

  private BidsDataset(Path root, DatasetDescription description) {
    this.root = root;
    this.description = description;
  }

  /**
   * Opens a dataset.
   *
   * @param root the folder that holds {@code dataset_description.json}
   * @return the dataset
   * @throws DataException when there is no such folder or description
   */
  public static BidsDataset open(Path root) {
    if (!Files.isDirectory(root)) {
      throw new DataException(
          "opening the BIDS dataset " + root + ": it is no folder. Check the path.");
    }
    Path file = root.resolve("dataset_description.json");
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          "opening the BIDS dataset "
              + root
              + ": it has no dataset_description.json. Give the dataset's top folder, or add one"
              + " with \"Name\" and \"BIDSVersion\".");
    }
    return new BidsDataset(root, DatasetDescription.of(json(file)));
  }

  /** Whether a folder looks like a BIDS dataset: it has a {@code dataset_description.json}. */
  public static boolean looksLikeOne(Path folder) {
    return Files.isRegularFile(folder.resolve("dataset_description.json"));
  }

  /** The top folder. */
  public Path root() {
    return root;
  }

  /** What the dataset says of itself. */
  public DatasetDescription description() {
    return description;
  }

  /** Subject labels without {@code sub-}, sorted; those that have a folder. */
  public List<String> subjects() {
    return labels(root, "sub-");
  }

  /** Session labels of a subject without {@code ses-}, sorted; empty when it has no sessions. */
  public List<String> sessions(String subject) {
    return labels(root.resolve("sub-" + subject), "ses-");
  }

  /**
   * The files of a subject whose names follow BIDS, in the order session, folder, name.
   *
   * @param subject label without {@code sub-}
   * @return files of all sessions and data types
   */
  public List<BidsFile> files(String subject) {
    Path folder = root.resolve("sub-" + subject);
    List<Path> parents = new ArrayList<>(List.of(folder));
    parents.addAll(Folder.folders(folder, "ses-"));
    List<BidsFile> out = new ArrayList<>();
    for (Path parent : parents) {
      for (Path type : Folder.folders(parent, "")) {
        if (!Folder.name(type).startsWith("ses-")) {
          addFiles(type, out);
        }
      }
    }
    return out;
  }

  /**
   * The files of a subject of one kind.
   *
   * @param subject label without {@code sub-}
   * @param suffix for example {@code bold}
   * @param extensions for example {@code .nii} and {@code .nii.gz}
   * @return in the order of {@link #files}
   */
  public List<BidsFile> files(String subject, String suffix, List<String> extensions) {
    return files(subject).stream()
        .filter(f -> f.name().suffix().equals(suffix) && extensions.contains(f.name().extension()))
        .toList();
  }

  /**
   * The metadata of a file: every JSON sidecar that applies, merged from the top folder down to the
   * file's own; the nearer one wins key by key (BIDS 1.10, "The inheritance principle").
   *
   * @param file a file of this dataset
   * @return a new tree; empty when no sidecar applies
   */
  public ObjectNode sidecar(BidsFile file) {
    ObjectNode merged = JSON.createObjectNode();
    for (BidsFile found : applicable(file, file.name().suffix(), ".json")) {
      JsonNode json = json(found.path());
      if (json instanceof ObjectNode object) {
        merged.setAll(object);
      }
    }
    return merged;
  }

  /**
   * The table that belongs to a file, for example its events: the nearest that applies.
   *
   * @param file a file of this dataset
   * @param suffix for example {@code events}
   * @return its path, if there is one
   */
  public Optional<Path> table(BidsFile file, String suffix) {
    List<BidsFile> found = applicable(file, suffix, ".tsv");
    return found.isEmpty() ? Optional.empty() : Optional.of(found.get(found.size() - 1).path());
  }

  /** Derived datasets below {@code derivatives/}, by folder name, sorted. */
  public Map<String, Path> derivatives() {
    Map<String, Path> out = new LinkedHashMap<>();
    for (Path folder : Folder.folders(root.resolve("derivatives"), "")) {
      out.put(Folder.name(folder), folder);
    }
    return out;
  }

  /**
   * A derived dataset; its description may be missing, as in many published ones.
   *
   * @param name its folder below {@code derivatives/}
   * @return the dataset
   * @throws DataException when there is none of that name
   */
  public BidsDataset derivative(String name) {
    Path folder = derivatives().get(name);
    if (folder == null) {
      throw new DataException(
          "opening the derivative '"
              + name
              + "' of "
              + root
              + ": there is no such folder below derivatives/. "
              + Suggest.sentence(name, derivatives().keySet()));
    }
    return looksLikeOne(folder)
        ? open(folder)
        : new BidsDataset(folder, DatasetDescription.of(JSON.createObjectNode()));
  }

  /** Sidecars that apply to a file, from the top folder down; within a folder the vaguer first. */
  private List<BidsFile> applicable(BidsFile file, String suffix, String extension) {
    List<BidsFile> out = new ArrayList<>();
    for (Path folder : foldersDownTo(file.path())) {
      List<BidsFile> here = new ArrayList<>();
      addFiles(folder, here);
      here.stream()
          .filter(f -> f.name().suffix().equals(suffix))
          .filter(f -> f.name().extension().equals(extension))
          .filter(f -> f.name().appliesTo(file.name()))
          .sorted(Comparator.comparingInt(f -> f.name().entities().size()))
          .forEach(out::add);
    }
    return out;
  }

  private List<Path> foldersDownTo(Path file) {
    List<Path> folders = new ArrayList<>();
    Path folder = file.getParent();
    while (folder != null && folder.startsWith(root) && !folder.equals(root)) {
      folders.add(0, folder);
      folder = folder.getParent();
    }
    folders.add(0, root);
    return folders;
  }

  private static void addFiles(Path folder, List<BidsFile> out) {
    for (Path path : Folder.list(folder)) {
      BidsName.parse(path)
          .filter(name -> !name.extension().isEmpty())
          .ifPresent(name -> out.add(new BidsFile(path, name)));
    }
  }

  private static List<String> labels(Path folder, String prefix) {
    return Folder.folders(folder, prefix).stream()
        .map(p -> Folder.name(p).substring(prefix.length()))
        .filter(label -> !label.isEmpty())
        .toList();
  }

  private static JsonNode json(Path file) {
    try {
      if (Files.size(file) > MAX_JSON_BYTES) {
        throw new CorruptDataException(
            "reading the sidecar " + file + ": it is larger than " + MAX_JSON_BYTES + " bytes.");
      }
      byte[] bytes = Files.readAllBytes(file);
      JsonNode tree = JSON.readTree(bytes);
      if (!(tree instanceof ObjectNode)) {
        throw new CorruptDataException(
            "reading the sidecar " + file + ": expected one JSON object. Correct the file.");
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw new CorruptDataException(
          "reading the sidecar "
              + file
              + ": it is not JSON: "
              + e.getOriginalMessage()
              + " (line "
              + (e.getLocation() == null ? 0 : e.getLocation().getLineNr())
              + "). Correct the file.",
          e);
    } catch (IOException e) {
      throw new DataException("reading the sidecar " + file + ": " + Failure.reason(e) + ".", e);
    }
  }
}
