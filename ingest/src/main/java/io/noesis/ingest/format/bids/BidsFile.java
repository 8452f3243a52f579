package io.noesis.ingest.format.bids;

import java.nio.file.Path;

/**
 * A file of a BIDS dataset.
 *
 * @param path where it lies
 * @param name its name taken apart
 */
public record BidsFile(Path path, BidsName name) {}
