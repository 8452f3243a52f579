/**
 * Whether this machine can do the work: nothing goes in but the machine itself; one finding per
 * check comes out. Uses no network and no study.
 */
@NullMarked
package io.noesis.experiment.doctor;

import org.jspecify.annotations.NullMarked;
