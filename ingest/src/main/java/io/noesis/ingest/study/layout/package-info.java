/**
 * Study layouts: how a folder becomes a {@link io.noesis.ingest.study.Study}. In: a folder and
 * settings; out: trials, stimuli and one response row per trial.
 */
@NullMarked
package io.noesis.ingest.study.layout;

import org.jspecify.annotations.NullMarked;
