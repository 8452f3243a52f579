package io.noesis.reconstruction.pack;

import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.ingest.manifest.ManifestFile;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.ingest.manifest.ModelSpace;
import io.noesis.run.Failure;
import io.noesis.run.FileFingerprints;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Compares a pack with what it promises: files, hashes, graphs, factors. */
public final class PackCheck {
  private static final Pattern DOCUMENTS =
      Pattern.compile(
          "(?i)(readme|licen[cs]e|notice|citation|model_card)(\\..*)?|.*\\.(md|html|pdf)");

  private PackCheck() {}

  /**
   * Finds everything that is wrong with a pack. Every file is hashed; graphs are loaded, one after
   * the other, and closed.
   *
   * @param pack the pack
   * @param progress hears of every graph
   * @return one sentence per problem; empty when the pack is as it promises
   */
  public static List<String> problems(ModelPack pack, Progress progress) {
    List<String> out = new ArrayList<>(files(pack, progress, Fingerprint::ofFile));
    if (!out.isEmpty()) {
      // A file of another hash is not loaded.
      return out;
    }
    progress.begin("checking " + name(pack), pack.graphs().size());
    for (PackGraph graph : pack.graphs()) {
      out.addAll(graph(pack, graph));
      progress.step(1);
    }
    progress.done(pack.graphs().size() + " graphs");
    if (pack.has("vae_decoder")) {
      try {
        pack.vaeScale();
      } catch (ModelException e) {
        out.add(e.getMessage());
      }
    }
    return out;
  }

  /**
   * Requires a pack to be as it promises.
   *
   * @param pack the pack
   * @param progress hears of every graph
   * @throws ModelException that names every problem
   */
  public static void require(ModelPack pack, Progress progress) {
    require(pack, problems(pack, progress));
  }

  /**
   * Requires the files of a pack to be those that its manifest names, before any of them is read. A
   * file that was hashed before in this process, and was not changed since, is not hashed again.
   * Its graphs are compared as they are {@linkplain #open opened}, each being loaded once.
   *
   * @param pack the pack
   * @throws ModelException that names every file that differs, is missing or is not in the manifest
   */
  public static void requireFiles(ModelPack pack) {
    require(pack, files(pack, Progress.NONE, FileFingerprints::of));
  }

  /**
   * Opens a graph of a pack and compares it with what the pack promises. A graph whose SHA-256 the
   * manifest lists was loaded when the pack was made or added: it is compared by what its file says
   * of itself, loaded when it is first run, and then compared again. Any other is loaded here.
   *
   * @param pack the pack, whose files were checked
   * @param role of the graph
   * @param options how it is run
   * @return the graph, to be closed by the caller
   * @throws ModelException when there is no such graph, it cannot be loaded or promises otherwise
   */
  public static OnnxModel open(ModelPack pack, String role, OnnxOptions options) {
    PackGraph graph = pack.graph(role);
    Consumer<OnnxModel> check = model -> require(pack, compare(pack, graph, model));
    OnnxModel model =
        listed(pack, graph)
            ? OnnxModel.deferred(graph.file(), options, check)
            : OnnxModel.open(graph.file(), options);
    try {
      check.accept(model);
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Whether the manifest has the hash of a graph. */
  private static boolean listed(ModelPack pack, PackGraph graph) {
    Path name = pack.folder().relativize(graph.file());
    return pack.manifest()
        .map(ModelManifest::files)
        .filter(files -> files.stream().anyMatch(file -> file.path().normalize().equals(name)))
        .isPresent();
  }

  /**
   * Requires the files of a pack to be those that its manifest names, and one of its graphs to be
   * as the pack promises, before someone else loads it.
   *
   * @param pack the pack
   * @param role of the graph
   * @throws ModelException that names every problem
   */
  public static void requireGraph(ModelPack pack, String role) {
    requireFiles(pack);
    PackGraph graph = pack.graph(role);
    try (OnnxModel model =
        OnnxModel.deferred(graph.file(), OnnxOptions.SINGLE_THREADED, loaded -> {})) {
      require(pack, compare(pack, graph, model));
    }
  }

  private static void require(ModelPack pack, List<String> problems) {
    if (!problems.isEmpty()) {
      throw new ModelException(
          "checking the model pack "
              + pack.folder()
              + ": "
              + problems.size()
              + (problems.size() == 1 ? " problem" : " problems")
              + "\n  "
              + String.join("\n  ", problems)
              + "\nExport or fetch the model again.");
    }
  }

  private static List<String> files(
      ModelPack pack, Progress progress, Function<Path, String> sha256) {
    if (pack.manifest().isEmpty()) {
      return List.of();
    }
    ModelManifest manifest = pack.manifest().get();
    if (manifest.files().isEmpty()) {
      progress.warn(
          "the "
              + ModelPack.MANIFEST
              + " of "
              + name(pack)
              + " lists no files, so nothing tells whether they are as its author left them");
      return List.of();
    }
    List<String> out = new ArrayList<>();
    for (ManifestFile file : manifest.files()) {
      try {
        PackLayout.inside(pack.folder(), file.path().toString());
      } catch (ModelException e) {
        out.add(e.getMessage());
      }
    }
    if (out.isEmpty()) {
      Manifests.verify(manifest.files(), pack.folder(), sha256)
          .forEach(difference -> out.add(difference.file() + " " + difference.problem()));
    }
    unlisted(pack, manifest)
        .forEach(
            file ->
                out.add(
                    file
                        + " is not among the files of "
                        + ModelPack.MANIFEST
                        + ", so nothing tells whose it is. Remove it, or list it with its size and"
                        + " SHA-256"));
    return out;
  }

  /** Files that a model might read, and that the manifest does not vouch for. */
  private static List<Path> unlisted(ModelPack pack, ModelManifest manifest) {
    Set<Path> listed = new HashSet<>();
    manifest.files().forEach(file -> listed.add(file.path().normalize()));
    Set<Path> unlisted = new TreeSet<>();
    try {
      Files.walkFileTree(
          pack.folder(),
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              Path relative = pack.folder().relativize(file);
              if (!listed.contains(relative) && !isDocument(relative)) {
                unlisted.add(relative);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE; // Another process has just moved it.
              }
              throw e;
            }
          });
      return List.copyOf(unlisted);
    } catch (IOException e) {
      throw new ModelException(
          "checking the model pack " + pack.folder() + ": " + Failure.reason(e), e);
    }
  }

