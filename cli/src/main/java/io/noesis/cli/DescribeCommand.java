package io.noesis.cli;

import io.noesis.experiment.Catalogue;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noesis describe [KIND [NAME]]}: everything that can be named, from the registries. */
@Command(
    name = "describe",
    description =
        "List what can be named in recipes and on the command line: all kinds, the names of one"
            + " kind, or one name with its settings and defaults.")
final class DescribeCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "KIND",
      description = "For example: metrics.")
  String kind = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "For example: ridge.")
  String name = "";

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (kind.isEmpty()) {
      Catalogue.kinds().forEach((k, words) -> out.printf("%-14s %s%n", k, words));
    } else if (name.isEmpty()) {
      Catalogue.names(kind).forEach((n, words) -> out.printf("%-34s %s%n", n, words));
    } else {
      out.println(Catalogue.detail(kind, name));
    }
    out.flush();
    return 0;
  }
}
