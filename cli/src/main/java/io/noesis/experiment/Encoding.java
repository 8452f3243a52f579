package io.noesis.experiment;

import io.noesis.alignment.audit.Finding;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.score.Similarity;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.reconstruction.diffusion.BehindPrior;
import io.noesis.reconstruction.diffusion.EmbeddingPrior;
import io.noesis.reconstruction.diffusion.EmbeddingRequest;
import io.noesis.reconstruction.diffusion.Priors;
import io.noesis.reconstruction.diffusion.SamplingPlan;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.run.Provenance;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Applies a trained decoder to new responses: {@code embeddings.npy} {@code [trials, dim]}, {@code
 * trials.tsv}, where each row comes from and, where that is told, what was seen, {@code
 * encoding.json}, the space they live in, and {@code provenance.json}; of a run also {@code
 * training_mean.npy}, the mean of its training targets, and with candidates {@code rankings.tsv}.
 * Further targets that the run decodes are encoded into {@code also/NAME}.
 *
 * <pre>{@code
 * Encoding.of(EncodingSpec.of(run, ResponseFiles.of(responses), out), Progress.NONE);
 * }</pre>
 */
public final class Encoding {
  private Encoding() {}

  /**
   * What came of it.
   *
   * @param out the folder
   * @param embeddings {@code [trials, dim]} as they were written
   * @param rows where each comes from, in words: {@code "responses.npy 3"}
   * @param rankings by row and place; empty without candidates
   * @param notes what a reader should know, in sentences
   */
  public record Encoded(
      Path out,
      Tensor embeddings,
      List<String> rows,
      List<Retrieval.Row> rankings,
      List<String> notes) {}

  /** What a decoder gave of all rows, and what is known of it. */
  private record Raw(
      Tensor values,
      NewResponses responses,
      Optional<EmbeddingSpace> space,
      Optional<Tensor> trainingMean,
      Optional<EncodedTraining> training,
      Optional<SeenStimuli> seen,
      Provenance provenance) {}

  /**
   * Decodes and writes.
   *
   * @param spec what, by what, where to
   * @param progress hears what is done
   * @return what was written
   * @throws io.noesis.run.RecipeException when no decoder is meant, or the folder holds other files
   * @throws DataException when responses, mask or candidates do not fit the decoder
   * @throws io.noesis.run.ModelException when decoder or graph are missing, damaged or unfit
   */
  public static Encoded of(EncodingSpec spec, Progress progress) {
    EncodingFolder folder = EncodingFolder.open(spec.out(), spec.existing());
    Raw raw =
        spec.decoder() instanceof EncodingSpec.Decoder.OfRun run
            ? withRun(run, spec, progress)
            : withGraph((EncodingSpec.Decoder.Onnx) spec.decoder(), spec, progress);
    List<String> names =
        raw.responses().rows().stream().map(r -> r.source() + " " + r.index()).toList();
    List<String> notes = new ArrayList<>();
    List<Retrieval.Row> rankings =
        spec.gallery().map(g -> ranked(raw, names, g, spec.top(), notes)).orElse(List.of());
    folder.begin();
    Npy.write(folder.file(EncodingFolder.EMBEDDINGS), raw.values());
    raw.seen().ifPresent(seen -> notes.addAll(warnings(seen)));
    folder.write(raw.responses(), raw.seen(), progress);
    if (spec.gallery().isPresent()) {
      writeRankings(folder, rankings);
    }
    folder.end(
        raw.space(),
        raw.training(),
        raw.seen(),
        further(spec, progress),
        raw.values(),
        raw.provenance());
    return new Encoded(spec.out(), raw.values(), names, rankings, notes);
  }

  /** Encodes what a run decodes beside, into folders of their own. */
  private static Map<String, AlsoSpec> further(EncodingSpec spec, Progress progress) {
    if (!(spec.decoder() instanceof EncodingSpec.Decoder.OfRun of)) {
      return Map.of();
    }
    RunFolder run = RunFolder.open(of.run());
    AlsoRuns.of(run)
        .forEach(
            (name, other) ->
                of(
                    new EncodingSpec(
                        new EncodingSpec.Decoder.OfRun(other.path(), of.subject(), of.fold()),
                        spec.responses(),
                        EncodingFolder.further(spec.out(), name),
                        Execution.Existing.RESUME,
                        Optional.empty(),
                        spec.top(),
                        spec.seen(),
                        spec.told().only(told(other)),
                        spec.options()),
                    progress));
    return RunFiles.recipe(run).also();
  }

  /** Names of the features that a run's decoders are told. */
  private static Set<String> told(RunFolder run) {
    return RunFiles.recipe(run).encoder().inputs().keySet();
  }

