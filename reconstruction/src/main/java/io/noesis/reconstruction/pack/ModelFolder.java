package io.noesis.reconstruction.pack;

import io.noesis.ingest.manifest.Dialect;
import io.noesis.ingest.manifest.ManifestFile;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.run.AtomicFile;
import io.noesis.run.Failure;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.OutputException;
import io.noesis.run.Progress;
import io.noesis.run.RecordBinder;
import io.noesis.run.Suggest;
import io.noesis.run.YamlTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which a user keeps model packs, one sub-folder each. A pack that is added is
 * checked first and gets a manifest with the hash of every file.
 *
 * @param root the folder; made when the first pack is added
 */
public record ModelFolder(Path root) {
  private static final String SETTING = "NOESIS_MODELS";

  /**
   * The user's folder: {@code $NOESIS_MODELS}, else {@code $XDG_DATA_HOME/noesis/models}, else
   * {@code ~/.local/share/noesis/models}.
   *
   * @param environment gives a variable's value or null
   * @param home the user's home folder
   * @return the folder
   */
  public static ModelFolder usual(UnaryOperator<@Nullable String> environment, Path home) {
    String set = environment.apply(SETTING);
    if (set != null && !set.isBlank()) {
      return new ModelFolder(Path.of(set));
    }
    String data = environment.apply("XDG_DATA_HOME");
    Path base = data != null && !data.isBlank() ? Path.of(data) : home.resolve(".local/share");
    return new ModelFolder(base.resolve("noesis").resolve("models"));
  }

  /** The names of the packs, sorted; a pack may be damaged all the same. */
  public List<String> names() {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .filter(Files::isDirectory)
          .map(path -> String.valueOf(path.getFileName()))
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new ModelException("listing the model packs in " + root + ": " + Failure.reason(e), e);
    }
  }

  /**
   * Opens a pack.
   *
   * @param nameOrPath the name of a pack here, or the path of any folder
   * @return the pack, not yet checked
   * @throws ModelException when there is none
   */
  public ModelPack open(String nameOrPath) {
    if (names().contains(nameOrPath)) {
      return ModelPack.open(root.resolve(nameOrPath));
    }
    if (Files.isDirectory(Path.of(nameOrPath))) {
      return ModelPack.open(Path.of(nameOrPath));
    }
    throw new ModelException(
        "opening the model pack '"
            + nameOrPath
            + "': it is neither a folder nor a pack in "
            + root
            + ". "
            + (names().isEmpty()
                ? "That folder holds none; add one with 'noesis models add'."
                : Suggest.sentence(nameOrPath, names())));
  }

  /**
   * Checks a pack and copies it here, whole or not at all.
   *
   * @param source a folder, or a {@code .zip} of one
   * @param progress hears of every graph
   * @return the pack in its new place
   * @throws ModelException when the pack is not as it promises, or its name is taken
   * @throws OutputException when it cannot be written
   */
  public ModelPack add(Path source, Progress progress) {
    return add(source, progress, pack -> {});
  }

  /**
   * The same, with something that is done to the copy before it takes its place.
   *
   * @param source a folder, or a {@code .zip} of one
   * @param progress hears of every graph
   * @param last what is done to the checked copy, which has its manifest; what it throws leaves
   *     nothing behind
   * @return the pack in its new place
   * @throws ModelException when the pack is not as it promises, or its name is taken
   * @throws OutputException when it cannot be written
   */
  public ModelPack add(Path source, Progress progress, Consumer<ModelPack> last) {
    String name = nameOf(source);
    Path target = root.resolve(name);
    if (Files.exists(target)) {
      throw new ModelException(
          "adding the model pack "
              + source
              + ": "
              + target
              + " exists. Remove that folder, or give the source another name.");
    }
    Path draft = root.resolve("." + name + ".adding");
    try {
      remove(draft);
      Files.createDirectories(draft);
      if (Files.isDirectory(source)) {
        PackCheck.require(ModelPack.open(source), progress);
        copy(ModelPack.open(source).folder(), draft);
      } else {
        PackArchive.extract(source, draft);
        PackCheck.require(ModelPack.open(draft), progress);
      }
      ModelPack pack = ModelPack.open(draft);
      if (pack.manifest().isEmpty()) {
        write(manifest(name, pack, source), draft);
      }
      last.accept(ModelPack.open(draft));
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
      return ModelPack.open(target);
    } catch (IOException e) {
      throw new OutputException(
          "adding the model pack " + source + " to " + root + ": " + Failure.reason(e) + ".", e);
    } finally {
      removeQuietly(draft);
    }
  }

  static String nameOf(Path source) {
    String file = String.valueOf(source.toAbsolutePath().normalize().getFileName());
    boolean archive = file.toLowerCase(Locale.ROOT).endsWith(".zip");
    if (!Files.exists(source) || (!Files.isDirectory(source) && !archive)) {
      throw new ModelException(
          "adding the model pack "
              + source
              + ": "
              + (Files.exists(source) ? "it is neither a folder nor a .zip" : "it does not exist")
              + ". Give the folder or the .zip of an exported model.");
    }
    String name =
        (archive ? file.substring(0, file.length() - 4) : file)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-+|-+$", "");
    return name.isEmpty() ? "model" : name;
  }

  /** A manifest of a pack that has none, with the hash of every file. */
  static ModelManifest manifest(String name, ModelPack pack, Path source) throws IOException {
    List<ManifestFile> files = new ArrayList<>();
    for (Path file : filesOf(pack.folder())) {
      files.add(
          new ManifestFile(
              pack.folder().relativize(file), Files.size(file), Fingerprint.ofFile(file)));
    }
    return new ModelManifest(
        name,
        pack.kind(),
        name,
        "not stated by the pack",
        String.valueOf(source.getFileName()),
        "not stated by the pack",
        List.of(),
        files,
        Map.of(),
        Optional.of(pack.dialect()),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        pack.dialect() != Dialect.NOESIS && pack.has("vae_decoder")
            ? Map.of("vae", pack.vaeScale())
            : Map.of());
  }

  /** Writes a manifest into a pack's folder, whole or not at all. */
  static void write(ModelManifest manifest, Path folder) {
    byte[] yaml = YamlTree.write(RecordBinder.tree(manifest)).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(folder.resolve(ModelPack.MANIFEST), out -> out.write(yaml));
  }

  private static List<Path> filesOf(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : filesOf(from)) {
      // Links of a pack stay inside it; what they show is copied, not the link.
      Path target = to.resolve(from.relativize(file).toString());
      Path source = PackLayout.inside(from, from.relativize(file).toString());
      Files.createDirectories(target.getParent() == null ? to : target.getParent());
      Files.copy(source, target);
      if (Files.mismatch(source, target) >= 0) {
        throw new IOException(target + " is not what was copied from " + source);
      }
    }
  }

  /** Removes a folder with all that is in it; one that is not there is removed already. */
  static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void removeQuietly(Path draft) {
    try {
      remove(draft);
    } catch (IOException e) {
      // The draft's name starts with a dot and is removed by the next attempt.
      draft.toFile().deleteOnExit();
    }
  }
}
