const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const valueByCode = new Uint8Array(128);
for (let value = 0; value < DIGITS.length; value++) valueByCode[DIGITS.charCodeAt(value)] = value;

/** Bytes as base64url without padding (RFC 4648 §5), as keys and hashes are written. */
export function keyText(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const triple = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const digits = left >= 3 ? 4 : left + 1;
    for (let digit = 0; digit < digits; digit++) text += DIGITS[(triple >>> (18 - 6 * digit)) & 63];
  }
  return text;
}

/** The bytes of a text that a decoder has accepted as base64url; nothing else is looked for. */
export function keyBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    held = (held << 6) | (valueByCode[text.charCodeAt(index) & 127] ?? 0);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (held >>> bits) & 255;
    held &= (1 << bits) - 1;
  }
  return bytes;
}
