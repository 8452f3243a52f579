/**
 * Simulated studies: a plan (subjects, pictures, timing, noise) and a seed enter; a BIDS folder
 * with NIfTI runs, labelled as simulated in every file, and the truth behind it leave. It is also
 * the power-planning tool of a lab: {@link io.noesis.ingest.simulate.PowerPlan} says what a plan
 * would measure before anything is written or scanned.
 */
@NullMarked
package io.noesis.ingest.simulate;

import org.jspecify.annotations.NullMarked;
