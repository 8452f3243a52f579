package io.noesis.encoders.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.Recorded;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.ridge.LinearPrior;
import io.noesis.run.ModelException;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A trained network to which a new subject can be added: the part that all subjects share is taken
 * over, the weights of the subject's own are fitted by others, and both are put together.
 * Immutable.
 */
public final class SharedNetwork {
  private final String file;
  private final NetworkEncoder encoder;
  private final Set<String> own;

  private SharedNetwork(String file, NetworkEncoder encoder, Set<String> own) {
    this.file = file;
    this.encoder = encoder;
    this.own = own;
  }

  /**
   * Reads a network that {@link BrainEncoder#save} wrote.
   *
   * @param file its weights
   * @param architecture its name
   * @return the network
   * @throws ModelException when it is no network, or has no weights of each subject's own
   */
  public static SharedNetwork read(Path file, String architecture) {
    if (!(Architectures.registry().get(architecture).load(file)
        instanceof NetworkEncoder encoder)) {
      throw new ModelException(
          "adapting "
              + file
              + ": "
              + architecture
              + " is not a network, so it has no part that subjects share. Give a run of a network"
              + " that was trained on several subjects together.");
    }
    Set<String> own = Parameters.ofSubjects(encoder.network());
    if (own.isEmpty()) {
      throw new ModelException(
          "adapting "
              + file
              + ": "
              + architecture
              + " has no weights of each subject's own with these settings. Give a run of a network"
              + " that has (residual-mlp with adapter: subject), trained on several subjects"
              + " together.");
    }
    return new SharedNetwork(String.valueOf(file), encoder, own);
  }

  NetworkEncoder encoder() {
    return encoder;
  }

  /** The settings it was built from, every default written out. */
  public JsonNode settings() {
    return encoder.shape().settings();
  }

  /** What goes in, whose it is, and what comes out. */
  public NetworkSizes sizes() {
    return encoder.shape().sizes();
  }

  /**
   * A new subject's rows in the form in which the shared part can be trained on: filled up with
   * zeros to the widest subject it knows.
   *
   * @param subject its label
   * @param rows rows of that subject alone
   * @return the same rows
   * @throws ModelException when they are aligned with embeddings of another size, or told of other
   *     features
   */
  public TrainingRows rowsOf(String subject, TrainingRows rows) {
    int widest = Math.max(rows.responses().dim(1), sizes().response().get(0));
    TrainingRows padded =
        new TrainingRows(
            TrainingRows.padded(rows.responses(), widest),
            shaped(rows.targets()),
            rows.groups(),
            new Recorded(
                Collections.nCopies(rows.groups().size(), subject),
                Map.of(subject, rows.responses().dim(1)),
                rows.recorded().positions()),
            rows.shown());
    NetworkSizes found = NetworkSizes.of(padded);
    if (!found.target().equals(sizes().target())) {
      throw new ModelException(
          "adapting "
              + file
              + ": it decodes embeddings "
              + sizes().target()
              + ", the targets of subject '"
              + subject
              + "' are "
              + found.target()
              + ". Use the targets that it was trained on.");
    }
    if (!found.inputs().equals(sizes().inputs())) {
      throw new ModelException(
          "adapting "
              + file
              + ": of the stimuli it is told "
              + told(sizes())
              + ", those of subject '"
              + subject
              + "' have "
              + told(found)
              + ". Tell what it was told in training (encoder.inputs).");
    }
    return padded;
  }

  private static String told(NetworkSizes sizes) {
    return sizes.inputs().isEmpty() ? "nothing" : sizes.inputs().toString();
  }

  /** Vectors of as many numbers as the network's embeddings have are shaped like these. */
  private Tensor shaped(Tensor targets) {
    int rows = targets.dim(0);
    return targets.shape().rank() == 2 && targets.dim(1) == sizes().dim()
        ? targets.reshape(
            IntStream.concat(IntStream.of(rows), sizes().target().stream().mapToInt(size -> size))
                .toArray())
        : targets;
  }

