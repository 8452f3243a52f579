package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.alignment.score.Condition;
import io.noesis.encoders.BrainEncoder;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.reconstruction.caption.Captioner;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * An output of the network that captions are made from in the place of the embedding, as GLIM's
 * text decoder reads its tokens. Such outputs have no targets of their own, so for the mean,
 * category and noise that stand beside, a training stimulus is what the network says of its
 * training responses, and the truth is a further target of the recipe, where it has one.
 *
 * @param run where it was kept
 * @param captions the section that names it
 */
record CaptionedHead(RunFolder run, CaptionsSpec captions) {
  private static final int TOGETHER = 64;

  /** Refuses splits whose folds have networks, and so outputs, of their own. */
  static void requireOneFold(DecodingRecipe recipe, Map<String, List<Split>> folds) {
    if (recipe.captions().flatMap(CaptionsSpec::head).isPresent()
        && folds.values().stream().anyMatch(splits -> splits.size() > 1)) {
      throw new RecipeException(
          "planning: captions.head takes an output of one network, and the split '"
              + recipe.split().rule()
              + "' has several folds with one each. Choose a split of one fold (study, file).");
    }
  }

  private String head() {
    return captions.head().orElseThrow();
  }

  private static String place(String subject, String head, String what) {
    return Decoded.folder(subject) + "/" + HeadTargets.FOLDER + "/" + head + "." + what;
  }

  /** Keeps what the output says of test rows, and on average of each training stimulus. */
  static void keep(
      RunFolder run,
      DecodingRecipe recipe,
      SubjectWork subject,
      BrainEncoder encoder,
      FoldRows rows) {
    Optional<String> wanted = recipe.captions().flatMap(CaptionsSpec::head);
    if (wanted.isEmpty()) {
      return;
    }
    String head = wanted.get();
    String label = subject.label();
    Tensor test = said(encoder, head, rows.test(), label);
    Map<String, double[]> sums = new LinkedHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    List<String> stimuli = rows.train().shown().stimuli();
    for (int from = 0; from < stimuli.size(); from += TOGETHER) {
      int[] some = IntStream.range(from, Math.min(stimuli.size(), from + TOGETHER)).toArray();
      Tensor said = said(encoder, head, rows.train().responses().rows(some), label);
      for (int i = 0; i < some.length; i++) {
        String id = stimuli.get(some[i]);
        double[] sum = sums.computeIfAbsent(id, s -> new double[said.dim(1)]);
        counts.merge(id, 1, Integer::sum);
        for (int k = 0; k < sum.length; k++) {
          sum[k] += said.at(i, k);
        }
      }
    }
    Tensor means = Tensor.zeros(sums.size(), test.dim(1));
    List<List<String>> ids = new ArrayList<>();
    sums.forEach(
        (id, sum) -> {
          int count = Objects.requireNonNull(counts.get(id));
          for (int k = 0; k < sum.length; k++) {
            means.array()[ids.size() * sum.length + k] = (float) (sum[k] / count);
          }
          ids.add(List.of(id));
        });
    Npy.write(run.file(place(label, head, "training.npy")), means);
    Tsv.write(run.file(place(label, head, "training.tsv")), List.of("stimulus"), ids);
    Npy.write(run.file(place(label, head, "test.npy")), test);
  }

  /** Numbers of the output, {@code [rows, all]}. */
  private static Tensor said(BrainEncoder encoder, String head, Tensor responses, String subject) {
    Map<String, Tensor> all = encoder.heads(responses, subject);
    Tensor said = all.get(head);
    if (said == null) {
      throw new RecipeException(
          "captions.head: the network has no output '" + head + "'; it has " + all.keySet() + ".");
    }
    return EncoderSpec.flat(said);
  }

  private Tensor test(String subject) {
    Path file = run.file(place(subject, head(), "test.npy"));
    if (!Files.isRegularFile(file)) {
      throw new RecipeException(
          "making captions of "
              + run.path()
              + ": what the output '"
              + head()
              + "' said was not kept. Name it as captions.head in the recipe, and train again.");
    }
    return Npy.read(file);
  }

  /** Refuses a captioner that reads another count of numbers. */
  void requireFit(List<String> subjects, Captioner captioner) {
    for (String subject : subjects) {
      int numbers = test(subject).dim(1);
      int wanted = captioner.space().dim();
      if (numbers != wanted) {
        throw new ModelException(
            "making captions with the pack '"
                + captions.pack()
                + "': it reads "
                + wanted
                + " numbers, and the output '"
                + head()
                + "' of the network has "
                + numbers
                + ". Give the network as many tokens as the pack was exported for, or export it again"
                + " for these.");
      }
    }
  }

  /** Without the ceiling where nothing is known to be true. */
  List<Condition> possible(List<Condition> asked) {
    return captions.truth().isPresent()
        ? asked
        : asked.stream().filter(condition -> condition != Condition.CEILING).toList();
  }

  /** For readers. */
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("space", "the output '" + head() + "' of the network");
    facts.put(
        "mean, category and noise",
        "of what the network says of its training responses, since this output has no targets");
    facts.put(
        "ceiling",
        captions.truth().map(truth -> "the target '" + truth + "'").orElse("none is known"));
    return facts;
  }

  /** What captions of one subject are made from. */
  MadeSources.Subject of(Decoded decoded, StimulusSet stimuli, DecodingRecipe recipe) {
    String subject = decoded.subject();
    Tensor test = test(subject);
    List<String> ids =
        new ArrayList<>(
            Tsv.read(run.file(place(subject, head(), "training.tsv"))).texts("stimulus"));
    Tensor said = Npy.read(run.file(place(subject, head(), "training.npy")));
    if (captions.truth().isPresent()) {
      TargetTable truth =
          Objects.requireNonNull(
              HeadTargets.read(recipe.encoder(), run).tables().get(captions.truth().get()));
      Set<String> tested = new LinkedHashSet<>();
      decoded.rows().forEach(row -> tested.add(decoded.trials().get(row.trial()).stimulus()));
      tested.removeAll(ids);
      Tensor known = EncoderSpec.flat(truth.embeddings().select(tested).values());
      if (known.dim(1) != test.dim(1)) {
        throw new RecipeException(
            "captions.truth: '"
                + captions.truth().get()
                + "' has "
                + known.dim(1)
                + " numbers for each stimulus, and the output '"
                + head()
                + "' "
                + test.dim(1)
                + ". Name a target of that output.");
      }
      said = Tensor.concatenate(said, known);
      ids.addAll(tested);
    }
    EmbeddingSpace space =
        new EmbeddingSpace(
            "output of the network", head(), test.dim(1), EmbeddingSpace.Scaling.RAW);
    TargetTable table =
        new TargetTable(
            TargetUnit.STIMULUS, new Embeddings(space, ids, said), Optional.empty(), "");
    return new MadeSources.Subject(
        decoded.with(test, decoded.trainingMeans()),
        table,
        stimuli,
        recipe.evaluation().similarity());
  }
}
