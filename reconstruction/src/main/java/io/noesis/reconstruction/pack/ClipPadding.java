package io.noesis.reconstruction.pack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.noesis.alignment.embedding.TextTokenizer;
import io.noesis.run.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The token that texts of a CLIP are filled up with. */
public final class ClipPadding {
  private ClipPadding() {}

  /**
   * Stable Diffusion 1 fills up with the end token, 2 with token 0; the pack says which, in {@code
   * special_tokens_map.json} or, as transformers 5 writes it, in {@code tokenizer_config.json}. The
   * name is looked up by tokenizing it: start, name, end.
   *
   * @param folder of the tokenizer
   * @param tokenizer read from it
   * @return the token's id
   * @throws ModelException when the vocabulary does not have the token that the folder names
   */
  public static long of(Path folder, TextTokenizer tokenizer) {
    String name = "<|endoftext|>";
    for (String file : List.of("special_tokens_map.json", "tokenizer_config.json")) {
      Path path = folder.resolve(file);
      JsonNode token =
          Files.exists(path) ? PackLayout.json(path).path("pad_token") : MissingNode.getInstance();
      if (token.isTextual() || token.path("content").isTextual()) {
        name = token.isTextual() ? token.asText() : token.path("content").asText();
        break;
      }
    }
    long[] ids = tokenizer.encode(List.of(name)).ids();
    if (ids.length != 3) {
      throw new ModelException(
          "loading the tokenizer "
              + folder
              + ": its padding '"
              + name
              + "' is "
              + (ids.length - 2)
              + " tokens, expected one of its vocabulary.");
    }
    // "!" becomes the token of a whole word "!</w>"; what is meant is the first of the vocabulary.
    return name.equals("!") ? 0 : ids[1];
  }
}
