package io.noesis.experiment;

import io.noesis.alignment.embedding.CaptionChoice;
import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.embedding.StimulusTargets;
import io.noesis.alignment.embedding.TargetExtractor;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.ingest.study.Stimulus;
import io.noesis.reconstruction.embedded.EmbeddedModels;
import io.noesis.reconstruction.embedded.EmbeddedTowers;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Pictures or captions of stimuli as the towers that ship with Noesis see or read them. */
final class EmbeddedTargets {
  private EmbeddedTargets() {}

  /** The extractor of {@code image} or {@code caption}; the caller closes it. */
  static TargetExtractor open(TargetsSpec spec, Optional<Path> cache) {
    return spec.of().equals("image")
        ? new StimulusTargets<>(new Seen(spec.graphs()), cache)
        : new StimulusTargets<>(new Worded(spec.graphs(), spec.choice()), cache);
  }

  /** What both have of the towers. */
  private interface Towers<T> extends StimulusTargets.Source<T> {
    OnnxOptions graphs();

    @Override
    default String fingerprint() {
      return EmbeddedTowers.fingerprint(EmbeddedModels.usual()) + graphs().elsewhere();
    }

    @Override
    default EmbeddingSpace space(int dim) {
      return EmbeddedTowers.declaredSpace();
    }

    @Override
    default StimulusTargets.Encoding<T> open() {
      EmbeddedTowers towers = EmbeddedTowers.open(EmbeddedModels.usual(), graphs());
      return new StimulusTargets.Encoding<>() {
        @Override
        public EmbeddingSpace space() {
          return towers.space();
        }

        @Override
        public Embeddings encode(List<String> ids, List<T> all, Progress progress) {
          return Towers.this.encode(towers, ids, all, progress);
        }

        @Override
        public void close() {
          towers.close();
        }
      };
    }

    Embeddings encode(EmbeddedTowers towers, List<String> ids, List<T> all, Progress progress);

    @Override
    default String making() {
      return "making targets with the embedded towers";
    }
  }

  private record Seen(OnnxOptions graphs) implements Towers<Path> {
    @Override
    public List<Path> of(Stimulus stimulus) {
      return stimulus.image().stream().toList();
    }

    @Override
    public String missing() {
      return "picture, expected one";
    }

    @Override
    public String column() {
      return "an 'image'";
    }

    @Override
    public String content(Path picture) {
      return "picture " + Fingerprint.ofFile(picture);
    }

    @Override
    public Embeddings encode(
        EmbeddedTowers towers, List<String> ids, List<Path> all, Progress progress) {
      return towers.pictures(ids, i -> PixelImage.read(all.get(i)), progress);
    }
  }

  private record Worded(OnnxOptions graphs, CaptionChoice choice) implements Towers<String> {
    @Override
    public List<String> of(Stimulus stimulus) {
      return choice.of(stimulus);
    }

    @Override
    public String missing() {
      return "caption, expected a sentence";
    }

    @Override
    public String column() {
      return "a 'caption'";
    }

    @Override
    public String content(String caption) {
      return "caption " + caption;
    }

    @Override
    public Embeddings encode(
        EmbeddedTowers towers, List<String> ids, List<String> all, Progress progress) {
      progress.begin("encoding captions with " + towers.space().model(), ids.size());
      Embeddings found = new Embeddings(towers.space(), ids, towers.sentences(all));
      progress.step(ids.size());
      progress.done(ids.size() + " captions");
      return found;
    }
  }
}
