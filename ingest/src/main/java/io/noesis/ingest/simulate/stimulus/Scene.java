package io.noesis.ingest.simulate.stimulus;

import io.noesis.run.Check;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringTokenizer;

/**
 * One captioned picture as a design: what it shows, and a seed for what the caption does not say (a
 * small shift, turn and scale of each object, and the wording). Immutable; drawing is a pure
 * function of the scene and the number of pixels, safe to call from several threads.
 *
 * @param category what is shown
 * @param colour its main colour
 * @param size how large each object is
 * @param position where in the picture they are
 * @param count how many
 * @param background what is behind
 * @param seed names the jitter and the wording; two scenes of one combination may differ in it
 */
public record Scene(
    ObjectCategory category,
    SceneColour colour,
    SceneSize size,
    ScenePosition position,
    SceneCount count,
    Background background,
    Seed seed) {

  /** The smallest picture that can be drawn, in pixels along each side. */
  public static final int SMALLEST_PIXELS = 16;

  /** The largest picture that can be drawn, in pixels along each side. */
  public static final int LARGEST_PIXELS = 8192;

  /**
   * The scene of a combination written by {@link #id()}.
   *
   * @param id for example {@code "ice-cream_red_small_left_two_meadow"}
   * @param seed the jitter and the wording
   * @return the scene
   * @throws RecipeException when a part is unknown
   */
  public static Scene ofId(String id, Seed seed) {
    StringTokenizer words = new StringTokenizer(id, "_");
    if (words.countTokens() != 6) {
      throw new RecipeException(
          "reading the scene id '"
              + id
              + "': expected category_colour_size_position_count_background, found "
              + words.countTokens()
              + " parts. Write it as in ice-cream_red_small_left_two_meadow.");
    }
    return new Scene(
        ObjectCategories.named(words.nextToken()),
        SceneFeatures.named(SceneColour.class, words.nextToken()),
        SceneFeatures.named(SceneSize.class, words.nextToken()),
        SceneFeatures.named(ScenePosition.class, words.nextToken()),
        SceneFeatures.named(SceneCount.class, words.nextToken()),
        SceneFeatures.named(Background.class, words.nextToken()),
        seed);
  }

  /** The superordinate group of the category. */
  public ObjectGroup group() {
    return category.group();
  }

  /**
   * The combination as text, fit for a file name; unique within a sample, and independent of the
   * seed: {@code "ice-cream_red_small_left_two_meadow"}.
   */
  public String id() {
    return String.join(
        "_",
        category.name(),
        colour.word(),
        size.word(),
        position.word(),
        count.word(),
        background.word());
  }

  /** Whether category and colour are a pair that no generator may be trained on. */
  public boolean heldOut() {
    return HeldOutPairs.contains(category, colour);
  }

  /** An English sentence that names every attribute, worded by the scene's own seed. */
  public String caption() {
    return caption(seed.child("caption"));
  }

  /**
   * Another wording of the caption.
   *
   * @param wording the same seed gives the same words
   * @return an English sentence that names every attribute
   */
  public String caption(Seed wording) {
    return SceneCaption.of(this, wording.random());
  }

  /**
   * Several wordings of the caption, all different.
   *
   * @param wording of the first one, as {@link #caption(Seed)} has it; the same seed gives the same
   *     words, however many are asked for
   * @param count at most a few dozen
   * @return English sentences that name every attribute
   */
  public List<String> captions(Seed wording, int count) {
    Set<String> different = new LinkedHashSet<>();
    different.add(caption(wording));
    for (int draw = 2; different.size() < count; draw++) {
      different.add(caption(wording.child("wording " + draw)));
    }
    return List.copyOf(different);
  }

  /**
   * The attributes as zeros and ones, in the order of {@link SceneFeatures#names()}.
   *
   * @return a new array of {@link SceneFeatures#count()} values
   */
  public float[] features() {
    return SceneFeatures.of(this);
  }

  /**
   * Draws the picture.
   *
   * @param pixels along each side, {@value #SMALLEST_PIXELS} to {@value #LARGEST_PIXELS}; the
   *     layout does not depend on it
   * @return a new opaque sRGB picture of type {@link BufferedImage#TYPE_INT_RGB}
   */
  public BufferedImage draw(int pixels) {
    BufferedImage image = drawBackground(pixels);
    Graphics2D graphics = canvas(image);
    for (SceneLayout.Place place : SceneLayout.of(this)) {
      Graphics2D box = (Graphics2D) graphics.create();
      box.translate(place.cx(), place.cy());
      box.rotate(Math.toRadians(place.degrees()));
      box.scale(place.side(), place.side());
      box.translate(-0.5, -0.5);
      boolean grounded = place.cy() + 0.5 * place.side() > background.horizon();
      category
          .drawing()
          .draw(
              new Brush(box, Palette.of(colour), grounded ? Brush.Ground.NEAR : Brush.Ground.NONE));
      box.dispose();
    }
    graphics.dispose();
    return image;
  }

  /** The picture without its objects. */
  BufferedImage drawBackground(int pixels) {
    Check.argument(
        pixels >= SMALLEST_PIXELS && pixels <= LARGEST_PIXELS,
        "pixels along a side must be %d to %d, found %d",
        SMALLEST_PIXELS,
        LARGEST_PIXELS,
        pixels);
    BufferedImage image = new BufferedImage(pixels, pixels, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = canvas(image);
    Backdrops.draw(background, graphics);
    graphics.dispose();
    return image;
  }

  /** A graphics whose user space is the unit box, y down, with every choice of quality pinned. */
  private static Graphics2D canvas(BufferedImage image) {
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setRenderingHint(RenderingHints.KEY_RENDERING, RenderingHints.VALUE_RENDER_QUALITY);
    graphics.setRenderingHint(RenderingHints.KEY_DITHERING, RenderingHints.VALUE_DITHER_DISABLE);
    graphics.scale(image.getWidth(), image.getHeight());
    return graphics;
  }
}
