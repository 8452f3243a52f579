package io.noesis.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything needed to make a result again, as labels and values in a fixed order. Holds no time,
 * host, user or absolute path, so that the same work gives the same provenance; a run folder keeps
 * its times beside it.
 *
 * @param entries label to value, in the order to show
 */
public record Provenance(Map<String, String> entries) {
  /** Copies the entries, keeping their order. */
  public Provenance {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /** The program and the platform: {@code Math} differs between processors. */
  public static Provenance ofThisProgram() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("noesis", Version.current().toString());
    map.put(
        "java",
        System.getProperty("java.version", "?")
            + " ("
            + System.getProperty("java.vm.name", "?")
            + ")");
    map.put(
        "platform", System.getProperty("os.name", "?") + " " + System.getProperty("os.arch", "?"));
    return new Provenance(map);
  }

  /**
   * With one more entry at the end.
   *
   * @param label what
   * @param value its value
   * @return a longer provenance
   */
  public Provenance with(String label, String value) {
    Map<String, String> map = new LinkedHashMap<>(entries);
    map.put(label, value);
    return new Provenance(map);
  }
}
