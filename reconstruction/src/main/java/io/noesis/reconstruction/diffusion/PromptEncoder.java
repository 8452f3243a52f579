package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.TextTokenizer;
import io.noesis.alignment.embedding.TokenBatch;
import io.noesis.alignment.embedding.TokenizerJson;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.reconstruction.pack.ClipPadding;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Prompts as the 77 token vectors that the network reads. Owns the tokenizer, not the graph. */
final class PromptEncoder implements AutoCloseable {
  static final int TOKENS = 77;

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
      return new PromptEncoder(tokenizer, model, ClipPadding.of(folder, tokenizer));
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
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
