package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortableTextTest {
  private static final PortableText TEXT =
      PortableText.near(List.of(Path.of("/data/lab/study"), Path.of("out/run")));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reading /data/lab/study/sub-01/bold.nii: cut|reading sub-01/bold.nii: cut",
        "writing out/run/sub-01/decoded.npy: no|writing sub-01/decoded.npy: no",
        "the mask '/home/me/masks/vt.nii.gz'|the mask 'vt.nii.gz'",
        "the folder /data/lab/study: empty|the folder study: empty",
        "read or write, 3 km/h, 1/2, a/b/c and ../near/file|read or write, 3 km/h, 1/2, a/b/c and ../near/file",
        "of layout/run/x and out/run/y|of layout/run/x and y",
        "see https://doi.org/10.1/abc|see https://doi.org/10.1/abc",
        "opening C:\\labs\\me\\bold.nii: cut|opening bold.nii: cut",
        "(/tmp/a/b.npy)|(b.npy)"
      })
  void namesFilesWithoutTheirMachine(String text, String expected) {
    assertEquals(expected, TEXT.of(text));
  }
}
