package io.noesis.alignment.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.run.DataException;
import io.noesis.run.Fingerprint;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.run.UnsupportedDataException;
import io.noesis.tensor.Tensor;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against tests/fixtures/make/pillow_pictures.py: every byte equal. */
class PictureTest {
  private static final Path DATA = Path.of(System.getProperty("noesis.root"), "../shared/data");
  private static final Path PHOTOS = DATA.resolve("photos-small/images");
  private static final Path MOBILENET =
      DATA.resolve("onnx-models/mobilenetv2-int8/mobilenet_v2_int8_features.onnx");

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(value = ResizeFilter.class, names = "TORCH_.*", mode = EnumSource.Mode.MATCH_NONE)
  void resizesAsPillowDoes(ResizeFilter filter) throws IOException {
    PixelImage picture = PixelImage.wrap(37, 29, resource("in.bin"));
    for (int[] size :
        new int[][] {{16, 16}, {64, 50}, {8, 29}, {37, 7}, {1, 1}, {36, 30}, {150, 3}}) {
      byte[] expected = resource(filter + "-" + size[0] + "x" + size[1] + ".bin");
      assertArrayEquals(
          expected, picture.resize(size[0], size[1], filter).rgb(), filter + " " + size[0]);
    }
    assertArrayEquals(picture.rgb(), picture.resize(37, 29, filter).rgb());
  }

  @Test
  void readsPhotographsAndSquaresThemAsPillowDoes() throws IOException {
    assumeTrue(Files.isDirectory(PHOTOS), "skipped: " + PHOTOS + " is not here");
    ImagePreprocess preprocess = ImagePreprocess.imagenet(232, 224);
    int compared = 0;
    for (String line : lines("photos.tsv")) {
      String[] cells = line.split("\t");
      PixelImage picture = PixelImage.read(PHOTOS.resolve(cells[0]));
      PixelImage square = preprocess.square(picture);
      assertEquals(224 * 224 * 3, square.rgb().length);
      if (cells[0].endsWith(".png")) {
        compared++;
        assertEquals(cells[1], sha(picture.rgb()), cells[0]);
        assertEquals(cells[2], sha(square.rgb()), cells[0]);
      }
    }
    assertEquals(11, compared);
  }

  @Test
  void mobileNetSeesInPhotographsWhatItSeesInPython() throws IOException {
    assumeTrue(Files.exists(MOBILENET), "skipped: " + MOBILENET + " is not here");
    ImagePreprocess preprocess = ImagePreprocess.imagenet(232, 224);
    ByteBuffer bytes = ByteBuffer.wrap(resource("features.bin")).order(ByteOrder.LITTLE_ENDIAN);
    double worst = 0;
    try (OnnxModel model = OnnxModel.open(MOBILENET, OnnxOptions.SINGLE_THREADED)) {
      for (String line : lines("photos.tsv")) {
        String[] cells = line.split("\t");
        PixelImage picture = PixelImage.read(PHOTOS.resolve(cells[0]));
        Map<String, Tensor> found =
            model.run(Map.of("input", OnnxInput.of(preprocess.apply(picture))));
        assertEquals(Integer.parseInt(cells[3]), top(found.get("output").array()), cells[0]);
        if (cells[0].endsWith(".png")) {
          for (float value : found.get("view").array()) {
            worst = Math.max(worst, Math.abs(value - bytes.getFloat()));
          }
        }
      }
    }
    assertEquals(0, bytes.remaining());
    if (Files.isReadable(Path.of("/proc/cpuinfo"))
        && Files.readString(Path.of("/proc/cpuinfo")).contains("avx512_vnni")) {
      assertTrue(worst <= 1e-4, "features differ by " + worst);
    }
  }

  private static int top(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  @Test
  void encodesPicturesAloneWhateverTheOrderAndTheThreads() {
    assumeTrue(Files.exists(MOBILENET), "skipped: " + MOBILENET + " is not here");
    ImageTower tower =
        new ImageTower(
            "mobilenet-v2",
            MOBILENET,
            "view",
            ImagePreprocess.imagenet(232, 224),
            EmbeddingSpace.Scaling.UNIT);
    List<String> names = List.of("chelsea.png", "coffee.png", "camera.png");
    List<String> reversed = List.of("camera.png", "coffee.png", "chelsea.png");
    try (ImageEncoder encoder = ImageEncoder.open(tower)) {
      assertEquals(1280, encoder.space().dim());
      Embeddings one =
          Parallel.with(
              1,
              () ->
                  encoder.encode(
                      names, i -> PixelImage.read(PHOTOS.resolve(names.get(i))), Progress.NONE));
      Embeddings two =
          encoder.encode(
              reversed, i -> PixelImage.read(PHOTOS.resolve(reversed.get(i))), Progress.NONE);
      assertEquals(one, two.select(names));
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_BGR,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_4BYTE_ABGR
      })
  void takesColoursAsStoredFromEveryLayout(int type) {
    BufferedImage image = new BufferedImage(3, 2, type);
    image.setRGB(0, 0, 0xff0a141e);
    image.setRGB(2, 1, 0xfff0b400);
    byte[] rgb = PixelImage.of(image).rgb();
    assertEquals(10, rgb[0]);
    assertEquals(20, rgb[1]);
    assertEquals(30, rgb[2]);
    assertEquals((byte) 240, rgb[15]);
    assertEquals((byte) 180, rgb[16]);
    assertEquals(0, rgb[17]);
  }

  @Test
  void takesGreyAndPaletteAndTransparencyAsDocumented() {
    BufferedImage grey = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(0, 0, 0, 100);
    assertArrayEquals(new byte[] {100, 100, 100}, PixelImage.of(grey).rgb());
    BufferedImage deep = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setSample(0, 0, 0, 100 << 8 | 17);
    assertArrayEquals(new byte[] {100, 100, 100}, PixelImage.of(deep).rgb());
    BufferedImage palette = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_INDEXED);
    palette.setRGB(0, 0, Color.RED.getRGB());
    assertArrayEquals(new byte[] {-1, 0, 0}, PixelImage.of(palette).rgb());
    BufferedImage clear = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    clear.setRGB(0, 0, 0x00ff0000);
    assertArrayEquals(new byte[] {-1, -1, -1}, PixelImage.of(clear).rgb());
    clear.setRGB(0, 0, 0x80000000);
    assertArrayEquals(new byte[] {127, 127, 127}, PixelImage.of(clear).rgb());
  }

