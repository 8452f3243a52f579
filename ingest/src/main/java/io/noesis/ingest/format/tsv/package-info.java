/**
 * Tab-separated tables as BIDS defines them. In: text files; out: {@link
 * io.noesis.ingest.format.tsv.TsvTable} by column name and row, and the same written whole.
 */
@NullMarked
package io.noesis.ingest.format.tsv;

import org.jspecify.annotations.NullMarked;
