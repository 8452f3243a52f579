package io.noesis.encoders.architecture;

import io.noesis.run.Check;
import java.util.List;
import java.util.Locale;

/**
 * The channels that have a learned vector in LaBraM (arXiv:2405.18765), in the order of its
 * program: positions of the extended 10-20 system, reference electrodes, and bipolar pairs.
 */
final class LabramChannels {
  private static final List<String> NAMES =
      List.of(
          """
          FP1 FPZ FP2
          AF9 AF7 AF5 AF3 AF1 AFZ AF2 AF4 AF6 AF8 AF10
          F9 F7 F5 F3 F1 FZ F2 F4 F6 F8 F10
          FT9 FT7 FC5 FC3 FC1 FCZ FC2 FC4 FC6 FT8 FT10
          T9 T7 C5 C3 C1 CZ C2 C4 C6 T8 T10
          TP9 TP7 CP5 CP3 CP1 CPZ CP2 CP4 CP6 TP8 TP10
          P9 P7 P5 P3 P1 PZ P2 P4 P6 P8 P10
          PO9 PO7 PO5 PO3 PO1 POZ PO2 PO4 PO6 PO8 PO10
          O1 OZ O2 O9 CB1 CB2 IZ O10
          T3 T5 T4 T6 M1 M2 A1 A2
          CFC1 CFC2 CFC3 CFC4 CFC5 CFC6 CFC7 CFC8
          CCP1 CCP2 CCP3 CCP4 CCP5 CCP6 CCP7 CCP8
          T1 T2 FTT9H TTP7H TPP9H FTT10H TPP8H TPP10H
          FP1-F7 F7-T7 T7-P7 P7-O1 FP2-F8 F8-T8 T8-P8 P8-O2
          """
              .strip()
              .split("\\s+"));

  /** How many. */
  static final int COUNT = NAMES.size();

  private LabramChannels() {}

  /**
   * The number of a channel; that of the class token is 0.
   *
   * @param name in any case
   * @return from 1 to {@link #COUNT}
   * @throws IllegalArgumentException when it has no vector
   */
  static int number(String name) {
    int place = NAMES.indexOf(name.toUpperCase(Locale.ROOT));
    Check.argument(
        place >= 0,
        "%s: it has no learned vector for a channel '%s'; it knows %s; leave such channels out, or"
            + " leave encoder.settings.channels empty to train vectors by order",
        Labram.NAME,
        name,
        String.join(", ", NAMES));
    return place + 1;
  }
}
