package io.noesis.cli;

import io.noesis.ingest.manifest.ModelCatalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which models can be fetched by name. */
final class CatalogueOption {
  @Option(
      names = "--catalogue",
      paramLabel = "FILE",
      description =
          "Your own list of models beside that of Noesis (default: ~/.noesis/models.yaml, where it"
              + " exists).")
  @Nullable Path file;

  ModelCatalogue models() {
    Path own = Path.of(System.getProperty("user.home", "."), ".noesis", "models.yaml");
    ModelCatalogue shipped = ModelCatalogue.shipped();
    if (file != null) {
      return shipped.with(ModelCatalogue.read(file));
    }
    return Files.exists(own) ? shipped.with(ModelCatalogue.read(own)) : shipped;
  }
}
