/**
 * The report: a {@link io.noesis.report.Report} value goes in, {@code report.json} and the page
 * rendered from it come out. Rendering computes nothing.
 */
@NullMarked
package io.noesis.report;

import org.jspecify.annotations.NullMarked;
