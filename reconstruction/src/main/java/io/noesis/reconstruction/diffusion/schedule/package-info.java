/**
 * Samplers of diffusion models: settings and a number of steps go in, an immutable {@link
 * io.noesis.reconstruction.diffusion.schedule.Schedule} comes out, which turns a state and the
 * network's output into the next state. Nothing here knows a network or keeps anything.
 */
@NullMarked
package io.noesis.reconstruction.diffusion.schedule;

import org.jspecify.annotations.NullMarked;
