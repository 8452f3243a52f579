package io.noesis.experiment.doctor;

import io.noesis.run.ExitCode;

/**
 * What one check found.
 *
 * @param check name of the check
 * @param found what is there, in words
 * @param remedy what to do; empty when all is well, or when {@code found} says it
 * @param code {@link ExitCode#DONE} when all is well, else the kind of the problem
 */
public record Finding(String check, String found, String remedy, ExitCode code) {
  static Finding ok(String check, String found) {
    return new Finding(check, found, "", ExitCode.DONE);
  }

  static Finding problem(String check, ExitCode code, String found, String remedy) {
    return new Finding(check, found, remedy, code);
  }

  /** Whether all is well. */
  public boolean ok() {
    return code == ExitCode.DONE;
  }
}
