package io.noesis.reconstruction.pack;

import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.ingest.manifest.ManifestFile;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.ingest.manifest.ModelSpace;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares a pack with what it promises: files, hashes, graphs, factors. */
public final class PackCheck {
  private PackCheck() {}

  /**
   * Finds everything that is wrong with a pack. Graphs are loaded, one after the other, and closed.
   *
   * @param pack the pack
   * @param progress hears of every graph
   * @return one sentence per problem; empty when the pack is as it promises
   */
  public static List<String> problems(ModelPack pack, Progress progress) {
    List<String> out = new ArrayList<>();
    pack.manifest().ifPresent(manifest -> out.addAll(files(pack, manifest)));
    if (!out.isEmpty()) {
      // A file of another hash is not loaded.
      return out;
    }
    progress.begin("checking " + pack.folder().getFileName(), pack.graphs().size());
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
    List<String> problems = problems(pack, progress);
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

  private static List<String> files(ModelPack pack, ModelManifest manifest) {
    List<String> out = new ArrayList<>();
    for (ManifestFile file : manifest.files()) {
      try {
        PackLayout.inside(pack.folder(), file.path().toString());
      } catch (ModelException e) {
        out.add(e.getMessage());
      }
    }
    if (out.isEmpty()) {
      Manifests.verify(manifest.files(), pack.folder())
          .forEach(difference -> out.add(difference.file() + " " + difference.problem()));
    }
    return out;
  }

  private static List<String> graph(ModelPack pack, PackGraph graph) {
    Path name = pack.folder().relativize(graph.file());
    if (!Files.isRegularFile(graph.file())) {
      return List.of(name + " is not there");
    }
    try (OnnxModel model = OnnxModel.open(graph.file(), OnnxOptions.SINGLE_THREADED)) {
      return compare(pack, graph, model.inputs(), model.outputs()).stream()
          .map(problem -> name + ": " + problem)
          .toList();
    } catch (ModelException e) {
      return List.of(e.getMessage());
    }
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
