package io.noesis.alignment.embedding;

import static io.noesis.alignment.embedding.TokenizerNodes.array;
import static io.noesis.alignment.embedding.TokenizerNodes.byteLevel;
import static io.noesis.alignment.embedding.TokenizerNodes.bytePairs;
import static io.noesis.alignment.embedding.TokenizerNodes.empty;
import static io.noesis.alignment.embedding.TokenizerNodes.pair;
import static io.noesis.alignment.embedding.TokenizerNodes.sequence;
import static io.noesis.alignment.embedding.TokenizerNodes.special;
import static io.noesis.alignment.embedding.TokenizerNodes.type;
import static io.noesis.alignment.embedding.TokenizerNodes.underscores;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.run.CorruptDataException;
import io.noesis.run.Failure;
import io.noesis.run.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * The {@code tokenizer.json} of a model that comes with older vocabulary files only, for {@link
 * TextTokenizer}: byte pairs of CLIP and GPT-2 ({@code vocab.json} and {@code merges.txt}), the
 * word pieces of BERT ({@code vocab.txt}), the unigrams of T5 ({@code spiece.model}).
 */
public final class TokenizerJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String START = "<|startoftext|>";
  private static final String END = "<|endoftext|>";

  /** What is cut out of a text before byte pairs are joined (Radford et al. 2021, CLIP). */
  private static final String CLIP_WORDS =
      "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d"
          + "|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

  /** How many of the merges in OpenAI's file CLIP uses. */
  private static final int CLIP_MERGES = 48_894;

  /** Sentinels that T5 has behind its pieces. */
  private static final int T5_SENTINELS = 100;

  private TokenizerJson() {}

  /**
   * The tokenizer of a folder of a model pack.
   *
   * @param folder holds {@code tokenizer.json}, or {@code vocab.json} and {@code merges.txt} (also
   *     under GPT-2's names {@code encoder.json} and {@code vocab.bpe}), or {@code vocab.txt}, or
   *     {@code spiece.model}
   * @return the bytes of a {@code tokenizer.json}
   * @throws ModelException when it holds none of these, or they are damaged
   */
  public static byte[] ofFolder(Path folder) {
    Optional<Path> json = first(folder, "tokenizer.json");
    Optional<Path> pieces = first(folder, "spiece.model");
    Optional<Path> words = first(folder, "vocab.txt");
    Optional<Path> pairs = first(folder, "vocab.json", "encoder.json");
    Optional<Path> merges = first(folder, "merges.txt", "vocab.bpe");
    if (json.isPresent()) {
      return read(json.get());
    }
    if (pieces.isPresent()) {
      return sentencePiece(pieces.get());
    }
    if (pairs.isPresent() && merges.isPresent()) {
      Map<String, Integer> vocabulary = vocabulary(pairs.get());
      List<String> rules = mergeLines(lines(merges.get()));
      return bytes(
          vocabulary.containsKey(START) ? clip(vocabulary, rules) : gpt2(vocabulary, rules));
    }
    if (words.isPresent()) {
      return bytes(wordPiece(lines(words.get()), lowerCase(folder)));
    }
    throw new ModelException(
        "loading the tokenizer of "
            + folder
            + ": it holds no tokenizer.json, no vocab.json with merges.txt, no vocab.txt and no"
            + " spiece.model. Give the tokenizer folder that comes with the model.");
  }

  /**
   * CLIP's tokenizer from the file that OpenAI published.
   *
   * @param file {@code bpe_simple_vocab_16e6.txt.gz}
   * @return the bytes of a {@code tokenizer.json} with 49,408 tokens
   * @throws ModelException when the file is missing or another
   */
  public static byte[] clip(Path file) {
    List<String> all;
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      all = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (all.size() <= CLIP_MERGES) {
      throw new ModelException(
          "loading the tokenizer "
              + file
              + ": it has "
              + all.size()
              + " lines, expected more than "
              + CLIP_MERGES
              + " merges. Fetch OpenAI's bpe_simple_vocab_16e6.txt.gz again.");
    }
    List<String> merges = all.subList(1, CLIP_MERGES + 1);
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    List<String> letters = ByteLetters.inOrder();
    letters.forEach(letter -> vocabulary.put(letter, vocabulary.size()));
    letters.forEach(letter -> vocabulary.put(letter + "</w>", vocabulary.size()));
    merges.forEach(merge -> vocabulary.put(merge.replace(" ", ""), vocabulary.size()));
    vocabulary.put(START, vocabulary.size());
    vocabulary.put(END, vocabulary.size());
    return bytes(clip(vocabulary, merges));
  }

  private static ObjectNode clip(Map<String, Integer> vocabulary, List<String> merges) {
    int start = required(vocabulary, START);
    int end = required(vocabulary, END);
    ObjectNode json = empty();
    json.set("added_tokens", array(special(START, start), special(END, end)));
    ObjectNode spaces = type("Replace").put("content", " ");
    spaces.putObject("pattern").put("Regex", "\\s+");
    json.set("normalizer", sequence("normalizers", type("NFC"), spaces, type("Lowercase")));
    ObjectNode split = type("Split").put("behavior", "Removed").put("invert", true);
    split.putObject("pattern").put("Regex", CLIP_WORDS);
    json.set("pre_tokenizer", sequence("pretokenizers", split, byteLevel()));
    ObjectNode ends =
        type("RobertaProcessing").put("trim_offsets", false).put("add_prefix_space", false);
    ends.putArray("sep").add(END).add(end);
    ends.putArray("cls").add(START).add(start);
    json.set("post_processor", ends);
    ObjectNode ending = type("Replace").put("content", " ");
    ending.putObject("pattern").put("String", "</w>");
    json.set("decoder", sequence("decoders", byteLevel(), ending));
    json.set("model", bytePairs(vocabulary, merges).put("unk_token", END));
    ((ObjectNode) json.get("model")).put("end_of_word_suffix", "</w>");
    return json;
  }

  private static ObjectNode gpt2(Map<String, Integer> vocabulary, List<String> merges) {
    ObjectNode json = empty();
    json.set("added_tokens", array(special(END, required(vocabulary, END))));
    json.set("pre_tokenizer", byteLevel());
    json.set("decoder", byteLevel());
    json.set("model", bytePairs(vocabulary, merges));
    return json;
  }

  private static ObjectNode wordPiece(List<String> words, boolean lowerCase) {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    words.forEach(word -> vocabulary.put(word, vocabulary.size()));
    ArrayNode added = JsonNodeFactory.instance.arrayNode();
    for (String name : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")) {
      added.add(special(name, required(vocabulary, name)));
    }
    ObjectNode json = empty();
    json.set("added_tokens", added);
    json.set(
        "normalizer",
        type("BertNormalizer")
            .put("clean_text", true)
            .put("handle_chinese_chars", true)
            .putNull("strip_accents")
            .put("lowercase", lowerCase));
    json.set("pre_tokenizer", type("BertPreTokenizer"));
    json.set(
        "post_processor",
        type("BertProcessing")
            .<ObjectNode>set("sep", pair("[SEP]", required(vocabulary, "[SEP]")))
            .<ObjectNode>set("cls", pair("[CLS]", required(vocabulary, "[CLS]"))));
    json.set("decoder", type("WordPiece").put("prefix", "##").put("cleanup", true));
    ObjectNode model =
        type("WordPiece")
            .put("unk_token", "[UNK]")
            .put("continuing_subword_prefix", "##")
            .put("max_input_chars_per_word", 100);
    model.set("vocab", JSON.valueToTree(vocabulary));
    json.set("model", model);
    return json;
  }

  private static byte[] sentencePiece(Path file) {
    SentencePieceFile pieces;
    try {
      pieces = SentencePieceFile.parse(read(file));
    } catch (CorruptDataException e) {
      throw new ModelException(
          "loading the tokenizer " + file + ": " + e.getMessage() + " Fetch the file again.", e);
    }
    ArrayNode vocabulary = JsonNodeFactory.instance.arrayNode();
    ArrayNode added = JsonNodeFactory.instance.arrayNode();
    for (SentencePieceFile.Piece piece : pieces.pieces()) {
      if (piece.isMark()) {
        added.add(special(piece.text(), vocabulary.size()));
      }
      vocabulary.addArray().add(piece.text()).add((double) piece.score());
    }
    int end = pieces.idOf("</s>");
    for (int i = T5_SENTINELS - 1; i >= 0; i--) {
      added.add(special("<extra_id_" + i + ">", vocabulary.size() + T5_SENTINELS - 1 - i));
    }
    ObjectNode json = empty();
    json.set("added_tokens", added);
    if (!pieces.characterMap().isEmpty()) {
      json.set(
          "normalizer", type("Precompiled").put("precompiled_charsmap", pieces.characterMap()));
    }
    json.set("pre_tokenizer", sequence("pretokenizers", type("WhitespaceSplit"), underscores()));
    json.set("decoder", underscores());
    ObjectNode ends = type("TemplateProcessing");
    for (String key : List.of("single", "pair")) {
      ArrayNode parts = ends.putArray(key);
      for (String part : key.equals("single") ? List.of("A") : List.of("A", "B")) {
        parts.addObject().putObject("Sequence").put("id", part).put("type_id", 0);
        parts.addObject().putObject("SpecialToken").put("id", "</s>").put("type_id", 0);
      }
    }
    ObjectNode mark = ends.putObject("special_tokens").putObject("</s>").put("id", "</s>");
    mark.putArray("ids").add(end);
    mark.putArray("tokens").add("</s>");
    json.set("post_processor", ends);
    ObjectNode model = type("Unigram").put("unk_id", pieces.unknown()).put("byte_fallback", false);
    model.set("vocab", vocabulary);
    json.set("model", model);
    return bytes(json);
  }

  private static int required(Map<String, Integer> vocabulary, String token) {
    Integer id = vocabulary.get(token);
    if (id == null) {
      throw new ModelException(
          "loading a tokenizer: its vocabulary of "
              + vocabulary.size()
              + " tokens has no "
              + token
              + ". Expected the vocabulary of CLIP, GPT-2 or BERT.");
    }
    return id;
  }

  private static Map<String, Integer> vocabulary(Path file) {
    Map<String, Integer> out = new LinkedHashMap<>();
    JsonNode tree;
    try {
      tree = JSON.readTree(read(file));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    for (Map.Entry<String, JsonNode> entry : tree.properties()) {
      if (!entry.getValue().canConvertToInt()) {
        throw new ModelException(
            "loading the tokenizer "
                + file
                + ": the token '"
                + entry.getKey()
                + "' has the id "
                + entry.getValue()
                + ", expected a whole number. Fetch the file again.");
      }
      out.put(entry.getKey(), entry.getValue().intValue());
    }
    return out;
  }

  private static boolean lowerCase(Path folder) {
    Optional<Path> config = first(folder, "tokenizer_config.json");
    try {
      return config.isEmpty()
          || JSON.readTree(read(config.get())).path("do_lower_case").asBoolean(true);
    } catch (IOException e) {
      throw unreadable(config.get(), e);
    }
  }

  private static List<String> mergeLines(List<String> lines) {
    List<String> out = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("#version") || line.isBlank()) {
        continue;
      }
      if (line.indexOf(' ') < 1) {
        throw new ModelException(
            "loading a tokenizer: its merges have the line '"
                + line
                + "', expected two symbols with a space between. Fetch the file again.");
      }
      out.add(line);
    }
    return out;
  }

  private static Optional<Path> first(Path folder, String... names) {
    for (String name : names) {
      if (Files.isRegularFile(folder.resolve(name))) {
        return Optional.of(folder.resolve(name));
      }
    }
    return Optional.empty();
  }

  private static List<String> lines(Path file) {
    String text = new String(read(file), StandardCharsets.UTF_8);
    // Not String.lines: vocabularies hold other line ends as tokens.
    List<String> out = new ArrayList<>(List.of(text.split("\n", -1)));
    if (out.get(out.size() - 1).isEmpty()) {
      out.remove(out.size() - 1);
    }
    out.replaceAll(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    return out;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static ModelException unreadable(Path file, IOException e) {
    return new ModelException(
        "loading the tokenizer "
            + file
            + ": "
            + Failure.reason(e)
            + ". Expected the vocabulary file that comes with the model.",
        e);
  }

  private static byte[] bytes(ObjectNode json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
  }
}
