package io.noesis.cli;

import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.reconstruction.diffusion.GoldenPicture;
import io.noesis.reconstruction.pack.ModelFolder;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackCheck;
import io.noesis.reconstruction.pack.PackFetch;
import io.noesis.reconstruction.pack.PackGraph;
import io.noesis.reconstruction.pack.PortRule;
import io.noesis.run.ModelException;
import io.noesis.run.NoesisException;
import io.noesis.run.RecipeException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis models ...}: the model packs that captions and pictures are made with. */
@Command(
    name = "models",
    description =
        "List, show, add, fetch and verify model packs: folders of ONNX graphs that optimum or a script of"
            + " reconstruction/export wrote.",
    subcommands = {
      ModelsCommand.ListPacks.class,
      ModelsCommand.Show.class,
      ModelsCommand.Add.class,
      ModelsCommand.Fetch.class,
      ModelsCommand.Verify.class
    },
    footer = {
      "",
      "Packs lie in --models-dir (default: $NOESIS_MODELS, else ~/.local/share/noesis/models), one"
          + " folder each. Nothing is downloaded but by 'fetch', and nothing in a pack is executed."
    })
final class ModelsCommand implements Runnable {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Where packs lie. */
  static final class Place {
    @Option(
        names = "--models-dir",
        paramLabel = "DIR",
        description = "The folder of the packs (default: $NOESIS_MODELS, else the user's).")
    @Nullable Path folder;

    ModelFolder models() {
      return folder != null
          ? new ModelFolder(folder)
          : ModelFolder.usual(System::getenv, Path.of(System.getProperty("user.home", ".")));
    }
  }

