package io.noesis.experiment.doctor;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * What the doctor looks at, so that a test can show it another machine.
 *
 * @param javaVersion the feature number: 17
 * @param javaName vendor and full version
 * @param heapBytes the most that Java takes
 * @param memoryBytes of the machine or container; 0 when unknown
 * @param processors that Java may use
 * @param system operating system and architecture
 * @param temporary the folder for temporary files
 */
record Machine(
    int javaVersion,
    String javaName,
    long heapBytes,
    long memoryBytes,
    int processors,
    String system,
    Path temporary) {
  /** This one. */
  static Machine here() {
    long memory =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean bean
            ? bean.getTotalMemorySize()
            : 0;
    return new Machine(
        Runtime.version().feature(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        Runtime.getRuntime().maxMemory(),
        memory,
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + ", " + System.getProperty("os.arch"),
        Path.of(System.getProperty("java.io.tmpdir")));
  }
}
