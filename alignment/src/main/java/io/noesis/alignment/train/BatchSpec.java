package io.noesis.alignment.train;

import io.noesis.run.Check;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a batch is made of.
 *
 * @param subjects whose rows come together
 * @param repetitions which rows of a stimulus that was shown several times an epoch has
 * @param blend what becomes of a row whose stimulus the same subject saw several times in training
 * @param blended the part of such rows that this happens to, 0 to 1
 * @param mixup parameter of the Beta distribution by which rows <em>and their targets</em> are
 *     mixed with others of the same subject (Zhang et al. 2018, arXiv:1710.09412); 0 for not at all
 * @param chunk how many rows go through the network at once, where a batch would not fit into
 *     memory; the gradient is that of the whole batch; 0 for all
 * @param augment what is done to responses, one after another, before rows are mixed
 */
public record BatchSpec(
    Subjects subjects,
    Repetitions repetitions,
    Blend blend,
    double blended,
    double mixup,
    int chunk,
    List<Augmentations.Spec> augment) {
  /** Whose rows make a batch. */
  public enum Subjects {
    /** Any, as they come. */
    ANY,
    /**
     * As many of each subject: rows of the first one, then of the second, and so on. An epoch ends
     * when the subject with most rows is through; the others begin again in another order.
     */
    BALANCED,
    /** One per batch, the batches of all in random order. */
    ONE
  }

  /** Which of the rows of one stimulus and subject are in an epoch. */
  public enum Repetitions {
    /** All of them. */
    ALL,
    /** One, another in each epoch: stimuli count equally and no batch has one twice. */
    IN_TURN
  }

  /** What becomes of a response. */
  public enum Blend {
    /** It stays. */
    NONE,
    /** It becomes the mean of all repetitions. */
    MEAN,
    /** It is mixed with one other repetition, its own share drawn evenly from 0 to 1. */
    PAIR,
    /** One of the above three by chance, as in the low-level branch of MindEye. */
    ANY
  }

  /** Checks the ranges, and copies. */
  public BatchSpec {
    augment = List.copyOf(augment);
    Check.argument(
        blended >= 0 && blended <= 1 && mixup >= 0 && mixup <= 1,
        "batches: expected a blended part from 0 to 1 and a mixup from 0 to 1, found %s and %s",
        blended,
        mixup);
    Check.argument(chunk >= 0, "chunk: expected a number of rows, or 0 for all, found %d", chunk);
  }

  /** Rows as they come. */
  public static BatchSpec defaults() {
    return new BatchSpec(Subjects.ANY, Repetitions.ALL, Blend.NONE, 1, 0, 0, List.of());
  }

  /** The same with rows of other subjects together. */
  public BatchSpec of(Subjects other) {
    return new BatchSpec(other, repetitions, blend, blended, mixup, chunk, augment);
  }

  /** The same with other rows of a stimulus. */
  public BatchSpec of(Repetitions other) {
    return new BatchSpec(subjects, other, blend, blended, mixup, chunk, augment);
  }

  /** The same with responses blended otherwise. */
  public BatchSpec blending(Blend other, double part) {
    return new BatchSpec(subjects, repetitions, other, part, mixup, chunk, augment);
  }

  /** The same with rows mixed with others. */
  public BatchSpec mixing(double beta) {
    return new BatchSpec(subjects, repetitions, blend, blended, beta, chunk, augment);
  }

  /** The same computed in parts. */
  public BatchSpec inChunksOf(int rows) {
    return new BatchSpec(subjects, repetitions, blend, blended, mixup, rows, augment);
  }

  /** The same with one more augmentation of its own defaults. */
  public BatchSpec augmenting(String name) {
    Augmentations.Spec more = new Augmentations.Spec(name, java.util.Optional.empty());
    return new BatchSpec(
        subjects,
        repetitions,
        blend,
        blended,
        mixup,
        chunk,
        Stream.concat(augment.stream(), Stream.of(more)).toList());
  }
}
