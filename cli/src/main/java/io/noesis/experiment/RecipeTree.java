package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.Fingerprint;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Suggest;
import io.noesis.run.YamlTree;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Recipes as trees: the record's keys, and {@code kind} before them. */
final class RecipeTree {
  private static final String KIND = "kind";

  private RecipeTree() {}

  static Recipe.Kind kind(ObjectNode tree) {
    JsonNode given = tree.get(KIND);
    if (given == null || given.isNull()) {
      return Recipe.Kind.DECODING;
    }
    List<String> known = Arrays.stream(Recipe.Kind.values()).map(RecipeTree::name).toList();
    return Arrays.stream(Recipe.Kind.values())
        .filter(kind -> name(kind).equals(given.asText()))
        .findFirst()
        .orElseThrow(
            () ->
                new RecipeException(
                    "reading the recipe"
                        + called(tree)
                        + ": there is no kind '"
                        + given.asText()
                        + "'. "
                        + Suggest.sentence(given.asText(), known)));
  }

  static <R extends Record & Recipe> R bind(ObjectNode tree, Recipe.Kind wanted, Class<R> type) {
    Recipe.Kind kind = kind(tree);
    if (kind != wanted) {
      throw new RecipeException(
          "reading the recipe"
              + called(tree)
              + ": its kind is '"
              + name(kind)
              + "', expected '"
              + name(wanted)
              + "' here. A recipe of "
              + name(kind)
              + " "
              + kind.words()
              + "; give it to 'noesis run', which does all of it.");
    }
    ObjectNode rest = tree.deepCopy();
    rest.remove(KIND);
    return RecordBinder.bind(rest, type, "recipe");
  }

  static String resolved(Recipe recipe) {
    return YamlTree.write(tree(recipe));
  }

  static String hash(Recipe recipe) {
    ObjectNode tree = tree(recipe);
    if (tree.get("study") instanceof ObjectNode study) {
      study.remove("root");
    }
    if (tree.get("adaptation") instanceof ObjectNode adaptation) {
      adaptation.remove("parent");
    }
    return Fingerprint.ofText(YamlTree.write(tree));
  }

  private static ObjectNode tree(Recipe recipe) {
    ObjectNode tree = YamlTree.emptyMapping();
    tree.put(KIND, name(recipe.kind()));
    tree.setAll(RecordBinder.tree((Record) recipe));
    return tree;
  }

  private static String called(ObjectNode tree) {
    return tree.path("name").isTextual() ? " '" + tree.path("name").asText() + "'" : "";
  }

  private static String name(Recipe.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
