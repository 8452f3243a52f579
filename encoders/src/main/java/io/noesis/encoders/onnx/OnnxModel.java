package io.noesis.encoders.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.noesis.encoders.torch.NativeTuning;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Suggest;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A loaded ONNX graph. Inputs are checked against the graph before they reach it. May be run from
 * several threads at once; the caller closes it, closing twice does no harm, and closing waits for
 * runs under way. The tensors of one run are made and released within {@link #run}.
 *
 * <p>Int8 matrix products are computed at full range on every x86 processor (option {@code
 * session.x64quantprecision}), where ONNX Runtime's default may saturate on those without VNNI.
 */
public final class OnnxModel implements AutoCloseable {
  private final String source;
  private final OrtSession session;
  private final Supplier<String> fingerprint;
  private final Map<String, OnnxPort> inputs;
  private final Map<String, OnnxPort> outputs;
  private final Map<String, String> metadata;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;
  private @Nullable String known;

  private OnnxModel(String source, OrtSession session, Supplier<String> fingerprint)
      throws OrtException {
    this.source = source;
    this.session = session;
    this.fingerprint = fingerprint;
    this.inputs = ports(session.getInputInfo());
    this.outputs = ports(session.getOutputInfo());
    this.metadata = Map.copyOf(session.getMetadata().getCustomMetadata());
  }

  /**
   * Loads a model file.
   *
   * @param file the {@code .onnx} file; weights in files beside it are found by ONNX Runtime
   * @param options how to run it
   * @return the model, to be closed by the caller
   * @throws ModelException when the file is missing, corrupt, or of an operator set that ONNX
   *     Runtime does not know
   */
  public static OnnxModel open(Path file, OnnxOptions options) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new ModelException(
          "loading the model "
              + file
              + ": "
              + (Files.exists(file) ? "it is not a readable file" : "it does not exist")
              + ". Give the path of an .onnx file.");
    }
    return open(
        file.toString(),
        options,
        (environment, settings) -> environment.createSession(file.toString(), settings),
        () -> GraphFiles.fingerprint(file));
  }

  /**
   * Loads a model that is already in memory, for example a resource of a jar.
   *
   * @param name what to call it in messages
   * @param model the bytes of the {@code .onnx} file; not kept
   * @param options how to run it
   * @return the model, to be closed by the caller
   * @throws ModelException as for a file
   */
  public static OnnxModel open(String name, byte[] model, OnnxOptions options) {
    String digest = HexFormat.of().formatHex(Fingerprint.sha256().digest(model));
    return open(
        name,
        options,
        (environment, settings) -> environment.createSession(model, settings),
        () -> digest);
  }

  private interface Opening {
    OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions settings)
        throws OrtException;
  }

  private static OnnxModel open(
      String source, OnnxOptions options, Opening opening, Supplier<String> fingerprint) {
    OrtEnvironment environment = environment("loading the model " + source);
    try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
      settings.setIntraOpNumThreads(options.threads());
      settings.setInterOpNumThreads(1);
      // Failures come as exceptions; the native log would repeat them on stderr.
      settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      settings.addConfigEntry("session.intra_op.allow_spinning", "0");
      settings.addConfigEntry("session.x64quantprecision", "1");
      provide(source, options, settings);
      OrtSession session = opening.open(environment, settings);
      try {
        return new OnnxModel(source, session, fingerprint);
      } catch (OrtException | RuntimeException e) {
        session.close();
        throw e;
      }
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

  private static OrtEnvironment environment(String doing) {
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

  private static Map<String, OnnxPort> ports(Map<String, NodeInfo> nodes) {
    Map<String, OnnxPort> ports = new LinkedHashMap<>();
    nodes.forEach((name, node) -> ports.put(name, OnnxValues.port(name, node.getInfo())));
    return ports;
  }

  /**
   * The version of ONNX Runtime: part of the fingerprint of what it computed.
   *
   * @return for example {@code 1.28.0}
   */
  public static String runtimeVersion() {
    return environment("starting ONNX Runtime").getVersion();
  }

  /** Where the model came from: its path or resource name. */
  public String source() {
    return source;
  }

  /** SHA-256 of the model file and of the files of weights beside it. */
  public synchronized String fingerprint() {
    if (known == null) {
      known = fingerprint.get();
    }
    return known;
  }

  /** What its maker wrote into the file, by key. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** The inputs in the graph's order. */
  public List<OnnxPort> inputs() {
    return List.copyOf(inputs.values());
  }

  /** The outputs in the graph's order. */
  public List<OnnxPort> outputs() {
    return List.copyOf(outputs.values());
  }

  /**
   * The output of that name.
   *
   * @param name its name in the graph
   * @return the output
   * @throws ModelException when the graph has none of that name
   */
  public OnnxPort output(String name) {
    return named(name, outputs, "output");
  }

  /**
   * The input of that name.
   *
   * @param name its name in the graph
   * @return the input
   * @throws ModelException when the graph has none of that name
   */
  public OnnxPort input(String name) {
    return named(name, inputs, "input");
  }

  /**
   * Runs the graph for all its outputs.
   *
   * @param values one value per input of the graph; read, never kept
   * @return one tensor per output, in the graph's order
   * @throws ModelException when a value does not fit the graph, an output is not of floating point,
   *     or ONNX Runtime fails
   */
  public Map<String, Tensor> run(Map<String, OnnxInput> values) {
    return run(values, outputs.keySet());
  }

  /**
   * Runs the graph for some of its outputs.
   *
   * @param values one value per input of the graph; read, never kept
   * @param wanted names of outputs
   * @return one tensor per wanted output, in that order
   * @throws ModelException as for all outputs
   */
  public Map<String, Tensor> run(Map<String, OnnxInput> values, Collection<String> wanted) {
    check(values, Set.of());
    wanted.forEach(this::requireFloat);
    List<String> names = new ArrayList<>(wanted);
    return running(values, natives -> OnnxValues.run(natives, inputs, values, names));
  }

  /** Something that is done with the native session. */
  interface Call<R> {
    R on(OrtSession session) throws OrtException;
  }

  /** Keeps the session open meanwhile and says on what it failed. */
  <R> R running(Map<String, OnnxInput> values, Call<R> call) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the model " + source + " was closed; open it again");
      }
      return call.on(session);
    } catch (OrtException e) {
      throw new ModelException(
          "running the model "
              + source
              + " on "
              + describe(values)
              + ": ONNX Runtime failed ("
              + firstLine(e)
              + "). Check that the sizes are ones the model was made for.",
          e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Whether the values fit; inputs of the names {@code held} may be left out. */
  void check(Map<String, OnnxInput> values, Set<String> held) {
    values.keySet().forEach(this::input);
    for (OnnxPort port : inputs.values()) {
      OnnxInput value = values.get(port.name());
      if (value == null && held.contains(port.name())) {
        continue;
      }
      if (value == null) {
        throw refused("its input '" + port + "' was not given");
      }
      boolean fits =
          value instanceof OnnxInput.Floats
              ? port.type() == OnnxType.FLOAT32 || port.type() == OnnxType.FLOAT16
              : port.type() == OnnxType.INT64 || port.type() == OnnxType.INT32;
      if (!fits) {
        throw refused(
            "its input '"
                + port
                + "' was given "
                + (value instanceof OnnxInput.Floats ? "float32 values" : "whole numbers"));
      }
      if (!port.accepts(value.shape().toArray())) {
        throw refused("its input '" + port + "' was given the shape " + value.shape());
      }
    }
  }

  void requireFloat(String name) {
    OnnxPort port = output(name);
    if (port.type() != OnnxType.FLOAT32 && port.type() != OnnxType.FLOAT16) {
      throw refused(
          "its output '" + port + "' is not of floating point; ask for other outputs by name");
    }
  }

  private OnnxPort named(String name, Map<String, OnnxPort> ports, String what) {
    OnnxPort port = ports.get(name);
    if (port == null) {
      throw refused(
          "it has no " + what + " '" + name + "'. " + Suggest.sentence(name, ports.keySet()));
    }
    return port;
  }

  private ModelException refused(String why) {
    return new ModelException(
        "running the model " + source + ": " + why + (why.endsWith(".") ? "" : "."));
  }

  private static String describe(Map<String, OnnxInput> values) {
    List<String> parts = new ArrayList<>();
    values.forEach((name, value) -> parts.add(name + " " + value.shape()));
    return String.join(", ", parts);
  }

  private static String firstLine(OrtException e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message.lines().findFirst().orElse(e.toString());
  }

  /** Releases the native session after the runs under way; later calls do nothing. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
      }
    } catch (OrtException e) {
      throw new ModelException(
          "closing the model " + source + ": ONNX Runtime failed (" + firstLine(e) + ").", e);
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public String toString() {
    return "OnnxModel[" + source + "]";
  }
}
