package io.noesis.encoders.onnx;

import io.noesis.run.Check;

/**
 * How a model is run; none of it changes what it computes beyond the last digits.
 *
 * @param threads threads inside one run, at least 1. Callers that run many inputs at once keep 1
 *     and run the model from several threads instead
 * @param provider what executes it
 * @param device which card, from 0; 0 for the processor
 */
public record OnnxOptions(int threads, OnnxProvider provider, int device) {
  /** One thread inside a run. */
  public static final OnnxOptions SINGLE_THREADED = new OnnxOptions(1);

  /** Checks the numbers. */
  public OnnxOptions {
    Check.argument(threads > 0, "threads of a model must be at least 1, found %d", threads);
    Check.argument(device >= 0, "the number of a card must be at least 0, found %d", device);
    Check.argument(
        provider != OnnxProvider.CPU || device == 0, "the processor has no card %d", device);
  }

  /**
   * On the processor.
   *
   * @param threads threads inside one run
   */
  public OnnxOptions(int threads) {
    this(threads, OnnxProvider.CPU, 0);
  }

  /** Empty on the processor, else where: outputs of other devices differ in their last digits. */
  public String elsewhere() {
    return provider == OnnxProvider.CPU ? "" : " on " + provider;
  }

  /**
   * The same elsewhere.
   *
   * @param where what executes it
   * @param card which card, from 0
   * @return the options
   */
  public OnnxOptions on(OnnxProvider where, int card) {
    return new OnnxOptions(threads, where, card);
  }

  /**
   * The same elsewhere, as recipes and commands name it.
   *
   * @param device {@code cpu}, {@code cuda}, {@code tensorrt}, {@code coreml} or {@code directml}
   *     in any case, with {@code :n} for another card than the first
   * @return the options
   * @throws IllegalArgumentException when there is no such provider or card
   */
  public OnnxOptions on(String device) {
    int colon = device.indexOf(':');
    String card = colon < 0 ? "0" : device.substring(colon + 1);
    Check.argument(
        card.matches("[0-9]{1,4}"), "device '%s': expected the number of a card after ':'", device);
    String name = colon < 0 ? device : device.substring(0, colon);
    return on(OnnxProvider.named(name), Integer.parseInt(card));
  }
}
