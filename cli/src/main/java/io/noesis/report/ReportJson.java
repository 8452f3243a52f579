package io.noesis.report;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.noesis.run.AtomicFile;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads {@code report.json}: UTF-8, two spaces, {@code \n}, keys in the order of the
 * record components of {@link Report}, numbers in the shortest form that reads back to the same
 * double. JSON has no not-a-number: NaN and the infinities are written as {@code null} and {@code
 * null} reads back as NaN; the page shows it as "n/a". The same report gives the same bytes.
 */
public final class ReportJson {
  private static final ObjectMapper MAPPER = mapper();
  private static final ObjectWriter WRITER = MAPPER.writer(printer());

  /** Problems beyond this many are counted, not listed. */
  private static final int LISTED = 8;

  private ReportJson() {}

  /**
   * Writes a report, whole or not at all.
   *
   * @param file usually {@code report.json}; replaced when it exists
   * @param report what to write
   * @throws io.noesis.run.OutputException when it cannot be written
   */
  public static void write(Path file, Report report) {
    AtomicFile.writeText(file, text(report));
  }

  /**
   * The report as JSON text.
   *
   * @param report what to write
   * @return the text, ending in a line feed
   */
  public static String text(Report report) {
    try {
      return WRITER.writeValueAsString(report) + "\n";
    } catch (JsonProcessingException e) {
      throw new AssertionError("a report is a tree of records, lists, texts and numbers", e);
    }
  }

  /**
   * Reads a report and checks it: every key that is not optional must be there, unknown keys and
   * duplicates are refused.
   *
   * @param file a file that {@link #write} wrote
   * @return the report
   * @throws DataException when it cannot be read, has another schema or breaks it
   */
  public static Report read(Path file) {
    JsonNode tree = parse(file);
    String schema = tree.path("schema").asText("");
    if (!schema.equals(Report.SCHEMA)) {
      throw new DataException(
          "reading the report "
              + file
              + ": its schema is '"
              + schema
              + "', expected '"
              + Report.SCHEMA
              + "'. Render it with the version of Noesis that wrote it, or make the report again.");
    }
    List<String> problems = ReportShape.problems(tree);
    if (!problems.isEmpty()) {
      throw broken(file, listed(problems), null);
    }
    try {
      return MAPPER.treeToValue(tree, Report.class);
    } catch (JsonMappingException e) {
      Throwable cause = e.getCause();
      String reason = cause instanceof IllegalArgumentException ? cause.getMessage() : null;
      throw broken(
          file, path(e) + ": " + (reason == null ? e.getOriginalMessage() : reason) + ".", e);
    } catch (JsonProcessingException e) {
      throw broken(file, e.getOriginalMessage(), e);
    }
  }

  private static JsonNode parse(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DataException(
          "reading the report "
              + file
              + ": "
              + Failure.reason(e)
              + ". Give the path of a report.json that a run wrote.",
          e);
    }
    try {
      JsonNode tree = MAPPER.readTree(bytes);
      if (!tree.isObject()) {
        throw broken(file, "the file holds no JSON object.", null);
      }
      return tree;
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " at line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr();
      throw new CorruptDataException(
          "reading the report "
              + file
              + ": not valid JSON"
              + where
              + ": "
              + e.getOriginalMessage()
              + ". Make the report again; a run writes it whole or not at all.",
          e);
    } catch (IOException e) {
      throw new AssertionError("bytes in memory can be read", e);
    }
  }

  private static String listed(List<String> problems) {
    int shown = Math.min(LISTED, problems.size());
    String rest =
        problems.size() > shown ? "; and " + (problems.size() - shown) + " more problems" : "";
    return String.join("; ", problems.subList(0, shown)) + rest + ".";
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }

  private static DataException broken(Path file, String problem, @Nullable Throwable cause) {
    return new DataException(
        "reading the report "
            + file
            + ": it breaks the schema "
            + Report.SCHEMA
            + ": "
            + problem
            + " Undo the edit or make the report again.",
        cause);
  }

  private static DefaultPrettyPrinter printer() {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    return printer;
  }

  private static ObjectMapper mapper() {
    SimpleModule numbers =
        new SimpleModule("numbers")
            .addSerializer(double.class, new MissingNumber.Writer())
            .addSerializer(Double.class, new MissingNumber.Writer())
            .addDeserializer(double.class, new MissingNumber.Reader())
            .addDeserializer(Double.class, new MissingNumber.Reader());
    JsonMapper mapper =
        JsonMapper.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .withCoercionConfig(
                LogicalType.Textual,
                c ->
                    c.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .withCoercionConfig(
                LogicalType.Integer,
                c -> c.setCoercion(CoercionInputShape.String, CoercionAction.Fail))
            .withCoercionConfig(
                LogicalType.Boolean,
                c ->
                    c.setCoercion(CoercionInputShape.String, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
            .withCoercionConfig(
                LogicalType.Enum,
                c -> c.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
            .addModule(numbers)
            .build();
    return mapper;
  }
}
