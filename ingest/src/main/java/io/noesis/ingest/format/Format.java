package io.noesis.ingest.format;

import java.nio.file.Path;

/** A kind of file or folder that Noesis reads. */
interface Format {
  /**
   * Whether something is of this format; looks at the content first and at the name only where the
   * content says nothing.
   *
   * @param probe the path and its first bytes
   * @return true when a reader of this format is the right one to try
   */
  boolean recognises(Probe probe);

  /**
   * What it holds, without reading its values where the format allows.
   *
   * @param path what was recognised
   * @return the summary
   * @throws io.noesis.run.DataException when it is damaged
   */
  Summary describe(Path path);
}
