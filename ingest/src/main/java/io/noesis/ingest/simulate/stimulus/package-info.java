/**
 * Our own stimulus generator. Enter: a seed and a choice of category, colour, size, position, count
 * and background. Leave: pictures drawn by Java2D from code, their English captions and features.
 *
 * <p>The same scene gives the same pixels on one JDK. The antialiasing rasteriser, and therefore a
 * pixel here and there, may differ between JDK releases, so no golden file holds pixel hashes; all
 * that is stored (ids, captions, features, the held-out rule) does not depend on it. No text is
 * drawn, because fonts differ between machines.
 */
@NullMarked
package io.noesis.ingest.simulate.stimulus;

import org.jspecify.annotations.NullMarked;
