/**
 * What every run needs: named seeds, fingerprints, provenance, whole-or-nothing files, registries,
 * progress, and the family of errors with their exit codes. Imports nothing else of ours.
 */
@NullMarked
package io.noesis.run;

import org.jspecify.annotations.NullMarked;
