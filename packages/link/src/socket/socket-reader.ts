import {
  FRAME_KIND,
  type Fault,
  FrameDecoder,
  MISTAKES_MAX,
  ObjectScanner,
  type ScanFault,
  fault,
} from "@papo/protocol";
import type { LinkMessage } from "../link.ts";

/** What a chunk of bytes came to. Nothing is read after a `fatal` one. */
export type Arrival =
  | { readonly kind: "message"; readonly message: LinkMessage }
  | { readonly kind: "mistake"; readonly fault: Fault }
  | { readonly kind: "fatal"; readonly fault: Fault };

/** How one dialect reads. */
export interface SocketReader {
  push(chunk: Uint8Array): readonly Arrival[];
  /** True while a message has begun and not ended. */
  pending(): boolean;
}

/** Frames in. Those of kinds that we do not know are left out here (docs/protocol/framing.md §2). */
export class FrameReader implements SocketReader {
  readonly #decoder = new FrameDecoder();

  push(chunk: Uint8Array): readonly Arrival[] {
    const arrivals: Arrival[] = [];
    for (const scan of this.#decoder.push(chunk)) {
      if (scan.kind === "fault") arrivals.push({ kind: "fatal", fault: scan.fault });
      else if (isKnown(scan.frameKind)) {
        arrivals.push({ kind: "message", message: { kind: scan.frameKind, payload: scan.payload } });
      }
    }
    return arrivals;
  }

  pending(): boolean {
    return this.#decoder.pending();
  }
}

const KNOWN_KINDS: ReadonlySet<number> = new Set(Object.values(FRAME_KIND));

function isKnown(kind: number): boolean {
  return KNOWN_KINDS.has(kind);
}

/** Unframed objects in. A few mistakes are forgiven, each told to its sender by whoever uses the link. */
export class ObjectReader implements SocketReader {
  readonly #scanner = new ObjectScanner();
  readonly #onObject: () => void;
  #mistakes = 0;

  constructor(onObject: () => void) {
    this.#onObject = onObject;
  }

  push(chunk: Uint8Array): readonly Arrival[] {
    const arrivals: Arrival[] = [];
    for (const scan of this.#scanner.push(chunk)) {
      if (scan.kind === "fault") this.#mistake(scan.fault, arrivals);
      else {
        this.#onObject();
        const payload = Buffer.from(scan.text);
        arrivals.push({ kind: "message", message: { kind: FRAME_KIND.json, payload } });
      }
    }
    return arrivals;
  }

  pending(): boolean {
    return this.#scanner.pending();
  }

  #mistake({ code, detail, fatal }: ScanFault, arrivals: Arrival[]): void {
    if (fatal) return void arrivals.push({ kind: "fatal", fault: fault(code, detail) });
    arrivals.push({ kind: "mistake", fault: fault(code, detail) });
    // A whole value that is only no object cost its reader nothing: whoever uses the link answers it like any bad request.
    if (code !== "invalid_message") this.#mistakes++;
    if (this.#mistakes < MISTAKES_MAX) return;
    arrivals.push({ kind: "fatal", fault: fault(code, `${MISTAKES_MAX} mistakes`) });
  }
}
