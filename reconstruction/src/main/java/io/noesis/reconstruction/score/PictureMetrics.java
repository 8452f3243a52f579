package io.noesis.reconstruction.score;

import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.Score;
import io.noesis.run.Check;
import io.noesis.run.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * All metrics of pictures. Names are without the pool size, which scores add. A tower that the
 * generator was itself steered by flatters it: the pixel metrics stand beside for that.
 */
public final class PictureMetrics {
  /** The metric that decides whether pictures show anything of the stimuli. */
  public static final String PRIMARY = "picture_tower.two_way";

  /** The metric that decides where there is no tower. */
  public static final String WITHOUT_TOWER = "picture_pixels.two_way";

  private static final Registry<OutputMetric<PictureSet>> REGISTRY =
      Registry.of("picture metric", list());

  private PictureMetrics() {}

  private static List<Registry.Entry<OutputMetric<PictureSet>>> list() {
    List<Registry.Entry<OutputMetric<PictureSet>>> list =
        new ArrayList<>(
            List.of(
                new Registry.Entry<>(
                    PRIMARY,
                    ofTower(Score.Direction.HIGHER, Likeness::twoWay),
                    "Share of the other shown pictures that an image tower finds less like the made"
                        + " one (Pearson's r of features); never to be read alone."),
                new Registry.Entry<>(
                    "picture_tower.top1",
                    ofTower(Score.Direction.HIGHER, Likeness::first),
                    "Share of pictures whose shown one is the most alike of all to the tower."),
                new Registry.Entry<>(
                    "picture_tower.median_rank",
                    ofTower(Score.Direction.LOWER, Likeness::medianRank),
                    "Median of the 1-based rank of the shown picture to the tower."),
                new Registry.Entry<>(
                    "picture_tower.correlation",
                    ofTower(Score.Direction.HIGHER, Likeness::mean),
                    "Pearson's r of the tower's features of made and shown picture, mean."),
                new Registry.Entry<>(
                    WITHOUT_TOWER,
                    OutputMetric.higher((made, shown) -> pixels(made, shown).twoWay()),
                    "Share of the other shown pictures whose pixels correlate less with the made"
                        + " one's; never to be read alone."),
                new Registry.Entry<>(
                    "picture_pixels.top1",
                    OutputMetric.higher((made, shown) -> pixels(made, shown).first()),
                    "Share of pictures whose shown one correlates the most of all, by pixels."),
                new Registry.Entry<>(
                    "picture_pixels.median_rank",
                    OutputMetric.lower((made, shown) -> pixels(made, shown).medianRank()),
                    "Median of the 1-based rank of the shown picture by correlation of pixels."),
                new Registry.Entry<>(
                    "picture_pixels.correlation",
                    OutputMetric.higher((made, shown) -> pixels(made, shown).mean()),
                    "PixCorr: Pearson's r over all pixels and colours, mean over pictures."),
                new Registry.Entry<>(
                    "picture_pixels.ssim",
                    new OutputMetric<>(
                        Score.Direction.HIGHER, PictureMetrics::tooSmall, PictureMetrics::ssim),
                    "Structural similarity of grey values (scikit-image's definition), mean; a blur"
                        + " scores well in it.")));
    list.addAll(AttributeMetrics.list("picture_attribute", "picture", PictureSet::attributes));
    return list;
  }

  /** All metrics by name. */
  public static Registry<OutputMetric<PictureSet>> registry() {
    return REGISTRY;
  }

  /**
   * Every metric that is defined.
   *
   * @param made what was made for each stimulus
   * @param shown what was shown, of the same size and seen by the same tower
   * @param plan how intervals and nulls are drawn
   * @param tower the name of the tower
   * @return scores in the order of the registry; none for fewer than two stimuli
   */
  public static List<Score> score(
      PictureSet made, PictureSet shown, Resampling plan, String tower) {
    Check.argument(
        made.width() == shown.width() && made.height() == shown.height(),
        "made and shown pictures need one size, found %dx%d and %dx%d",
        made.width(),
        made.height(),
        shown.width(),
        shown.height());
    String size = made.width() + "x" + made.height() + " pixels";
    return REGISTRY.entries().stream()
        .filter(e -> made.pictures().size() > 1)
        .filter(e -> e.value().undefined().apply(made, shown).isEmpty())
        .map(
            e ->
                PairScores.of(
                    name(e.name(), made.pictures().size()),
                    e.value().direction(),
                    e.value().statistic().apply(made, shown),
                    plan,
                    e.name().startsWith("picture_pixels") ? size : "tower " + tower))
        .toList();
  }

  /**
   * How like its own shown picture each made one is: by the tower, else by pixels.
   *
   * @param made what was made
   * @param shown what was shown
   * @return Pearson's r of each pair
   */
  public static double[] likeness(PictureSet made, PictureSet shown) {
    return (made.hasFeatures() ? features(made, shown) : pixels(made, shown)).own();
  }

  private static OutputMetric<PictureSet> ofTower(
      Score.Direction direction, Function<Likeness, PairStatistic> statistic) {
    return new OutputMetric<>(
        direction,
        (made, shown) ->
            made.hasFeatures() ? Optional.empty() : Optional.of("no image tower has seen them"),
        (made, shown) -> statistic.apply(features(made, shown)));
  }

  static String name(String metric, int pool) {
    return metric.matches(".*\\.(two_way|top1|median_rank)") ? metric + "@" + pool : metric;
  }

  private static Likeness features(PictureSet made, PictureSet shown) {
    return Likeness.pearson(made.featureRows(), shown.featureRows());
  }

  private static Likeness pixels(PictureSet made, PictureSet shown) {
    return Likeness.pearson(made.pixelRows(), shown.pixelRows());
  }

  private static Optional<String> tooSmall(PictureSet made, PictureSet shown) {
    return Math.min(made.width(), made.height()) < Ssim.SMALLEST_SIDE
        ? Optional.of("pictures below " + Ssim.SMALLEST_SIDE + " pixels a side have none")
        : Optional.empty();
  }

  private static PairStatistic ssim(PictureSet made, PictureSet shown) {
    List<Ssim> of = ssims(made.pictures());
    List<Ssim> with = ssims(shown.pictures());
    return new PairTable(
        of.size(),
        (i, j) -> of.get(i).with(with.get(j)),
        PairTable.Summary.MEAN,
        OptionalDouble.empty());
  }

  private static List<Ssim> ssims(List<PixelImage> pictures) {
    return pictures.stream().map(Ssim::of).toList();
  }
}
