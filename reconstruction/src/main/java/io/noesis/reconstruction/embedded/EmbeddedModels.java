package io.noesis.reconstruction.embedded;

import io.noesis.ingest.manifest.ManifestFile;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.AtomicFile;
import io.noesis.run.FileFingerprints;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.RecordBinder;
import io.noesis.run.YamlTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The model packs that ship inside Noesis: unpacked once into a folder whose name carries the
 * digest of the pack's manifest, and compared with that manifest by SHA-256 whenever they are
 * opened. Several processes may open them at once.
 *
 * @param cache the folder below which they are unpacked
 */
public record EmbeddedModels(Path cache) {
  private static final String RESOURCES = "/io/noesis/manifest/embedded/";
  private static final int DIGITS = 16;

  /**
   * Those of this user, below {@code $XDG_CACHE_HOME/noesis}, else {@code ~/.cache/noesis}, else a
   * folder of this user's own below the temporary one.
   *
   * @return the models
   * @throws ModelException when none of these folders can be written to
   */
  public static EmbeddedModels usual() {
    return new EmbeddedModels(CacheFolder.choose(System::getenv, System::getProperty));
  }

  /**
   * Unpacks a model where that was not done yet.
   *
   * @param model which
   * @return its pack; every file has the hash of the manifest in the jar
   * @throws ModelException when the class path holds another file than its manifest says
   * @throws io.noesis.run.OutputException when the folder cannot be written to
   */
  public ModelPack open(EmbeddedModel model) {
    byte[] manifest = resource(model, ModelPack.MANIFEST);
    String digest = HexFormat.of().formatHex(Fingerprint.sha256().digest(manifest));
    Path folder = cache.resolve(model.folder() + "-" + digest.substring(0, DIGITS));
    List<ManifestFile> files = read(model, manifest).files();
    if (!Files.isRegularFile(folder.resolve(ModelPack.MANIFEST))) {
      unpack(model, files, folder);
      AtomicFile.write(folder.resolve(ModelPack.MANIFEST), out -> out.write(manifest));
    }
    List<ManifestFile> damaged = damaged(files, folder);
    if (!damaged.isEmpty() || !isManifest(folder, digest)) {
      unpack(model, damaged, folder);
      AtomicFile.write(folder.resolve(ModelPack.MANIFEST), out -> out.write(manifest));
    }
    return ModelPack.open(folder);
  }

  /**
   * What the manifest of a model says, read from the class path; nothing is unpacked.
   *
   * @param model which
   * @return its manifest
   */
  public static ModelManifest manifest(EmbeddedModel model) {
    return read(model, resource(model, ModelPack.MANIFEST));
  }

  private static ModelManifest read(EmbeddedModel model, byte[] manifest) {
    String name = "of the embedded " + model.folder();
    return RecordBinder.bind(
        YamlTree.parse(new String(manifest, StandardCharsets.UTF_8), name),
        ModelManifest.class,
        "manifest " + name);
  }

  private static boolean isManifest(Path folder, String digest) {
    return Manifests.verify(
            List.of(new ManifestFile(Path.of(ModelPack.MANIFEST), sizeOf(folder), digest)), folder)
        .isEmpty();
  }

  private static long sizeOf(Path folder) {
    return folder.resolve(ModelPack.MANIFEST).toFile().length();
  }

  private static List<ManifestFile> damaged(List<ManifestFile> files, Path folder) {
    List<Path> differing =
        Manifests.verify(files, folder, FileFingerprints::of).stream()
            .map(Manifests.Difference::file)
            .toList();
    return files.stream().filter(file -> differing.contains(file.path())).toList();
  }

  /** Each file is written whole or not at all, so that a second process finds no half of one. */
  private static void unpack(EmbeddedModel model, List<ManifestFile> files, Path folder) {
    List<String> wrong = new ArrayList<>();
    for (ManifestFile file : files) {
      byte[] content = resource(model, file.path().toString().replace('\\', '/'));
      String found = HexFormat.of().formatHex(Fingerprint.sha256().digest(content));
      if (found.equals(file.sha256())) {
        AtomicFile.write(folder.resolve(file.path()), out -> out.write(content));
      } else {
        wrong.add(file.path() + " has the SHA-256 " + found + ", expected " + file.sha256());
      }
    }
    if (!wrong.isEmpty()) {
      throw new ModelException(
          "unpacking the embedded "
              + model.folder()
              + " into "
              + folder
              + ":\n  "
              + String.join("\n  ", wrong)
              + "\nThis copy of Noesis is damaged; install it again.");
    }
  }

  private static byte[] resource(EmbeddedModel model, String file) {
    String name = RESOURCES + model.folder() + "/" + file;
    try (InputStream in = Manifests.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new ModelException(
            "opening the embedded "
                + model.folder()
                + ": the class path lacks "
                + name
                + ". This copy of Noesis is incomplete; install it again.");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ModelException(
          "opening the embedded "
              + model.folder()
              + ": "
              + name
              + " cannot be read from the class path ("
              + e.getMessage()
              + "). This copy of Noesis is damaged; install it again.",
          e);
    }
  }
}
