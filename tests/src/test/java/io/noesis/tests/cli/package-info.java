/**
 * Tests of the command line as a whole: words go in; exit codes, messages and files come out.
 * Nothing else uses what is here.
 */
@NullMarked
package io.noesis.tests.cli;

import org.jspecify.annotations.NullMarked;
