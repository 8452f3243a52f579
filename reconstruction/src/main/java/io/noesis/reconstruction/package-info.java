/** To be filled. */
@NullMarked
package io.noesis.reconstruction;

import org.jspecify.annotations.NullMarked;
