package io.noesis.ingest.manifest;

/**
 * Somebody's word that a model takes embeddings of a space that its exporter calls otherwise. Kept
 * with the model, and shown beside everything that is made with it.
 *
 * @param by on what it rests: {@code the pack clip-l, output image_embeds, vision.onnx with SHA-256
 *     ...}
 * @param exported what the exporter calls the space, model and layer; empty where it named none
 */
public record SpaceStatement(String by, String exported) {}
