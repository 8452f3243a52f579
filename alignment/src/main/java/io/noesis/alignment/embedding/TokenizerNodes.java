package io.noesis.alignment.embedding;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Parts of a {@code tokenizer.json}, as the library reads them. */
final class TokenizerNodes {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TokenizerNodes() {}

  static ObjectNode underscores() {
    return type("Metaspace")
        .put("replacement", "▁")
        .put("prepend_scheme", "always")
        .put("split", true);
  }

  static ObjectNode bytePairs(Map<String, Integer> vocabulary, List<String> merges) {
    ObjectNode model =
        type("BPE")
            .putNull("dropout")
            .putNull("unk_token")
            .put("continuing_subword_prefix", "")
            .put("end_of_word_suffix", "")
            .put("fuse_unk", false)
            .put("byte_fallback", false)
            .put("ignore_merges", false);
    model.set("vocab", JSON.valueToTree(vocabulary));
    ArrayNode rules = model.putArray("merges");
    for (String merge : merges) {
      int space = merge.indexOf(' ');
      rules.addArray().add(merge.substring(0, space)).add(merge.substring(space + 1));
    }
    return model;
  }

  static ObjectNode byteLevel() {
    return type("ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }

  static ObjectNode empty() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("version", "1.0");
    for (String key : List.of("truncation", "padding", "normalizer", "post_processor")) {
      json.putNull(key);
    }
    return json;
  }

  static ObjectNode type(String name) {
    return JsonNodeFactory.instance.objectNode().put("type", name);
  }

  static ObjectNode sequence(String key, ObjectNode... parts) {
    ObjectNode node = type("Sequence");
    node.set(key, array(parts));
    return node;
  }

  static ArrayNode array(ObjectNode... parts) {
    return JsonNodeFactory.instance.arrayNode().addAll(List.of(parts));
  }

  static ArrayNode pair(String token, int id) {
    return JsonNodeFactory.instance.arrayNode().add(token).add(id);
  }

  static ObjectNode special(String token, int id) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("id", id).put("content", token);
    for (String key : List.of("single_word", "lstrip", "rstrip", "normalized")) {
      node.put(key, false);
    }
    return node.put("special", true);
  }
}
