package io.noesis.alignment.audit;

import static io.noesis.alignment.audit.AuditFixtures.only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.audit.AuditFixtures.Draft;
import io.noesis.alignment.audit.Finding.Verdict;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.ingest.study.Split.Part;
import io.noesis.ingest.study.Stimulus;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakStimulusTest {
  @TempDir private Path folder;
  private final Audit audit = new LeakStimulus();

  @Test
  void countsSharedIdsAndCountsValidationAsSeen() {
    Draft draft = new Draft();
    draft.shown[9] = "s0";
    draft.shown[10] = "s1";
    draft.parts[1] = Part.VALIDATION;
    Finding finding = only(audit, draft.make());
    assertEquals(Verdict.BLOCK, finding.verdict());
    assertTrue(finding.decidedBy().startsWith("2 of 4 test stimuli"), finding.decidedBy());
    draft.parts[0] = Part.UNUSED;
    assertTrue(only(audit, draft.make()).decidedBy().startsWith("1 of 4"));
  }

  @Test
  void seesWhatOtherSubjectsOfTheSameDecoderWereTrainedOn() {
    AuditCase clean = new Draft().make();
    Background others = new Background(List.of(Set.of("s9", "s1")), "study/01", List.of());
    Finding finding = only(audit, clean.with(others));
    assertEquals(Verdict.BLOCK, finding.verdict());
    assertTrue(finding.decidedBy().startsWith("1 of 4 test stimuli"), finding.decidedBy());
    assertTrue(finding.explanation().contains("s9 (through other subjects)"));
    Background harmless = new Background(List.of(Set.of("s0", "s1")), "study/01", List.of());
    assertEquals(Verdict.PASS, only(audit, clean.with(harmless)).verdict());
  }

  @Test
  void findsTheSameFileAndTheSamePixelsUnderOtherIds() throws IOException {
    BufferedImage picture = gradient(0);
    Draft draft = new Draft();
    withPicture(draft, 0, write(picture, "a.png"));
    withPicture(draft, 8, Files.copy(folder.resolve("a.png"), folder.resolve("b.png")));
    Finding same = only(audit, draft.make());
    assertEquals(Verdict.BLOCK, same.verdict());
    assertTrue(same.explanation().contains("s8 = s0 (same file)"), same.explanation());

    withPicture(draft, 8, write(picture, "c.bmp"));
    Finding pixels = only(audit, draft.make());
    assertEquals(Verdict.BLOCK, pixels.verdict());
    assertTrue(pixels.explanation().contains("s8 = s0 (same pixels)"), pixels.explanation());

    // On the same side of the split they do no harm.
    draft.parts[0] = Part.TEST;
    assertEquals(Verdict.PASS, only(audit, draft.make()).verdict());
  }

  @Test
  void warnsOfNearlyTheSamePictureAndOfNoOther() throws IOException {
    Draft draft = new Draft();
    withPicture(draft, 0, write(gradient(0), "a.png"));
    withPicture(draft, 8, write(gradient(0), "b.jpg"));
    withPicture(draft, 9, write(gradient(90), "c.png"));
    Finding near = only(audit, draft.make());
    assertEquals(Verdict.WARN, near.verdict());
    assertTrue(near.explanation().contains("s8 ~ s0 (pictures)"), near.explanation());
    assertFalse(near.explanation().contains("s9"), near.explanation());

    withPicture(draft, 8, write(gradient(60), "d.png"));
    Finding clean = only(audit, draft.make());
    assertEquals(Verdict.PASS, clean.verdict());
    assertTrue(clean.explanation().contains("9 of 12 stimuli have no picture"), clean.toString());
  }

  @Test
  void warnsOfEqualTargetsOfDifferentStimuli() {
    Draft draft = new Draft();
    draft.targets[8] = new float[] {2, 2, 2};
    draft.targets[1] = new float[] {1, 1, 1};
    Finding near = only(audit, draft.make());
    assertEquals(Verdict.WARN, near.verdict());
    assertTrue(near.explanation().contains("s8 ~ s1 (targets)"), near.explanation());
    // Targets of categories are equal by design.
    draft.unit = TargetUnit.CATEGORY;
    Finding category = only(audit, draft.make());
    assertEquals(Verdict.PASS, category.verdict());
    assertTrue(category.explanation().contains("by design"), category.explanation());
  }

  @Test
  void warnsWhenOnlyCategoriesAreKnown() {
    Draft draft = new Draft();
    draft.stimuli = new ArrayList<>();
    for (String name : List.of("cat", "dog", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8")) {
      draft.stimuli.add(new Stimulus(name, name, Optional.empty(), Optional.empty(), Map.of()));
    }
    for (int i = 0; i < draft.shown.length; i++) {
      draft.shown[i] = i % 2 == 0 ? "cat" : "dog";
    }
    draft.unit = TargetUnit.CATEGORY;
    Finding finding = only(audit, draft.make());
    assertEquals(Verdict.WARN, finding.verdict());
    assertTrue(finding.explanation().contains("does not tell which pictures"));
    // With a target per stimulus, the stand-ins would be memorised.
    draft.unit = TargetUnit.STIMULUS;
    assertEquals(Verdict.BLOCK, audit.inspect(draft.make()).get(0).verdict());
  }

  private BufferedImage gradient(int shift) {
    BufferedImage image = new BufferedImage(120, 90, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 90; y++) {
      for (int x = 0; x < 120; x++) {
        image.setRGB(x, y, new Color((x * 2) % 256, (y * 2 + shift) % 256, shift).getRGB());
      }
    }
    Graphics2D g = image.createGraphics();
    g.setColor(Color.WHITE);
    g.fillOval(10 + shift, 20, 20, 30);
    g.dispose();
    return image;
  }

  private Path write(BufferedImage image, String name) throws IOException {
    Path file = folder.resolve(name);
    assertTrue(ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile()));
    return file;
  }

  private void withPicture(Draft draft, int index, Path file) {
    Stimulus old = draft.stimuli.get(index);
    draft.stimuli.set(
        index, new Stimulus(old.id(), old.category(), old.caption(), Optional.of(file), Map.of()));
  }
}
