import type { PortMapping } from "./port-mapper.ts";

export type WantedMapping = {
  readonly port: number;
  /** What we had, or would like. */
  readonly outside: number;
};

/** One router, and how to ask it. Undefined: it does not give us one. Whoever asks sets the time limit. */
export interface RouterWay {
  map(wanted: WantedMapping, signal: AbortSignal): Promise<PortMapping | undefined>;
  unmap(mapped: WantedMapping, signal: AbortSignal): Promise<void>;
}
