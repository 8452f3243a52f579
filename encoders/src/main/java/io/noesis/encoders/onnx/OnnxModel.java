package io.noesis.encoders.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A loaded ONNX graph. Inputs are checked against the graph before they reach it. May be run from
 * several threads at once; the caller closes it, closing twice does no harm, and closing waits for
 * runs under way. The tensors of one run are made and released within {@link #run}. A model may be
 * {@linkplain #deferred deferred}: it is then loaded when it is first run, once, or never.
 *
 * <p>Int8 matrix products are computed at full range on every x86 processor (option {@code
 * session.x64quantprecision}), where ONNX Runtime's default may saturate on those without VNNI.
 */
public final class OnnxModel implements AutoCloseable {
  private final String source;
  private final OnnxSessions.Opening opening;
  private final Consumer<OnnxModel> check;
  private final Supplier<String> fingerprint;
  private final Map<String, OnnxPort> inputs;
  private final Map<String, OnnxPort> outputs;
  private final Map<String, String> metadata;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private @Nullable OrtSession session;
  private boolean closed;
  private @Nullable String known;

  private OnnxModel(
      String source,
      OnnxHeader header,
      OnnxSessions.Opening opening,
      Consumer<OnnxModel> check,
      Supplier<String> fingerprint) {
    this.source = source;
    this.opening = opening;
    this.check = check;
    this.fingerprint = fingerprint;
    this.inputs = ports(header.inputs());
    this.outputs = ports(header.outputs());
    this.metadata = header.metadata();
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
    requireReadable(file);
    return loaded(file.toString(), opening(file, options), () -> GraphFiles.fingerprint(file));
  }

  /**
   * A model that is loaded when it is first run. Until then its inputs and outputs are those that
   * its file states, in which axes may be free that ONNX Runtime infers. A file that leaves types
   * or ranks open is loaded at once.
   *
   * @param file the {@code .onnx} file
   * @param options how to run it
   * @param check hears of the model as it was loaded, before its first run; what it throws ends
   *     that run
   * @return the model, to be closed by the caller
   * @throws ModelException when the file is missing or no ONNX, or what should execute it cannot be
   *     had
   */
  public static OnnxModel deferred(Path file, OnnxOptions options, Consumer<OnnxModel> check) {
    requireReadable(file);
    Optional<OnnxHeader> header = OnnxHeader.read(file);
    if (header.isEmpty()) {
      OnnxModel model = open(file, options);
      try {
        check.accept(model);
      } catch (RuntimeException e) {
        model.close();
        throw e;
      }
      return model;
    }
    String source = file.toString();
    OnnxSessions.requireProvider(source, options);
    return new OnnxModel(
        source, header.get(), opening(file, options), check, () -> GraphFiles.fingerprint(file));
  }

  private static void requireReadable(Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new ModelException(
          "loading the model "
              + file
              + ": "
              + (Files.exists(file) ? "it is not a readable file" : "it does not exist")
              + ". Give the path of an .onnx file.");
    }
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
    return open(name, model, options, () -> digest);
  }

  /**
   * Loads a model that is already in memory and whose digest is known, or may never be asked for.
   *
   * @param name what to call it in messages
   * @param model the bytes of the {@code .onnx} file; not kept
   * @param options how to run it
   * @param fingerprint gives the SHA-256 of these bytes
   * @return the model, to be closed by the caller
   * @throws ModelException as for a file
   */
  public static OnnxModel open(
      String name, byte[] model, OnnxOptions options, Supplier<String> fingerprint) {
    return loaded(
        name,
        new OnnxSessions.Opening(
            name, options, (environment, settings) -> environment.createSession(model, settings)),
        fingerprint);
  }

  private static OnnxSessions.Opening opening(Path file, OnnxOptions options) {
    return new OnnxSessions.Opening(
        file.toString(),
        options,
        (environment, settings) -> environment.createSession(file.toString(), settings));
  }

  private static OnnxModel loaded(
      String source, OnnxSessions.Opening opening, Supplier<String> fingerprint) {
    OrtSession session = opening.session();
    try {
      OnnxModel model =
          new OnnxModel(source, OnnxSessions.header(session), opening, loaded -> {}, fingerprint);
      model.session = session;
      return model;
    } catch (OrtException | RuntimeException e) {
      OnnxSessions.close(session, source);
      throw e instanceof RuntimeException known
          ? known
          : new ModelException("loading the model " + source + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, OnnxPort> ports(List<OnnxPort> list) {
    Map<String, OnnxPort> ports = new LinkedHashMap<>();
    list.forEach(port -> ports.put(port.name(), port));
    return ports;
  }

  /**
   * The version of ONNX Runtime: part of the fingerprint of what it computed.
   *
   * @return for example {@code 1.28.0}
   */
  public static String runtimeVersion() {
    return OnnxSessions.environment("starting ONNX Runtime").getVersion();
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
    load();
    lock.readLock().lock();
    try {
      if (closed || session == null) {
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
              + OnnxSessions.firstLine(e)
              + "). Check that the sizes are ones the model was made for.",
          e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Loads a deferred model; the first thread does, others wait. */
  private void load() {
    if (isDecided()) {
      return;
    }
    lock.writeLock().lock();
    try {
      if (closed || session != null) {
        return;
      }
      OrtSession made = opening.session();
      try {
        check.accept(
            new OnnxModel(source, OnnxSessions.header(made), opening, loaded -> {}, fingerprint));
        session = made;
      } catch (OrtException e) {
        throw new ModelException(
            "loading the model " + source + ": " + OnnxSessions.firstLine(e), e);
      } finally {
        if (session == null) {
          OnnxSessions.close(made, source);
        }
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Loaded, or closed. */
  private boolean isDecided() {
    lock.readLock().lock();
    try {
      return closed || session != null;
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

  /** Releases the native session after the runs under way; later calls do nothing. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed && session != null) {
        OnnxSessions.close(session, source);
      }
      closed = true;
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public String toString() {
    return "OnnxModel[" + source + "]";
  }
}
