import type { ShownLine } from "@papo/view-model";

/** Light modules around the code, without which cameras do not find it (ISO/IEC 18004 asks for four; two do on screens). */
const BORDER = 2;

/** A QR code in half blocks, which are light: two modules of height in a line, one of width in a column. */
export async function qrLines(text: string, border = BORDER): Promise<readonly ShownLine[]> {
  // Few sessions show one, and every start would pay for it.
  const { renderUnicodeCompact } = await import("uqr");
  return renderUnicodeCompact(text, { border, ecc: "L" })
    .split("\n")
    .map((row) => ({ spans: [{ text: row, code: true }] }));
}
