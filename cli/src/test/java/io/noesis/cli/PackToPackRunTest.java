package io.noesis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * A lab's folder of exported packs from the command line: pictures of a study through a tower's
 * pack into targets, decoded by ridge, and through a generator's or captioner's pack. The packs are
 * what the export scripts write with {@code --tiny}.
 */
class PackToPackRunTest {
  private static final Path PACKS =
      Path.of(
          System.getProperty("noesis.root"),
          "reconstruction/src/test/resources/io/noesis/reconstruction");
  private static final String PICTURES = ", steps: 2, stimuli: 2, conditions: [decoded, shuffled]}";
  private static final String CAPTIONS =
      ", maxTokens: 6, stimuli: 2, conditions: [decoded, shuffled]}";

  @TempDir static Path study;
  @TempDir Path folder;

  @BeforeAll
  static void simulate() {
    Call.of(
            "simulate",
            study.resolve("eeg"),
            "--modality",
            "eeg",
            "--subjects",
            "1",
            "--channels",
            "6",
            "--rate",
            "50",
            "--sources",
            "4",
            "--train",
            "60",
            "--test",
            "12",
            "--pixels",
            "32",
            "--noise-ceiling",
            "0.8")
        .ended(0);
  }

  /** A pack where a user has it: in the folder of the packs, to be changed. */
  private void add(String name) {
    try (Stream<Path> all = Files.walk(PACKS)) {
      Path pack =
          all.filter(p -> p.endsWith(name) && Files.isDirectory(p)).findFirst().orElseThrow();
      Call.of("models", "add", pack, "--models-dir", folder.resolve("packs")).ended(0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Call run(Path out, String targets, String... sections) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "run",
                "simulated-eeg",
                out,
                "--root",
                study.resolve("eeg"),
                "--models-dir",
                folder.resolve("packs"),
                "--no-cache",
                "--allow",
                "NO-SIGNAL",
                "--allow",
                "GENERATOR-PRIOR",
                "--allow",
                "NO-CEILING"));
    List<String> sets = new ArrayList<>(List.of(sections));
    sets.addAll(
        List.of(
            "targets=" + targets,
            "responses.average.test=4",
            "evaluation.permutations=99",
            "evaluation.bootstraps=99"));
    for (String set : sets) {
      words.addAll(List.of("--set", set));
    }
    return Call.of(words.toArray());
  }

