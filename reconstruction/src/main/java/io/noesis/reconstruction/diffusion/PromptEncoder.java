package io.noesis.reconstruction.diffusion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.alignment.embedding.TextTokenizer;
import io.noesis.alignment.embedding.TokenBatch;
import io.noesis.alignment.embedding.TokenizerJson;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.run.Failure;
import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Prompts as the 77 token vectors that the network reads. Owns the tokenizer, not the graph. */
final class PromptEncoder implements AutoCloseable {
  private static final int TOKENS = 77;

  private final TextTokenizer tokenizer;
  private final OnnxModel model;
  private final long padding;

  private PromptEncoder(TextTokenizer tokenizer, OnnxModel model, long padding) {
    this.tokenizer = tokenizer;
    this.model = model;
    this.padding = padding;
  }

  static PromptEncoder open(Path folder, OnnxModel model) {
    byte[] json = TokenizerJson.ofFolder(folder);
    TextTokenizer tokenizer = TextTokenizer.open(folder.toString(), json, TOKENS);
    try {
      return new PromptEncoder(tokenizer, model, paddingOf(folder, tokenizer));
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /**
   * Stable Diffusion 1 pads with the end token, 2 with token 0; the pack says which. The name is
   * looked up by tokenizing it: start, name, end.
   */
  private static long paddingOf(Path folder, TextTokenizer tokenizer) {
    Path file = folder.resolve("special_tokens_map.json");
    String name = "<|endoftext|>";
    if (Files.exists(file)) {
      try {
        JsonNode token = new ObjectMapper().readTree(Files.readAllBytes(file)).path("pad_token");
        name = token.isTextual() ? token.asText() : token.path("content").asText(name);
      } catch (IOException e) {
        throw new ModelException(
            "loading the tokenizer " + folder + ": " + file + ": " + Failure.reason(e) + ".", e);
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

  /** {@code [prompts, 77, width]}. */
  Tensor encode(List<String> prompts) {
    return Network.only(encode(prompts, List.of("last_hidden_state")), "last_hidden_state");
  }

  /** Those outputs of the text encoder. */
  Map<String, Tensor> encode(List<String> prompts, List<String> outputs) {
    return encode(tokens(prompts), outputs);
  }

  Map<String, Tensor> encode(TokenBatch tokens, List<String> outputs) {
    return model.run(
        Map.of("input_ids", OnnxInput.of(tokens.ids(), tokens.rows(), TOKENS)), outputs);
  }

  /** Token ids with their mask, {@code [prompts, 77]}. */
  TokenBatch tokens(List<String> prompts) {
    return tokenizer.encode(prompts).padded(TOKENS, padding);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
