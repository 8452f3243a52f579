package io.noesis.reconstruction.diffusion.schedule;

/** How the noise that a step of training adds grows over the steps. */
public enum BetaCurve {
  /** Straight from the first to the last (Ho et al. 2020, arXiv:2006.11239). */
  LINEAR("linear"),
  /** The square of a straight line between the roots: the latent diffusion models. */
  SCALED_LINEAR("scaled_linear"),
  /** From a squared cosine (Nichol and Dhariwal 2021, arXiv:2102.09672), at most 0.999. */
  SQUARED_COSINE("squaredcos_cap_v2"),
  /** A logistic curve between the first and the last. */
  SIGMOID("sigmoid");

  private static final double LARGEST = 0.999;

  private final String key;

  BetaCurve(String key) {
    this.key = key;
  }

  /** The name in a {@code scheduler_config.json}. */
  String key() {
    return key;
  }

  /** One beta per step of training, in float32 as the models were trained. */
  float[] betas(int steps, double first, double last) {
    return switch (this) {
      case LINEAR -> line(first, last, steps);
      case SCALED_LINEAR -> {
        float[] roots = line(Math.sqrt(first), Math.sqrt(last), steps);
        for (int i = 0; i < steps; i++) {
          roots[i] = roots[i] * roots[i];
        }
        yield roots;
      }
      case SQUARED_COSINE -> {
        float[] betas = new float[steps];
        for (int i = 0; i < steps; i++) {
          double ratio = cosine((i + 1.0) / steps) / cosine((double) i / steps);
          betas[i] = (float) Math.min(1 - ratio, LARGEST);
        }
        yield betas;
      }
      case SIGMOID -> {
        float[] betas = line(-6, 6, steps);
        for (int i = 0; i < steps; i++) {
          float logistic = (float) (1 / (1 + Math.exp(-betas[i])));
          betas[i] = (float) (logistic * (last - first) + first);
        }
        yield betas;
      }
    };
  }

  private static double cosine(double t) {
    double root = Math.cos((t + 0.008) / 1.008 * Math.PI / 2);
    return root * root;
  }

  /** From both ends inward, in float32, as torch.linspace. */
  private static float[] line(double first, double last, int steps) {
    float from = (float) first;
    float to = (float) last;
    float[] out = new float[steps];
    float gap = steps == 1 ? 0 : (to - from) / (steps - 1);
    for (int i = 0; i < steps; i++) {
      out[i] = i < steps / 2 ? from + gap * i : to - gap * (steps - 1 - i);
    }
    return out;
  }
}
