package io.noesis.alignment.retrieve;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.tensor.NpyRows;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;

/**
 * Candidates in an {@code .npy} file {@code [candidates, width]} that may be larger than memory,
 * with the same answers as {@link Gallery}: exact, by cosine, ties by id. The file is read once per
 * ranking, so rank many queries together. Whoever opened it closes it.
 */
public final class StreamedGallery implements Closeable {
  private final NpyRows file;
  private final List<String> ids;
  private final EmbeddingSpace space;

  private StreamedGallery(NpyRows file, List<String> ids, EmbeddingSpace space) {
    this.file = file;
    this.ids = ids;
    this.space = space;
  }

  /**
   * Opens a file.
   *
   * @param file vectors by rows
   * @param ids one per row
   * @param space where the vectors live
   * @return the gallery; to be closed by the caller
   * @throws DataException when rows and ids, or the file's width and the space, do not fit
   */
  public static StreamedGallery open(Path file, List<String> ids, EmbeddingSpace space) {
    NpyRows rows = NpyRows.open(file);
    if (rows.rows() != ids.size() || rows.rows() == 0 || rows.width() != space.dim()) {
      rows.close();
      throw new DataException(
          "opening the gallery "
              + file
              + ": found "
              + rows.rows()
              + " rows of "
              + rows.width()
              + " numbers; expected one row for each of "
              + ids.size()
              + " ids (at least one), of "
              + space.dim()
              + " numbers as in "
              + space
              + ". Choose the file that belongs to these ids.");
    }
    return new StreamedGallery(rows, List.copyOf(ids), space);
  }

  /** How many candidates. */
  public int size() {
    return ids.size();
  }

  /**
   * The best candidates of every query, best first; candidates of equal similarity are listed by
   * ascending id.
   *
   * @param queries in the gallery's space
   * @param keep how many to keep, at least 1; all of them when there are fewer
   * @return one list per query
   * @throws DataException when the queries live in another space
   */
  public Ranking rank(Embeddings queries, int keep) {
    Check.argument(keep > 0, "ranking: at least 1 candidate must be kept, found %d", keep);
    Gallery.requireSpace(queries, space);
    return new Ranking(queries.ids(), size(), new BestSearch(ids, keep).search(queries, file));
  }

  @Override
  public void close() {
    file.close();
  }
}
