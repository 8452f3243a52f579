package io.noesis.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Everything that may change a result of an experiment; its {@code kind} says of which one. */
public sealed interface Recipe permits DecodingRecipe, GeometryRecipe, EncodingRecipe {
  /** The kinds of experiment. */
  enum Kind {
    /** Embeddings from responses: {@link DecodingRecipe}. */
    DECODING("trains encoders and decodes test trials"),
    /** Geometries of models against measured ones: {@link GeometryRecipe}. */
    GEOMETRY("compares distances, so nothing is split, trained, decoded or retrieved"),
    /** Responses from features of stimuli: {@link EncodingRecipe}. */
    ENCODING("predicts responses, so nothing is decoded or retrieved");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** What such an experiment does. */
    public String words() {
      return words;
    }
  }

  /** Which kind of experiment. */
  Kind kind();

  /** Short name; also the name of the run in reports. */
  String name();

  /** One line for the report. */
  String title();

  /** Root of all randomness. */
  long seed();

  /** Which study. */
  StudySpec study();

  /** The recipe as YAML with every default written out. */
  default String resolved() {
    return RecipeTree.resolved(this);
  }

  /** SHA-256 of what may change a result: all but the folders of study and parent run. */
  default String hash() {
    return RecipeTree.hash(this);
  }

  /**
   * Binds a tree; every problem is reported at once.
   *
   * @param tree as read from YAML, with overrides applied; without {@code kind} it is of decoding
   * @return the recipe
   * @throws io.noesis.run.RecipeException when anything in it is unknown or out of range
   */
  static Recipe of(ObjectNode tree) {
    return switch (RecipeTree.kind(tree)) {
      case DECODING -> DecodingRecipe.of(tree);
      case GEOMETRY -> GeometryRecipe.of(tree);
      case ENCODING -> EncodingRecipe.of(tree);
    };
  }
}
