package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Voxels put in patches by a fixed table; places without a voxel are zero, and so are the ends of
 * patches that are shorter than others: {@code [batch, voxels]} → {@code [batch, patches, size]}.
 *
 * @param voxels how many
 * @param members the column in each place of each patch, or {@value #NONE}; no patch is empty
 */
public record Patches(int voxels, List<List<Integer>> members) implements Layer {
  /** A place without a voxel. */
  public static final int NONE = -1;

  /** Checks the columns. */
  public Patches {
    members = members.stream().map(List::copyOf).toList();
    Check.argument(
        voxels > 0 && !members.isEmpty() && members.stream().noneMatch(List::isEmpty),
        "patches of voxels: expected at least one voxel in each of at least one patch, found %d"
            + " patches of %d voxels",
        members.size(),
        voxels);
    for (List<Integer> patch : members) {
      for (int voxel : patch) {
        Check.argument(
            voxel >= NONE && voxel < voxels,
            "patches of voxels: expected columns 0 to %d or −1 for none, found %d",
            voxels - 1,
            voxel);
      }
    }
  }

  /** How many patches. */
  public int count() {
    return members.size();
  }

  /** The voxels of the largest patch. */
  public int size() {
    return members.stream().mapToInt(List::size).max().orElseThrow();
  }

  @Override
  public void declare(Declaration parameters) {}

  @Override
  public Value forward(Pass pass, Value input) {
    Value zero = Value.of(Tensor.zeros(input.dim(0), 1)).like(input);
    Value indices = Value.of(table(), count() * size());
    Value rows = Ops.select(Ops.concatenate(1, input, zero), 1, indices);
    return Ops.reshape(rows, input.dim(0), count(), size());
  }

  @Override
  public String emit(Emission graph, String input) {
    String padded =
        graph.node("Pad", "padded", List.of(input, graph.constant("one_more", 0, 0, 0, 1)));
    return graph.node(
        "Gather",
        "out",
        List.of(padded, graph.table("members", table(), count(), size())),
        OnnxAttribute.number("axis", 1));
  }

  /** The column behind the last voxel holds the zero. */
  private long[] table() {
    int size = size();
    long[] table = new long[members.size() * size];
    java.util.Arrays.fill(table, voxels);
    for (int p = 0; p < members.size(); p++) {
      for (int i = 0; i < members.get(p).size(); i++) {
        int voxel = members.get(p).get(i);
        table[p * size + i] = voxel == NONE ? voxels : voxel;
      }
    }
    return table;
  }

  @Override
  public String describe() {
    return voxels + " voxels in " + count() + " patches of up to " + size();
  }
}
