package io.noesis.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A root number with named children: {@code seed.child("split")}. Each child is derived from the
 * path of names by SHA-256, so a new consumer of randomness moves nobody else's numbers.
 *
 * @param root the number a user gives with {@code --seed}
 * @param path names from the root to here, joined by {@code /}; empty at the root
 */
public record Seed(long root, String path) {
  /**
   * The root seed.
   *
   * @param root the number a user gives
   * @return the seed without a path
   */
  public static Seed of(long root) {
    return new Seed(root, "");
  }

  /**
   * The child of that name; the same name always gives the same child.
   *
   * @param name what the randomness is for, for example {@code "bootstrap"}
   * @return the child seed
   */
  public Seed child(String name) {
    Check.argument(
        !name.isEmpty(), "a child seed needs a name, found an empty one below '%s'", path);
    return new Seed(root, path.isEmpty() ? name : path + "/" + name);
  }

  /**
   * A fresh generator at its start; two calls give two generators with the same numbers.
   *
   * @return the generator, to be used by one thread
   */
  public PinnedRandom random() {
    MessageDigest sha = Fingerprint.sha256();
    sha.update(("noesis-seed-1:" + root + ":" + path).getBytes(StandardCharsets.UTF_8));
    byte[] digest = sha.digest();
    long[] state = new long[4];
    for (int i = 0; i < 32; i++) {
      state[i / 8] = (state[i / 8] << 8) | (digest[i] & 0xff);
    }
    return new PinnedRandom(state[0], state[1], state[2], state[3]);
  }
}
