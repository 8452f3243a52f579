package io.noesis.tests.support;

/**
 * What a command left behind.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it said on the error stream
 */
public record Outcome(int code, String out, String err) {
  @Override
  public String toString() {
    return "exit code " + code + "\n--- out\n" + out + "\n--- err\n" + err;
  }
}
