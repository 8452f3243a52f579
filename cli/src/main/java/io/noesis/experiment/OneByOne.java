package io.noesis.experiment;

import io.noesis.encoders.BrainEncoder;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** An encoder that is shown one row at a time. */
record OneByOne(BrainEncoder encoder) implements BrainEncoder {
  @Override
  public Tensor encode(Tensor responses) {
    return joined(
        each(responses, Map.of()).stream().map(row -> encoder.encode(row.responses())).toList());
  }

  @Override
  public Tensor encode(Tensor responses, String subject) {
    return encode(responses, subject, Map.of());
  }

  @Override
  public Map<String, List<Integer>> inputs() {
    return encoder.inputs();
  }

  @Override
  public Tensor encode(Tensor responses, String subject, Map<String, Tensor> told) {
    return joined(
        each(responses, told).stream()
            .map(row -> encoder.encode(row.responses(), subject, row.told()))
            .toList());
  }

  @Override
  public Map<String, Tensor> heads(Tensor responses, String subject) {
    return heads(responses, subject, Map.of());
  }

  @Override
  public Map<String, Tensor> heads(Tensor responses, String subject, Map<String, Tensor> told) {
    List<Map<String, Tensor>> rows =
        each(responses, told).stream()
            .map(row -> encoder.heads(row.responses(), subject, row.told()))
            .toList();
    Map<String, Tensor> heads = new TreeMap<>();
    for (String head : rows.get(0).keySet()) {
      heads.put(head, joined(rows.stream().map(r -> Objects.requireNonNull(r.get(head))).toList()));
    }
    return heads;
  }

  @Override
  public Map<String, String> facts() {
    return encoder.facts();
  }

  @Override
  public void save(Path file, Map<String, String> metadata) {
    encoder.save(file, metadata);
  }

  @Override
  public void export(Path file, Map<String, String> metadata) {
    encoder.export(file, metadata);
  }

  @Override
  public int subjectNumber(String subject) {
    return encoder.subjectNumber(subject);
  }

  /** One response and what is told of its stimulus. */
  private record Row(Tensor responses, Map<String, Tensor> told) {}

  private static List<Row> each(Tensor responses, Map<String, Tensor> told) {
    return IntStream.range(0, responses.dim(0))
        .mapToObj(i -> new Row(responses.rows(new int[] {i}), first(told, i)))
        .toList();
  }

  private static Map<String, Tensor> first(Map<String, Tensor> told, int i) {
    Map<String, Tensor> row = new HashMap<>();
    told.forEach((name, values) -> row.put(name, values.rows(new int[] {i})));
    return row;
  }

  private static Tensor joined(List<Tensor> rows) {
    return Tensor.concatenate(rows.toArray(Tensor[]::new));
  }
}