  /** What a run rescales over its test trials is not to be had of others. */
  private static void requireEachAlone(RunFolder run) {
    if (RunFiles.recipe(run).encoder().rescale() != Rescale.NONE) {
      throw new RecipeException(
          "encoding by "
              + run.path()
              + ": it standardises decoded embeddings over the test trials of a fold"
              + " (encoder.rescale: test-trials), and new responses are none of them. Train it with"
              + " --set encoder.rescale=none, or export its graphs (noesis export) and encode each"
              + " response alone (--onnx).");
    }
  }

  private static List<String> warnings(SeenStimuli seen) {
    return seen.findings().stream()
        .filter(f -> f.verdict() != Finding.Verdict.PASS)
        .map(f -> f.code() + ": " + f.decidedBy() + ". " + f.explanation())
        .toList();
  }

  private static Raw withRun(EncodingSpec.Decoder.OfRun of, EncodingSpec spec, Progress progress) {
    ResponseFiles files = spec.responses();
    RunFolder run = RunFolder.open(of.run());
    Set<String> asked = new LinkedHashSet<>(told(run));
    requireEachAlone(run);
    for (RunFolder other : AlsoRuns.of(run).values()) {
      asked.addAll(told(other));
      requireEachAlone(other);
    }
    spec.told().requireNames(asked);
    String subject = FoldDecoder.subject(run, of.subject());
    List<FoldDecoder> decoders =
        FoldDecoder.of(run, subject, of.fold()).stream().map(d -> d.on(spec.options())).toList();
    NewResponses responses =
        NewResponses.read(files, decoders.get(0).preparation().columns(), progress);
    Optional<SeenStimuli> seen =
        spec.seen()
            .map(
                given ->
                    SeenStimuli.of(
                        given.table(),
                        given.root(),
                        run,
                        decoders,
                        responses.rows().size(),
                        progress));
    Map<String, Tensor> told =
        spec.told().only(told(run)).read(decoders.get(0).inputs(), responses.rows().size());
    progress.begin("decoding as sub-" + subject, decoders.size());
    List<Tensor> decoded = new ArrayList<>();
    for (FoldDecoder decoder : decoders) {
      decoded.add(decoder.decode(responses.values(), told));
      progress.step(1);
    }
    progress.done(responses.rows().size() + " rows by " + count(decoders.size(), "decoder"));
    Provenance provenance =
        Provenance.ofThisProgram()
            .with("command", "encode")
            .with("run identity", run.identity())
            .with("recipe", RunFiles.recipe(run).name())
            .with("subject", subject)
            .with("trained on", trainedOn(run))
            .with("preparation", decoders.get(0).preparation().inWords());
    for (FoldDecoder decoder : decoders) {
      provenance =
          provenance.with(
              "decoder SHA-256, fold " + (decoder.fold() + 1),
              Fingerprint.ofFile(decoder.weights()));
      if (decoder.prior().isPresent()) {
        provenance =
            provenance.with(
                "diffusion prior SHA-256, fold " + (decoder.fold() + 1),
                Fingerprint.ofFile(decoder.prior().get().file()));
      }
    }
    if (spec.seen().isPresent()) {
      provenance =
          provenance.with("what was seen, SHA-256", Fingerprint.ofFile(spec.seen().get().table()));
    }
    Similarity similarity = RunFiles.recipe(run).evaluation().similarity();
    return new Raw(
        mean(decoded),
        responses,
        Optional.of(TargetTable.read(run).embeddings().space()),
        similarity == Similarity.CENTRED_COSINE
            ? Optional.of(mean(decoders.stream().map(FoldDecoder::trainingMean).toList()))
            : Optional.empty(),
        Optional.of(EncodedTraining.of(run, subject, decoders)),
        seen,
        of(provenance, spec));
  }

  private static String trainedOn(RunFolder run) {
    return switch (RunFiles.recipe(run).encoder().subjects()) {
      case EACH -> "the subject";
      case TOGETHER -> "the subject and others";
      case OTHERS -> "other subjects";
    };
  }

