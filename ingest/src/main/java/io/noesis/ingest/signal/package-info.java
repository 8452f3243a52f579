/**
 * Signals along rows: trends removed, columns standardised within runs or by statistics that
 * remember their rows. In go matrices {@code [time or trials, columns]}; out come such matrices.
 */
@NullMarked
package io.noesis.ingest.signal;

import org.jspecify.annotations.NullMarked;
