package io.noesis.encoders.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NativeTuningTest {
  private static final Set<String> ZEN5 =
      Set.of("AuthenticAMD", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd");

  @Test
  void whatTheUserSetIsLeftAlone() {
    Map<String, String> user = Map.of("OMP_WAIT_POLICY", "active", "OPENBLAS_CORETYPE", "Haswell");
    assertEquals(
        Set.of("ORT_DISABLE_TELEMETRY"),
        new NativeTuning(user, "Linux", ZEN5).variables().keySet());
  }

  @Test
  void kernelsForAvx512AreAskedForOnlyWhereTheProcessorHasThem() {
    assertEquals(
        "SkylakeX", new NativeTuning(Map.of(), "Linux", ZEN5).variables().get("OPENBLAS_CORETYPE"));
    Set<String> zen3 = Set.of("AuthenticAMD", "avx2");
    assertFalse(
        new NativeTuning(Map.of(), "Linux", zen3).variables().containsKey("OPENBLAS_CORETYPE"));
    Set<String> intel =
        Set.of("GenuineIntel", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd");
    assertFalse(
        new NativeTuning(Map.of(), "Linux", intel).variables().containsKey("OPENBLAS_CORETYPE"));
  }

  @Test
  void anAllocatorThatTheUserChoseIsLeftAlone() {
    for (Map<String, String> user :
        List.of(
            Map.of("MALLOC_ARENA_MAX", "2"),
            Map.of("GLIBC_TUNABLES", "glibc.malloc.top_pad=1"),
            Map.of("LD_PRELOAD", "/usr/lib/libjemalloc.so"))) {
      assertTrue(new NativeTuning(user, "Linux", ZEN5).allocator().isEmpty(), user.toString());
    }
    assertEquals(0, new NativeTuning(Map.of(), "Linux", ZEN5).allocator().get("M_MMAP_MAX"));
  }

  @Test
  void theEnvironmentOfTheProcessHasTheValues() {
    assumeTrue(System.getProperty("os.name").startsWith("Linux"), "setenv is tried on Linux");
    Libtorch.load();
    for (String setting : NativeTuning.applied()) {
      String name = setting.substring(0, setting.indexOf('='));
      if (name.startsWith("M_") || name.startsWith("org.")) {
        continue;
      }
      String value =
          NativeLibrary.getProcess().getFunction("getenv").invokeString(new Object[] {name}, false);
      String user = System.getenv(name);
      assertEquals(user == null ? setting.substring(name.length() + 1) : user, value);
    }
  }
}
