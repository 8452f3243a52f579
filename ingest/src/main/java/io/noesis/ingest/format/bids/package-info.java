/**
 * The folder conventions of BIDS. In: a dataset folder; out: names taken apart, runs found,
 * sidecars merged by the inheritance principle. Opens no recording.
 */
@NullMarked
package io.noesis.ingest.format.bids;

import org.jspecify.annotations.NullMarked;
