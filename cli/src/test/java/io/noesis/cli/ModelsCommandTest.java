package io.noesis.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsCommandTest {
  private static final Path TINY =
      Path.of(
          System.getProperty("noesis.root"),
          "reconstruction/src/test/resources/io/noesis/reconstruction/diffusion/tiny-stable-diffusion");

  @TempDir Path models;

  private Call models(String command, Object... words) {
    Object[] all = new Object[words.length + 4];
    all[0] = "models";
    all[1] = command;
    all[2] = "--models-dir";
    all[3] = models;
    System.arraycopy(words, 0, all, 4, words.length);
    return Call.of(all);
  }

  private static void assertShows(String text, String... words) {
    for (String word : words) {
      assertTrue(text.contains(word), () -> "no '" + word + "' in: " + text);
    }
  }

  @Test
  void aPackIsAddedListedShownAndVerified() throws IOException {
    assertShows(models("list").ended(0).out(), "all-minilm-l6-v2-q", "no packs in " + models);
    assertShows(
        models("add", TINY).ended(0).out(), "tiny-stable-diffusion", "StableDiffusionPipeline");
    assertShows(
        models("list").ended(0).out(),
        "tiny-stable-diffusion",
        "optimum",
        "not stated by the pack");
    assertShows(
        models("show", "tiny-stable-diffusion").ended(0).out(),
        "vae scaling  0.18215",
        "MB of weights, and about",
        "feature maps and attention of 16 pictures at once",
        "encoder_hidden_states float32 or float16 [3] axes",
        "no stimulus is certain to be new to it");
    assertShows(
        models("verify", "tiny-stable-diffusion").ended(0).out(),
        "4 graphs as promised",
        "files with their SHA-256",
        "grey levels");
    assertShows(models("verify", TINY).ended(0).out(), "no hashes to compare");
  }

  @Test
  void aPackIsAddedWithTheSpaceThatItTakes() {
    Path captioner = TINY.resolve("../../caption/tiny-clipcap").normalize();
    models("add", TINY.resolve("../../pack/tiny-clip-12").normalize()).ended(0);
    assertShows(
        models("add", captioner, "--space", "tiny-clip-12:image_tokens").ended(6).err(),
        "12 numbers",
        "5 tokens of 12 numbers");
    assertFalse(Files.exists(models.resolve("tiny-clipcap")), "nothing is added");
    assertShows(models("add", captioner, "--model", "x").ended(2).err(), "--model and --layer");
    assertShows(models("add", captioner, "--space", "nosuch").ended(6).err(), "nosuch");
    String stated = "stated with 'noesis models set-space' to be tiny-clip-12";
    assertShows(models("add", captioner, "--space", "tiny-clip-12").ended(0).out(), stated);
    assertShows(models("show", "tiny-clipcap").ended(0).out(), stated, "tiny-clip, image_embeds");
    models("verify", "tiny-clipcap").ended(0);
  }

  @Test
  void damagedAndUnknownPacksEndWithSix() throws IOException {
    models("add", TINY).ended(0);
    Files.writeString(models.resolve("tiny-stable-diffusion/tokenizer/merges.txt"), "a b\n");
    assertShows(models("verify", "tiny-stable-diffusion").ended(6).err(), "merges.txt", "bytes");
    assertShows(
        models("show", "tiny-stable-difusion").ended(6).err(),
        "Did you mean",
        "tiny-stable-diffusion");
    assertShows(models("add", TINY).ended(6).err(), "exists");
    assertShows(models("add", models.resolve("absent")).ended(6).err(), "does not exist");
    Files.createDirectories(models.resolve("empty"));
    assertShows(models("list").ended(0).out(), "empty", "cannot be opened");
    models("show").ended(2);
  }

  @Test
  void modelsAreFetchedByNameAfterTheirTermsAreShown() throws IOException {
    Path weights = Files.writeString(models.resolve("tiny.pt"), "weights");
    Path list = models.resolve("list.yaml");
    String entry =
        """
        models:
          - name: tiny
            form: checkpoint
            title: a tiny checkpoint
            licence: CC0-1.0
            terms: https://example.org/terms
            files:
              - {path: tiny.pt, url: "%s", sha256: %s}
            next: export it
        """;
    Files.writeString(list, entry.formatted(weights.toUri(), Fingerprint.ofFile(weights)));
    assertShows(
        models("list", "--catalogue", list).ended(0).out(), "tiny", "openai-clip-vit-l-14", "MIT");
    Call shown = models("fetch", "tiny", "--catalogue", list).ended(2);
    assertShows(shown.out(), "CC0-1.0", "https://example.org/terms", "size         0 MB");
    assertShows(shown.err(), "--yes", "Nothing was fetched");
    assertShows(
        models("fetch", "tiny", "--catalogue", list, "--yes").ended(0).out(),
        "checkpoint   " + models.resolve(".checkpoints/tiny"),
        "next         export it");
    assertShows(models("fetch", "tiny", "--catalogue", list, "--yes").ended(6).err(), "exists");
    assertShows(
        models("fetch", "openai-clip-vit-l14", "--catalogue", list).ended(2).err(),
        "Did you mean 'openai-clip-vit-l-14'?",
        "openai-clip-vit-b-32",
        "~/.noesis/models.yaml");
    assertShows(
        models("fetch", "tiny", "--catalogue", list, "--sha256", "00").ended(2).err(),
        "goes with an address");
    assertShows(models("fetch", "https://x.org/a.zip").ended(2).err(), "--sha256");
    // What nobody states is not made up.
    Files.writeString(list, entry.formatted(weights.toUri(), "unknown"));
    assertShows(models("fetch", "tiny", "--catalogue", list).ended(2).err(), "64", "'unknown'");
  }
}
