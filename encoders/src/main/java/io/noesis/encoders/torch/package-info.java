/**
 * Training's arithmetic: heap tensors go in, {@link io.noesis.encoders.torch.Value}s with gradients
 * are computed by libtorch inside a {@link io.noesis.encoders.torch.Scope}, heap tensors come out.
 * The only importer of {@code org.bytedeco}; nothing native appears in a public signature.
 */
@NullMarked
package io.noesis.encoders.torch;

import org.jspecify.annotations.NullMarked;
