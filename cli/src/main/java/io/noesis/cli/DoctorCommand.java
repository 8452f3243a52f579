package io.noesis.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.experiment.doctor.Doctor;
import io.noesis.experiment.doctor.Finding;
import io.noesis.run.Version;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code noesis doctor}: whether this machine can do the work. */
@Command(
    name = "doctor",
    description =
        "Look whether Noesis can work here: Java, memory, folders, native libraries, the bundled"
            + " encoder, fonts, recipes. One line per check; no network. Ends with the exit code of"
            + " the first problem.",
    footer = {
      "",
      "--json prints one object: noesis, ok, and checks: a list of {check, ok, found, remedy,"
          + " exit_code}."
    })
final class DoctorCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common;

  @Option(names = "--json", description = "One JSON object on the output.")
  boolean json;

  @Override
  public Integer call() {
    List<Finding> findings = Doctor.examine();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(findings).toPrettyString());
    } else {
      findings.forEach(finding -> print(finding, out));
    }
    out.flush();
    return exitCode(findings);
  }

  static void print(Finding finding, PrintWriter out) {
    out.printf(
        "%-8s %-13s %s%n", finding.ok() ? "OK" : "PROBLEM", finding.check(), finding.found());
    if (!finding.remedy().isEmpty()) {
      out.printf("%-8s %-13s to do: %s%n", "", "", finding.remedy());
    }
  }

  static ObjectNode json(List<Finding> findings) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("noesis", Version.current().toString());
    json.put("ok", findings.stream().allMatch(Finding::ok));
    ArrayNode checks = json.putArray("checks");
    for (Finding finding : findings) {
      ObjectNode node = checks.addObject();
      node.put("check", finding.check());
      node.put("ok", finding.ok());
      node.put("found", finding.found());
      node.put("remedy", finding.remedy());
      node.put("exit_code", finding.code().code());
    }
    return json;
  }

  /** That of the first problem. */
  static int exitCode(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> !finding.ok())
        .mapToInt(finding -> finding.code().code())
        .findFirst()
        .orElse(0);
  }
}
