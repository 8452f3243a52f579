/** To be filled. */
@NullMarked
package io.noesis.alignment;

import org.jspecify.annotations.NullMarked;
