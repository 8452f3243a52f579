package io.noesis.reconstruction.verify;

import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.caption.Caption;
import io.noesis.reconstruction.caption.CaptionRequest;
import io.noesis.reconstruction.caption.DecodingOptions;
import io.noesis.reconstruction.caption.GraphCaptioner;
import io.noesis.reconstruction.caption.WordSearch;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.Progress;
import io.noesis.tensor.LongArray;
import io.noesis.tensor.Safetensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The captions that a captioner's pack carries: every token must come out. */
final class GoldenCaptions {
  /** As they were made: graphs in dynamic 8 bits give other numbers for rows that share a run. */
  private static final DecodingOptions ALONE =
      new DecodingOptions(OnnxOptions.SINGLE_THREADED, 1, DecodingOptions.Past.KEPT);

  private GoldenCaptions() {}

  static String check(ModelPack pack, Progress progress) {
    try (Safetensors file = Safetensors.open(pack.file(GoldenPair.FILE));
        GraphCaptioner captioner = GraphCaptioner.open(pack, ALONE)) {
      LongArray expected = file.readLongs("tokens");
      List<Caption> made =
          captioner.caption(file.read("embeddings"), request(file.metadata(), pack), progress);
      int longest = expected.shape().dim(1);
      for (int row = 0; row < made.size(); row++) {
        List<Long> wanted =
            Arrays.stream(expected.array(), row * longest, (row + 1) * longest)
                .filter(id -> id >= 0)
                .boxed()
                .toList();
        if (!wanted.equals(made.get(row).tokens())) {
          throw GoldenPair.differs(
              pack,
              "caption "
                  + (row + 1)
                  + " of "
                  + made.size()
                  + " comes out as the tokens "
                  + made.get(row).tokens()
                  + ", expected "
                  + wanted);
        }
      }
      return "its " + made.size() + " captions come out, every token";
    }
  }

  private static CaptionRequest request(Map<String, String> told, ModelPack pack) {
    try {
      int width = Integer.parseInt(told.getOrDefault("width", "1"));
      double penalty = Double.parseDouble(told.getOrDefault("length_penalty", "0"));
      int longest = Integer.parseInt(told.getOrDefault("max_tokens", ""));
      String name = told.getOrDefault("search", "");
      WordSearch search =
          switch (name) {
            case "greedy" -> new WordSearch.Greedy();
            case "beam" -> new WordSearch.Beam(width, penalty);
            case "mean-beam" -> new WordSearch.MeanBeam(width);
            default ->
                throw GoldenPair.differs(pack, "its golden search '" + name + "' is unknown");
          };
      return new CaptionRequest(search, longest, 0);
    } catch (IllegalArgumentException e) {
      throw GoldenPair.differs(pack, GoldenPair.FILE + " has the settings " + told);
    }
  }
}
