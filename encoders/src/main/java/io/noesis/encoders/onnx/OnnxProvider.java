package io.noesis.encoders.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.noesis.run.Suggest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What executes a graph. Asking for one that cannot be had is an error, never a fallback. */
public enum OnnxProvider {
  /** Every processor. */
  CPU("every build of ONNX Runtime has it"),
  /** NVIDIA cards. */
  CUDA(
      "build Noesis with the Maven profile 'onnx-cuda' (-P onnx-cuda), on Linux or Windows x86_64"
          + " with an NVIDIA driver, CUDA 12 and cuDNN 9"),
  /** NVIDIA cards, graphs compiled for the card first. */
  TENSORRT(
      "build Noesis with the Maven profile 'onnx-cuda' (-P onnx-cuda), on Linux or Windows x86_64"
          + " with an NVIDIA driver, CUDA 12, cuDNN 9 and TensorRT 10"),
  /** Apple's processors. */
  COREML("run on macOS with the default build, whose ONNX Runtime has it there"),
  /** Any card on Windows with DirectX 12. */
  DIRECTML("put a build of ONNX Runtime with DirectML on the class path, on Windows 10 or later");

  private final String remedy;

  OnnxProvider(String remedy) {
    this.remedy = remedy;
  }

  /** What has to be there for it. */
  public String remedy() {
    return remedy;
  }

  /**
   * The provider of that name.
   *
   * @param name in any case
   * @return the provider
   * @throws IllegalArgumentException with the nearest known name
   */
  public static OnnxProvider named(String name) {
    List<String> known =
        Arrays.stream(values()).map(p -> p.name().toLowerCase(Locale.ROOT)).toList();
    String wanted = name.toLowerCase(Locale.ROOT);
    if (!known.contains(wanted)) {
      throw new IllegalArgumentException(
          "execution provider '" + name + "'. " + Suggest.sentence(wanted, known));
    }
    return values()[known.indexOf(wanted)];
  }

  void apply(OrtSession.SessionOptions settings, int device) throws OrtException {
    switch (this) {
      case CPU -> {}
      case CUDA -> settings.addCUDA(device);
      case TENSORRT -> {
        settings.addTensorrt(device);
        // What TensorRT does not know stays on the card.
        settings.addCUDA(device);
      }
      case COREML -> settings.addCoreML();
      case DIRECTML -> settings.addDirectML(device);
    }
  }
}
