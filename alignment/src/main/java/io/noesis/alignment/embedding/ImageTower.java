package io.noesis.alignment.embedding;

import java.nio.file.Path;

/**
 * An image model on disk and how to use it.
 *
 * @param name the name of its space
 * @param model the {@code .onnx} file, with one input {@code [batch, 3, height, width]}
 * @param output the output to take, {@code [batch, width]}
 * @param preprocess what it expects of a picture
 * @param scaling whether its vectors are brought to length 1
 */
public record ImageTower(
    String name,
    Path model,
    String output,
    ImagePreprocess preprocess,
    EmbeddingSpace.Scaling scaling) {}
