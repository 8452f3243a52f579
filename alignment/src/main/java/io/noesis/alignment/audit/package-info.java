/**
 * Audits: what was planned and what came out go in, {@link io.noesis.alignment.audit.Finding}s with
 * stable codes come out. A BLOCK ends the command with exit code 4 unless it was allowed by name.
 */
@NullMarked
package io.noesis.alignment.audit;

import org.jspecify.annotations.NullMarked;
