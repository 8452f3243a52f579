package io.noesis.encoders.torch;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Settings that native libraries read once, while they load: without them libtorch trains at half
 * its speed. Applied once per process, before the first native class loads; every class that loads
 * one asks for it. A variable that the user has set is never changed, and {@code
 * NOESIS_NATIVE_TUNING=off} leaves everything alone. Linux with glibc only; elsewhere nothing is
 * done.
 */
public final class NativeTuning {
  /** The variable that turns all of it off. */
  public static final String SWITCH = "NOESIS_NATIVE_TUNING";

  private static final String MEMORY_LIMIT = "org.bytedeco.javacpp.maxphysicalbytes";
  private static final int M_TRIM_THRESHOLD = -1;
  private static final int M_TOP_PAD = -2;
  private static final int M_MMAP_MAX = -4;

  private static final List<String> APPLIED =
      List.copyOf(
          new NativeTuning(System.getenv(), System.getProperty("os.name", ""), cpuFlags()).apply());

  private final Map<String, String> environment;
  private final String system;
  private final Set<String> cpu;

  NativeTuning(Map<String, String> environment, String system, Set<String> cpu) {
    this.environment = environment;
    this.system = system;
    this.cpu = cpu;
  }

  /**
   * Applies the settings unless that was done already, and says what they were.
   *
   * @return one entry per setting, {@code "OMP_WAIT_POLICY=passive"}; empty when nothing was to do
   */
  public static List<String> applied() {
    return APPLIED;
  }

  private List<String> apply() {
    List<String> done = new ArrayList<>();
    if ("off".equalsIgnoreCase(environment.get(SWITCH))) {
      return done;
    }
    limitMemory(done);
    if (!system.startsWith("Linux")) {
      return done;
    }
    try {
      NativeLibrary c = NativeLibrary.getProcess();
      Function setenv = c.getFunction("setenv");
      variables()
          .forEach(
              (name, value) -> {
                if (setenv.invokeInt(new Object[] {name, value, 0}) == 0) {
                  done.add(name + "=" + value);
                }
              });
      c.getFunction("gnu_get_libc_version"); // mallopt's numbers are glibc's.
      Function mallopt = c.getFunction("mallopt");
      allocator()
          .forEach(
              (name, value) -> {
                int option =
                    name.equals("M_MMAP_MAX")
                        ? M_MMAP_MAX
                        : name.equals("M_TOP_PAD") ? M_TOP_PAD : M_TRIM_THRESHOLD;
                if (mallopt.invokeInt(new Object[] {option, value}) == 1) {
                  done.add(name + "=" + value);
                }
              });
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      done.add("nothing more: " + e.getMessage());
    }
    return done;
  }

  /** The variables to set, without those that the user has set. */
  Map<String, String> variables() {
    Map<String, String> wanted = new java.util.LinkedHashMap<>();
    wanted.put("OMP_WAIT_POLICY", "passive"); // Spinning OpenMP threads fight OpenBLAS's own.
    if (takenForHaswell()) {
      wanted.put("OPENBLAS_CORETYPE", "SkylakeX");
    }
    wanted.put("ORT_DISABLE_TELEMETRY", "1");
    wanted.keySet().removeAll(environment.keySet());
    return wanted;
  }

  /** The settings of the allocator, unless the user chose some or another allocator. */
  Map<String, Integer> allocator() {
    boolean chosen =
        environment.keySet().stream().anyMatch(name -> name.startsWith("MALLOC_"))
            || environment.getOrDefault("GLIBC_TUNABLES", "").contains("glibc.malloc")
            || environment.getOrDefault("LD_PRELOAD", "").contains("malloc");
    if (chosen) {
      return Map.of();
    }
    // Gradients of large layers are freed and asked for again in every step: keep their pages.
    Map<String, Integer> wanted = new java.util.LinkedHashMap<>();
    wanted.put("M_MMAP_MAX", 0);
    wanted.put("M_TRIM_THRESHOLD", 2_000_000_000);
    wanted.put("M_TOP_PAD", 200_000_000);
    return wanted;
  }

  /** OpenBLAS 0.3.31 does not know AMD's processors with AVX-512 and uses its AVX2 kernels. */
  private boolean takenForHaswell() {
    return cpu.contains("AuthenticAMD")
        && cpu.containsAll(List.of("avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"));
  }

  /** JavaCPP's own limit is twice the heap, which has nothing to do with what training needs. */
  private void limitMemory(List<String> done) {
    if (System.getProperty(MEMORY_LIMIT) == null
        && System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null
        && ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean memory) {
      String limit = memory.getTotalMemorySize() / 10 * 9 / (1 << 20) + "m";
      System.setProperty(MEMORY_LIMIT, limit);
      done.add(MEMORY_LIMIT + "=" + limit);
    }
  }

  static Set<String> cpuFlags() {
    try {
      Set<String> words = new java.util.HashSet<>();
      for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
        if (line.startsWith("flags") || line.startsWith("vendor_id")) {
          words.addAll(List.of(line.substring(line.indexOf(':') + 1).trim().split(" ")));
        } else if (line.isBlank()) {
          break;
        }
      }
      return words;
    } catch (IOException e) {
      return Set.of(); // No such file outside Linux: nothing is known, nothing is set.
    }
  }
}