  /**
   * The mean of the linear decoders that its subjects have beside the network.
   *
   * @param rows of a new subject, as {@link #rowsOf} gives them
   * @return empty where the network does not start from ridge, or the numbers of a response are not
   *     the same for all, as those of voxels never are
   */
  public Optional<LinearPrior> linear(TrainingRows rows) {
    Tensor weights = encoder.weights().get(RidgeStart.RIDGE + "linear.weight");
    Tensor constants = encoder.weights().get(RidgeStart.RIDGE + "linear.bias");
    NetworkSizes found = NetworkSizes.of(rows);
    boolean same =
        sizes().response().size() > 1
            && sizes().response().equals(found.response())
            && sizes().widths().stream().allMatch(found.widths().get(0)::equals);
    return weights == null || constants == null || !same
        ? Optional.empty()
        : Optional.of(LinearPrior.mean(weights, constants));
  }

  /** The weights and statistics that all subjects share, by name. */
  public Map<String, Tensor> shared() {
    Map<String, Tensor> shared = new LinkedHashMap<>(encoder.weights());
    shared.keySet().removeAll(own);
    return Collections.unmodifiableMap(shared);
  }

  /**
   * This network with one more subject.
   *
   * @param adapted an encoder of that subject alone, whose shared part is this one's
   * @return an encoder of all its subjects and the new one; the others decode as before
   * @throws ModelException when the shared part is another
   */
  public BrainEncoder with(BrainEncoder adapted) {
    NetworkEncoder added = (NetworkEncoder) adapted;
    NetworkSizes grown = grown(sizes(), added.shape().sizes());
    NetworkShape shape = encoder.shape().of(grown);
    Layer network =
        shape.decoding(Architectures.network(shape.architecture(), shape.settings(), grown));
    Map<String, Tensor> weights = new LinkedHashMap<>();
    Parameters.shapes(network)
        .forEach((name, wanted) -> weights.put(name, joined(name, wanted, added.weights())));
    return new NetworkEncoder(shape, network, weights, added.facts());
  }

  private Tensor joined(String name, Shape wanted, Map<String, Tensor> added) {
    Tensor before = encoder.weights().get(name);
    Tensor more = added.get(name);
    if (before == null || more == null) {
      throw unlike(name);
    }
    if (!own.contains(name)) {
      if (!before.shape().equals(wanted)
          || !java.util.Arrays.equals(before.array(), more.array())) {
        throw unlike(name);
      }
      return before;
    }
    int[] sizes = wanted.toArray();
    return Tensor.concatenate(filled(before, sizes), filled(more, sizes));
  }

  private ModelException unlike(String name) {
    return new ModelException(
        "adding a subject to "
            + file
            + ": its shared part '"
            + name
            + "' is not that of the adapted network. Adapt with the shared part left as it is.");
  }

  /** Fills every axis but the first up with zeros. */
  private static Tensor filled(Tensor tensor, int[] wanted) {
    int[] sizes = wanted.clone();
    sizes[0] = tensor.dim(0);
    int[] from = tensor.shape().toArray();
    if (java.util.Arrays.equals(from, sizes)) {
      return tensor;
    }
    Tensor out = Tensor.zeros(sizes);
    int[] at = new int[sizes.length];
    for (int i = 0; i < tensor.size(); i++) {
      int rest = i;
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        at[axis] = rest % from[axis];
        rest /= from[axis];
      }
      int to = 0;
      for (int axis = 0; axis < sizes.length; axis++) {
        to = to * sizes[axis] + at[axis];
      }
      out.array()[to] = tensor.array()[i];
    }
    return out;
  }

  private NetworkSizes grown(NetworkSizes before, NetworkSizes more) {
    List<String> subjects = new ArrayList<>(before.subjects());
    for (String subject : more.subjects()) {
      if (subjects.contains(subject)) {
        throw new ModelException(
            "adding a subject to "
                + file
                + ": it knows subject '"
                + subject
                + "' already. Choose a new one.");
      }
      subjects.add(subject);
    }
    List<Integer> widths = new ArrayList<>(before.widths());
    widths.addAll(more.widths());
    List<Integer> response = new ArrayList<>(before.response());
    response.set(0, Math.max(response.get(0), more.response().get(0)));
    List<List<List<Double>>> positions = new ArrayList<>();
    IntStream.range(0, before.subjects().size())
        .mapToObj(before::positionsOf)
        .forEach(positions::add);
    positions.add(more.positions());
    return new NetworkSizes(
        response,
        subjects,
        widths,
        NetworkSizes.positionsOfAll(positions),
        before.target(),
        before.inputs());
  }
}
