package io.noesis.cli;

import io.noesis.experiment.ForeignImport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis import WEIGHTS OUT}: a network of another program as an ONNX graph. */
@Command(
    name = "import",
    description = {
      "Write a network that another program trained as an ONNX graph, for 'noesis encode --onnx'.",
      "Its weights are taken over by their own names; 'noesis describe programs NAME' prints the map"
          + " and which settings to give. An array that is missing, unknown or of another size is"
          + " named, and nothing is written."
    },
    footer = {
      "",
      "The network's file is YAML: settings of the architecture, response: [voxels] or [channels,"
          + " samples], target: [dim] or [tokens, dim], subjects: [\"1\"], and positions where the"
          + " network goes by them."
    })
final class ImportCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;

  @Parameters(index = "0", paramLabel = "WEIGHTS", description = "A .safetensors file.")
  Path weights;

  @Parameters(index = "1", paramLabel = "OUT", description = "A new .onnx file.")
  Path out;

  @Option(
      names = "--program",
      required = true,
      paramLabel = "NAME",
      description = "Whose names the weights have: 'noesis describe programs'.")
  String program;

  @Option(
      names = "--network",
      required = true,
      paramLabel = "FILE",
      description = "What the network looks like.")
  Path network;

  @Override
  public Integer call() {
    String words = ForeignImport.read(network).write(program, weights, out);
    PrintWriter print = spec.commandLine().getOut();
    print.println("wrote " + out + ": " + words);
    print.flush();
    return 0;
  }
}
