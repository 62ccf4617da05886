import { randomBytes } from "node:crypto";

/** Randomness as a port: the system's generator in production, a seeded one in tests. */
export interface Random {
  bytes(count: number): Uint8Array;
  /** Uniform in [0, 1). For waiting times, never for secrets. */
  fraction(): number;
}

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  fraction: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
};
