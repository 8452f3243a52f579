package io.noesis.ingest.manifest;

/** The folder layouts in which models with ONNX graphs are handed around. */
public enum Dialect {
  /** Ours: a manifest {@code noesis-model.yaml} beside the graphs says everything. */
  NOESIS,
  /** What {@code optimum-cli export onnx} writes for pipelines of diffusers. */
  OPTIMUM,
  /** What diffusers' own conversion script wrote before that. */
  LEGACY_DIFFUSERS,
  /** {@code onnx/vision_model.onnx} and {@code onnx/text_model.onnx} beside a configuration. */
  TRANSFORMERS_JS
}
