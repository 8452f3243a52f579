package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.RecipeException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that would be passed over in silence are refused. */
class TargetsSpecTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {of: caption, pack: clip}                 | found of: 'caption'
          {of: category, pack: clip}                | found of: 'category'
          {of: category, pack: embedded}            | not 'category'
          {of: image, output: tokens}               | no pack is given
          {of: image, pack: embedded, output: more} | no pack is given
          {of: image, scaling: unit}                | none is given
          {of: image, pack: embedded, scaling: raw} | none is given
          {of: image, pack: clip, scaling: long}    | targets.scaling
          {of: caption, device: cuda}               | leave device out
          {of: image, pack: embedded, device: cudo} | cuda
          {of: latent}                              | name the pack
          {of: image, pack: embedded, pixels: 64}   | targets of 'image'
          {of: latent, pack: embedded, pixels: 0}   | above 0
          {of: latent, pack: sd, output: mean}      | an autoencoder has one
          {of: image, pack: clip, captions: mean}   | found 'image'
          {of: category, captions: first}           | found 'category'
          {of: caption, captions: all}              | targets.captions
          {of: caption, captions: each}             | ridge is no network
          {of: words, pack: t5, words: 9, captions: mean} | have no mean
          """)
  void refused(String targets, String why) {
    RecipeException refused =
        assertThrows(
            RecipeException.class,
            () -> DecodingRecipe.of(Recipes.tree("simulated", List.of("targets=" + targets))));
    assertTrue(refused.getMessage().contains(why), refused::getMessage);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          simulated-network  | targets.captions=each  | set encoder.start to
          simulated-encoding | features={captions: {of: caption, captions: each}} | are fixed
          simulated-motion   | encoder.inputs.first-frame={of: caption, captions: each} | are told as
          """)
  void captionsThatNothingDraws(String recipe, String override, String why) {
    RecipeException refused =
        assertThrows(
            RecipeException.class, () -> Recipe.of(Recipes.tree(recipe, List.of(override))));
    assertTrue(refused.getMessage().contains(why), refused::getMessage);
  }
}
