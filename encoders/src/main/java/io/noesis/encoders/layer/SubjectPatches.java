package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@link Patches} of subjects whose voxels lie elsewhere: each row goes by the table of its subject
 * (the further input {@link SubjectLinear#SUBJECT}). Patches of subjects that have fewer places end
 * in zeros, and so do rows of subjects with fewer voxels. Of −1, whose voxels lie nobody knows
 * where, all places are zero. {@code [batch, voxels]} → {@code [batch, patches, size]}.
 *
 * @param subjects the table of each; the widest has as many voxels as a row
 */
public record SubjectPatches(List<Patches> subjects) implements Layer {
  /** Checks that all have equally many patches. */
  public SubjectPatches {
    subjects = List.copyOf(subjects);
    Check.argument(
        !subjects.isEmpty() && subjects.stream().map(Patches::count).distinct().count() == 1,
        "patches of voxels of several subjects: expected equally many in all, found %s",
        subjects.stream().map(Patches::count).toList());
  }

  /** How many patches. */
  public int count() {
    return subjects.get(0).count();
  }

  /** The places of the largest patch of any subject. */
  public int size() {
    return subjects.stream().mapToInt(Patches::size).max().orElseThrow();
  }

  private int voxels() {
    return subjects.stream().mapToInt(Patches::voxels).max().orElseThrow();
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    Value zero = Value.of(Tensor.zeros(input.dim(0), 1)).like(input);
    int rows = subjects.size() + 1;
    Value subject = Ops.indexFromEnd(pass.further(SubjectLinear.SUBJECT), rows);
    Value own = Ops.select(Value.of(table(), rows, count() * size()), 0, subject);
    Value placed = Ops.gather(Ops.concatenate(1, input, zero), 1, own);
    return Ops.reshape(placed, input.dim(0), count(), size());
  }

  @Override
  public String emit(Emission graph, String input) {
    String padded =
        graph.node("Pad", "padded", List.of(input, graph.constant("one_more", 0, 0, 0, 1)));
    // ONNX counts negative indices from the end, where the table of nobody is.
    String table = graph.table("members", table(), subjects.size() + 1, count() * size());
    String subject = graph.further(SubjectLinear.SUBJECT);
    String own = graph.node("Gather", "own_members", List.of(table, subject));
    String placed =
        graph.node(
            "GatherElements", "placed", List.of(padded, own), OnnxAttribute.number("axis", 1));
    return graph.node(
        "Reshape", "out", List.of(placed, graph.constant("sizes", 0, count(), size())));
  }

  /** One row per subject and one for those not trained; the column behind the last is zero. */
  private long[] table() {
    int row = count() * size();
    long[] table = new long[(subjects.size() + 1) * row];
    Arrays.fill(table, voxels());
    for (int s = 0; s < subjects.size(); s++) {
      List<List<Integer>> members = subjects.get(s).members();
      for (int p = 0; p < members.size(); p++) {
        for (int i = 0; i < members.get(p).size(); i++) {
          int voxel = members.get(p).get(i);
          if (voxel != Patches.NONE) {
            table[s * row + p * size() + i] = voxel;
          }
        }
      }
    }
    return table;
  }

  @Override
  public String describe() {
    List<Integer> voxels = new ArrayList<>();
    subjects.forEach(own -> voxels.add(own.voxels()));
    return "voxels " + voxels + " of subjects in " + count() + " patches of up to " + size();
  }
}
