package io.noesis.reconstruction.diffusion;

import io.noesis.reconstruction.diffusion.Profile.Entry;
import io.noesis.reconstruction.diffusion.Profile.Line;
import io.noesis.reconstruction.diffusion.Profile.Sampler;
import io.noesis.reconstruction.diffusion.Profile.Without;
import io.noesis.run.Registry;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How published systems run their generators. The values are those of the authors' code where it
 * and the paper differ; the source of each is beside it.
 */
public final class Profiles {
  private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
  private static final List<Double> CLIP_DEVIATION = List.of(0.26862954, 0.26130258, 0.27577711);

  private static final Registry<Profile> REGISTRY =
      Registry.of(
          "generator profile",
          List.of(
              new Registry.Entry<>(
                  "usual", Profile.USUAL, "The pack's own plan and sampler; no quirks."),
              new Registry.Entry<>(
                  "mindeye1",
                  mindEye1(),
                  "MindEye (Scotti et al. 2023): Versatile Diffusion from image tokens and a blurry"
                      + " picture."),
              new Registry.Entry<>(
                  "mindeye2",
                  mindEye2(),
                  "MindEye2 (Scotti et al. 2024): SDXL unCLIP from 256 image tokens."),
              new Registry.Entry<>(
                  "mindeye2-refine",
                  mindEye2Refine(),
                  "MindEye2's second stage: SDXL from the first picture and a predicted caption."),
              new Registry.Entry<>(
                  "atm",
                  atm(),
                  "ATM (Li et al. 2024): SDXL-Turbo with an IP-Adapter, four steps, no guidance."),
              new Registry.Entry<>(
                  "takagi",
                  takagi(),
                  "Takagi and Nishimoto (2023): Stable Diffusion 1.4 from decoded latents and text"
                      + " tokens."),
              new Registry.Entry<>(
                  "brain-diffuser",
                  brainDiffuser(),
                  "Brain-Diffuser (Ozcelik and VanRullen 2023): Versatile Diffusion from a VDVAE"
                      + " picture, image and text tokens.")));

  private Profiles() {}

  /** The list. */
  public static Registry<Profile> registry() {
    return REGISTRY;
  }

  private static Profile mindEye1() {
    String code = "MedARC-AI/fMRI-reconstruction-NSD:src/Reconstructions.py";
    String utils = "MedARC-AI/fMRI-reconstruction-NSD:src/utils.py";
    return new Profile(
        List.of("versatile-diffusion"),
        Optional.of(new SamplingPlan(20, 3.5, 0, 0.85, Map.of("mix", 0.0, "class-token", 1.0))),
        Optional.of(new Sampler("unipc", Map.of())),
        Without.ZEROS,
        Entry.FIRST_STEP,
        0,
        Profile.DECODED,
        clip(),
        16,
        0,
        Map.of(
            "steps", code,
            "guidance", code + "; its function's default is 7.5",
            "strength", code + ", from the decoded blurry picture",
            "mix", code + ", image alone",
            "class-token",
                utils + ": tokens over the norm of the first, plus 1e-6, after the prior",
            "sampler", code,
            "without", utils + ": zeros for image and text",
            "startPixels", utils + ": CLIP's mean and deviation in place of 2 v - 1",
            "candidates", "arXiv:2305.18274, section 3.3; the repository's default is 1"));
  }

  private static Line clip() {
    return new Line(
        CLIP_DEVIATION.stream().map(d -> 1 / d).toList(),
        java.util.stream.IntStream.range(0, 3)
            .mapToObj(i -> -CLIP_MEAN.get(i) / CLIP_DEVIATION.get(i))
            .toList());
  }

  private static Profile mindEye2() {
    String code = "MedARC-AI/MindEyeV2:src/utils.py";
    return new Profile(
        List.of("unclip-xl"),
        Optional.of(new SamplingPlan(38, 5, 0, 1, Map.of())),
        Optional.of(new Sampler("euler", Map.of("timestep_spacing", "sgm"))),
        Without.NOISE,
        Entry.NOISE_ON_NOISE,
        0.04,
        Line.of(0.8, 0.2),
        Profile.SHOWN,
        1,
        0,
        Map.of(
            "steps",
            "MedARC-AI/MindEyeV2:src/generative_models/configs/unclip6.yaml",
            "guidance",
            "MedARC-AI/MindEyeV2:src/generative_models/configs/unclip6.yaml",
            "sampler",
            "unclip6.yaml: EulerEDM over the discretisation of latent diffusion",
            "without",
            code + ": fresh noise for the tokens",
            "entry",
            code + ": z + sigma noise",
            "offsetNoise",
            code,
            "pixels",
            code + ": clamp(0.8 v + 0.2)",
            "candidates",
            "MedARC-AI/MindEyeV2:src/recon_inference.ipynb; 16 did not seem to help"));
  }

