export { eventually, stopwatch } from "./eventually.ts";
export { type Faults, FaultProxy, NO_FAULTS } from "./fault-proxy.ts";
export { Capture, type CapturedStream } from "./lab/capture.ts";
export { Lab } from "./lab/lab.ts";
export type { LabHost } from "./lab/host.ts";
export { labTest } from "./lab/lab-test.ts";
export type { LabNat } from "./lab/nat.ts";
export type { NatKind } from "./lab/nat-rules.ts";
export { PortMapper } from "./lab/port-mapper.ts";
export { areTlsRecords } from "./lab/tls-records.ts";
export { TOPOLOGIES, type Topology, type TopologyName } from "./lab/topologies.ts";
export { LinkRecorder } from "./link-recorder.ts";
export { ownPort } from "./own-port.ts";
export {
  PAPO_COMMAND,
  type PapoOptions,
  type RunningTracker,
  startPapo,
  startPapoInTerminal,
  startTrackerProgram,
} from "./processes/papo.ts";
export { Program, type ProgramEnd, type ProgramOptions } from "./processes/program.ts";
export { TemporaryHome } from "./processes/temporary-home.ts";
export { readable, type TerminalOptions, TerminalProgram } from "./processes/terminal-program.ts";
export { EXPECT_TIMEOUT_MS, Transcript } from "./processes/transcript.ts";
export { KEYS, type LiveScreen, type Shown } from "./screens/live-screen.ts";
export { tmuxMissing, TmuxScreen } from "./screens/tmux-screen.ts";
export { type ScreenCell, type ScreenOptions, XtermScreen } from "./screens/xterm-screen.ts";
