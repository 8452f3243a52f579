/**
 * The command line: one class per command, each a thin caller of {@code io.noesis.experiment}. The
 * only package that prints.
 */
@NullMarked
package io.noesis.cli;

import org.jspecify.annotations.NullMarked;
