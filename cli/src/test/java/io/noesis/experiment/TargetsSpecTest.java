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
          """)
  void refused(String targets, String why) {
    RecipeException refused =
        assertThrows(
            RecipeException.class,
            () -> DecodingRecipe.of(Recipes.tree("simulated", List.of("targets=" + targets))));
    assertTrue(refused.getMessage().contains(why), refused::getMessage);
  }
}
