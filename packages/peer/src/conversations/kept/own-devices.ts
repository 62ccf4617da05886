import { openStatement } from "@papo/link";
import { CUT_DEVICES_MAX, type Cut, type DeviceKey, type EntryId, type RoomId } from "@papo/protocol";
import { formerDevices } from "../../identity/former-devices.ts";
import type { StoredEntry } from "../../storage/history/history.ts";
import type { KeptPorts } from "./kept-ports.ts";
import type { KeptRoom } from "./kept-room.ts";
import { cutsOf } from "./log-cuts.ts";
import { contentOf } from "./read-entry.ts";
import type { RoomEntrances } from "./room-entrances.ts";
import type { RoomShelf } from "./room-shelf.ts";

/**
 * What a device has to write into its rooms because of which device it is: that it begins to write; up to where an earlier device of its account counts that was
 * revoked; and again what it said itself, under keys that it had to give up, where that counts no more. docs/protocol/room-log.md §4.8
 */
export class OwnDevices {
  readonly #ports: KeptPorts;
  readonly #shelf: RoomShelf;
  readonly #entrances: RoomEntrances;
  readonly #busy = new Set<RoomId>();
  #isKnown = false;

  constructor(ports: KeptPorts, shelf: RoomShelf, entrances: RoomEntrances) {
    this.#ports = ports;
    this.#shelf = shelf;
    this.#entrances = entrances;
  }

  /** The tracker has taken our statement: from now on it may stand in logs. Before, another device of ours may still be first. */
  known(): void {
    this.#isKnown = true;
    for (const room of this.#shelf.all()) this.look(room);
  }

  /** The room says something else than before, or we have what the others have. */
  look(room: KeptRoom): void {
    if (!this.#isKnown || room.standing !== "member" || this.#busy.has(room.id)) return;
    if (this.#isRevokedIn(room)) return;
    this.#busy.add(room.id);
    void this.#settle(room).finally(() => this.#busy.delete(room.id));
  }

  async #settle(room: KeptRoom): Promise<void> {
    for (let before: unknown; room.state !== before && room.standing === "member"; ) {
      before = room.state;
      if (!room.mayWrite(room.ownDevice)) await this.#enter(room);
      else {
        await this.#revoke(room);
        await this.#sayAgain(room);
      }
    }
  }

  /** Our account's own word, brought by anybody, that this device is no more: another copy of it was first. */
  #isRevokedIn(room: KeptRoom): boolean {
    const { statement: own } = this.#ports.own();
    const signed = room.state.memberByAccount.get(room.self)?.statement;
    if (signed === undefined || signed.text === own.signed.text) return false;
    const opened = openStatement(signed);
    if (!opened.ok || opened.value.version <= own.statement.version) return false;
    const isRevoked = opened.value.devices.some(
      (listed) => listed.device === room.ownDevice && listed.revoked !== null,
    );
    if (isRevoked) this.#ports.revoked(signed);
    return isRevoked;
  }

  /** An account's first device in a room joins; others are named by one that has begun, or by the account's statement. */
  async #enter(room: KeptRoom): Promise<void> {
    const { statement } = this.#ports.own();
    const others = statement.statement.devices.filter(({ device }) => device !== room.ownDevice);
    const hasBegun = others.some(({ device }) => room.state.accountOf(device) === room.self);
    if (hasBegun) await this.#writeDevice(room, []);
    // In an open room it has joined with a ticket, unless it was barred and let in again.
    else if (room.state.genesis?.room === "invite" || !room.state.forked.has(room.ownDevice))
      await this.#entrances.begin(room);
  }

  /**
   * Nothing that a revoked device wrote may be lost by this: so the cut waits until we have what everybody has who is linked. Until then the device counts, as it did.
   */
  async #revoke(room: KeptRoom): Promise<void> {
    const isOpenEnded = (device: DeviceKey): boolean =>
      room.state.spans(device, "content").at(-1)?.[1] === Number.POSITIVE_INFINITY;
    const { devices } = this.#ports.own().statement.statement;
    const revoked = devices.filter(({ device, revoked }) => revoked !== null && isOpenEnded(device));
    const uncut = new Set(revoked.map(({ device }) => device));
    if (uncut.size === 0 || !this.#ports.spread.isCaughtUp(room.id)) return;
    const cuts = cutsOf(room.replica, room.self).filter(({ device }) => uncut.has(device));
    if (cuts.length > 0) await this.#writeDevice(room, cuts.slice(0, CUT_DEVICES_MAX));
  }

  async #writeDevice(room: KeptRoom, cuts: readonly Cut[]): Promise<void> {
    const { signed } = this.#ports.own().statement;
    const content = room.replica.head(room.ownDevice, "content") + 1;
    await room.writer.write({
      chain: "control",
      kind: "device",
      body: { statement: signed, cuts: [...cuts], content },
    });
  }

  /** Texts of ours beyond a cut: written by a device that this one was, while another copy of it went on elsewhere. */
  async #sayAgain(room: KeptRoom): Promise<void> {
    for (const device of formerDevices(this.#ports.history, room.ownDevice).toReversed()) {
      if (room.state.accountOf(device) !== room.self) continue;
      const last = room.state.spans(device, "content").at(-1)?.[1] ?? 0;
      for (let seq = last + 1; seq < Number.POSITIVE_INFINITY; seq += 1) {
        const entry = this.#ports.history.entryAt(room.id, device, "content", seq);
        if (entry === undefined) break;
        if (entry.isVoid && !(await this.#saidAgain(room, entry))) return;
      }
    }
  }

  /** False: nothing can be written now. */
  async #saidAgain(room: KeptRoom, entry: StoredEntry): Promise<boolean> {
    const content = contentOf(entry);
    if (content?.kind !== "message") return true;
    const { text, replyTo, supersedes = entry.id } = content.body;
    if (this.#stands(room, supersedes)) return true;
    const body = { text, ...(replyTo === undefined ? {} : { replyTo }), supersedes };
    return (await room.writer.write({ chain: "content", kind: "message", body })).ok;
  }

  #stands(room: KeptRoom, target: EntryId): boolean {
    const about = this.#ports.history.about(room.id, [target]);
    return about.some((entry) => {
      const content = entry.isVoid ? undefined : contentOf(entry);
      const isSame = content?.kind === "message" && content.body.supersedes === target;
      return isSame && room.state.accountOf(entry.author) === room.self;
    });
  }
}