  /** Everything that was made of the brain, by path. */
  private static Map<String, String> made(Path run) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(run.resolve("sub-01"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = run.relativize(file).toString();
        if (name.endsWith(".png") || name.endsWith("captions.tsv")) {
          found.put(name, Fingerprint.ofFile(file));
        }
      }
    }
    return found;
  }

  /** The command that an error message tells to copy. */
  private static Object[] remedy(String message) {
    String command =
        message
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("noesis models set-space"))
            .findFirst()
            .orElseThrow(() -> new AssertionError(message));
    return command.substring("noesis ".length()).split(" ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {of: image, pack: tiny-clip-12}                     | tiny-ip-adapter
          {of: image, pack: tiny-clip-12}                     | tiny-stable-unclip
          {of: text, pack: tiny-clip, output: text_tokens}    | tiny-stable-diffusion
          {of: image, pack: tiny-clip-12}                     | tiny-clipcap
          """)
  void aPackOfAnotherNameIsRefusedBeforeTrainingUntilItsSpaceIsStated(String targets, String pack)
      throws IOException {
    String tower = targets.split("pack: |[,}]")[2];
    add(tower);
    add(pack);
    boolean writes = pack.equals("tiny-clipcap");
    String section =
        (writes ? "captions={pack: " + pack + CAPTIONS : "pictures={pack: " + pack + PICTURES);
    Path out = folder.resolve("run");
    String refused = run(out, targets, section).ended(6).err();
    assertTrue(refused.contains("another model"), refused);
    assertFalse(Files.exists(out.resolve("sub-01")), "nothing was trained");
    Call.of(remedy(refused)).ended(0);
    run(out, targets, section).ended(0);
    Map<String, String> made = made(out);
    assertEquals(writes ? 1 : 2, made.size(), made::toString);
    String report = Files.readString(out.resolve("report.json"));
    assertTrue(report.contains("stated with 'noesis models set-space' to be " + tower), report);
    String scores = Files.readString(out.resolve("scores.tsv"));
    assertTrue(writes || scores.contains("picture_tower.two_way"), "the targets' pack judges");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {of: text, pack: tiny-unclip-prior-12}   | pictures={pack: tiny-kandinsky, prior: tiny-unclip-prior-12
          {of: text, pack: tiny-stable-diffusion}  | pictures={pack: tiny-stable-diffusion
          {of: image, pack: tiny-git-vision, output: image_tokens} | captions={pack: tiny-git
          {of: image, pack: tiny-clip-257, output: image_tokens, scaling: pooled} | pictures={pack: tiny-versatile-diffusion, profile: mindeye1, strength: 1, candidates: 2
          """)
  void packsOfOneEncoderMeetByTheirNames(String targets, String section) throws IOException {
    for (String name :
        Stream.of(targets, section).flatMap(s -> Stream.of(s.split("[ ,}]"))).toList()) {
      if (name.startsWith("tiny-") && !Files.exists(folder.resolve("packs").resolve(name))) {
        add(name);
      }
    }
    String all = section + (section.startsWith("captions") ? CAPTIONS : PICTURES);
    run(folder.resolve("run"), targets, all).ended(0);
    Map<String, String> made = made(folder.resolve("run"));
    assertFalse(made.isEmpty());
    run(folder.resolve("again"), targets, all).ended(0);
    assertEquals(made, made(folder.resolve("again")), "the same bytes");
  }

  /** What a PNG says of itself. */
  private static Map<String, String> texts(Path png) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(png.toFile())) {
      ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
      reader.setInput(in);
      var tree = (Element) reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0");
      Map<String, String> found = new TreeMap<>();
      NodeList entries = tree.getElementsByTagName("tEXtEntry");
      for (int i = 0; i < entries.getLength(); i++) {
        Element entry = (Element) entries.item(i);
        found.put(entry.getAttribute("keyword"), entry.getAttribute("value"));
      }
      entries = tree.getElementsByTagName("iTXtEntry");
      for (int i = 0; i < entries.getLength(); i++) {
        Element entry = (Element) entries.item(i);
        found.put(entry.getAttribute("keyword"), entry.getAttribute("text"));
      }
      reader.dispose();
      return found;
    }
  }

  /** The pictures of decoded embeddings by what they say of themselves. */
  private static Map<String, Map<String, String>> decoded(Path run) throws IOException {
    Map<String, Map<String, String>> found = new TreeMap<>();
    for (String name : made(run).keySet()) {
      if (name.contains("pictures/decoded/")) {
        found.put(name, texts(run.resolve(name)));
      }
    }
    return found;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tiny-stable-diffusion| --negative
          tiny-kandinsky       | --prior-seed
          """)
  void picturesAreMadeOfTheCaptionsThatWereMadeOfTheEmbeddings(String pack, String flag)
      throws IOException {
    add("tiny-clip-12");
    Path packs = folder.resolve("packs");
    for (String name : List.of("caption/tiny-clipcap", "diffusion/" + pack)) {
      boolean stated = name.startsWith("caption");
      Object[] plain = {"models", "add", PACKS.resolve(name), "--models-dir", packs};
      Object[] words = Arrays.copyOf(plain, stated ? 7 : 5);
      if (stated) {
        words[5] = "--space";
        words[6] = "tiny-clip-12";
      }
      Call.of(words).ended(0);
    }
    boolean prior = pack.equals("tiny-kandinsky");
    if (prior) {
      add("tiny-unclip-prior-12");
    }
    String section =
        "pictures={pack: "
            + pack
            + (prior ? ", prior: {pack: tiny-unclip-prior-12, steps: 3}" : "")
            + ", guidance: 4, prompt: caption-alone"
            + PICTURES;
    String targets = "{of: image, pack: tiny-clip-12}";
    Path out = folder.resolve("run");
    String none = run(out, targets, section).ended(2).err();
    assertTrue(none.contains("Add the section captions"), none);
    run(out, targets, section, "captions={pack: tiny-clipcap" + CAPTIONS).ended(0);
    String table = Files.readString(out.resolve("sub-01/captions.tsv"));
    Map<String, Map<String, String>> before = decoded(out);
    assertEquals(2, before.size());
    for (Map<String, String> said : before.values()) {
      String caption = said.get("Noesis caption");
      String line = said.get("Noesis stimulus") + "\tdecoded\t";
      assertTrue(table.lines().anyMatch(l -> l.startsWith(line) && l.contains(caption)), caption);
      assertTrue(said.get("Noesis prompt").endsWith("and nothing else"));
      assertEquals(
          prior ? "5 steps with guidance 4.0" : null,
          said.get("Noesis in the place of the prior's own"));
    }
    String report = Files.readString(out.resolve("report.json"));
    assertTrue(report.contains("the caption that was made of the same embedding"), report);
    again(out, flag, flag.equals("--negative") ? "a dog" : "3").ended(0);
    assertNotEquals(keys(before), keys(decoded(out)));
    Files.delete(out.resolve("sub-01/captions.tsv"));
    Files.delete(out.resolve("captions.json"));
    String gone = again(out).ended(2).err();
    assertTrue(gone.contains("Make them first: noesis caption"), gone);
  }

  /** What decides a picture. */
  private static List<String> keys(Map<String, Map<String, String>> pictures) {
    return pictures.values().stream().map(texts -> texts.get("Noesis key")).toList();
  }

  private Call again(Path run, Object... more) {
    List<Object> words = new ArrayList<>(List.of("reconstruct", run));
    words.addAll(List.of("--models-dir", folder.resolve("packs")));
    for (String code : List.of("NO-SIGNAL", "GENERATOR-PRIOR", "NO-CEILING")) {
      words.addAll(List.of("--allow", code));
    }
    words.addAll(List.of(more));
    return Call.of(words.toArray());
  }

  @Test
  void whatNoStatementCanMendIsRefusedBeforeTraining() {
    add("tiny-clip-12");
    add("tiny-clip-257");
    add("tiny-versatile-diffusion");
    String raw =
        run(
                folder.resolve("raw"),
                "{of: image, pack: tiny-clip-257, output: image_tokens}",
                "pictures={pack: tiny-versatile-diffusion" + PICTURES)
            .ended(6)
            .err();
    assertTrue(raw.contains("set targets.scaling: pooled"), raw);
    String dimension =
        run(
                folder.resolve("small"),
                "{of: image, pack: tiny-clip-12}",
                "pictures={pack: tiny-versatile-diffusion" + PICTURES)
            .ended(6)
            .err();
    assertTrue(dimension.contains("another dimension"), dimension);
    String sizes =
        Call.of(
                "models",
                "set-space",
                "tiny-versatile-diffusion",
                "--space",
                "tiny-clip-12:image_tokens",
                "--models-dir",
                folder.resolve("packs"))
            .ended(6)
            .err();
    assertTrue(
        sizes.contains("257 tokens of 8 numbers") && sizes.contains("5 tokens of 12"), sizes);
    add("tiny-stable-diffusion-xl");
    String pooled =
        run(
                folder.resolve("pooled"),
                "{of: text, pack: tiny-stable-diffusion-xl}",
                "pictures={pack: tiny-stable-diffusion-xl" + PICTURES)
            .ended(6)
            .err();
    assertTrue(pooled.contains("two text encoders side by side"), pooled);
    for (String run : List.of("raw", "small", "pooled")) {
      assertFalse(Files.exists(folder.resolve(run).resolve("sub-01")), "nothing was trained");
    }
  }
}