  /** {@code noesis models list}. */
  @Command(name = "list", description = "Every pack with its kind, layout and licence.")
  static final class ListPacks implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin CommonOptions common;
    @Mixin Place place;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      for (String name : Manifests.modelNames()) {
        ModelManifest manifest = Manifests.model(name);
        out.printf("%-28s %-28s on board, %s%n", name, manifest.kind(), manifest.licence());
      }
      ModelFolder models = place.models();
      for (String name : models.names()) {
        out.printf("%-28s %s%n", name, line(models, name));
      }
      if (models.names().isEmpty()) {
        out.println("no packs in " + models.root() + "; add one with 'noesis models add'");
      }
      out.flush();
      return 0;
    }

    private static String line(ModelFolder models, String name) {
      try {
        ModelPack pack = models.open(name);
        String licence = pack.manifest().map(ModelManifest::licence).orElse("no manifest");
        return String.format("%-28s %s, %s", pack.kind(), dialect(pack), licence);
      } catch (NoesisException e) {
        return "cannot be opened: " + e.getMessage();
      }
    }
  }

  /** {@code noesis models show PACK}. */
  @Command(name = "show", description = "What a pack is and which graphs it has.")
  static final class Show implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin CommonOptions common;
    @Mixin Place place;

    @Parameters(paramLabel = "PACK", description = "A pack's name, or a folder.")
    String pack;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      ModelPack found = place.models().open(pack);
      out.println("folder       " + found.folder());
      out.println("kind         " + found.kind());
      out.println("layout       " + dialect(found));
      found.manifest().ifPresent(manifest -> facts(manifest, out));
      if (found.has("vae_decoder")) {
        out.println("vae scaling  " + found.vaeScale());
      }
      for (PackGraph graph : found.graphs()) {
        out.println("graph        " + graph.role() + "  " + graph.file().getFileName());
        graph.inputs().forEach(rule -> out.println("  takes      " + words(rule)));
        graph.outputs().forEach(rule -> out.println("  gives      " + words(rule)));
      }
      out.flush();
      return 0;
    }

    private static void facts(ModelManifest manifest, PrintWriter out) {
      out.println("title        " + manifest.title());
      out.println("licence      " + manifest.licence());
      out.println("source       " + manifest.source());
      out.println("cite         " + manifest.citation());
      out.println(
          "trained on   "
              + (manifest.pretraining().isEmpty()
                  ? "not known: no stimulus is certain to be new to it"
                  : String.join("; ", manifest.pretraining())));
      out.println("files        " + manifest.files().size() + " with SHA-256");
    }

    private static String words(PortRule rule) {
      String axes = rule.axes().isEmpty() ? rule.ranks() + " axes" : rule.axes().toString();
      List<String> types =
          rule.types().stream().map(type -> type.name().toLowerCase(Locale.ROOT)).toList();
      return rule.name() + " " + String.join(" or ", types) + " " + axes;
    }
  }

  /** {@code noesis models add SOURCE}. */
  @Command(
      name = "add",
      description =
          "Check a pack and copy it to the folder of the packs, with the SHA-256 of every file.")
  static final class Add implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin CommonOptions common;
    @Mixin Place place;

    @Parameters(paramLabel = "SOURCE", description = "A folder, or a .zip of one.")
    Path source;

    @Override
    public Integer call() {
      ModelPack added = place.models().add(source, common.progress(spec));
      PrintWriter out = spec.commandLine().getOut();
      out.println("added " + added.folder() + ": " + added.kind() + ", " + dialect(added));
      out.flush();
      return 0;
    }
  }

  /** {@code noesis models fetch URL}. */
  @Command(
      name = "fetch",
      description = {
        "Download the .zip of a pack, compare its SHA-256, check the pack and add it.",
        "Without --accept-terms only the size is asked for and shown. What was broken off goes on"
            + " where it stopped. Ends with 6 when the archive is not as promised."
      })
  static final class Fetch implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin CommonOptions common;
    @Mixin Place place;

    @Parameters(paramLabel = "URL", description = "http, https or file, ending in .zip.")
    URI source;

    @Option(
        names = "--sha256",
        paramLabel = "HEX",
        required = true,
        description = "What the archive must have, as those who publish the model state it.")
    String sha256;

    @Option(
        names = "--accept-terms",
        description = "You have read the licence and terms of the model and agree to them.")
    boolean accepted;

    @Override
    public Integer call() {
      PackFetch fetch = new PackFetch(place.models());
      PackFetch.Wanted wanted = wanted();
      PrintWriter out = spec.commandLine().getOut();
      String size =
          fetch.size(wanted).map(bytes -> (bytes + 500_000) / 1_000_000 + " MB").orElse("unknown");
      out.println("source       " + source);
      out.println("size         " + size);
      out.println("goes to      " + place.models().root());
      out.flush();
      if (!accepted) {
        throw new RecipeException(
            "fetching "
                + source
                + " ("
                + size
                + "): models have licences and terms of their own, which Noesis cannot agree to for"
                + " you. Read them, then add --accept-terms. Nothing was fetched.");
      }
      ModelPack added = fetch.fetch(wanted, common.progress(spec));
      out.println("added        " + added.folder() + ": " + added.kind() + ", " + dialect(added));
      out.flush();
      return 0;
    }

    private PackFetch.Wanted wanted() {
      try {
        return new PackFetch.Wanted(source, sha256);
      } catch (IllegalArgumentException e) {
        throw new RecipeException("fetching a model pack: " + e.getMessage() + ".", e);
      }
    }
  }

  /** {@code noesis models verify PACK}. */
  @Command(
      name = "verify",
      description = {
        "Compare a pack with what it promises: files and hashes, graphs, names, types, ranks, scaling"
            + " factor; and make the picture again that it carries.",
        "Ends with 6 when something differs."
      })
  static final class Verify implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin CommonOptions common;
    @Mixin Place place;

    @Parameters(paramLabel = "PACK", description = "A pack's name, or a folder.")
    String pack;

    @Override
    public Integer call() {
      ModelPack found = place.models().open(pack);
      PackCheck.require(found, common.progress(spec));
      OptionalInt difference = GoldenPicture.difference(found, common.progress(spec));
      if (difference.orElse(0) > GoldenPicture.TOLERANCE) {
        throw new ModelException(
            "checking the model pack "
                + found.folder()
                + ": the picture it carries comes out with a difference of "
                + difference.getAsInt()
                + " grey levels here, expected at most "
                + GoldenPicture.TOLERANCE
                + ". Export the model again with the versions in reconstruction/export.");
      }
      PrintWriter out = spec.commandLine().getOut();
      int files = found.manifest().map(manifest -> manifest.files().size()).orElse(0);
      out.println(
          found.graphs().size()
              + " graphs as promised, "
              + (files == 0 ? "no hashes to compare" : files + " files with their SHA-256"));
      out.println(
          difference.isPresent()
              ? "its picture comes out within " + difference.getAsInt() + " grey levels"
              : "it carries no picture to make again");
      out.flush();
      return 0;
    }
  }

  private static String dialect(ModelPack pack) {
    return pack.dialect().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
