export { askLines } from "./console/ask-lines.ts";
export { askSecrets } from "./console/ask-secrets.ts";
export { type ClassicOptions, runClassic } from "./classic/run-classic.ts";
export type { ScreenClock } from "./classic/classic-session.ts";
export type { ConsoleStreams } from "./console/open-console.ts";
export { ACTIONS } from "./input/actions.ts";
export { parseChord } from "./input/chords.ts";
export { bindingProblem, type Keymap, keymapWith } from "./input/keymap.ts";
export { type FullScreenOptions, runFullScreen } from "./screen/full-screen.ts";
