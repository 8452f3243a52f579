/**
 * Layers: sizes go in, and one description comes out that is trained by libtorch ({@code forward})
 * and written as ONNX nodes ({@code emit}); {@link io.noesis.encoders.layer.Layers} lists them.
 */
@NullMarked
package io.noesis.encoders.layer;

import org.jspecify.annotations.NullMarked;
