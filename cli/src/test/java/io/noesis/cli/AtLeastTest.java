package io.noesis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Numbers that cannot be are the user's fault (exit 2) in every command that takes them. */
class AtLeastTest {
  private static final Map<String, List<String>> WRONG =
      Map.of(
          "--nprocs", List.of("0", "-1", "two", "9999999999"),
          "--top", List.of("0", "-3"),
          "--mem-mb", List.of("-1", "1e3"));

  @Test
  void numbersThatAreTooSmallEndWithTwo() {
    int seen = 0;
    for (Map.Entry<String, CommandLine> command :
        Noesis.commandLine().getSubcommands().entrySet()) {
      for (Map.Entry<String, List<String>> option : WRONG.entrySet()) {
        if (command.getValue().getCommandSpec().findOption(option.getKey()) != null) {
          for (String value : option.getValue()) {
            Call call = Call.of(command.getKey(), option.getKey() + "=" + value).ended(2);
            assertTrue(call.err().contains("found '" + value + "'"), call.err());
            assertTrue(call.err().contains("at least"), call.err());
            seen++;
          }
        }
      }
    }
    assertTrue(seen > 20, seen + " options");
  }

  @Test
  void othersAreTaken() {
    assertEquals(1, new AtLeast.One().convert("1"));
    assertEquals(0, new AtLeast.Zero().convert("0"));
    assertEquals(200_000, new AtLeast.Zero().convert("200000"));
  }
}
