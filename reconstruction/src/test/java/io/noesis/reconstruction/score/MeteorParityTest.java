package io.noesis.reconstruction.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Stems and METEOR against NLTK, tests/fixtures/make/meteor.py. */
class MeteorParityTest {
  private static JsonNode expected;

  @BeforeAll
  static void read() throws IOException {
    try (var in = MeteorParityTest.class.getResourceAsStream("meteor.json")) {
      expected = new ObjectMapper().readTree(in);
    }
  }

  @Test
  void stemsAreThoseOfNltk() {
    expected
        .get("stems")
        .properties()
        .forEach(
            one -> assertEquals(one.getValue().asText(), PorterStems.of(one.getKey()), one + ""));
  }

  @Test
  void scoresAreThoseOfNltk() {
    for (JsonNode pair : expected.get("pairs")) {
      double found = Meteor.of(words(pair.get(0)), words(pair.get(1)));
      assertEquals(pair.get(2).doubleValue(), found, 1e-12, pair.toString());
    }
  }

  @Test
  void ofSeveralReferencesTheBestCounts() {
    int differ = 0;
    for (JsonNode row : expected.get("several")) {
      List<Meteor.Stemmed> references = new ArrayList<>();
      row.get(1).forEach(text -> references.add(words(text)));
      double found = Meteor.of(words(row.get(0)), references);
      assertEquals(row.get(2).doubleValue(), found, 1e-12, row.toString());
      differ += found > Meteor.of(words(row.get(0)), references.get(0)) ? 1 : 0;
    }
    assertTrue(differ > 2, "not only the first");
  }

  @Test
  void nothingSaidIsWorthNothing() {
    assertEquals(0, Meteor.of(Meteor.Stemmed.of(List.of()), Meteor.Stemmed.of(List.of("cat"))));
    assertEquals(0, Meteor.of(Meteor.Stemmed.of(List.of("cat")), Meteor.Stemmed.of(List.of())));
  }

  private static Meteor.Stemmed words(JsonNode text) {
    return Meteor.Stemmed.of(List.of(text.asText().split(" ")));
  }
}
