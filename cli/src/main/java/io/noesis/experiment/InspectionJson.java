package io.noesis.experiment;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.format.Summary;
import io.noesis.ingest.format.nifti.NiftiHeader;
import io.noesis.tensor.DType;
import io.noesis.tensor.NpyHeader;
import io.noesis.tensor.Npz;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * An inspection for scripts. The facts are a list, because names of variables in a file may be
 * anything and may coincide; what scripts calculate with stands beside them as numbers.
 */
final class InspectionJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private InspectionJson() {}

  static ObjectNode of(Inspection inspection) {
    Summary summary = inspection.summary();
    ObjectNode json = JSON.createObjectNode();
    json.put("path", summary.path().toString());
    json.put("format", summary.format());
    ArrayNode facts = json.putArray("facts");
    summary.facts().forEach(f -> facts.addObject().put("label", f.label()).put("value", f.value()));
    arrays(summary, json.putArray("arrays"));
    if (summary.format().equals("nifti")) {
      image(NiftiHeader.read(summary.path()), json.putObject("image"));
    } else {
      json.putNull("image");
    }
    json.putNull("study");
    inspection.study().ifPresent(study -> json.set("study", study(study)));
    json.putNull("run");
    inspection.run().ifPresent(run -> json.set("run", run(run)));
    json.put("problem", inspection.problem().orElse(null));
    return json;
  }

  private static void arrays(Summary summary, ArrayNode out) {
    Path path = summary.path();
    switch (summary.format()) {
      case "nifti" -> {
        NiftiHeader header = NiftiHeader.read(path);
        String type = header.type().name().toLowerCase(Locale.ROOT);
        array(out, "", header.shape(), type).put("memory_bytes", header.memoryBytes());
      }
      case "npy" -> npy(out, "", NpyHeader.read(path));
      case "npz" -> {
        try (Npz npz = Npz.open(path)) {
          npz.names().forEach(name -> npy(out, name, npz.header(name)));
        }
      }
      case "safetensors" -> {
        try (Safetensors tensors = Safetensors.open(path)) {
          for (String name : tensors.names()) {
            SafetensorsEntry entry = tensors.entry(name);
            array(out, name, entry.shape(), entry.dtype())
                .put("memory_bytes", 4 * elements(entry.shape()));
          }
        }
      }
      default -> {
        // Other formats hold no arrays whose sizes are known without reading them.
      }
    }
  }

  private static void npy(ArrayNode out, String name, NpyHeader header) {
    array(out, name, header.shape(), header.dtype().map(DType::label).orElse(header.descr()))
        .put("memory_bytes", 4 * header.elements());
  }

  private static long elements(List<Long> shape) {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  private static ObjectNode array(ArrayNode out, String name, List<Long> shape, String type) {
    ObjectNode node = out.addObject();
    node.put("name", name);
    ArrayNode sizes = node.putArray("shape");
    shape.forEach(sizes::add);
    node.put("type", type);
    return node;
  }

  private static void image(NiftiHeader header, ObjectNode out) {
    ArrayNode rows = out.putArray("affine");
    for (int row = 0; row < 3; row++) {
      ArrayNode cells = rows.addArray();
      for (int column = 0; column < 4; column++) {
        cells.add(header.orientation().affine().at(row, column));
      }
    }
    rows.addArray().add(0.0).add(0.0).add(0.0).add(1.0);
    out.put("affine_source", header.orientation().source().name().toLowerCase(Locale.ROOT));
    out.put("orientation", header.orientation().affine().orientation());
    ArrayNode zooms = out.putArray("zooms_mm");
    header.zoomsMm().forEach(zooms::add);
    out.put("tr_seconds", header.trSeconds());
    NiftiHeader.Scaling scaling = header.scaling();
    out.put("slope", scaling == null ? 1 : scaling.slope());
    out.put("intercept", scaling == null ? 0 : scaling.intercept());
  }

  private static ObjectNode study(StudyOutline study) {
    ObjectNode out = JSON.createObjectNode();
    out.put("name", study.card().name());
    out.put("title", study.card().title());
    out.put("layout", study.card().layout());
    out.put("origin", study.card().origin().name().toLowerCase(Locale.ROOT));
    out.put("licence", study.card().licence());
    out.put("responses", study.responses());
    ArrayNode subjects = out.putArray("subjects");
    for (StudyOutline.Subject subject : study.subjects()) {
      ObjectNode node = subjects.addObject();
      node.put("label", subject.label());
      node.put("runs", subject.runs());
      node.put("trials", subject.trials());
      node.put("stimuli", subject.stimuli());
      node.put("memory_bytes", subject.memoryBytes());
      node.put("problem", subject.problem().orElse(null));
    }
    out.putNull("stimuli");
    study
        .stimuli()
        .ifPresent(
            stimuli -> {
              ObjectNode node = out.putObject("stimuli");
              node.put("count", stimuli.count());
              node.put("with_picture", stimuli.withPicture());
              node.put("with_caption", stimuli.withCaption());
              node.put("captions", stimuli.captions());
              node.set("categories", JSON.valueToTree(stimuli.categories()));
              node.set("targets", JSON.valueToTree(stimuli.targets()));
            });
    return out;
  }

  private static ObjectNode run(RunOutline run) {
    ObjectNode out = JSON.createObjectNode();
    out.put("recipe", run.recipe().orElse(null));
    out.put("kind", run.kind().orElse(null));
    out.put("identity", run.identity());
    out.put("study", run.study().orElse(null));
    out.put("origin", run.origin().map(o -> o.name().toLowerCase(Locale.ROOT)).orElse(null));
    out.set("trained", JSON.valueToTree(run.trained()));
    out.set("unfinished", JSON.valueToTree(run.unfinished()));
    out.set("failed", JSON.valueToTree(run.failed()));
    out.set("reports", JSON.valueToTree(run.reports()));
    return out;
  }
}
