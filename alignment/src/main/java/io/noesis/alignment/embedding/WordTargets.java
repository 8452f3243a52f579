package io.noesis.alignment.embedding;

import io.noesis.ingest.study.Stimulus;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The numbers of the words of each stimulus's caption, as a text decoder knows them; −1 behind the
 * end.
 */
final class WordTargets implements TargetExtractor {
  private static final String MODEL = "words";

  private final TargetWords words;
  private final TextTokenizer tokenizer;
  private final CaptionChoice choice;

  WordTargets(TargetSpec spec) {
    this.choice = spec.captions();
    this.words =
        spec.words()
            .orElseThrow(
                () ->
                    new RecipeException(
                        "targets of 'words' need a tokenizer and how many words: {of: words, pack:"
                            + " NAME, words: 64}, the pack being the captioner's."));
    this.tokenizer =
        TextTokenizer.open(
            words.tokenizer().toString(), TokenizerJson.ofFolder(words.tokenizer()), words.count());
  }

  @Override
  public EmbeddingSpace space() {
    return new EmbeddingSpace(
        MODEL,
        words.tokenizer().normalize().getFileName().toString(),
        words.count(),
        EmbeddingSpace.Scaling.RAW);
  }

  @Override
  public TargetUnit unit() {
    return TargetUnit.STIMULUS;
  }

  @Override
  public Embeddings extract(StimulusSet stimuli, Progress progress) {
    return extractAll(stimuli, progress).embeddings();
  }

  @Override
  public Extracted extractAll(StimulusSet stimuli, Progress progress) {
    List<String> ids = List.copyOf(stimuli.ids());
    List<String> firsts = new ArrayList<>();
    List<String> all = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    for (Stimulus stimulus : stimuli.all()) {
      firsts.add(stimulus.caption().orElseThrow(() -> without(stimulus)));
      all.addAll(stimulus.captions());
      counts.add(stimulus.captions().size());
    }
    return new Extracted(
        new Embeddings(space(), ids, numbers(firsts)),
        choice == CaptionChoice.EACH && all.size() > ids.size()
            ? Optional.of(new SeveralTargets(ids, counts, numbers(all)))
            : Optional.empty());
  }

  private static DataException without(Stimulus stimulus) {
    return new DataException(
        "making word targets: stimulus '"
            + stimulus.id()
            + "' has no caption, expected a sentence. Add a column 'caption' to the stimulus"
            + " table.");
  }

  private Tensor numbers(List<String> captions) {
    TokenBatch batch = tokenizer.encode(captions);
    Tensor values = Tensor.zeros(captions.size(), words.count());
    Arrays.fill(values.array(), -1);
    for (int row = 0; row < captions.size(); row++) {
      TokenBatch own = batch.row(row);
      for (int i = 0; i < own.length(); i++) {
        values.array()[row * words.count() + i] = own.ids()[i];
      }
    }
    return values;
  }

  @Override
  public String fingerprint() {
    return Fingerprint.ofText(
        MODEL
            + "\n"
            + words.count()
            + "\n"
            + tokenizer.fingerprint()
            + (choice == CaptionChoice.EACH ? "\neach" : ""));
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
