package io.noesis.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Suggest;
import io.noesis.run.YamlTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The recipes that ship with Noesis, and those in files. */
public final class Recipes {
  private static final String FOLDER = "/io/noesis/recipes/";
  private static final String ENCODER = "encoder";
  private static final String AS = "as";

  private Recipes() {}

  /**
   * The names of the recipes that ship with Noesis, with the first comment line of each.
   *
   * @return name to description, sorted
   */
  public static Map<String, String> shipped() {
    Map<String, String> found = new TreeMap<>();
    URL url = Recipes.class.getResource(FOLDER);
    if (url == null) {
      throw new IllegalStateException("the program was packaged without its recipes");
    }
    try {
      URI uri = url.toURI();
      if (uri.getScheme().equals("jar")) {
        try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
          collect(jar.getPath(FOLDER), found);
        }
      } else {
        collect(Path.of(uri), found);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return found;
  }

  private static void collect(Path folder, Map<String, String> found) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
        String name = file.getFileName().toString().replaceFirst("\\.yaml$", "");
        String first = Files.readAllLines(file).get(0);
        found.put(name, first.startsWith("#") ? first.substring(1).strip() : "");
      }
    }
  }

  /**
   * Reads a recipe and applies overrides; nothing is checked against records yet. An {@code
   * encoder: {as: RECIPE}} becomes the encoder of that recipe, in which the keys beside {@code as}
   * win.
   *
   * @param nameOrFile the name of a shipped recipe, or a path that ends in {@code .yaml}
   * @param overrides {@code key.path=value}, in order
   * @return the tree
   * @throws RecipeException when there is no such recipe or it is not YAML
   */
  public static ObjectNode tree(String nameOrFile, List<String> overrides) {
    return tree(nameOrFile, overrides, List.of());
  }

  private static ObjectNode tree(String nameOrFile, List<String> overrides, List<String> asking) {
    ObjectNode tree =
        nameOrFile.endsWith(".yaml") || nameOrFile.endsWith(".yml")
            ? YamlTree.read(Path.of(nameOrFile))
            : YamlTree.parse(text(nameOrFile), "recipe " + nameOrFile);
    for (String override : overrides) {
      YamlTree.set(tree, override);
    }
    if (tree.get(ENCODER) instanceof ObjectNode encoder && encoder.has(AS)) {
      List<String> all = new ArrayList<>(asking);
      all.add(nameOrFile);
      tree.set(ENCODER, encoder(encoder, all));
    }
    return tree;
  }

  /** The encoder of the recipe that is named, with what is said beside the name. */
  private static ObjectNode encoder(ObjectNode own, List<String> asking) {
    String name = own.path(AS).asText();
    if (asking.contains(name)) {
      throw new RecipeException(
          "reading encoder.as: the recipes "
              + String.join(", ", asking)
              + " take their encoders of each other. Write one of them out.");
    }
    if (!(tree(name, List.of(), asking).get(ENCODER) instanceof ObjectNode base)) {
      throw new RecipeException(
          "reading encoder.as: the recipe '"
              + name
              + "' has no encoder. Name one that trains one.");
    }
    ObjectNode rest = own.deepCopy();
    rest.remove(AS);
    return laid(base.deepCopy(), rest);
  }

  /** The second over the first, mapping by mapping. */
  private static ObjectNode laid(ObjectNode below, ObjectNode above) {
    above
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue() instanceof ObjectNode inner
                  && below.get(entry.getKey()) instanceof ObjectNode under) {
                laid(under, inner);
              } else {
                below.set(entry.getKey(), entry.getValue());
              }
            });
    return below;
  }

  /**
   * The text of a shipped recipe, comments and all.
   *
   * @param name its name
   * @return YAML
   */
  public static String text(String name) {
    if (!shipped().containsKey(name)) {
      throw new RecipeException(
          "unknown recipe '"
              + name
              + "'. "
              + Suggest.sentence(name, shipped().keySet())
              + " A recipe of your own is given by its file, ending in .yaml.");
    }
    try (InputStream in = Recipes.class.getResourceAsStream(FOLDER + name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("the recipe " + name + " vanished from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The recipe that adapts the networks of a run to new subjects: all as in the run's recipe, but
   * for whom it is and how it learns.
   *
   * @param run a folder of {@code noesis train} or {@code noesis run}
   * @param how trials, what learns, and what it is compared with; its parent is the run
   * @param overrides {@code key.path=value}, in order
   * @return the tree
   * @throws RecipeException when there is no run, or of another kind
   */
  public static ObjectNode adapting(Path run, AdaptationSpec how, List<String> overrides) {
    DecodingRecipe parent = RunFiles.recipe(RunFolder.open(run));
    ObjectNode tree = YamlTree.parse(parent.resolved(), run + "/" + RunFiles.RECIPE);
    tree.put("name", parent.name() + "-adapted");
    tree.put("title", parent.title() + ", adapted to a new subject");
    YamlTree.set(tree, "study.subjects=[]");
    YamlTree.set(tree, "encoder.subjects=each");
    ObjectNode adaptation = RecordBinder.tree(how);
    if (how.training().isEmpty() && parent.encoder().training().isPresent()) {
      adaptation.set("training", RecordBinder.tree(parent.encoder().training().get()));
    }
    tree.set("adaptation", adaptation);
    for (String override : overrides) {
      YamlTree.set(tree, override);
    }
    return tree;
  }
}
