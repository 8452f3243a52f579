package io.noesis.encoders.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.encoders.Architecture;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.Pretraining;
import io.noesis.encoders.architecture.NetworkArchitecture.Sample;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.run.RecipeException;
import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The architectures that a recipe can name. */
public final class Architectures {
  private static final Registry<Architecture> REGISTRY = Registry.of("architecture", entries());

  private Architectures() {}

  private static List<Entry<Architecture>> entries() {
    List<Entry<Architecture>> entries = new ArrayList<>();
    entries.add(
        new Entry<>(
            "ridge",
            new RidgeArchitecture(),
            "Multi-target ridge regression with cross-validated penalty: the first encoder and the"
                + " permanent baseline."));
    entries.add(
        new Entry<>(
            BandedRidgeArchitecture.NAME,
            new BandedRidgeArchitecture(),
            "Ridge with a penalty of its own for every band of voxels (parcels, or columns of ROIs"
                + " behind each other), found by random search; all bands alike, which is ridge, is"
                + " among what is tried."));
    entries.add(
        new Entry<>(
            GaussianInversionArchitecture.NAME,
            new GaussianInversionArchitecture(),
            "Each voxel's response predicted from the embedding, and the prediction inverted with its"
                + " uncertainty and the noise that voxels share; one linear map, to be tried where"
                + " trials are few."));
    entries.add(
        network(
            ResidualMlp.NAME,
            ResidualMlp.class,
            new Sample<>(new ResidualMlp(45, 2, 0.5, 0.15), NetworkSizes.of(203, 17)),
            "Residual multilayer perceptron, trained by gradients: the backbones of MindEye 1 and"
                + " 2."));
    entries.addAll(VoxelArchitectures.entries());
    entries.addAll(EpochArchitectures.entries());
    return entries;
  }

  static <S extends Record & NetworkSpec> Entry<Architecture> network(
      String name, Class<S> spec, Sample<S> sample, String description) {
    return new Entry<>(name, new NetworkArchitecture<>(name, spec, sample), description);
  }

  /**
   * Whether a network has weights of each subject's own, or goes by where each subject's voxels
   * lie, so that subjects may differ in what is recorded.
   *
   * @param architecture a name of the registry
   * @param settings a tree that binds to its settings
   * @param sizes of several subjects
   * @return false also for architectures that are not networks
   */
  public static boolean adaptsToSubjects(
      String architecture, JsonNode settings, NetworkSizes sizes) {
    return REGISTRY.get(architecture) instanceof NetworkArchitecture<?> network
        && (!Parameters.ofSubjects(network.build(settings, sizes)).isEmpty()
            || network.goesByVoxels(settings, sizes));
  }

  /**
   * What a network can learn without targets before it learns with them.
   *
   * @param architecture a name of the registry
   * @param settings a tree that binds to its settings
   * @param sizes what goes in and what comes out
   * @return its stages; empty for networks and other architectures that have no such thing
   */
  public static Optional<Pretraining> pretraining(
      String architecture, JsonNode settings, NetworkSizes sizes) {
    return REGISTRY.get(architecture) instanceof NetworkArchitecture<?> network
        ? network.pretraining(settings, sizes)
        : Optional.empty();
  }

  /**
   * The features of the stimulus that a network must be told.
   *
   * @param architecture a name of the registry
   * @param settings a tree that binds to its settings
   * @return their names; empty for other architectures
   */
  public static Set<String> inputs(String architecture, JsonNode settings) {
    return REGISTRY.get(architecture) instanceof NetworkArchitecture<?> network
        ? network.bound(settings).inputs()
        : Set.of();
  }

  /**
   * The targets that a network makes of those of its embedding, for parts of the loss.
   *
   * @param architecture a name of the registry
   * @param settings a tree that binds to its settings
   * @return their names; empty for other architectures
   */
  public static Set<String> targets(String architecture, JsonNode settings) {
    return REGISTRY.get(architecture) instanceof NetworkArchitecture<?> network
        ? network.bound(settings).targets()
        : Set.of();
  }

  /**
   * Refuses a start that a network cannot have.
   *
   * @param architecture a name of the registry
   * @param settings a tree that binds to its settings
   * @param start from where it is to set out
   * @throws RecipeException when ridge cannot be added to what it decodes
   */
  public static void requireStart(String architecture, JsonNode settings, Fitting.Start start) {
    if (start == Fitting.Start.RIDGE
        && REGISTRY.get(architecture) instanceof NetworkArchitecture<?> network) {
      network.requireOnRidge(settings);
    }
  }

  /** A network of the registry. */
  static Layer network(String architecture, JsonNode settings, NetworkSizes sizes) {
    if (REGISTRY.get(architecture) instanceof NetworkArchitecture<?> network) {
      return network.build(settings, sizes);
    }
    throw new IllegalArgumentException(architecture + " is not a network");
  }

  /** The list. */
  public static Registry<Architecture> registry() {
    return REGISTRY;
  }
}
