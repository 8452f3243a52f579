package io.noesis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.experiment.doctor.Finding;
import io.noesis.run.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
  @Test
  void thisMachineIsWell() throws Exception {
    Call call = Call.of("doctor").ended(0);
    assertTrue(call.out().lines().allMatch(line -> line.startsWith("OK  ")), call.out());
    JsonNode json = new ObjectMapper().readTree(Call.of("doctor", "--json").ended(0).out());
    assertTrue(json.path("ok").asBoolean());
    List<String> checks = new ArrayList<>();
    json.path("checks").forEach(check -> checks.add(check.path("check").asText()));
    assertEquals(call.out().lines().count(), checks.size());
    assertTrue(
        checks.containsAll(
            List.of("java", "memory", "temp folder", "tokenizer", "encoder", "fonts", "recipes")));
  }

  @Test
  void theFirstProblemDecidesHowItEnds() {
    Finding well = new Finding("java", "17", "", ExitCode.DONE);
    Finding model = new Finding("encoder", "it does not load", "build anew", ExitCode.MODEL);
    Finding output = new Finding("fonts", "none", "install some", ExitCode.OUTPUT);
    assertEquals(6, DoctorCommand.exitCode(List.of(well, model, output)));
    assertEquals(7, DoctorCommand.exitCode(List.of(well, output, model)));
    assertEquals(0, DoctorCommand.exitCode(List.of(well)));
    StringWriter text = new StringWriter();
    DoctorCommand.print(model, new PrintWriter(text, true));
    assertEquals(
        List.of("PROBLEM  encoder       it does not load", "to do: build anew"),
        text.toString().lines().map(String::strip).toList());
    JsonNode json = DoctorCommand.json(List.of(well, model));
    assertEquals(false, json.path("ok").asBoolean());
    assertEquals(6, json.path("checks").get(1).path("exit_code").asInt());
  }
}
