/**
 * An object as the original program writes it: JSON in ASCII, everything else as `\uXXXX`. Exported so that whoever
 * composes an answer can keep it below SEED_ANSWER_BYTES_MAX.
 */
export function encodeSeedJson(value: object): Uint8Array {
  return Buffer.from(JSON.stringify(value).replace(/[\u007f-\uffff]/g, escapeUnit), "latin1");
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
