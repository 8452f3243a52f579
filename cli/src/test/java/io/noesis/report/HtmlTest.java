package io.noesis.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HtmlTest {
  @Property
  void escapedTextHoldsNoMarkupAndReadsBack(@ForAll String text) {
    String escaped = Html.escape(text);
    assertTrue(escaped.chars().noneMatch(c -> c == '<' || c == '>' || c == '"' || c == '\''));
    String back =
        escaped
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&");
    assertEquals(Html.clean(text), back);
  }

  @Test
  void elementsCloseInOrder() {
    Html html = new Html().open("p", "class", "a\"b").text("x < y").close("p");
    assertEquals("<p class=\"a&quot;b\">x &lt; y</p>\n", html.finish());
    assertThrows(IllegalArgumentException.class, () -> new Html().open("p").close("b"));
    assertThrows(IllegalArgumentException.class, () -> new Html().open("p").finish());
    assertThrows(IllegalArgumentException.class, () -> new Html().close("p"));
  }

  @Test
  void whatMisleadsIsReplaced() {
    assertEquals("a\uFFFDb\tc\nd", Html.clean("a\u0000b\tc\nd"));
    assertEquals("\uFFFDx\uFFFD\uFFFD", Html.clean("\u202Ex\u2066\uD800"));
    assertEquals("\uD83D\uDE00 \u00E9", Html.clean("\uD83D\uDE00 \u00E9"));
  }

  @Test
  void numbersAreRoundedTheSameEverywhere() {
    assertEquals("0.412", Numbers.format(0.4123, 3));
    assertEquals("0.000", Numbers.format(-0.0001, 3));
    assertEquals("0", Numbers.format(-0.2, 0));
    assertEquals("n/a", Numbers.format(Double.NEGATIVE_INFINITY, 3));
    assertEquals("0.001", Numbers.p(0.001));
    assertEquals("0.0010", Numbers.p(1 / 1001.0));
    assertEquals("0.0002", Numbers.p(0.0002));
    assertEquals("0.000", Numbers.p(0));
    assertEquals("n/a", Numbers.p(Double.NaN));
  }
}
