package io.noesis.reconstruction.caption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A decoder that is fed the words it should find proves nothing, and published systems did so. No
 * public method of this package takes text or tokens: everything a caller can hand in is listed
 * here, so that a new way in has to be argued for.
 */
class NothingTargetedTest {
  /** What may go in: none of these can hold a word, but for the captions of training stimuli. */
  private static final Set<String> MAY_GO_IN =
      Set.of(
          "Tensor",
          "CaptionRequest",
          "Progress",
          "ModelPack",
          "DecodingOptions",
          "OnnxOptions",
          "Past",
          "WordSearch",
          "int",
          "long",
          "double");

  /** Results, and the baseline that copies captions of the training set and says whose. */
  private static final Set<String> EXCEPTIONS =
      Set.of("Caption(String, List, Optional)", "RetrievalCaptioner.of(Embeddings, Map)");

  private static List<Class<?>> classes() throws Exception {
    Path folder = folder();
    List<Class<?>> out = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.startsWith("package-info")) {
          out.add(
              Class.forName(
                  Captioner.class.getPackageName() + "." + name.substring(0, name.length() - 6)));
        }
      }
    }
    return out;
  }

  private static Path folder() throws URISyntaxException {
    Path root =
        Path.of(Captioner.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return root.resolve(Captioner.class.getPackageName().replace('.', '/'));
  }

  private static boolean isOpen(Class<?> type) {
    for (Class<?> at = type; at != null; at = at.getEnclosingClass()) {
      if (!Modifier.isPublic(at.getModifiers())) {
        return false;
      }
    }
    return true;
  }

  private static String signature(Executable one) {
    List<String> parameters =
        Stream.of(one.getParameters()).map(Parameter::getType).map(Class::getSimpleName).toList();
    String owner = one.getDeclaringClass().getSimpleName();
    String name = one instanceof Constructor<?> ? owner : owner + "." + one.getName();
    return name + "(" + String.join(", ", parameters) + ")";
  }

  private static boolean isGenerated(Executable one) {
    boolean enumeration =
        one.getDeclaringClass().isEnum() && Set.of("valueOf", "values").contains(one.getName());
    return one.isSynthetic()
        || enumeration
        || one instanceof Method m && m.getName().equals("equals");
  }

  @Test
  void noPublicMethodTakesTextOrTokens() throws Exception {
    Set<String> found = new TreeSet<>();
    int looked = 0;
    for (Class<?> type : classes()) {
      if (!isOpen(type)) {
        continue;
      }
      List<Executable> all = new ArrayList<>(List.of(type.getDeclaredMethods()));
      all.addAll(List.of(type.getDeclaredConstructors()));
      for (Executable one : all) {
        if (!Modifier.isPublic(one.getModifiers()) || isGenerated(one)) {
          continue;
        }
        looked++;
        for (Class<?> parameter : one.getParameterTypes()) {
          if (!MAY_GO_IN.contains(parameter.getSimpleName())) {
            found.add(signature(one));
          }
        }
      }
    }
    assertTrue(looked > 20, "looked at " + looked);
    assertEquals(new TreeSet<>(EXCEPTIONS), found);
  }
}
