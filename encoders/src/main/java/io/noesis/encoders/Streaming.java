package io.noesis.encoders;

import io.noesis.encoders.ridge.TargetSource;
import java.nio.file.Path;

/**
 * How a linear map is fitted whose weights or targets do not fit into one array.
 *
 * @param targets of the training rows, which then bring none of their own: {@code [trials, 0]}
 * @param folder where the weights go, and where they stay as long as the encoder is used; made when
 *     it is missing
 */
public record Streaming(TargetSource targets, Path folder) {}
