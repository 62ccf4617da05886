/** How the command ends, for scripts. `papo --help` lists them; `bin/papo.js` adds 70 for a mistake of ours. */
export const EXIT = { ok: 0, failed: 1, usage: 2, inTheWay: 3 } as const;
