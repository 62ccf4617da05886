import { type Fault, SEED_ROOM_PLACES, SEED_TEXTS } from "@papo/protocol";
import type { Command, Done } from "../commands.ts";
import type { Announcement } from "../services/announcement.ts";
import type { Presence } from "../services/presence.ts";
import type { Asked, Dialect, Said, Viewer } from "./dialect.ts";
import { readSeed } from "./seed-codec.ts";
import { roomNamed, seedErrorText } from "./seed-texts.ts";
import { SeedView } from "./seed-view.ts";

/** The dialect of the founding programs (docs/protocol/seed.md). One serves all sessions of a tracker. */
export class SeedDialect implements Dialect {
  readonly name = "seed";
  readonly greets = false;
  readonly policy = {
    roomKinds: ["plain"],
    capacityDefault: SEED_ROOM_PLACES,
    seat: "seed",
    oneRoomAtATime: true,
    announcesRejoin: true,
    refusalsMax: 1,
  } as const;
  readonly #view: SeedView;

  constructor(presence: Presence) {
    this.#view = new SeedView(presence);
  }

  readonly read = readSeed;

  pong(): Said {
    return { cmd: "PONG" };
  }

  done({ cmd, command, answer }: Done, _asked: Asked, viewer: Viewer): Said | undefined {
    const room = roomNamed(command);
    switch (cmd) {
      case "REGISTER":
        return ok(SEED_TEXTS.registered);
      case "LOGIN":
        return ok(SEED_TEXTS.loggedIn);
      case "LIST_PEERS":
        return { status: "OK", peers: this.#view.peers(answer.peers, viewer) };
      case "LIST_ROOMS":
        return { status: "OK", rooms: this.#view.rooms(answer.rooms, viewer) };
      case "CREATE_ROOM":
        return ok(SEED_TEXTS.roomCreated(room));
      case "JOIN_ROOM":
        return {
          ...ok(SEED_TEXTS.joined(viewer.username ?? "", room)),
          room: this.#view.room(answer.live.room, answer.live, viewer),
        };
      case "LEAVE_ROOM":
        return ok(SEED_TEXTS.left(viewer.username ?? "", room));
      case "DELETE_ROOM":
        return ok(SEED_TEXTS.roomDeleted(room));
      case "HELLO":
      case "LOGOUT":
      case "FIND_PEER":
      case "LIST_MEMBERS":
      case "UNLATCH":
      case "ADMIT_MEMBER":
      case "REMOVE_MEMBER":
      case "TRANSFER_ROOM":
      case "ADDRESSES":
      case "OBSERVE":
      case "CHECK_REACH":
      case "CONNECT":
      case "ANSWER":
      case "PUNCH":
        return undefined;
    }
  }

  refused(fault: Fault, asked: Asked & { readonly command: Command | undefined }, viewer: Viewer): Said {
    const room = roomNamed(asked.command);
    const msg = seedErrorText({ fault, cmd: asked.cmd, room, username: viewer.username ?? "" });
    return { status: "ERROR", msg };
  }

  /** A deleted room is not announced: the original tracker does not, and its clients have no word for it. */
  announced(announcement: Announcement, viewer: Viewer): Said | undefined {
    if (announcement.kind !== "room_updated") return undefined;
    const { live } = announcement;
    const msg = SEED_TEXTS.roomUpdated(live.room.name);
    return { status: "ROOM_UPDATE", msg, room: this.#view.room(live.room, live, viewer) };
  }

  /** Only what concerns the user: for all else the end of the connection is what the original programs understand. */
  closing(fault: Fault): Said | undefined {
    const concerns = ["replaced", "identity_changed", "slow_down", "busy"].includes(fault.code);
    return concerns
      ? { status: "ERROR", msg: seedErrorText({ fault, cmd: undefined, room: "", username: "" }) }
      : undefined;
  }
}

function ok(msg: string): { readonly status: "OK"; readonly msg: string } {
  return { status: "OK", msg };
}
