import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.diffusion.DiffusionPipeline;
import io.noesis.reconstruction.diffusion.PictureRequest;
import io.noesis.reconstruction.diffusion.SamplingPlan;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.Progress;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Twenty guided steps, and, in turn with it, the bare calls of ONNX Runtime that they consist of on
 * tensors made beforehand: what the pipeline takes more is its overhead.
 */
public final class DiffusionRun {
  private static final int STEPS = 20;

  public static void main(String[] args) throws Exception {
    Path pack = Path.of(args[0]);
    int threads = Integer.parseInt(args[1]);
    int repeats = Integer.parseInt(args[2]);
    boolean bare = args.length > 3;
    OnnxOptions options = new OnnxOptions(threads);
    try (DiffusionPipeline pipeline = DiffusionPipeline.open(ModelPack.open(pack), options);
        Bare calls = bare ? new Bare(pack, threads) : null) {
      for (int i = 0; i < repeats; i++) {
        PictureRequest request =
            PictureRequest.of(
                List.of("the cat"), List.of((long) i), SamplingPlan.of(STEPS, 7.5));
        long wall = System.nanoTime();
        long cpu = cpu();
        pipeline.generate(request, Progress.NONE);
        print("", wall, cpu);
        if (bare) {
          wall = System.nanoTime();
          cpu = cpu();
          calls.run();
          print("bare_", wall, cpu);
        }
      }
    }
    String status = Files.readString(Path.of("/proc/self/status"));
    String peak = status.substring(status.indexOf("VmHWM:") + 6).trim().split("\\s+")[0];
    System.out.println("{\"peak_mb\": " + Long.parseLong(peak) / 1024 + "}");
  }

  private static void print(String name, long wall, long cpu) {
    System.out.printf(
        "{\"%swall\": %.6f, \"%scpu\": %.6f}%n",
        name, (System.nanoTime() - wall) / 1e9, name, (cpu() - cpu) / 1e9);
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static final class Bare implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession text;
    private final OrtSession unet;
    private final OrtSession decoder;
    private final OnnxTensor ids;
    private final OnnxTensor sample;
    private final OnnxTensor time;
    private final OnnxTensor context;
    private final OnnxTensor latents;

    Bare(Path pack, int threads) throws Exception {
      OrtSession.SessionOptions settings = new OrtSession.SessionOptions();
      settings.setIntraOpNumThreads(threads);
      settings.setInterOpNumThreads(1);
      settings.addConfigEntry("session.intra_op.allow_spinning", "0");
      text = open(pack, "text_encoder", settings);
      unet = open(pack, "unet", settings);
      decoder = open(pack, "vae_decoder", settings);
      ids =
          OnnxTensor.createTensor(
              environment, LongBuffer.wrap(new long[2 * 77]), new long[] {2, 77});
      sample = floats(2, 4, 32, 32);
      time = OnnxTensor.createTensor(environment, FloatBuffer.wrap(new float[] {5}), new long[0]);
      context = floats(2, 77, 256);
      latents = floats(1, 4, 32, 32);
    }

    private OrtSession open(Path pack, String role, OrtSession.SessionOptions settings)
        throws Exception {
      return environment.createSession(pack.resolve(role + "/model.onnx").toString(), settings);
    }

    private OnnxTensor floats(long... shape) throws Exception {
      int size = 1;
      for (long axis : shape) {
        size *= (int) axis;
      }
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) Math.sin(i * 1.7);
      }
      return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
    }

    void run() throws Exception {
      text.run(Map.of("input_ids", ids), Set.of("last_hidden_state")).close();
      for (int i = 0; i < STEPS; i++) {
        unet.run(Map.of("sample", sample, "timestep", time, "encoder_hidden_states", context))
            .close();
      }
      decoder.run(Map.of("latent_sample", latents)).close();
    }

    @Override
    public void close() throws Exception {
      for (OnnxTensor tensor : List.of(ids, sample, time, context, latents)) {
        tensor.close();
      }
      text.close();
      unet.close();
      decoder.close();
    }
  }
}
