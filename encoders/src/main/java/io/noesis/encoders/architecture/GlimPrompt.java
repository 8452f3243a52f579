package io.noesis.encoders.architecture;

import io.noesis.encoders.layer.Conditioned;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.run.Check;
import java.util.List;
import java.util.OptionalInt;

/**
 * What steers {@link Glim}: a learned vector for each of some values, and one for unknown. The
 * value of {@code subject} is each trial's own; that of any other prompt is told for all trials,
 * since a task that is told at test time can tell the answer.
 *
 * @param name of the prompt
 * @param values that it can have; empty for {@code subject}, whose values are the subjects
 * @param told the value of all trials; empty for unknown, and for {@code subject}
 * @param unknown fraction of training trials of which it is hidden; at 1 it is never told
 */
public record GlimPrompt(String name, List<String> values, String told, double unknown) {
  /** Checks that what is told is a value. */
  public GlimPrompt {
    values = List.copyOf(values);
    boolean subject = name.equals(SubjectLinear.SUBJECT);
    Check.argument(
        subject ? values.isEmpty() && told.isEmpty() : !values.isEmpty(),
        "a prompt of %s: '%s' has the values %s and is told '%s'; expected at least one value, or"
            + " none and nothing told for '%s'",
        Glim.NAME,
        name,
        values,
        told,
        SubjectLinear.SUBJECT);
    Check.argument(
        told.isEmpty() || values.contains(told),
        "a prompt of %s: '%s' is told '%s', expected one of %s, or nothing",
        Glim.NAME,
        name,
        told,
        values);
    Check.argument(
        unknown >= 0 && unknown <= 1,
        "a prompt of %s: '%s' is unknown in %s of the trials, expected 0 to 1",
        Glim.NAME,
        name,
        unknown);
  }

  /** The subject of each trial; prompts of other names need values. */
  public static GlimPrompt defaults() {
    return ofSubject(0);
  }

  /** The subject. */
  static GlimPrompt ofSubject(double unknown) {
    return new GlimPrompt(SubjectLinear.SUBJECT, List.of(), "", unknown);
  }

  static void check(List<GlimPrompt> prompts) {
    List<String> names = prompts.stream().map(GlimPrompt::name).toList();
    Check.argument(
        !names.isEmpty() && names.stream().distinct().count() == names.size(),
        "%s: expected at least one prompt, each with a name of its own, found %s",
        Glim.NAME,
        names);
  }

  /** With the subjects of a network. */
  Conditioned.Prompt of(List<String> subjects) {
    boolean subject = name.equals(SubjectLinear.SUBJECT);
    int count = subject ? subjects.size() : values.size();
    boolean never = !subject && told.isEmpty();
    OptionalInt number =
        told.isEmpty() ? OptionalInt.empty() : OptionalInt.of(values.indexOf(told));
    return new Conditioned.Prompt(name, count, never ? 1 : unknown, number);
  }
}
