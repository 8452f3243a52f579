/**
 * Pictures by diffusion: a request (prompts, settings, one seed per picture) and a model pack go
 * in, pictures come out. The networks are ONNX graphs; everything between them is here.
 */
@NullMarked
package io.noesis.reconstruction.diffusion;

import org.jspecify.annotations.NullMarked;
