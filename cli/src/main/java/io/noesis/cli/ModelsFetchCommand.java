package io.noesis.cli;

import io.noesis.ingest.manifest.CatalogueModel;
import io.noesis.reconstruction.pack.ModelFolder;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackFetch;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import java.io.Console;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis models fetch NAME|URL}. */
@Command(
    name = "fetch",
    description = {
      "Download a model by its name in the catalogue, or the .zip of a pack by its address; compare"
          + " the SHA-256; check the pack and add it. A checkpoint is kept for an export script.",
      "Size, licence and terms are shown first; without --yes you are asked, and where nobody can be"
          + " asked nothing is fetched. What was broken off goes on where it stopped. Ends with 6"
          + " when a file is not as promised."
    })
final class ModelsFetchCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;
  @Mixin PacksOption place;
  @Mixin CatalogueOption catalogue;

  @Parameters(
      paramLabel = "NAME|URL",
      description =
          "A name of 'noesis models list', or an address (http, https or file) ending in .zip.")
  String what;

  @Option(
      names = "--sha256",
      paramLabel = "HEX",
      description =
          "With an address: what the archive must have, as those who publish the model state it.")
  @Nullable String sha256;

  @Option(
      names = {"--yes", "--accept-terms"},
      description = "You have read the licence and terms of the model and agree to them.")
  boolean accepted;

  @Override
  public Integer call() {
    PackFetch fetch = new PackFetch(place.models());
    if (what.contains(":/")) {
      PackFetch.Wanted wanted = wanted();
      offer("source       " + what, fetch.size(wanted));
      added(fetch.fetch(wanted, progress()));
      return 0;
    }
    if (sha256 != null) {
      throw new RecipeException(
          "fetching the model '"
              + what
              + "': --sha256 goes with an address; the catalogue has that of '"
              + what
              + "'. Leave it out.");
    }
    CatalogueModel model = catalogue.models().named(what);
    String facts =
        String.join(
            "\n",
            "model        " + model.title(),
            "licence      " + model.licence(),
            "terms        " + model.terms(),
            "source       " + model.files().get(0).source());
    offer(facts, fetch.size(model));
    Path fetched = fetch.fetch(model, progress());
    if (model.form() == CatalogueModel.Form.PACK) {
      added(ModelPack.open(fetched));
    } else {
      print("checkpoint   " + fetched);
      model.next().ifPresent(next -> print("next         " + next));
    }
    return 0;
  }

  private Progress progress() {
    return common.progress(spec);
  }

  private void added(ModelPack pack) {
    print(
        "added        " + pack.folder() + ": " + pack.kind() + ", " + ModelsCommand.dialect(pack));
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  /** Shows what would come and asks, unless that was answered on the command line. */
  @SuppressWarnings("SystemConsoleNull") // Without a terminal: null, or no line but one piped in.
  private void offer(String facts, Optional<Long> bytes) {
    ModelFolder models = place.models();
    String size = bytes.map(b -> (b + 500_000) / 1_000_000 + " MB").orElse("unknown");
    print(facts + "\nsize         " + size + "\ngoes to      " + models.root());
    if (accepted) {
      return;
    }
    Console console = System.console();
    String answer =
        console == null
            ? ""
            : console.readLine("Licence and terms read and agreed to; fetch it? [y/N] ");
    if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
      throw new RecipeException(
          "fetching "
              + what
              + " ("
              + size
              + "): models have licences and terms of their own, which Noesis cannot agree to for"
              + " you. Read them, then add --yes. Nothing was fetched.");
    }
  }

  private PackFetch.Wanted wanted() {
    if (sha256 == null) {
      throw new RecipeException(
          "fetching "
              + what
              + ": an address needs --sha256, what the archive must have as those who publish the"
              + " model state it. Without one, give a name of 'noesis models list'.");
    }
    try {
      return new PackFetch.Wanted(new URI(what), sha256);
    } catch (IllegalArgumentException | URISyntaxException e) {
      throw new RecipeException("fetching a model pack: " + e.getMessage() + ".", e);
    }
  }
}
