package io.noesis.ingest.study.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.manifest.DatasetManifest;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.run.DataException;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.YamlTree;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StudyLayoutsTest {
  static Collection<String> layouts() {
    return StudyLayouts.registry().names();
  }

  static List<String> manifests() {
    return Manifests.datasetNames();
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void everyLayoutHasDefaultsThatBindToThemselvesAndRefusesUnknownKeys(String name) {
    StudyLayout<?> layout = StudyLayouts.registry().get(name);
    Record defaults = RecordBinder.bind(YamlTree.emptyMapping(), layout.settings());
    Record again =
        RecordBinder.bind(
            YamlTree.parse(YamlTree.write(RecordBinder.tree(defaults)), name), layout.settings());
    assertEquals(defaults, again);
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () -> RecordBinder.bind(YamlTree.parse("nonesuch: 1", name), layout.settings()));
    assertTrue(e.getMessage().contains("nonesuch: unknown key"), e.getMessage());
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void everyLayoutRefusesAnEmptyFolderAndAMissingOneAsInvalidInput(
      String name, @TempDir Path folder) {
    Path missing = folder.resolve("none");
    assertThrows(
        DataException.class, () -> StudyLayouts.open(name, missing, YamlTree.emptyMapping()));
    DataException e =
        assertThrows(
            DataException.class,
            () -> StudyLayouts.open(name, folder, YamlTree.emptyMapping()).trials("01"));
    assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void theSettingsOfEveryManifestAreThoseOfItsLayout(String name, @TempDir Path folder) {
    DatasetManifest manifest = Manifests.dataset(name);
    if (manifest.layout().isEmpty()) {
      assertThrows(
          RecipeException.class,
          () -> StudyLayouts.open(manifest, folder, YamlTree.emptyMapping()));
      return;
    }
    StudyLayout<?> layout = StudyLayouts.registry().get(manifest.layout().get());
    Record bound = RecordBinder.bind(manifest.settings(), layout.settings(), name);
    assertEquals(layout.settings(), bound.getClass());
  }
}