  @Test
  void damagedPicturesEndInADataException() throws IOException {
    BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
    for (String kind : List.of("png", "jpg", "bmp", "gif")) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageIO.write(image, kind, out);
      byte[] whole = out.toByteArray();
      Path file = folder.resolve("picture." + kind);
      Files.write(file, whole);
      assertEquals(20, PixelImage.read(file).width());
      var random = Seed.of(9).child(kind).random();
      for (int i = 0; i < 300; i++) {
        byte[] changed = whole.clone();
        for (int j = 0; j <= i % 4; j++) {
          changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        Files.write(
            file,
            i % 3 == 0 ? java.util.Arrays.copyOf(whole, random.nextInt(whole.length)) : changed);
        try {
          assertTrue(PixelImage.read(file).width() > 0);
        } catch (DataException e) {
          assertTrue(e.getMessage().startsWith("reading the picture " + file), e.getMessage());
        }
      }
    }
  }

  @Test
  void refusesWhatIsNoPicture() throws IOException {
    Path text = folder.resolve("text.png");
    Files.writeString(text, "no picture");
    assertThrows(UnsupportedDataException.class, () -> PixelImage.read(text));
    assertThrows(DataException.class, () -> PixelImage.read(folder.resolve("absent.png")));
    assertThrows(DataException.class, () -> PixelImage.read(folder));
  }

  @Test
  void refusesAPictureThatClaimsMoreThanItMay() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "png", out);
    byte[] bomb = out.toByteArray();
    CRC32 crc = new CRC32();
    ByteBuffer header = ByteBuffer.wrap(bomb).putInt(16, 60_000).putInt(20, 60_000);
    crc.update(bomb, 12, 17);
    header.putInt(29, (int) crc.getValue());
    Path file = folder.resolve("bomb.png");
    Files.write(file, bomb);
    assertTrue(
        assertThrows(UnsupportedDataException.class, () -> PixelImage.read(file))
            .getMessage()
            .contains("60000x60000"));
  }

  @Test
  void scalesChannelsInTheModelsOrder() {
    PixelImage orange = PixelImage.wrap(1, 1, new byte[] {(byte) 255, (byte) 102, 0});
    ImagePreprocess rgb =
        new ImagePreprocess(
            ImagePreprocess.Fit.STRETCH,
            ResizeFilter.BILINEAR,
            1,
            1,
            List.of(0.5, 0.0, 0.25),
            List.of(0.5, 2.0, 0.5),
            ImagePreprocess.ChannelOrder.RGB);
    assertArrayEquals(new float[] {1f, 0.2f, -0.5f}, rgb.apply(orange).array(), 1e-6f);
    ImagePreprocess bgr =
        new ImagePreprocess(
            rgb.fit(), rgb.filter(), 1, 1, rgb.mean(), rgb.std(), ImagePreprocess.ChannelOrder.BGR);
    assertArrayEquals(new float[] {-1f, 0.2f, 1.5f}, bgr.apply(orange).array(), 1e-6f);
    assertNotEquals(rgb.signature(), bgr.signature());
  }

  @Test
  void cropsAndStretchesBothProportions() {
    PixelImage wide = PixelImage.wrap(40, 20, new byte[40 * 20 * 3]);
    PixelImage tall = PixelImage.wrap(20, 41, new byte[20 * 41 * 3]);
    for (PixelImage picture : List.of(wide, tall)) {
      assertEquals(List.of(1, 3, 8, 8), shape(ImagePreprocess.clip(8).apply(picture)));
      assertEquals(List.of(1, 3, 8, 8), shape(ImagePreprocess.imagenet(9, 8).apply(picture)));
    }
    assertNotEquals(wide.sha256(), PixelImage.wrap(20, 40, new byte[40 * 20 * 3]).sha256());
  }

  private static List<Integer> shape(Tensor tensor) {
    return java.util.Arrays.stream(tensor.shape().toArray()).boxed().toList();
  }

  private static String sha(byte[] bytes) {
    return HexFormat.of().formatHex(Fingerprint.sha256().digest(bytes));
  }

  private static List<String> lines(String name) throws IOException {
    return new String(resource(name), StandardCharsets.UTF_8).lines().toList();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = PictureTest.class.getResourceAsStream("/pictures/" + name)) {
      return in.readAllBytes();
    }
  }
}
