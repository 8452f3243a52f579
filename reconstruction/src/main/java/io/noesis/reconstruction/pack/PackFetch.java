package io.noesis.reconstruction.pack;

import io.noesis.ingest.manifest.CatalogueFile;
import io.noesis.ingest.manifest.CatalogueModel;
import io.noesis.run.Check;
import io.noesis.run.Failure;
import io.noesis.run.ModelException;
import io.noesis.run.OutputException;
import io.noesis.run.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;

/**
 * Brings the {@code .zip} of a model pack, or the files of a model of the catalogue, from a web
 * server or from files, and adds them to a folder of packs. Nothing is fetched before its size was
 * asked for and its SHA-256 is known; what was broken off goes on where it stopped; what has
 * another hash is removed.
 *
 * @param folder where the pack goes
 */
public record PackFetch(ModelFolder folder) {
  /**
   * What to fetch.
   *
   * @param source {@code http}, {@code https} or {@code file}, ending in {@code .zip}
   * @param sha256 64 hexadecimal digits that the archive must have
   */
  public record Wanted(URI source, String sha256) {
    /** Checks both. */
    public Wanted {
      sha256 = sha256.toLowerCase(Locale.ROOT);
      Check.argument(
          sha256.matches("[0-9a-f]{64}"),
          "a SHA-256 has 64 hexadecimal digits, found '%s'",
          sha256);
      String scheme = String.valueOf(source.getScheme());
      Check.argument(
          scheme.equals("http") || scheme.equals("https") || scheme.equals("file"),
          "models come from http, https or file, found '%s'",
          source);
      Check.argument(
          String.valueOf(source.getPath()).toLowerCase(Locale.ROOT).endsWith(".zip"),
          "expected the .zip of a model pack, found '%s'",
          source);
    }

    String fileName() {
      String path = source.getPath();
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /**
   * How large the archive is; nothing of it is fetched.
   *
   * @param wanted what to fetch
   * @return bytes; empty when the server does not say
   * @throws ModelException when it is not there
   */
  public Optional<Long> size(Wanted wanted) {
    return new Download(wanted.source(), wanted.sha256()).size();
  }

  /**
   * How large a model of the catalogue is; nothing of it is fetched.
   *
   * @param model what to fetch
   * @return bytes of all its files, as the catalogue states or the servers say; empty when one of
   *     them is not known
   * @throws ModelException when a file is not there
   */
  public Optional<Long> size(CatalogueModel model) {
    long total = 0;
    for (CatalogueFile file : model.files()) {
      Optional<Long> size = size(file);
      if (size.isEmpty()) {
        return Optional.empty();
      }
      total += size.get();
    }
    return Optional.of(total);
  }

  private static Optional<Long> size(CatalogueFile file) {
    return file.bytes().isPresent()
        ? Optional.of(file.bytes().getAsLong())
        : new Download(file.source(), file.sha256()).size();
  }

  /**
   * Fetches, compares the hash, checks the pack and adds it, whole or not at all.
   *
   * @param wanted what to fetch; the user has agreed to its size and terms
   * @param progress hears of every mebibyte
   * @return the pack in its place
   * @throws ModelException when the archive is not as promised
   * @throws OutputException when there is no room for it
   */
  public ModelPack fetch(Wanted wanted, Progress progress) {
    Path part = folder.root().resolve(".fetching-" + wanted.sha256().substring(0, 16));
    Path archive = part.resolve(wanted.fileName());
    try {
      Download download = new Download(wanted.source(), wanted.sha256());
      bring(download, download.size(), archive, progress);
      ModelPack pack = folder.add(archive, progress);
      Files.delete(archive);
      Files.delete(part);
      return pack;
    } catch (IOException e) {
      throw failed(wanted.source().toString(), part, e);
    }
  }

  /**
   * Where a checkpoint of the catalogue lies once it is fetched: beside the packs, not among them.
   *
   * @param model a checkpoint
   * @return the folder of its files
   */
  public Path checkpoint(CatalogueModel model) {
    return folder.root().resolve(".checkpoints").resolve(model.name());
  }

  /**
   * Fetches every file of a model of the catalogue and compares its hash. A pack is then checked
   * and added; a checkpoint is only kept, for an export script, and nothing in it is executed.
   *
   * @param model what to fetch; the user has agreed to its size and terms
   * @param progress hears of every mebibyte
   * @return the folder of the pack or of the checkpoint's files
   * @throws ModelException when a file is not as promised, or the name is taken
   * @throws OutputException when there is no room for it
   */
  public Path fetch(CatalogueModel model, Progress progress) {
    boolean pack = model.form() == CatalogueModel.Form.PACK;
    Path target = pack ? folder.root().resolve(model.name()) : checkpoint(model);
    if (Files.exists(target)) {
      throw new ModelException(
          "fetching the model '"
              + model.name()
              + "': "
              + target
              + " exists. Remove that folder to fetch it anew.");
    }
    Path part = folder.root().resolve(".fetching-" + model.digest().substring(0, 16));
    Path draft = part.resolve(model.name());
    try {
      for (CatalogueFile file : model.files()) {
        Path to = pack && model.archive() ? part.resolve(model.name() + ".zip") : draft;
        bring(
            new Download(file.source(), file.sha256()),
            size(file),
            to.equals(draft) ? draft.resolve(file.path()) : to,
            progress);
      }
      if (pack) {
        Path source = model.archive() ? part.resolve(model.name() + ".zip") : draft;
        folder.add(source, progress);
        ModelFolder.remove(part);
      } else {
        Files.createDirectories(folder.root().resolve(".checkpoints"));
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(part);
      }
      return target;
    } catch (IOException e) {
      throw failed("the model '" + model.name() + "'", part, e);
    }
  }

  private void bring(Download download, Optional<Long> size, Path target, Progress progress)
      throws IOException {
    Files.createDirectories(Optional.ofNullable(target.getParent()).orElse(folder.root()));
    long there = Files.exists(target) ? Files.size(target) : 0;
    requireRoom(download, size.orElse(0L) - there);
    download.to(target, size, progress);
  }

  private void requireRoom(Download download, long bytes) throws IOException {
    // What comes and what is made of it lie there together for a while.
    long free = Files.getFileStore(folder.root()).getUsableSpace();
    if (2 * bytes > free) {
      throw new OutputException(
          "fetching "
              + download.source()
              + ": about "
              + ((2 * bytes) >> 20)
              + " MB are needed in "
              + folder.root()
              + ", "
              + (free >> 20)
              + " MB are free. Make room, or set NOESIS_MODELS to another disk.");
    }
  }

  private static OutputException failed(String what, Path part, IOException e) {
    return new OutputException(
        "fetching " + what + " into " + part + ": " + Failure.reason(e) + ".", e);
  }
}
