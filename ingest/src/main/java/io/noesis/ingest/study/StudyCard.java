package io.noesis.ingest.study;

/**
 * What a study is and who may use it.
 *
 * @param name short name: {@code haxby2001-vt}
 * @param title one line
 * @param layout the layout it was read with: {@code bids}
 * @param origin {@code SIMULATED} or {@code RECORDED}
 * @param licence licence or terms, in the source's words; empty when unknown
 * @param citation how to cite it; empty when unknown
 */
public record StudyCard(
    String name, String title, String layout, Origin origin, String licence, String citation) {
  /** Where the numbers come from. */
  public enum Origin {
    /** A brain was recorded. */
    RECORDED,
    /** A program made the responses; every file and report says so. */
    SIMULATED
  }
}
