const DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
const BITS = 5;

/** RFC 4648 §6 in small letters and without padding: what may stand in any label of a domain name. */
export function base32(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= BITS; bits -= BITS) text += DIGITS[(held >>> (bits - BITS)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + DIGITS[(held << (BITS - bits)) & 31];
}
