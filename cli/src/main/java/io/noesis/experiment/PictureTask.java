package io.noesis.experiment;

import io.noesis.experiment.MadeTable.Row;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A picture to be made.
 *
 * @param row where it goes, and under which key
 * @param embedding what it is made from
 * @param further by name, what goes into it beside the embedding
 * @param seed of its noise
 * @param draw seed of what a prior draws for it, where that has one of its own
 * @param nearest the training picture that goes into it, where one does
 * @param caption the text that goes into it; empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // Package-private; made once, read only.
record PictureTask(
    Row row,
    float[] embedding,
    Map<String, float[]> further,
    long seed,
    Optional<Long> draw,
    Optional<Path> nearest,
    String caption) {}
