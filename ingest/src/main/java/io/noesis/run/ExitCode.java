package io.noesis.run;

/** The documented exit codes of the command line; every {@link NoesisException} names its own. */
public enum ExitCode {
  /** Everything asked for was done. */
  DONE(0, "done"),
  /** A fault of ours. */
  INTERNAL(1, "internal error"),
  /** The command line or the recipe cannot be followed. */
  USAGE(2, "usage or recipe"),
  /** A study's files are invalid, corrupt or unsupported. */
  DATA(3, "data invalid, corrupt or unsupported"),
  /** An audit found what makes the result untrustworthy. */
  AUDIT(4, "audit BLOCK"),
  /** Some subjects failed; the report marks them. */
  PARTIAL(5, "partial: some subjects failed"),
  /** A model file is missing, invalid or cannot run here. */
  MODEL(6, "model file or device"),
  /** An output could not be written: no permission, no space, a quota. */
  OUTPUT(7, "output could not be written"),
  /** Stopped by the user (as shells report SIGINT). */
  CANCELLED(130, "cancelled");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The number the process ends with. */
  public int code() {
    return code;
  }

  /** A few words for {@code --help} and the documentation. */
  public String meaning() {
    return meaning;
  }
}