  private static Raw withGraph(EncodingSpec.Decoder.Onnx of, EncodingSpec spec, Progress progress) {
    ResponseFiles files = spec.responses();
    if (spec.seen().isPresent()) {
      throw new RecipeException(
          "encoding with the graph "
              + of.graph()
              + ": nothing tells which stimuli it was trained on, so what is made of its embeddings"
              + " cannot be scored. Leave --seen out, or encode by a run.");
    }
    Optional<Preparation> preparation = of.statistics().map(Preparation::read);
    NewResponses responses =
        NewResponses.read(files, preparation.flatMap(Preparation::columns), progress);
    preparation.ifPresent(p -> p.require("preparing new responses", responses.values()));
    try (ForeignEncoder encoder =
        ForeignEncoder.open(
            of.graph(), of.output(), of.subject(), spec.told().files().keySet(), spec.options())) {
      Map<String, Tensor> told = spec.told().read(encoder.inputs(), responses.rows().size());
      progress.begin("encoding with " + of.graph().getFileName(), 1);
      Tensor encoded =
          encoder.encode(
              preparation.map(p -> p.apply(responses.values())).orElse(responses.values()), told);
      progress.done(responses.rows().size() + " rows to " + encoded.shape());
      Drawn drawn =
          of.prior()
              .map(pack -> draw(pack, encoded, spec, progress))
              .orElse(
                  new Drawn(encoded, Optional.empty(), Map.of("diffusion prior SHA-256", "none")));
      Provenance provenance =
          Provenance.ofThisProgram()
              .with("command", "encode")
              .with("graph SHA-256", encoder.fingerprint())
              .with("output", encoder.outputName())
              .with("preparation", preparation.map(Preparation::inWords).orElse("none"));
      for (Map.Entry<String, String> fact : drawn.facts().entrySet()) {
        provenance = provenance.with(fact.getKey(), fact.getValue());
      }
      return new Raw(
          drawn.values(),
          responses,
          drawn.space(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          of(provenance, spec));
    }
  }

  /** What a prior made of a graph's outputs; its pack tells the space, a graph alone does not. */
  private record Drawn(Tensor values, Optional<EmbeddingSpace> space, Map<String, String> facts) {}

  private static Drawn draw(
      PriorPackSpec of, Tensor encoded, EncodingSpec spec, Progress progress) {
    try (EmbeddingPrior prior = Priors.open(ModelPack.open(Path.of(of.pack())), spec.options())) {
      SamplingPlan plan = of.plan(prior.plan());
      long first = of.seed().orElse(0);
      List<Long> seeds =
          LongStream.range(0, encoded.dim(0)).map(i -> (first + i) & 0xffffffffL).boxed().toList();
      Tensor drawn = prior.draw(EmbeddingRequest.of(encoded, seeds, plan), progress);
      Map<String, String> facts = new LinkedHashMap<>();
      facts.put("diffusion prior SHA-256", prior.fingerprint());
      facts.put("diffusion prior", BehindPrior.words(plan) + ", seed " + first);
      if (!plan.equals(prior.plan())) {
        facts.put("in the place of the prior's own", BehindPrior.words(prior.plan()));
      }
      return new Drawn(EncoderSpec.flat(drawn), Optional.of(prior.space()), facts);
    }
  }

  private static Provenance of(Provenance provenance, EncodingSpec spec) {
    ResponseFiles files = spec.responses();
    String hashes =
        files.files().stream().map(Fingerprint::ofFile).collect(Collectors.joining("\n"));
    Provenance out =
        provenance.with(
            "responses SHA-256", files.files().size() == 1 ? hashes : Fingerprint.ofText(hashes));
    if (!spec.told().files().isEmpty()) {
      out = out.with("told of the stimuli, SHA-256", spec.told().hashes());
    }
    if (!spec.options().elsewhere().isEmpty()) {
      out = out.with("computed", spec.options().elsewhere().strip());
    }
    return files.mask().isPresent()
        ? out.with("mask SHA-256", Fingerprint.ofFile(files.mask().get()))
        : out;
  }

  private static List<Retrieval.Row> ranked(
      Raw raw, List<String> names, Path gallery, int top, List<String> notes) {
    if (raw.values().shape().rank() != 2) {
      throw new DataException(
          "ranking candidates: the embeddings have the shape "
              + raw.values().shape()
              + ", expected [trials, dim]. Name another output with --output.");
    }
    Candidates candidates = Candidates.read(gallery);
    EmbeddingSpace space = candidates.spaceFor(raw.space(), raw.values().dim(1), gallery, notes);
    return candidates.rank(
        new Embeddings(space, numbered(names), raw.values()), names, raw.trainingMean(), top);
  }

  private static List<String> numbered(List<String> names) {
    return IntStream.range(0, names.size()).mapToObj(i -> "row-" + i).toList();
  }

  private static Tensor mean(List<Tensor> tensors) {
    if (tensors.size() == 1) {
      return tensors.get(0);
    }
    double[] sum = new double[tensors.get(0).size()];
    for (Tensor tensor : tensors) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += tensor.array()[i];
      }
    }
    float[] out = new float[sum.length];
    for (int i = 0; i < sum.length; i++) {
      out[i] = (float) (sum[i] / tensors.size());
    }
    return Tensor.wrap(out, tensors.get(0).shape().toArray());
  }

  private static void writeRankings(EncodingFolder folder, List<Retrieval.Row> rankings) {
    Tsv.write(
        folder.file(EncodingFolder.RANKINGS),
        List.of("row", "place", "candidate", "similarity", "caption"),
        rankings.stream()
            .map(
                r ->
                    List.of(
                        r.seen(),
                        Integer.toString(r.place()),
                        r.retrieved(),
                        Double.toString(r.similarity()),
                        r.caption()))
            .toList());
  }

  static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }
}
