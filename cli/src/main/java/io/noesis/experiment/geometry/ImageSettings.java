package io.noesis.experiment.geometry;

import io.noesis.alignment.embedding.ImagePreprocess;
import java.nio.file.Path;

/**
 * Settings of an ONNX image model.
 *
 * @param model the {@code .onnx} file, relative to the study's folder
 * @param output the output to take, {@code [batch, ...]}
 * @param preprocess what it expects of a picture
 */
public record ImageSettings(Path model, String output, ImagePreprocess preprocess) {}
