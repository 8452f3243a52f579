package io.noesis.tests.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program explains itself. */
final class HelpTest {
  @ParameterizedTest
  @CsvSource({
    "doctor, --help",
    "demo, --out --seed --nprocs",
    "simulate, OUT --subjects --voxels --train --test --noise-ceiling --leak --tr --dry-run",
    "inspect, PATH --json",
    "check, RECIPE --root --set --allow",
    "run, OUT LEVEL --root --participant-label --nprocs --mem-mb --set --seed --force --allow",
    "train, RECIPE RUN --root --set --force",
    "evaluate, RUN --allow",
    "retrieve, RUN --stimulus --top",
    "caption, RUN --pack --stimulus --limit --seed --search --dry-run --allow",
    "reconstruct, RUN --pack --stimulus --limit --seed --prior --prior-steps --prior-guidance --prior-seed --refine --prompt --negative --profile --scheduler --spacing --steps --guidance --start --strength --candidates --setting --device --dry-run --allow",
    "encode, RUN RESPONSES --out --subject --fold --onnx --statistics --prior --prior-steps --mask --gallery --force",
    "export, RUN --out --participant-label --fold",
    "import, WEIGHTS OUT --program --network",
    "report, RUN --self-contained",
    "models, list show add fetch set-space verify",
    "describe, --help",
    "convert, IN OUT"
  })
  void everyCommandNamesWhatItTakes(String command, String words) {
    Call call = Call.of(command, "--help").ended(0);
    for (String word : words.split(" ")) {
      assertTrue(call.out().contains(word), () -> word + " is missing in: " + call.out());
    }
    assertTrue(call.out().startsWith("Usage: noesis " + command), call.out());
    assertTrue(call.out().contains("--debug"), call.out());
  }

  @Test
  void theFrontPageListsCommandsAndExitCodes() {
    String page = Call.of("--help").ended(0).out();
    for (ExitCode code : ExitCode.values()) {
      String words = code.code() + " " + code.meaning();
      assertTrue(
          page.replaceAll("\\s+", " ").contains(words), () -> words + " is missing: " + page);
    }
    for (String command :
        "doctor demo simulate run caption reconstruct encode export report convert".split(" ")) {
      assertTrue(page.contains("\n  " + command + " "), () -> command + " is missing: " + page);
    }
  }

  @Test
  void theVersionIsPrinted() {
    String version = Call.of("--version").ended(0).out();
    assertTrue(version.matches("noesis \\d+\\.\\d+\\.\\d+.*\\R"), version);
  }

  @Test
  void aMistypedCommandEndsWithTwoAndASuggestion() {
    Call.of("simulat").ended(2, "simulat", "Did you mean", "simulate");
    Call.of("run").ended(2, "OUT");
    Call.of("simulate", "x", "--voxels", "many").ended(2, "--voxels", "many");
  }
}
