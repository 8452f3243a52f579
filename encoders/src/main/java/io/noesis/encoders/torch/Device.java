package io.noesis.encoders.torch;

import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.global.torch;

/**
 * Where libtorch computes: on the processor, or on a graphics card of NVIDIA.
 *
 * @param kind which sort
 * @param number of the card, from 0; 0 for the processor
 */
public record Device(Kind kind, int number) {
  /** The processor. */
  public static final Device CPU = new Device(Kind.CPU, 0);

  private static final Pattern CARD = Pattern.compile("cuda(?::(\\d{1,3}))?");

  /** Sorts of devices. */
  public enum Kind {
    /** The processor. */
    CPU,
    /** A graphics card. */
    CUDA
  }

  /** A graphics card. */
  public static Device cuda(int number) {
    return new Device(Kind.CUDA, number);
  }

  /**
   * The device that a user asks for.
   *
   * @param text {@code cpu}, {@code cuda}, {@code cuda:1}, or {@code auto}: the first card that can
   *     be used, else the processor
   * @return a device that can be used
   * @throws RecipeException when the text is none of these
   * @throws ModelException when there is no such card, or this build cannot use it
   */
  public static Device of(String text) {
    if (text.equals("cpu")) {
      return CPU;
    }
    if (text.equals("auto")) {
      return cuda(0).problem().isEmpty() ? cuda(0) : CPU;
    }
    Matcher card = CARD.matcher(text);
    if (!card.matches()) {
      throw new RecipeException(
          "choosing a device: '"
              + text
              + "' is none. Expected 'auto', 'cpu', 'cuda', or 'cuda:1' for the second card.");
    }
    Device device = cuda(card.group(1) == null ? 0 : Integer.parseInt(card.group(1)));
    device.require();
    return device;
  }

  /**
   * Makes sure that it can be used.
   *
   * @throws ModelException when not
   */
  void require() {
    problem()
        .ifPresent(
            problem -> {
              throw new ModelException("computing on " + this + ": " + problem);
            });
  }

  private Optional<String> problem() {
    if (kind == Kind.CPU) {
      return Optional.empty();
    }
    Libtorch.load();
    boolean built = torch.hasCUDA();
    return problem(built, built ? torch.getNumGPUs() : 0);
  }

  /** What keeps a card from being used by a build with or without CUDA on a machine with cards. */
  Optional<String> problem(boolean built, long cards) {
    if (!built) {
      return Optional.of(
          "this build has the libtorch for processors only. Build it with the Maven profile 'cuda'"
              + " (mvn -Pcuda package, on Linux x86_64; it needs CUDA 13 and cuDNN 9 installed), or"
              + " choose the device 'cpu'.");
    }
    if (cards == 0) {
      return Optional.of(
          "no graphics card of NVIDIA was found. Check the driver with nvidia-smi (it must know"
              + " CUDA 13), or choose the device 'cpu'.");
    }
    return number < cards
        ? Optional.empty()
        : Optional.of(
            "there is no such card; this machine has "
                + cards
                + ", numbered from 0. Choose one of them.");
  }

  org.bytedeco.pytorch.Device torch() {
    return kind == Kind.CPU
        ? new org.bytedeco.pytorch.Device(torch.DeviceType.CPU)
        : new org.bytedeco.pytorch.Device(torch.DeviceType.CUDA, (byte) number);
  }

  @Override
  public String toString() {
    return kind == Kind.CPU ? "cpu" : "cuda:" + number;
  }
}
