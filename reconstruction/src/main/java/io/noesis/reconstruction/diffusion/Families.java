package io.noesis.reconstruction.diffusion;

import io.noesis.run.ModelException;
import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import io.noesis.run.Suggest;
import java.util.ArrayList;
import java.util.List;

/** The kinds of diffusion models that a pack can be of. */
public final class Families {
  private static final Registry<FamilyKind> REGISTRY =
      Registry.of(
          "kind of diffusion model",
          List.of(
              new Entry<>(
                  "image-embedding-diffusion",
                  new FamilyKind("", ImageEmbeddingFamily::new),
                  "Conditioned on one image embedding, [n, dim], in pixels or latents; the embedded"
                      + " model."),
              new Entry<>(
                  "stable-diffusion",
                  new FamilyKind("StableDiffusionPipeline", TextFamily::alone),
                  "Stable Diffusion 1 and 2: text, or its embedding [n, 77, width]."),
              new Entry<>(
                  "stable-diffusion-xl",
                  new FamilyKind("StableDiffusionXLPipeline", XlFamily::alone),
                  "SDXL and SDXL-Turbo: text, or its embedding [n, 77, width] with 'pooled'."),
              new Entry<>(
                  "latent-consistency",
                  new FamilyKind("LatentConsistencyModelPipeline", TextFamily::alone),
                  "Stable Diffusion 1 distilled to one to eight steps with the guidance as an input:"
                      + " text, or its embedding [n, 77, width]."),
              new Entry<>(
                  "unclip-xl",
                  new FamilyKind("", UnclipXlFamily::new),
                  "SDXL from image tokens [n, tokens, width] in the place of text; MindEye2."),
              new Entry<>(
                  "ip-adapter",
                  new FamilyKind("", parts -> new IpAdapterFamily(parts, TextFamily.beside(parts))),
                  "Stable Diffusion 1 with an image embedding beside the text; 'image-scale'."),
              new Entry<>(
                  "ip-adapter-xl",
                  new FamilyKind("", parts -> new IpAdapterFamily(parts, XlFamily.beside(parts))),
                  "SDXL and SDXL-Turbo with an image embedding beside the text; ATM."),
              new Entry<>(
                  "stable-unclip",
                  new FamilyKind("StableUnCLIPImg2ImgPipeline", UnclipFamily::new),
                  "Stable Diffusion 2 with a noised image embedding; 'noise-level'."),
              new Entry<>(
                  "kandinsky-2-2",
                  new FamilyKind("KandinskyV22Pipeline", KandinskyFamily::new),
                  "Kandinsky 2.2's decoder of one image embedding."),
              new Entry<>(
                  "controlnet",
                  new FamilyKind("", parts -> new ControlFamily(parts, TextFamily.alone(parts))),
                  "Stable Diffusion 1 and 2 steered by a depth map 'control'; 'control-scale'."),
              new Entry<>(
                  "controlnet-residuals",
                  new FamilyKind(
                      "", parts -> new ControlResidualsFamily(parts, TextFamily.alone(parts))),
                  "The same with ControlNets as graphs of their own; 'control-scale', 'control-start',"
                      + " 'control-end', of a second 'control_2', 'control-scale-2', ..."),
              new Entry<>(
                  "versatile-diffusion",
                  new FamilyKind("VersatileDiffusionDualGuidedPipeline", VersatileFamily::new),
                  "Image tokens [n, 257, width] and text tokens 'text'; 'mix', 'class-token';"
                      + " MindEye1, Brain-Diffuser.")));

  private Families() {}

  /** The list. */
  public static Registry<FamilyKind> registry() {
    return REGISTRY;
  }

  /** Whether a pack of that kind is of that line. */
  static boolean isOf(String name, String kind) {
    return REGISTRY.entries().stream()
        .anyMatch(entry -> entry.name().equals(name) && is(entry, kind));
  }

  /** Whether packs of that kind make pictures. */
  static boolean knows(String kind) {
    return REGISTRY.entries().stream().anyMatch(entry -> is(entry, kind));
  }

  /** The line of a pack's kind: our name, or the class name of diffusers. */
  static FamilyKind of(String kind, String pack) {
    for (Entry<FamilyKind> entry : REGISTRY.entries()) {
      if (is(entry, kind)) {
        return entry.value();
      }
    }
    List<String> known = new ArrayList<>(REGISTRY.names());
    REGISTRY.entries().forEach(entry -> known.add(entry.value().className()));
    known.removeIf(String::isEmpty);
    throw new ModelException(
        "opening the model pack "
            + pack
            + ": its kind is '"
            + kind
            + "', which makes no pictures here. "
            + Suggest.sentence(kind, known));
  }

  private static boolean is(Entry<FamilyKind> entry, String kind) {
    String className = entry.value().className();
    return kind.equals(entry.name())
        || (!className.isEmpty() && (kind.equals(className) || kind.equals("Onnx" + className)));
  }
}
