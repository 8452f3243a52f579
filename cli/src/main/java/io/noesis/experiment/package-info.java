/**
 * Experiments for lab pipelines: a {@link io.noesis.experiment.Recipe} (what may change a result)
 * and an {@link io.noesis.experiment.Execution} (what may not) go in, a run folder comes out. No
 * command-line code here.
 */
@NullMarked
package io.noesis.experiment;

import org.jspecify.annotations.NullMarked;
