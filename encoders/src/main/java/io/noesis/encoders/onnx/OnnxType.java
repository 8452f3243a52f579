package io.noesis.encoders.onnx;

/** Element types of a graph's inputs and outputs. */
public enum OnnxType {
  /** 32-bit floating point. */
  FLOAT32,
  /** 16-bit floating point; fed from float32 by rounding, given back as float32. */
  FLOAT16,
  /** 64-bit floating point. */
  FLOAT64,
  /** 64-bit whole numbers. */
  INT64,
  /** 32-bit whole numbers. */
  INT32,
  /** True or false. */
  BOOL,
  /** Anything else: strings, 8-bit numbers, sequences, maps. */
  OTHER
}
