package io.noesis.experiment;

import io.noesis.alignment.score.Decoding;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.TripleScores;
import io.noesis.alignment.triple.Combinations;
import io.noesis.alignment.triple.TriplePrior;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.report.Report.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Scores the triples that three slots say: of all test rows, of those whose triple a training
 * stimulus of their fold showed, and of the others; with a prior also those with it, and the
 * difference that it makes.
 */
final class TripleScoring {
  /** What scores of triples are called. */
  static final String TRIPLES = "triples";

  private final TriplesSpec spec;
  private final List<Slots.Slot> slots;
  private final Decoded decoded;
  private final Scoring scoring;
  private final String encoder;
  private final Map<String, List<String>> trained = new LinkedHashMap<>();
  private final Map<String, Set<String>> foldsOfUnits;

  private TripleScoring(
      DecodingRecipe recipe, TriplesSpec spec, Slots all, String encoder, StimulusSet stimuli) {
    this.spec = spec;
    this.encoder = encoder;
    this.slots = spec.slots().stream().map(all::named).toList();
    this.decoded = new Slots(slots).together();
    this.scoring = new Scoring(recipe, slots.get(0).targets(), stimuli);
    for (Split fold : decoded.folds()) {
      Set<String> shown = new LinkedHashSet<>();
      for (int row : fold.rows(Split.Part.TRAIN)) {
        shown.add(decoded.trials().get(row).stimulus());
      }
      trained.put(fold.name(), List.copyOf(shown));
    }
    this.foldsOfUnits = whole(Map.of()).decoding().foldsOfUnits();
  }

  /** What a recipe asks for; nothing where it asks for nothing, or slots are missing. */
  static SlotScores of(DecodingRecipe recipe, Slots all, String encoder, StimulusSet stimuli) {
    return of(recipe, asked(recipe, all), all, encoder, stimuli);
  }

  /** The same of ridge, without a prior: the sums of what it says of concepts are no log-shares. */
  static SlotScores ofRidge(DecodingRecipe recipe, Slots all, StimulusSet stimuli) {
    Optional<TriplesSpec> spec =
        asked(recipe, all).map(s -> new TriplesSpec(s.slots(), s.recall(), Optional.empty()));
    return of(recipe, spec, all, RidgeBeside.RIDGE, stimuli);
  }

  private static Optional<TriplesSpec> asked(DecodingRecipe recipe, Slots all) {
    return recipe.evaluation().triples().filter(spec -> all.names().containsAll(spec.slots()));
  }

  private static SlotScores of(
      DecodingRecipe recipe,
      Optional<TriplesSpec> spec,
      Slots all,
      String encoder,
      StimulusSet stimuli) {
    return spec.map(triples -> new TripleScoring(recipe, triples, all, encoder, stimuli).scores())
        .orElseGet(() -> new SlotScores(List.of(), List.of(), List.of()));
  }

  /**
   * Triples of two decoders of the same rows against each other, without a prior.
   *
   * @param recipe how they are scored; nothing where it does not ask for triples
   * @param stimuli of the study
   * @param names of the one and of the other
   * @param one its slots
   * @param two the same slots of the other
   */
  static List<SlotScores.Pair> differences(
      DecodingRecipe recipe, StimulusSet stimuli, List<String> names, Slots one, Slots two) {
    Optional<TriplesSpec> spec = asked(recipe, one);
    if (spec.isEmpty()) {
      return List.of();
    }
    TripleScoring first = new TripleScoring(recipe, spec.get(), one, names.get(0), stimuli);
    TripleScoring second = new TripleScoring(recipe, spec.get(), two, names.get(1), stimuli);
    TripleScores own = first.whole(Map.of());
    TripleScores other = second.whole(Map.of());
    List<SlotScores.Pair> pairs = new ArrayList<>();
    for (Scoring.Variant variant : first.scoring.variants(own.decoding())) {
      TripleScores rows = variant.averages() ? own.averaged() : own;
      rows.minus(
              variant.averages() ? other.averaged() : other,
              spec.get().recall(),
              first.scoring.plan(first.decoded))
          .forEach(
              d ->
                  pairs.add(
                      new SlotScores.Pair(
                          TRIPLES,
                          HeadScores.name(names.get(0), TRIPLES),
                          HeadScores.name(names.get(1), TRIPLES),
                          new Scoring.Contrast(variant.words(), d))));
    }
    return pairs;
  }

  private TripleScores whole(Map<String, double[]> prior) {
    List<TargetTable> targets = slots.stream().map(Slots.Slot::targets).toList();
    return new TripleScores(
        scoring.decodings(decoded).ofTriples(targets), Combinations.of(concepts()), prior);
  }

