package io.noesis.ingest.simulate;

/**
 * One presentation in a plan.
 *
 * @param stimulus index into the study's pictures
 * @param onsetSeconds when it comes on, in whole milliseconds
 * @param repetition 1 for the first time the subject sees it
 * @param part {@code train} or {@code test}
 */
public record PlannedTrial(int stimulus, double onsetSeconds, int repetition, String part) {}
