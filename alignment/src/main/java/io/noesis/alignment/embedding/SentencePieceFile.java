package io.noesis.alignment.embedding;

import io.noesis.run.CorruptDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The unigrams of a SentencePiece model (message {@code ModelProto} of sentencepiece_model.proto,
 * in the wire format of Protocol Buffers).
 *
 * @param pieces by id
 * @param unknown the id of the unknown piece
 * @param characterMap the normaliser's table in base 64; empty when it has none
 */
record SentencePieceFile(List<Piece> pieces, int unknown, String characterMap) {
  private static final int PIECES = 1;
  private static final int TRAINER = 2;
  private static final int NORMALIZER = 3;
  private static final int MODEL_TYPE = 3;
  private static final int UNIGRAM = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;

  /**
   * One piece.
   *
   * @param text its text, {@code U+2581} for a space
   * @param score its log probability
   * @param type as in the specification
   */
  record Piece(String text, float score, int type) {
    /** Whether it never comes out of a text's letters. */
    boolean isMark() {
      return type == UNKNOWN || type == CONTROL || type == USER_DEFINED;
    }
  }

  static SentencePieceFile parse(byte[] file) {
    List<Piece> pieces = new ArrayList<>();
    int unknown = -1;
    int model = UNIGRAM;
    String map = "";
    Fields fields = new Fields(ByteBuffer.wrap(file));
    while (fields.next()) {
      if (fields.number == PIECES) {
        Piece piece = piece(new Fields(fields.bytes));
        unknown = piece.type() == UNKNOWN ? pieces.size() : unknown;
        pieces.add(piece);
      } else if (fields.number == TRAINER) {
        Fields inner = new Fields(fields.bytes);
        while (inner.next()) {
          model = inner.number == MODEL_TYPE ? (int) inner.value : model;
        }
      } else if (fields.number == NORMALIZER) {
        Fields inner = new Fields(fields.bytes);
        while (inner.next()) {
          map = inner.number == 2 ? base64(inner.bytes) : map;
        }
      }
    }
    if (unknown < 0 || model != UNIGRAM) {
      throw new CorruptDataException(
          "it holds "
              + pieces.size()
              + " pieces of model type "
              + model
              + (unknown < 0 ? " and no unknown piece" : "")
              + ", expected a SentencePiece model of unigrams.");
    }
    return new SentencePieceFile(List.copyOf(pieces), unknown, map);
  }

  private static Piece piece(Fields fields) {
    String text = "";
    float score = 0;
    int type = 1;
    while (fields.next()) {
      switch (fields.number) {
        case 1 -> text = StandardCharsets.UTF_8.decode(fields.bytes).toString();
        case 2 -> score = Float.intBitsToFloat((int) fields.value);
        case 3 -> type = (int) fields.value;
        default -> {
          // Later versions may add fields; the wire format lets readers pass over them.
        }
      }
    }
    return new Piece(text, score, type);
  }

  private static String base64(ByteBuffer bytes) {
    return StandardCharsets.ISO_8859_1.decode(Base64.getEncoder().encode(bytes)).toString();
  }

  /** The id of a piece that must be there. */
  int idOf(String text) {
    for (int i = 0; i < pieces.size(); i++) {
      if (pieces.get(i).text().equals(text)) {
        return i;
      }
    }
    throw new CorruptDataException("it has no piece " + text + ", expected T5's vocabulary.");
  }

  /** Steps over the fields of a message. */
  private static final class Fields {
    private final ByteBuffer in;
    private int number;
    private long value;
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    Fields(ByteBuffer in) {
      this.in = in.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    boolean next() {
      if (!in.hasRemaining()) {
        return false;
      }
      long tag = varint();
      number = (int) (tag >>> 3);
      switch ((int) (tag & 7)) {
        case 0 -> value = varint();
        case 1 -> value = need(8).getLong();
        case 2 -> {
          long length = varint();
          if (length < 0 || length > in.remaining()) {
            throw broken();
          }
          bytes = in.slice(in.position(), (int) length);
          in.position(in.position() + (int) length);
        }
        case 5 -> value = need(4).getInt();
        default -> throw broken();
      }
      return true;
    }

    private ByteBuffer need(int count) {
      if (in.remaining() < count) {
        throw broken();
      }
      return in;
    }

    private long varint() {
      long out = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        byte b = need(1).get();
        out |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          return out;
        }
      }
      throw broken();
    }

    private CorruptDataException broken() {
      return new CorruptDataException(
          "it breaks off or is damaged at byte " + in.position() + " of a message.");
    }
  }
}
