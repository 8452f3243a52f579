/** To be filled. */
@NullMarked
package io.noesis.encoders;

import org.jspecify.annotations.NullMarked;
