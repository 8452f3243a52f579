package io.noesis.tensor;

import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of an array file, wherever they are, with their size known before they are read. */
abstract class Source implements Closeable {
  private final String name;
  private final long size;

  private Source(String name, long size) {
    this.name = name;
    this.size = size;
  }

  /** A file; reads are by position, so threads may share it. */
  static Source file(Path file) {
    requireNoFolder(file);
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        return new OfFile(file.toString(), channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new DataException(
          "reading " + file + ": " + Failure.reason(e) + ". Check the path.", e);
    }
  }

  static void requireNoFolder(Path file) {
    if (Files.isDirectory(file)) {
      throw new DataException(
          "reading " + file + ": it is a folder, expected a file. Give the file that is meant.");
    }
  }

  static Source memory(String name, byte[] bytes) {
    return new InMemory(name, bytes);
  }

  /** A stream of a stated size that can only be read from front to back. */
  static Source stream(String name, InputStream in, long size) {
    return new OfStream(name, in, size);
  }

  /** What the bytes are called in messages. */
  final String name() {
    return name;
  }

  final long size() {
    return size;
  }

  /** Fills the buffer from a position, or fails naming what was being read. */
  final void read(long position, ByteBuffer into, String what) {
    if (position < 0 || into.remaining() > size - position) {
      throw new CorruptDataException(
          "reading the "
              + what
              + " of "
              + name
              + ": it ends after "
              + size
              + " bytes, but bytes "
              + position
              + " to "
              + (position + into.remaining())
              + " are needed. It is truncated: copy or make it again.");
    }
    try {
      fill(position, into);
    } catch (IOException e) {
      throw new CorruptDataException(
          "reading the "
              + what
              + " of "
              + name
              + ": "
              + Failure.reason(e)
              + ". It is damaged or was changed while being read: copy or make it again.",
          e);
    }
  }

  abstract void fill(long position, ByteBuffer into) throws IOException;

  @Override
  public void close() {}

  private static void requireMore(int count) throws IOException {
    if (count < 0) {
      throw new IOException("it ends before its stated size");
    }
  }

  private static final class OfFile extends Source {
    private final FileChannel channel;

    OfFile(String name, FileChannel channel) throws IOException {
      super(name, channel.size());
      this.channel = channel;
    }

    @Override
    void fill(long position, ByteBuffer into) throws IOException {
      long at = position;
      while (into.hasRemaining()) {
        int count = channel.read(into, at);
        requireMore(count);
        at += count;
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new DataException("closing " + name() + ": " + Failure.reason(e), e);
      }
    }
  }

  private static final class InMemory extends Source {
    private final byte[] bytes;

    InMemory(String name, byte[] bytes) {
      super(name, bytes.length);
      this.bytes = bytes;
    }

    @Override
    void fill(long position, ByteBuffer into) {
      into.put(bytes, (int) position, into.remaining());
    }
  }

  private static final class OfStream extends Source {
    private final InputStream in;
    private long at;

    OfStream(String name, InputStream in, long size) {
      super(name, size);
      this.in = in;
    }

    @Override
    void fill(long position, ByteBuffer into) throws IOException {
      if (position < at) {
        throw new IOException("a compressed entry cannot be read backwards");
      }
      in.skipNBytes(position - at);
      at = position;
      while (into.hasRemaining()) {
        int count = in.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
        requireMore(count);
        into.position(into.position() + count);
        at += count;
      }
    }
  }
}
