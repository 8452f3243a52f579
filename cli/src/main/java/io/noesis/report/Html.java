package io.noesis.report;

import io.noesis.run.Check;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Writes HTML piece by piece: texts and attribute values are escaped here and nowhere else, and an
 * element that is closed must be the one that was opened last.
 */
final class Html {
  /** Elements of a line of text: a line feed behind them would be seen as a space. */
  private static final Set<String> INLINE =
      Set.of("a", "b", "code", "data", "i", "small", "span", "strong");

  private static final char REPLACEMENT = '\uFFFD';

  private final StringBuilder out = new StringBuilder(1 << 16);
  private final Deque<String> openTags = new ArrayDeque<>();

  /**
   * Opens an element.
   *
   * @param tag its name
   * @param attributes name, value, name, value, ...; values are escaped
   */
  Html open(String tag, String... attributes) {
    tag(tag, attributes);
    openTags.push(tag);
    return this;
  }

  /** Closes the element that was opened last, which must be of that name. */
  Html close(String tag) {
    Check.argument(
        !openTags.isEmpty() && openTags.peek().equals(tag),
        "</%s> does not close <%s>",
        tag,
        openTags.peek());
    openTags.pop();
    end(tag);
    return this;
  }

  /** An element that has no content: {@code img}, {@code meta}. */
  Html empty(String tag, String... attributes) {
    tag(tag, attributes);
    out.append('\n');
    return this;
  }

  /** An element that holds only text. */
  Html element(String tag, String text, String... attributes) {
    tag(tag, attributes);
    out.append(escape(text));
    end(tag);
    return this;
  }

  /** Text inside the open element. */
  Html text(String text) {
    out.append(escape(text));
    return this;
  }

  /** Markup that this package made itself: charts and icons. Never anything that was read. */
  Html markup(String own) {
    out.append(own);
    return this;
  }

  private void end(String tag) {
    out.append("</").append(tag).append(INLINE.contains(tag) ? ">" : ">\n");
  }

  private void tag(String tag, String... attributes) {
    Check.argument(attributes.length % 2 == 0, "attribute without a value in <%s>", tag);
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"").append(escape(attributes[i + 1]));
      out.append('"');
    }
    out.append('>');
  }

  /** Everything so far; all elements must be closed. */
  String finish() {
    Check.argument(openTags.isEmpty(), "<%s> is still open", openTags.peek());
    return out.toString();
  }

  /** Text as it stands between tags or in a quoted attribute. */
  static String escape(String text) {
    String clean = clean(text);
    StringBuilder escaped = new StringBuilder(clean.length() + 16);
    for (int i = 0; i < clean.length(); i++) {
      char c = clean.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /**
   * Replaces what could mislead a reader or a terminal: control characters, marks that turn the
   * writing direction, and halves of surrogate pairs. Tabs and line feeds stay.
   */
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().forEach(c -> clean.appendCodePoint(misleading(c) ? REPLACEMENT : c));
    return clean.toString();
  }

  private static boolean misleading(int c) {
    boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
    boolean turning = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    boolean half = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    return control || turning || half || c == 0xFFFE || c == 0xFFFF;
  }
}
