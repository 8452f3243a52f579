/**
 * Manifests: what a study or a model is, who may use it, which files it has and how to read it. In:
 * YAML from the class path or a file; out: records, and a check of files against their SHA-256.
 */
@NullMarked
package io.noesis.ingest.manifest;

import org.jspecify.annotations.NullMarked;
