package io.noesis.ingest.manifest;

/**
 * A number that others reached on a study, to stand beside ours.
 *
 * @param measure what was measured: {@code accuracy, 8 classes, single volume}
 * @param method by what: {@code ridge classifier, leave-one-run-out}
 * @param value the number
 * @param chance what guessing gives
 * @param source where it comes from
 */
public record Baseline(String measure, String method, double value, double chance, String source) {}
