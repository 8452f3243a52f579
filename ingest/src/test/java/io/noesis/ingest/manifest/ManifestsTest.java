package io.noesis.ingest.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.ingest.study.StudyCard;
import io.noesis.ingest.testing.SharedRecordings;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.RecipeException;
import io.noesis.run.YamlTree;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
  private static final Path RESOURCES =
      Path.of(System.getProperty("noesis.root", "."))
          .resolve("datasets-manifest/src/main/resources/io/noesis/manifest");

  static List<String> datasets() {
    return Manifests.datasetNames();
  }

  static List<String> models() {
    return Manifests.modelNames();
  }

  @ParameterizedTest
  @MethodSource("datasets")
  void everyStudyManifestReadsAndSaysWhoMayUseIt(String name) {
    DatasetManifest manifest = Manifests.dataset(name);
    assertEquals(name, manifest.name());
    assertFalse(manifest.licence().isBlank() || manifest.citation().isBlank());
    assertFalse(manifest.traps().isEmpty(), "every study has a trap");
    for (Baseline baseline : manifest.baselines()) {
      assertTrue(baseline.value() >= baseline.chance() && !baseline.source().isBlank());
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyModelManifestReads(String name) {
    ModelManifest manifest = Manifests.model(name);
    assertEquals(name, manifest.name());
    assertFalse(manifest.files().isEmpty() || manifest.pretraining().isEmpty());
  }

  @Test
  void theIndexNamesExactlyTheFilesThatAreThere() throws Exception {
    assertEquals(new TreeSet<>(Manifests.datasetNames()), names("datasets"));
    assertEquals(new TreeSet<>(Manifests.modelNames()), names("models"));
  }

  private static TreeSet<String> names(String folder) throws Exception {
    try (Stream<Path> files = Files.list(RESOURCES.resolve(folder))) {
      return new TreeSet<>(
          files.map(f -> f.getFileName().toString().replace(".yaml", "")).toList());
    }
  }

  @Test
  void theSchemasNameExactlyTheKeysOfTheRecords() {
    assertEquals(components(DatasetManifest.class), schemaKeys("dataset.schema.json"));
    assertEquals(components(ModelManifest.class), schemaKeys("model.schema.json"));
  }

  private static List<String> components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  private static List<String> schemaKeys(String file) {
    JsonNode properties = YamlTree.read(RESOURCES.resolve(file)).get("properties");
    List<String> keys = new ArrayList<>();
    properties.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Test
  void allProblemsOfAManifestAreReportedAtOnce(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("x.yaml");
    Files.writeString(
        file,
        """
        name: My Study
        titel: x
        description: x
        origin: recordet
        modality: fmri
        licence: x
        terms: x
        citation: x
        files: [{path: ../x, bytes: 1, sha256: 00}]
        """);
    RecipeException e =
        assertThrows(RecipeException.class, () -> Manifests.dataset(file.toString()));
    for (String expected :
        List.of(
            "titel: unknown key; did you mean 'title'?", "title: missing", "origin: expected")) {
      assertTrue(e.getMessage().contains(expected), e.getMessage());
    }
    assertTrue(e.getMessage().contains("files[0].sha256: expected a text"), e.getMessage());
    RecipeException unknown =
        assertThrows(RecipeException.class, () -> Manifests.dataset("haxby2001-tv"));
    assertTrue(unknown.getMessage().contains("Did you mean 'haxby2001-vt'?"));
  }

  @Test
  void everyFileThatDiffersIsNamed(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("good"), "abc");
    Files.writeString(folder.resolve("long"), "abcd");
    Files.writeString(folder.resolve("changed"), "abd");
    String sha256 = Fingerprint.ofText("abc");
    List<ManifestFile> files =
        Stream.of("good", "long", "changed", "absent")
            .map(name -> new ManifestFile(Path.of(name), 3, sha256))
            .toList();
    List<Manifests.Difference> differences = Manifests.verify(files, folder);
    assertEquals(
        List.of("long", "changed", "absent"),
        differences.stream().map(d -> d.file().toString()).toList());
    DataException e =
        assertThrows(DataException.class, () -> Manifests.require("x", files, folder));
    assertTrue(e.getMessage().contains("3 of 4 files differ"), e.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> new ManifestFile(Path.of("../x"), 3, sha256));
  }

  @ParameterizedTest
  @ValueSource(strings = {"haxby2001-vt", "haxby2001-slice", "kriegeskorte92"})
  void theRecordingsHereAreTheOnesTheManifestsName(String name) {
    Path folder = SharedRecordings.folder(name);
    DatasetManifest manifest = Manifests.dataset(name);
    assertEquals(List.of(), Manifests.verify(manifest.files(), folder));
    assertEquals(StudyCard.Origin.RECORDED, manifest.card().origin());
  }
}
