/** To be filled. */
@NullMarked
package io.noesis.cli;

import org.jspecify.annotations.NullMarked;
