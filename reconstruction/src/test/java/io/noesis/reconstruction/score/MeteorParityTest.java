package io.noesis.reconstruction.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
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
  void nothingSaidIsWorthNothing() {
    assertEquals(0, Meteor.of(Meteor.Stemmed.of(List.of()), Meteor.Stemmed.of(List.of("cat"))));
    assertEquals(0, Meteor.of(Meteor.Stemmed.of(List.of("cat")), Meteor.Stemmed.of(List.of())));
  }

  private static Meteor.Stemmed words(JsonNode text) {
    return Meteor.Stemmed.of(List.of(text.asText().split(" ")));
  }
}
