package io.noesis.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordBinderTest {
  enum Kind {
    DUAL_FORM,
    PRIMAL
  }

  record Inner(List<Double> penalties, Kind kind) {
    Inner {
      Check.argument(!penalties.isEmpty(), "penalties: at least one is needed");
    }

    static Inner defaults() {
      return new Inner(List.of(1.0, 10.0), Kind.PRIMAL);
    }
  }

  record Outer(
      String name,
      int folds,
      boolean scale,
      Optional<Path> mask,
      OptionalDouble tr,
      Map<String, Integer> counts,
      Inner encoder,
      List<Inner> more) {
    static Outer defaults() {
      return new Outer(
          "x",
          5,
          true,
          Optional.empty(),
          OptionalDouble.empty(),
          Map.of(),
          new Inner(List.of(3.0), Kind.DUAL_FORM),
          List.of());
    }
  }

  record Bare(String name, long seed, JsonNode settings, Optional<String> note) {}

  private static ObjectNode yaml(String text) {
    return YamlTree.parse(text, "a test");
  }

  record Short(String pack, OptionalDouble rate) {
    static String shortForm() {
      return "pack";
    }
  }

  record Long(Optional<Short> prior, Optional<Inner> inner) {}

  @Test
  void aTextStandsForARecordThatHasAShortForm() {
    Short written = new Short("a", OptionalDouble.empty());
    for (String text : List.of("prior: a", "prior: {pack: a}")) {
      assertEquals(
          new Long(Optional.of(written), Optional.empty()),
          RecordBinder.bind(yaml(text), Long.class));
    }
    assertThrows(RecipeException.class, () -> RecordBinder.bind(yaml("prior: 3"), Long.class));
    assertThrows(RecipeException.class, () -> RecordBinder.bind(yaml("inner: a"), Long.class));
  }

  @Test
  void keysThatAreAbsentAreNamedWithWhatTheyTake() {
    assertEquals(
        Map.of("prior", "a mapping of pack, rate", "inner", "a mapping of penalties, kind"),
        RecordBinder.absent(Long.class));
    assertEquals(Map.of("mask", "a path", "tr", "a number"), RecordBinder.absent(Outer.class));
  }

  @Test
  void missingKeysTakeTheRecordsOwnDefaults() {
    assertEquals(Outer.defaults(), RecordBinder.bind(yaml(""), Outer.class));
  }

  @Test
  void bindsEveryKindOfComponent() {
    Outer bound =
        RecordBinder.bind(
            yaml(
                """
                name: study
                folds: 3
                scale: false
                mask: a/b.nii
                tr: 2
                counts: {a: 1, b: 2}
                encoder: {kind: Dual-Form}
                more: [{penalties: [1, 2.5]}]
                """),
            Outer.class);
    assertEquals(
        new Outer(
            "study",
            3,
            false,
            Optional.of(Path.of("a/b.nii")),
            OptionalDouble.of(2),
            Map.of("a", 1, "b", 2),
            // a partly given mapping keeps the outer record's defaults for the rest
            new Inner(List.of(3.0), Kind.DUAL_FORM),
            List.of(new Inner(List.of(1.0, 2.5), Kind.PRIMAL))),
        bound);
  }

  @Test
  void allProblemsAreReportedAtOnceWithTheirPaths() {
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () ->
                RecordBinder.bind(
                    yaml(
                        """
                        naem: study
                        folds: 2.5
                        encoder: {penaltys: [1], kind: primel}
                        more: [{penalties: []}, 7]
                        tr: fast
                        name: 12
                        """),
                    Outer.class,
                    "recipe demo.yaml"));
    assertEquals(
        """
        recipe demo.yaml: 8 problems
          naem: unknown key; did you mean 'name'?
          name: expected a text (put it in quotes: "12"), found the number 12
          folds: expected a whole number, found the number 2.5
          tr: expected a number, found the text 'fast'
          encoder.penaltys: unknown key; did you mean 'penalties'?
          encoder.kind: expected one of its names, found the text 'primel'. Did you mean 'primal'? Known: dual-form, primal.
          more[0]: penalties: at least one is needed
          more[1]: expected a mapping, found the number 7""",
        e.getMessage());
  }

  @Test
  void withoutDefaultsAMissingValueIsAProblemAndAnOptionalOneIsNot() {
    RecipeException e =
        assertThrows(RecipeException.class, () -> RecordBinder.bind(yaml("name: a"), Bare.class));
    assertTrue(e.getMessage().contains("seed: missing; it needs a whole number"), e.getMessage());
    assertTrue(e.getMessage().contains("2 problems"), e.getMessage());
    Bare bare = RecordBinder.bind(yaml("{name: a, seed: 1, settings: {b: [1]}}"), Bare.class);
    assertEquals(1, bare.settings().get("b").get(0).intValue());
    assertEquals(Optional.empty(), bare.note());
  }

  @Test
  void aRecordWrittenAsATreeBindsToAnEqualRecord() {
    Outer outer = Outer.defaults();
    ObjectNode tree = RecordBinder.tree(outer);
    assertEquals(outer, RecordBinder.bind(tree, Outer.class));
    assertEquals(outer, RecordBinder.bind(yaml(YamlTree.write(tree)), Outer.class));
  }

  @Test
  void settingsOverrideKeysByPath() {
    ObjectNode tree = yaml("encoder: {kind: primal}");
    YamlTree.set(tree, "encoder.penalties=[7]");
    YamlTree.set(tree, "name=b c");
    Outer bound = RecordBinder.bind(tree, Outer.class);
    assertEquals(List.of(7.0), bound.encoder().penalties());
    assertEquals("b c", bound.name());
    assertThrows(RecipeException.class, () -> YamlTree.set(tree, "name.x=1"));
    assertThrows(RecipeException.class, () -> YamlTree.set(tree, "novalue"));
  }

  @Test
  void badYamlNamesTheLine(@TempDir Path folder) throws Exception {
    RecipeException duplicate =
        assertThrows(RecipeException.class, () -> yaml("a: 1\nb: 2\na: 3\n"));
    assertTrue(duplicate.getMessage().contains("line 3"), duplicate.getMessage());
    assertThrows(RecipeException.class, () -> yaml("a: &x 1\nb: *x\n"));
    assertThrows(RecipeException.class, () -> yaml("- 1\n- 2\n"));
    assertThrows(RecipeException.class, () -> yaml("a: [1, 2\n"));
    assertThrows(RecipeException.class, () -> yaml("a: 1\n---\nb: 2\n"));
    assertThrows(RecipeException.class, () -> YamlTree.read(folder.resolve("none.yaml")));
    Path binary = Files.write(folder.resolve("x.yaml"), new byte[] {(byte) 0xff, 0, 1});
    assertThrows(RecipeException.class, () -> YamlTree.read(binary));
  }
}
