package io.noesis.encoders.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.noesis.encoders.torch.NativeTuning;
import io.noesis.run.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How native sessions come about and end; each is logged at the level of debugging. */
final class OnnxSessions {
  private static final System.Logger LOG = System.getLogger(OnnxModel.class.getName());

  private OnnxSessions() {}

  /** Makes the session itself. */
  interface Making {
    OrtSession session(OrtEnvironment environment, OrtSession.SessionOptions settings)
        throws OrtException;
  }

  /** How a session comes about. */
  record Opening(String source, OnnxOptions options, Making making) {
    OrtSession session() {
      OrtEnvironment environment = environment("loading the model " + source);
      LOG.log(System.Logger.Level.DEBUG, "loading {0}", source);
      try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
        settings.setIntraOpNumThreads(options.threads());
        settings.setInterOpNumThreads(1);
        // Failures come as exceptions; the native log would repeat them on stderr.
        settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        settings.addConfigEntry("session.intra_op.allow_spinning", "0");
        settings.addConfigEntry("session.x64quantprecision", "1");
        provide(source, options, settings);
        return making.session(environment, settings);
      } catch (OrtException e) {
        throw new ModelException(
            "loading the model "
                + source
                + ": ONNX Runtime refuses it ("
                + firstLine(e)
                + "). Expected a whole ONNX file of an operator set that version "
                + environment.getVersion()
                + " knows; fetch the file again or export it anew.",
            e);
      }
    }
  }

  /** What the runtime says of a loaded graph. */
  static OnnxHeader header(OrtSession session) throws OrtException {
    return new OnnxHeader(
        ports(session.getInputInfo()),
        ports(session.getOutputInfo()),
        session.getMetadata().getCustomMetadata());
  }

  /**
   * A session of a graph of ours that runs on the thread that calls it, with 8-bit products at the
   * processor's own pace: without VNNI they saturate at full range, and the graph must not use it.
   */
  static OrtSession onThisThread(String doing, byte[] model) {
    OrtEnvironment environment = environment(doing);
    try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
      settings.setIntraOpNumThreads(1);
      settings.setInterOpNumThreads(1);
      settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      return environment.createSession(model, settings);
    } catch (OrtException e) {
      throw new ModelException(
          doing + ": ONNX Runtime refuses the graph (" + firstLine(e) + ")", e);
    }
  }

  /** Refuses what should execute a model and cannot be had here. */
  static void requireProvider(String source, OnnxOptions options) {
    environment("loading the model " + source);
    try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
      provide(source, options, settings);
    }
  }

  private static void provide(
      String source, OnnxOptions options, OrtSession.SessionOptions settings) {
    OnnxProvider provider = options.provider();
    try {
      provider.apply(settings, options.device());
    } catch (OrtException | LinkageError | IllegalStateException e) {
      throw new ModelException(
          "loading the model "
              + source
              + " for "
              + provider
              + ": this build of ONNX Runtime cannot run there ("
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString())
              + "); it has "
              + OrtEnvironment.getAvailableProviders()
              + ". To have "
              + provider
              + ", "
              + provider.remedy()
              + "; or take the provider cpu.",
          e);
    }
  }

  static OrtEnvironment environment(String doing) {
    NativeTuning.applied(); // Before the library loads, which reads the environment once.
    try {
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      environment.setTelemetry(false);
      return environment;
    } catch (OrtException | LinkageError | IllegalStateException e) {
      throw new ModelException(
          doing
              + ": ONNX Runtime's native library cannot be started here ("
              + e
              + "). It is unpacked into "
              + System.getProperty("java.io.tmpdir")
              + ", which must be writable and allow running code; set -Djava.io.tmpdir to such a"
              + " folder.",
          e);
    }
  }

  private static List<OnnxPort> ports(Map<String, NodeInfo> nodes) {
    List<OnnxPort> ports = new ArrayList<>();
    nodes.forEach((name, node) -> ports.add(OnnxValues.port(name, node.getInfo())));
    return ports;
  }

  static String firstLine(OrtException e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message.lines().findFirst().orElse(e.toString());
  }

  static void close(OrtSession session, String source) {
    LOG.log(System.Logger.Level.DEBUG, "closing {0}", source);
    try {
      session.close();
    } catch (OrtException e) {
      throw new ModelException(
          "closing the model " + source + ": ONNX Runtime failed (" + firstLine(e) + ").", e);
    }
  }
}
