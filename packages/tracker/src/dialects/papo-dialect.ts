import { type Fault, ROOM_CAPACITY_DEFAULT } from "@papo/protocol";
import type { Done } from "../commands.ts";
import type { Announcement, RoomDelta } from "../services/announcement.ts";
import { viewKey } from "../services/shown-address.ts";
import type { Asked, Dialect, Said, Viewer } from "./dialect.ts";
import { readPapo } from "./papo-codec.ts";
import { answerFields, updateFields } from "./papo-view.ts";

/** Failed logins of one Papo session before it is closed. */
const REFUSALS_MAX = 3;

/** The Papo dialect (docs/protocol/tracker.md). One serves all sessions of a tracker. */
export class PapoDialect implements Dialect {
  readonly name = "papo";
  readonly greets = true;
  readonly policy = {
    roomKinds: ["plain", "open", "invite"],
    capacityDefault: ROOM_CAPACITY_DEFAULT,
    seat: "papo",
    oneRoomAtATime: false,
    announcesRejoin: false,
    refusalsMax: REFUSALS_MAX,
  } as const;
  /** A room's update is encoded once for all who are shown the same addresses. */
  readonly #encoded = new WeakMap<RoomDelta, Map<string, Uint8Array>>();

  readonly read = readPapo;

  pong(): Said {
    return { cmd: "PONG" };
  }

  done(done: Done, { re }: Asked, viewer: Viewer): Said {
    return { status: "OK", re, ...answerFields(done, viewer) };
  }

  refused({ code, detail, retryAfterMs, statement }: Fault, { re }: Asked): Said {
    return {
      status: "ERROR",
      ...(re === undefined ? {} : { re }),
      code,
      msg: detail,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(statement === undefined ? {} : { statement }),
    };
  }

  announced(announcement: Announcement, viewer: Viewer): Said {
    if (announcement.kind === "room_updated") return this.#update(announcement, viewer);
    const { kind, ...fields } = announcement;
    return { status: STATUS[kind], ...fields };
  }

  closing({ code, detail, retryAfterMs }: Fault): Said | undefined {
    if (SILENT.has(code)) return undefined;
    return { status: "CLOSING", code, msg: detail, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }

  #update(delta: RoomDelta, viewer: Viewer): Uint8Array {
    const byView = this.#encoded.get(delta) ?? new Map<string, Uint8Array>();
    this.#encoded.set(delta, byView);
    const key = viewKey(viewer);
    const known = byView.get(key);
    if (known !== undefined) return known;

    const encoded = Buffer.from(JSON.stringify({ status: "ROOM_UPDATE", ...updateFields(delta, viewer) }));
    byView.set(key, encoded);
    return encoded;
  }
}

const STATUS = {
  room_closed: "ROOM_CLOSED",
  observed: "OBSERVED",
  called: "CALL",
  paths: "PATHS",
  punch: "PUNCH",
} as const;

/** Ends that the client asked for or can no longer hear of. */
const SILENT: ReadonlySet<Fault["code"]> = new Set(["closed", "lost", "dead", "too_slow"]);
