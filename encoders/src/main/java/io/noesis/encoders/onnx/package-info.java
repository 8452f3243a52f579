/**
 * Inference: an ONNX file and {@link io.noesis.encoders.onnx.OnnxInput}s go in, {@link
 * io.noesis.tensor.Tensor}s come out. The only importer of ONNX Runtime; nothing native leaves.
 */
@NullMarked
package io.noesis.encoders.onnx;

import org.jspecify.annotations.NullMarked;