  /** The manifest itself, what is hidden, and what is for people: no model reads it. */
  private static boolean isDocument(Path file) {
    for (Path part : file) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return file.equals(Path.of(ModelPack.MANIFEST))
        || DOCUMENTS.matcher(String.valueOf(file.getFileName())).matches();
  }

  /** Of its folder, also while it is being added. */
  private static String name(ModelPack pack) {
    return String.valueOf(pack.folder().getFileName()).replaceAll("^\\.(.*)\\.adding$", "$1");
  }

  private static List<String> graph(ModelPack pack, PackGraph graph) {
    Path name = pack.folder().relativize(graph.file());
    if (!Files.isRegularFile(graph.file())) {
      return List.of(name + " is not there");
    }
    try (OnnxModel model = OnnxModel.open(graph.file(), OnnxOptions.SINGLE_THREADED)) {
      return compare(pack, graph, model);
    } catch (ModelException e) {
      return List.of(e.getMessage());
    }
  }

  private static List<String> compare(ModelPack pack, PackGraph graph, OnnxModel model) {
    return compare(pack, graph, model.inputs(), model.outputs()).stream()
        .map(problem -> pack.folder().relativize(graph.file()) + ": " + problem)
        .toList();
  }

  /** What is wrong with the ports of a loaded graph. */
  static List<String> compare(
      ModelPack pack, PackGraph graph, List<OnnxPort> inputs, List<OnnxPort> outputs) {
    List<String> out = new ArrayList<>();
    ports(graph.inputs(), inputs, "input", out);
    ports(graph.outputs(), outputs, "output", out);
    List<String> known = graph.inputs().stream().map(PortRule::name).toList();
    inputs.stream()
        .filter(port -> !known.contains(port.name()))
        .forEach(port -> out.add("its input '" + port + "' is unknown, expected only " + known));
    // A stated layer is a name of another pack's.
    pack.manifest()
        .flatMap(ModelManifest::space)
        .filter(space -> space.stated().isEmpty())
        .ifPresent(space -> space(space, outputs, out));
    return out;
  }

  private static void ports(
      List<PortRule> rules, List<OnnxPort> ports, String what, List<String> out) {
    for (PortRule rule : rules) {
      Optional<OnnxPort> found =
          ports.stream().filter(port -> port.name().equals(rule.name())).findFirst();
      if (found.isEmpty()) {
        out.add("it has no " + what + " '" + rule.name() + "', found " + ports);
      } else {
        rule.problem(found.get())
            .ifPresent(problem -> out.add("its " + what + " '" + rule.name() + "' " + problem));
      }
    }
  }

  /** The output that the space names ends in the space's dimension. */
  private static void space(ModelSpace space, List<OnnxPort> outputs, List<String> out) {
    for (OnnxPort port : outputs) {
      long last = port.rank() == 0 ? -1 : port.axes().get(port.rank() - 1).size();
      if (port.name().equals(space.layer()) && last >= 0 && last != space.dimension()) {
        out.add(
            "its output '"
                + port
                + "' has embeddings of "
                + last
                + " numbers, expected "
                + space.dimension()
                + " of the space "
                + space.model());
      }
    }
  }
}
