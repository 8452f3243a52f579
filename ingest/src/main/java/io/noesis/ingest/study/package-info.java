/**
 * A study as recorded: trials, stimuli, responses and splits. Study layouts turn a folder into a
 * {@link io.noesis.ingest.study.Study}; what leaves is one {@link
 * io.noesis.ingest.study.SubjectResponses} per subject.
 */
@NullMarked
package io.noesis.ingest.study;

import org.jspecify.annotations.NullMarked;
