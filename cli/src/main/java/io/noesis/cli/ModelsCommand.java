package io.noesis.cli;

import io.noesis.ingest.manifest.CatalogueModel;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.ingest.manifest.ModelSpace;
import io.noesis.reconstruction.pack.MemoryNeed;
import io.noesis.reconstruction.pack.ModelFolder;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackCheck;
import io.noesis.reconstruction.pack.PackGraph;
import io.noesis.reconstruction.pack.PortRule;
import io.noesis.reconstruction.pack.StatedSpace;
import io.noesis.reconstruction.verify.GoldenPair;
import io.noesis.reconstruction.verify.MemoryNeeds;
import io.noesis.run.ModelException;
import io.noesis.run.NoesisException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
      ModelsFetchCommand.class,
      ModelsSpaceCommand.class,
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

  /** {@code noesis models list}. */
  @Command(
      name = "list",
      description = "Every pack with its kind, layout and licence, and what can be fetched.")
  static final class ListPacks implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin CommonOptions common;
    @Mixin PacksOption place;
    @Mixin CatalogueOption catalogue;

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
      for (CatalogueModel model : catalogue.models().models()) {
        out.printf(
            "%-28s %-28s to be fetched, %s%n",
            model.name(), model.form().name().toLowerCase(Locale.ROOT), model.licence());
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
    @Mixin PacksOption place;

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
      StatedSpace.facts(found).forEach((label, value) -> out.println(label + ": " + value));
      if (found.has("vae_decoder")) {
        out.println("vae scaling  " + found.vaeScale());
      }
      memory(found, out);
      for (PackGraph graph : found.graphs()) {
        out.println("graph        " + graph.role() + "  " + graph.file().getFileName());
        graph.inputs().forEach(rule -> out.println("  takes      " + words(rule)));
        graph.outputs().forEach(rule -> out.println("  gives      " + words(rule)));
      }
      out.flush();
      return 0;
    }

    private static void memory(ModelPack pack, PrintWriter out) {
      try {
        for (MemoryNeed need : MemoryNeeds.of(pack)) {
          out.println("memory       " + need.words());
        }
      } catch (ModelException e) {
        out.println("memory       not known: " + e.getMessage());
      }
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
      manifest.space().ifPresent(space -> out.println("space        " + words(space)));
      out.println("files        " + manifest.files().size() + " with SHA-256");
    }

    private static String words(ModelSpace space) {
      return space.model()
          + ", "
          + space.layer()
          + ", "
          + new StatedSpace.Sizes(space.dimension(), space.tokens());
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
          "Check a pack and copy it to the folder of the packs, with the SHA-256 of every file. With"
              + " --space, or --model and --layer, it also states whose embeddings the pack takes,"
              + " as 'set-space' does.")
  static final class Add implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin CommonOptions common;
    @Mixin PacksOption place;

    @Parameters(paramLabel = "SOURCE", description = "A folder, or a .zip of one.")
    Path source;

    @Mixin SpaceOptions space;

    @Override
    public Integer call() {
      ModelFolder models = place.models();
      Optional<StatedSpace> stated = space.stated(models, source.toString());
      ModelPack added =
          models.add(
              source,
              common.progress(spec),
              pack -> stated.ifPresent(said -> said.write(pack, space.part())));
      PrintWriter out = spec.commandLine().getOut();
      out.println("added " + added.folder() + ": " + added.kind() + ", " + dialect(added));
      StatedSpace.facts(added).forEach((label, value) -> out.println(label + ": " + value));
      out.flush();
      return 0;
    }
  }

  /** {@code noesis models verify PACK}. */
  @Command(
      name = "verify",
      description = {
        "Compare a pack with what it promises: files and hashes, graphs, names, types, ranks, scaling"
            + " factor; and make the picture, captions or vectors again that it carries.",
        "Ends with 6 when something differs."
      })
  static final class Verify implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin CommonOptions common;
    @Mixin PacksOption place;

    @Parameters(paramLabel = "PACK", description = "A pack's name, or a folder.")
    String pack;

    @Override
    public Integer call() {
      ModelPack found = place.models().open(pack);
      PackCheck.require(found, common.progress(spec));
      Optional<String> golden = GoldenPair.check(found, common.progress(spec));
      PrintWriter out = spec.commandLine().getOut();
      int files = found.manifest().map(manifest -> manifest.files().size()).orElse(0);
      out.println(
          found.graphs().size()
              + " graphs as promised, "
              + (files == 0 ? "no hashes to compare" : files + " files with their SHA-256"));
      out.println(golden.orElse("it carries no golden pair to make again"));
      out.flush();
      return 0;
    }
  }

  static String dialect(ModelPack pack) {
    return pack.dialect().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