  private static Profile mindEye2Refine() {
    String code = "MedARC-AI/MindEyeV2:src/enhanced_recon_inference.ipynb";
    return new Profile(
        List.of("stable-diffusion-xl"),
        Optional.of(new SamplingPlan(25, 5, 0, 13.0 / 25, Map.of())),
        Optional.of(new Sampler("euler", Map.of("timestep_spacing", "sgm"))),
        Without.OF_THE_MODEL,
        Entry.FIRST_STEP,
        0,
        Profile.DECODED,
        Profile.SHOWN,
        1,
        "painting, extra fingers, mutated hands, poorly drawn hands, poorly drawn face, deformed,"
            + " ugly, blurry, bad anatomy, bad proportions, extra limbs, cloned face, skinny,"
            + " glitchy, double torso, extra arms, extra hands, mangled fingers, missing lips, ugly"
            + " face, distorted face, extra legs, anime",
        0.25,
        Map.of(
            "steps", code,
            "guidance", code,
            "strength", code + ": the last 13 of 25 noise levels",
            "sampler", code,
            "negative", code,
            "blend",
                "MedARC-AI/MindEyeV2:src/final_evaluations.ipynb: 0.75 refined + 0.25 of the decoded blurry picture"));
  }

  private static Profile atm() {
    String code = "OZAKITAKUMA/EEG_Image_decode:Generation/";
    return new Profile(
        List.of("ip-adapter-xl"),
        Optional.of(new SamplingPlan(4, 0, 0, 1, Map.of("image-scale", 1.0))),
        Optional.of(new Sampler("euler-ancestral", Map.of("timestep_spacing", "trailing"))),
        Without.OF_THE_MODEL,
        Entry.FIRST_STEP,
        0,
        Profile.DECODED,
        Profile.SHOWN,
        1,
        0,
        Map.of(
            "steps", code + "custom_pipeline.py; its function's default is 1",
            "guidance", code + "custom_pipeline.py",
            "image-scale", code + "custom_pipeline.py",
            "sampler", "scheduler_config.json of SDXL-Turbo"));
  }

  private static Profile takagi() {
    String code =
        "yu-takagi/StableDiffusionReconstruction:codes/diffusion_sd1/diffusion_decoding.py";
    return new Profile(
        List.of("stable-diffusion"),
        Optional.of(new SamplingPlan(50, 5, 0, 0.8, Map.of())),
        Optional.of(latentDiffusion()),
        Without.OF_THE_MODEL,
        Entry.ONE_STEP_NOISIER,
        0,
        Profile.DECODED,
        Profile.SHOWN,
        1,
        0,
        Map.of(
            "steps",
            code,
            "guidance",
            code,
            "strength",
            code + ", from the decoded latents",
            "sampler",
            code + ": DDIM, eta 0",
            "entry",
            "ldm/models/diffusion/ddim.py: noised at index t_enc, run from t_enc - 1",
            "candidates",
            code + ": five seeds, none chosen"));
  }

  private static Profile brainDiffuser() {
    String code = "ozcelikfu/brain-diffuser:scripts/versatilediffusion_reconstruct_images.py";
    return new Profile(
        List.of("versatile-diffusion"),
        Optional.of(new SamplingPlan(50, 7.5, 0, 0.75, Map.of("mix", 0.4, "black", 1.0))),
        Optional.of(latentDiffusion()),
        Without.OF_THE_MODEL,
        Entry.ONE_STEP_NOISIER,
        0,
        Profile.DECODED,
        Profile.SHOWN,
        1,
        0,
        Map.of(
            "steps", code,
            "guidance", code,
            "strength", code + ", from the VDVAE picture",
            "mix", code + ": image 0.6, text 0.4",
            "sampler", code + ": DDIM, eta 0",
            "black", code + ": CLIP of a zero tensor, and of the empty text",
            "entry", "lib/model_zoo/ddim_vd.py: noised at index t_enc, run from t_enc - 1"));
  }

  /** DDIM as latent diffusion sets it. */
  private static Sampler latentDiffusion() {
    return new Sampler(
        "ddim",
        Map.of(
            "beta_start",
            0.00085,
            "beta_end",
            0.012,
            "beta_schedule",
            "scaled_linear",
            "timestep_spacing",
            "leading",
            "steps_offset",
            1,
            "clip_sample",
            false,
            "set_alpha_to_one",
            false));
  }
}
