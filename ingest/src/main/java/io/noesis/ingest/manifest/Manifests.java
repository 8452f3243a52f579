package io.noesis.ingest.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import io.noesis.run.Fingerprint;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Suggest;
import io.noesis.run.YamlTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Finds manifests: by name those that ship with Noesis (module {@code datasets-manifest}), by path
 * any other.
 */
public final class Manifests {
  private static final String FOLDER = "/io/noesis/manifest/";

  private Manifests() {}

  /**
   * A difference between a manifest and a folder.
   *
   * @param file the path the manifest names
   * @param problem in words: {@code "is 10 bytes, expected 12"}
   */
  public record Difference(Path file, String problem) {}

  private record Index(List<String> datasets, List<String> models) {}

  /** The names of all study manifests that ship with Noesis. */
  public static List<String> datasetNames() {
    return index().datasets();
  }

  /** The names of all model manifests that ship with Noesis. */
  public static List<String> modelNames() {
    return index().models();
  }

  /**
   * Reads a study's manifest.
   *
   * @param nameOrPath a name, or a path that ends in {@code .yaml} or {@code .yml}
   * @return the manifest
   * @throws RecipeException when there is none, or listing all that is wrong with it
   */
  public static DatasetManifest dataset(String nameOrPath) {
    return read(nameOrPath, "datasets", index().datasets(), DatasetManifest.class);
  }

  /**
   * Reads a model's manifest.
   *
   * @param nameOrPath a name, or a path that ends in {@code .yaml} or {@code .yml}
   * @return the manifest
   * @throws RecipeException when there is none, or listing all that is wrong with it
   */
  public static ModelManifest model(String nameOrPath) {
    return read(nameOrPath, "models", index().models(), ModelManifest.class);
  }

  /** The public models that can be fetched by name. */
  static ModelCatalogue catalogue() {
    return RecordBinder.bind(
        YamlTree.parse(resource("catalogue.yaml"), "catalogue.yaml"),
        ModelCatalogue.class,
        "catalogue.yaml");
  }

  /**
   * Compares files with what a manifest says of them: presence, size, SHA-256.
   *
   * @param files of a manifest
   * @param root the folder they should lie in
   * @return every difference, in the manifest's order; empty when all is as it should be
   */
  public static List<Difference> verify(List<ManifestFile> files, Path root) {
    return verify(files, root, Fingerprint::ofFile);
  }

  /**
   * The same by digests that are known from elsewhere.
   *
   * @param files of a manifest
   * @param root the folder they should lie in
   * @param sha256 the SHA-256 of a file
   * @return every difference, in the manifest's order; empty when all is as it should be
   */
  public static List<Difference> verify(
      List<ManifestFile> files, Path root, Function<Path, String> sha256) {
    List<Difference> out = new ArrayList<>();
    for (ManifestFile file : files) {
      String problem = problem(file, root.resolve(file.path()), sha256);
      if (!problem.isEmpty()) {
        out.add(new Difference(file.path(), problem));
      }
    }
    return out;
  }

  /**
   * Requires files to be as a manifest says.
   *
   * @param name of the manifest, for the message
   * @param files of the manifest
   * @param root the folder they should lie in
   * @throws DataException that names every difference
   */
  public static void require(String name, List<ManifestFile> files, Path root) {
    List<Difference> differences = verify(files, root);
    if (!differences.isEmpty()) {
      throw new DataException(
          "checking "
              + root
              + " against the manifest '"
              + name
              + "': "
              + differences.size()
              + " of "
              + files.size()
              + " files differ\n  "
              + String.join(
                  "\n  ", differences.stream().map(d -> d.file() + " " + d.problem()).toList())
              + "\nGet these files again from the study's source, or correct the folder.");
    }
  }

  private static String problem(ManifestFile file, Path path, Function<Path, String> digest) {
    try {
      if (!Files.isRegularFile(path)) {
        return "is not there";
      }
      long bytes = Files.size(path);
      if (bytes != file.bytes()) {
        return "is " + bytes + " bytes, expected " + file.bytes();
      }
      String sha256 = digest.apply(path);
      return sha256.equals(file.sha256())
          ? ""
          : "has the SHA-256 " + sha256 + ", expected " + file.sha256();
    } catch (IOException e) {
      return "cannot be read: " + Failure.reason(e);
    }
  }

  private static <R extends Record> R read(
      String nameOrPath, String folder, List<String> known, Class<R> type) {
    if (nameOrPath.endsWith(".yaml") || nameOrPath.endsWith(".yml")) {
      return bind(YamlTree.read(Path.of(nameOrPath)), type, nameOrPath);
    }
    if (!known.contains(nameOrPath)) {
      throw new RecipeException(
          "no manifest is named '"
              + nameOrPath
              + "'. "
              + Suggest.sentence(nameOrPath, known)
              + " Or give the path of a .yaml file.");
    }
    String resource = folder + "/" + nameOrPath + ".yaml";
    return bind(YamlTree.parse(resource(resource), resource), type, nameOrPath);
  }

  private static <R extends Record> R bind(ObjectNode tree, Class<R> type, String name) {
    if (!tree.has("settings") && type == DatasetManifest.class) {
      tree.set("settings", DatasetManifest.noSettings());
    }
    return RecordBinder.bind(tree, type, "manifest " + name);
  }

  private static Index index() {
    return RecordBinder.bind(
        YamlTree.parse(resource("index.yaml"), "index.yaml"), Index.class, "index.yaml");
  }

  private static String resource(String name) {
    try (InputStream in = Manifests.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks " + FOLDER + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("reading " + name + " from the class path", e);
    }
  }
}
