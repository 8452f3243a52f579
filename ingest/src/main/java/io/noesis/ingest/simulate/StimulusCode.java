package io.noesis.ingest.simulate;

/** How the attributes of a picture become responses. */
public enum StimulusCode {
  /** Their effects add up: what linear decoders are made for. */
  LINEAR,
  /**
   * The background adds its effect; those of all other attributes are multiplied by a sign, minus
   * for every second background. Over all pictures a linear decoder finds the background alone; the
   * rest is in products of responses.
   */
  GATED
}
