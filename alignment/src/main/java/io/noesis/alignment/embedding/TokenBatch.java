package io.noesis.alignment.embedding;

import io.noesis.run.Check;

/**
 * Texts as token ids, {@code [rows, length]} row-major, padded to the longest of the batch.
 *
 * @param rows how many texts
 * @param length tokens of the longest, with its special tokens
 * @param ids token ids
 * @param attention 1 for a token of the text, 0 for padding
 * @param types which of two joined texts a token belongs to; 0 for single texts
 */
@SuppressWarnings("ArrayRecordComponent") // Fed to a graph as they are; compared by nobody.
public record TokenBatch(int rows, int length, long[] ids, long[] attention, long[] types) {
  /** Checks the sizes. */
  public TokenBatch {
    Check.size("token ids", (long) rows * length, ids.length);
    Check.size("attention mask", (long) rows * length, attention.length);
    Check.size("token types", (long) rows * length, types.length);
  }

  /**
   * One text of the batch without its padding.
   *
   * @param row which text
   * @return a batch of one
   */
  public TokenBatch row(int row) {
    int kept = 0;
    for (int i = row * length; i < (row + 1) * length; i++) {
      kept += attention[i] == 0 ? 0 : 1;
    }
    long[] rowIds = new long[kept];
    long[] rowAttention = new long[kept];
    long[] rowTypes = new long[kept];
    int at = 0;
    for (int i = row * length; i < (row + 1) * length; i++) {
      if (attention[i] != 0) {
        rowIds[at] = ids[i];
        rowAttention[at] = attention[i];
        rowTypes[at] = types[i];
        at++;
      }
    }
    return new TokenBatch(1, kept, rowIds, rowAttention, rowTypes);
  }

  /**
   * The texts padded to one length, as graphs with a fixed number of tokens take them.
   *
   * @param length tokens per text, at least that of the longest
   * @param paddingId the id to pad with: CLIP's 49407 in Stable Diffusion 1, its 0 in Stable
   *     Diffusion 2, SDXL's second encoder and OpenAI's own CLIP
   * @return a new batch {@code [rows, length]}
   */
  public TokenBatch padded(int length, long paddingId) {
    long[] allIds = new long[Math.multiplyExact(rows, length)];
    long[] allAttention = new long[allIds.length];
    long[] allTypes = new long[allIds.length];
    java.util.Arrays.fill(allIds, paddingId);
    for (int row = 0; row < rows; row++) {
      TokenBatch one = row(row);
      Check.argument(
          one.length <= length,
          "text %d has %d tokens, expected at most %d",
          row,
          one.length,
          length);
      System.arraycopy(one.ids, 0, allIds, row * length, one.length);
      System.arraycopy(one.attention, 0, allAttention, row * length, one.length);
      System.arraycopy(one.types, 0, allTypes, row * length, one.length);
    }
    return new TokenBatch(rows, length, allIds, allAttention, allTypes);
  }
}