  private SlotScores scores() {
    Resampling plan = scoring.plan(decoded);
    Optional<TriplePrior> prior = spec.prior().map(TriplesSpec.Prior::make);
    Map<String, double[]> weighted = new LinkedHashMap<>();
    prior.ifPresent(known -> trained.keySet().forEach(f -> weighted.put(f, weighted(known, f))));
    TripleScores whole = whole(weighted);
    List<Scoring.Entry> alone = new ArrayList<>();
    List<Scoring.Entry> with = new ArrayList<>();
    List<SlotScores.Pair> differences = new ArrayList<>();
    List<Line> notes = new ArrayList<>();
    String named = HeadScores.name(encoder, TRIPLES);
    String after = TRIPLES + spec.prior().map(p -> ", prior of " + p.kind()).orElse("");
    for (Scoring.Variant variant : scoring.variants(whole.decoding())) {
      TripleScores rows = variant.averages() ? whole.averaged() : whole;
      for (Part part : Part.values()) {
        Optional<TripleScores> some = rows.of(part.of(this::known));
        String words = variant.words() + part.words;
        if (some.isEmpty()) {
          notes.add(new Line(words, "not scored: fewer than two different triples"));
          continue;
        }
        some.get().withoutPrior().score(spec.recall(), plan).stream()
            .map(score -> new Scoring.Entry(words, score))
            .forEach(alone::add);
        if (prior.isPresent()) {
          some.get().score(spec.recall(), plan).stream()
              .map(score -> new Scoring.Entry(words, score))
              .forEach(with::add);
          some.get().minus(some.get().withoutPrior(), spec.recall(), plan).stream()
              .map(d -> new Scoring.Contrast(words, d))
              .map(c -> new SlotScores.Pair(TRIPLES, HeadScores.name(encoder, after), named, c))
              .forEach(differences::add);
        }
      }
    }
    List<HeadScores> scores = new ArrayList<>();
    if (!alone.isEmpty()) {
      scores.add(new HeadScores(encoder, TRIPLES, TRIPLES, alone));
    }
    prior.ifPresent(
        known -> {
          if (!with.isEmpty()) {
            scores.add(new HeadScores(encoder, after, after, with));
          }
          notes.add(
              new Line(
                  "prior of triples",
                  spec.prior().orElseThrow().weight() + " × " + known.describe()));
        });
    return new SlotScores(scores, differences, notes);
  }

  /** Which rows. */
  private enum Part {
    ALL(""),
    KNOWN(", known triples"),
    NEW(", new triples");

    private final String words;

    Part(String words) {
      this.words = words;
    }

    Predicate<Decoding.Row> of(Predicate<Decoding.Row> known) {
      return switch (this) {
        case ALL -> row -> true;
        case KNOWN -> known;
        case NEW -> known.negate();
      };
    }
  }

  /** Whether a training stimulus of the row's fold, or of one of its folds, showed its triple. */
  private boolean known(Decoding.Row row) {
    Set<String> folds =
        trained.containsKey(row.fold())
            ? Set.of(row.fold())
            : Objects.requireNonNull(foldsOfUnits.get(row.unit()));
    return folds.stream().anyMatch(fold -> triples(fold).contains(row.truth()));
  }

  private final Map<String, Set<String>> triplesOfFolds = new LinkedHashMap<>();

  private Set<String> triples(String fold) {
    return triplesOfFolds.computeIfAbsent(
        fold,
        name -> {
          Set<String> triples = new HashSet<>();
          Objects.requireNonNull(trained.get(name))
              .forEach(stimulus -> triples.add(triple(stimulus)));
          return triples;
        });
  }

  private String triple(String stimulus) {
    return Decodings.combination(slots.stream().map(Slots.Slot::targets).toList(), stimulus);
  }

  private List<List<String>> concepts() {
    return slots.stream().map(slot -> slot.targets().categories().orElseThrow().ids()).toList();
  }

  private double[] weighted(TriplePrior prior, String fold) {
    List<List<String>> concepts = concepts();
    List<int[]> seen = new ArrayList<>();
    for (String stimulus : Objects.requireNonNull(trained.get(fold))) {
      int[] places = new int[concepts.size()];
      Arrays.setAll(
          places, slot -> concepts.get(slot).indexOf(slots.get(slot).targets().concept(stimulus)));
      seen.add(places);
    }
    double[] logs = prior.logShares(concepts, seen);
    double weight = spec.prior().orElseThrow().weight();
    return Arrays.stream(logs).map(log -> weight * log).toArray();
  }
}
