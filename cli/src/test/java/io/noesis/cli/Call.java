package io.noesis.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import picocli.CommandLine;

/** One command run in this process, with what it printed. */
record Call(int code, String out, String err) {
  static Call of(Object... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Noesis.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int code = line.execute(Arrays.stream(words).map(String::valueOf).toArray(String[]::new));
    return new Call(code, out.toString(), err.toString());
  }

  /** The call, which must have ended with that code. */
  Call ended(int expected) {
    if (code != expected) {
      throw new AssertionError("ended with " + code + ", expected " + expected + "\n" + out + err);
    }
    return this;
  }
}
