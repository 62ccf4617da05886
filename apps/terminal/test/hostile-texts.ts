/** Texts that would act on a terminal, by the row of docs/robustness.md that promises that they do not. */
export const HOSTILE_TEXTS: Readonly<Record<string, readonly string[]>> = {
  R1: ["\u001b[2J", "\u001b[10A\u001b[1;1Hgone", "\u001b[3J\u001b[5S", "\u001b[?1049l", "\u001bc"],
  R2: [
    "\u001b]0;title\u0007",
    "\u001b]52;c;ZXZpbA==\u0007",
    "\u001b]8;;http://evil.test\u001b\\x\u001b]8;;\u001b\\",
    "\u001b]11;?\u0007",
    "\u001b]1337;x\u0007",
    "\u001b]777;notify;x;y\u0007",
    "\u001b[48;5;1mx",
  ],
  R3: ["\u001bPq#0\u001b\\", "\u001b_apc\u001b\\", "\u001b^pm\u001b\\", "\u001bXsos\u001b\\", "\u001b]never ended"],
  R4: ["\u009b2J", "\u009d0;title\u009c", "\u0090q\u009c", "\u0085\u0084"],
  R5: ["\u001b[6n", "\u001b[c\u001b[>c", "\u001bP$qm\u001b\\", "\u001b[?2026$p", "\u001b[5n", "\u0005"],
  R7: [
    "a\r[12:00:00] <bob> hi",
    "a\nb\n[12:00:00] <bob> hi",
    "a\u000b\u000c\u0085[12:00:00] <bob> hi",
    "a\u2028[AVISO] hi",
    "\b\b\b\b[AVISO] hi",
    "a\tb",
  ],
  R8: ["\u202eolleh", "\u2066a\u2069", "\u200fa\u061c", "a\u202a\u202b\u202d"],
  R9: [
    "a\u200b\u200c\u200d\u2060",
    `x${"\u0301".repeat(500)}`,
    "\u0301\u0302 at the beginning",
    "\u{e0041}\u{e0042}",
    `e${"\ufe0f".repeat(50)}`,
    `👩${"\u200d👩".repeat(300)}`,
    "\u1161\u11ab\u1112",
  ],
};
