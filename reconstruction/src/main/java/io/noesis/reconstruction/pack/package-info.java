/**
 * Model packs: a folder of ONNX graphs goes in, in one of the known layouts, and comes out as a
 * {@link io.noesis.reconstruction.pack.ModelPack} whose files, names, types and ranks were checked,
 * or is refused by name. Nothing outside the folder is read, and nothing in it is executed.
 */
@NullMarked
package io.noesis.reconstruction.pack;

import org.jspecify.annotations.NullMarked;
