package io.noesis.reconstruction.caption;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.TextTokenizer;
import io.noesis.alignment.embedding.TokenizerJson;
import io.noesis.encoders.onnx.OnnxLoop;
import io.noesis.reconstruction.pack.MemoryNeed;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackCheck;
import io.noesis.reconstruction.pack.StatedSpace;
import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A captioner from a pack of ONNX graphs: prefix captioners (ClipCap, arXiv:2111.09734), those that
 * read a picture's tokens (GIT, arXiv:2205.14100), and decoders that look at encoder states (T5,
 * arXiv:1910.10683; BART, arXiv:1910.13461). The layout is described in {@code
 * reconstruction/export/CAPTIONERS.md}. The caller closes it. To be used by one thread at a time.
 */
public final class GraphCaptioner implements Captioner {
  private final ModelPack pack;
  private final CaptionFacts facts;
  private final Decoder decoder;
  private final TextTokenizer tokenizer;
  private final DecodingOptions options;
  private final Map<String, String> stated;

  private GraphCaptioner(
      ModelPack pack,
      CaptionFacts facts,
      Decoder decoder,
      TextTokenizer tokenizer,
      DecodingOptions options,
      Map<String, String> stated) {
    this.pack = pack;
    this.facts = facts;
    this.stated = stated;
    this.decoder = decoder;
    this.tokenizer = tokenizer;
    this.options = options;
  }

  /**
   * Loads a pack, after checking it.
   *
   * @param pack a pack of kind {@code caption}
   * @param options how it runs
   * @return the captioner, to be closed by the caller
   * @throws ModelException when the pack is not as it promises, or of another kind
   */
  public static GraphCaptioner open(ModelPack pack, DecodingOptions options) {
    CaptionFacts facts = CaptionFacts.read(pack);
    CaptionMemory.need(pack, facts, options, new CaptionRequest(new WordSearch.Greedy(), 1, 0))
        .require();
    PackCheck.requireFiles(pack);
    Path folder = pack.file("tokenizer");
    TextTokenizer tokenizer =
        TextTokenizer.open(
            folder.toString(), TokenizerJson.ofFolder(folder), Math.max(3, facts.maxTokens()));
    try {
      return new GraphCaptioner(
          pack,
          facts,
          Decoder.open(pack, facts, options),
          tokenizer,
          options,
          StatedSpace.facts(pack));
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /**
   * What a captioner takes in memory, estimated before it is loaded.
   *
   * @param pack a pack of kind {@code caption}
   * @param options how it runs
   * @param request how its words are chosen
   * @return the estimate
   */
  public static MemoryNeed memory(ModelPack pack, DecodingOptions options, CaptionRequest request) {
    return CaptionMemory.need(pack, CaptionFacts.read(pack), options, request);
  }

  /**
   * The same for a beam of five and the longest captions.
   *
   * @param pack a pack of kind {@code caption}
   * @return the estimate
   */
  public static MemoryNeed memory(ModelPack pack) {
    return memory(
        pack,
        DecodingOptions.threads(1),
        new CaptionRequest(new WordSearch.Beam(5, 1), Integer.MAX_VALUE, 0));
  }

  @Override
  public EmbeddingSpace space() {
    return facts.space();
  }

  @Override
  public Map<String, String> facts() {
    return stated;
  }

  /** No caption is longer. */
  public int maxTokens() {
    return facts.maxTokens();
  }

  @Override
  public List<Caption> caption(Tensor embeddings, CaptionRequest request, Progress progress) {
    CaptionMemory.need(pack, facts, options, request).require();
    Tensor shaped = shaped(embeddings);
    int rows = shaped.dim(0);
    Limits limits =
        new Limits(Set.copyOf(facts.stop()), Math.min(request.maxTokens(), facts.maxTokens()));
    List<Caption> out = new ArrayList<>();
    progress.begin("writing " + rows + " captions", rows);
    boolean cached = options.past() == DecodingOptions.Past.KEPT && !decoder.carried().isEmpty();
    try (OnnxLoop loop = new OnnxLoop(decoder.decoder(), cached ? decoder.carried() : Map.of())) {
      for (int from = 0; from < rows; from += options.rowsTogether()) {
        int to = Math.min(rows, from + options.rowsTogether());
        int[] block = IntStream.range(from, to).toArray();
        List<Sentences> sentences = new ArrayList<>();
        for (int row : block) {
          sentences.add(SentenceWriter.begin(request, limits, row));
        }
        SentenceWriter.write(
            new DecoderRun(decoder, loop, shaped.rows(block), facts.start(), cached),
            sentences,
            progress);
        sentences.forEach(one -> out.add(caption(one.best())));
        progress.step(block.length);
      }
    }
    progress.done(rows + " captions");
    return out;
  }

  private Caption caption(List<Long> words) {
    long[] ids = words.stream().mapToLong(Long::longValue).toArray();
    return new Caption(tokenizer.decode(ids).strip(), words, java.util.Optional.empty());
  }

  /** As the first graph takes them: {@code [n, dim]}, or {@code [n, tokens, dim]}. */
  private Tensor shaped(Tensor embeddings) {
    int dim = facts.space().dim() / facts.tokens();
    int rank = embeddings.shape().rank();
    boolean flat = rank == 2 && embeddings.dim(1) == facts.space().dim();
    boolean tokens = rank == 3 && embeddings.dim(1) == facts.tokens() && embeddings.dim(2) == dim;
    Check.argument(
        flat || tokens,
        "the captioner of %s takes embeddings [n, %d] or [n, %d, %d], found %s",
        facts.space(),
        facts.space().dim(),
        facts.tokens(),
        dim,
        embeddings.shape());
    int rows = embeddings.dim(0);
    if (facts.kind() != CaptionFacts.Kind.PREFIX || facts.tokens() > 1) {
      return embeddings.reshape(rows, facts.tokens(), dim);
    }
    Tensor pooled = embeddings.reshape(rows, dim);
    return facts.space().scaling() == EmbeddingSpace.Scaling.UNIT ? unit(pooled) : pooled;
  }

  private Tensor unit(Tensor rows) {
    int dim = rows.dim(1);
    float[] out = new float[rows.size()];
    for (int i = 0; i < rows.dim(0); i++) {
      double squares = 0;
      for (int k = 0; k < dim; k++) {
        double value = rows.array()[i * dim + k];
        squares += value * value;
      }
      if (!(squares > 0)) {
        throw new DataException(
            "writing captions: row "
                + i
                + " of the embeddings has length "
                + Math.sqrt(squares)
                + ", expected a number above 0. Check how it was decoded.");
      }
      double length = Math.sqrt(squares);
      for (int k = 0; k < dim; k++) {
        out[i * dim + k] = (float) (rows.array()[i * dim + k] / length);
      }
    }
    return Tensor.wrap(out, rows.dim(0), dim);
  }

  @Override
  public String fingerprint() {
    return Fingerprint.ofText(decoder.fingerprint() + tokenizer.fingerprint() + facts);
  }

  @Override
  public void close() {
    decoder.close();
    tokenizer.close();
  }
}
