import { type Clock, type Timer, verifyText } from "@papo/link";
import {
  type DeviceKey,
  FULL_MESH_MEMBERS_MAX,
  RECEIPT_BYTES_MAX,
  RECEIPT_DEVICES_MAX,
  RECEIPT_INTERVAL_MS,
  type Receipt,
  SIGNATURE_CONTEXTS,
  type SignedText,
  decodeWith,
  parseStrictJson,
  receipt as receiptSchema,
} from "@papo/protocol";
import type { StoredReceipt } from "../../storage/history/history.ts";
import type { RoomReplica } from "../log/room-replica.ts";
import type { SharedRoom } from "./shared-room.ts";
import type { RoomSyncPorts, UpTo } from "./sync-ports.ts";

/** A device's newest receipt, read. */
export type Kept = {
  readonly count: number;
  readonly signed: SignedText;
  readonly stored: ReadonlyMap<DeviceKey, number>;
  readonly read: ReadonlyMap<DeviceKey, number> | null;
};

export type ReceiptsPorts = {
  readonly clock: Clock;
  readonly self: RoomSyncPorts["self"];
  readonly replica: RoomReplica;
  readonly sync: Pick<RoomSyncPorts, "signReceipt" | "receipts" | "keepReceipt" | "readUpTo">;
  readonly shared: () => Iterable<SharedRoom>;
  /** A newer one is known of this device, by which these authors' entries may be stored or read further. */
  readonly changed: (authors: Iterable<DeviceKey>) => void;
  readonly passedOver: () => void;
};

/**
 * Who has what of one room, in words that can be passed on: the newest receipt of each device, signed by it. Only in rooms where everybody may be linked with
 * everybody. docs/protocol/room-log.md §8.2
 */
export class Receipts {
  readonly #ports: ReceiptsPorts;
  readonly #keptByDevice = new Map<DeviceKey, Kept>();
  #timer: Timer | undefined;
  #isWriting = false;

  constructor(ports: ReceiptsPorts) {
    this.#ports = ports;
    for (const { device, signed } of ports.sync.receipts(ports.replica.id)) {
      const read = readReceipt(signed);
      if (read !== undefined) this.#keptByDevice.set(device, read.kept);
    }
  }

  get(device: DeviceKey): Kept | undefined {
    return this.#keptByDevice.get(device);
  }

  all(): Iterable<readonly [DeviceKey, Kept]> {
    return this.#keptByDevice;
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** Something was stored or read here: a new receipt is due. */
  due(): void {
    if (this.#timer !== undefined || !this.#isSmall()) return;
    this.#timer = this.#ports.clock.after(RECEIPT_INTERVAL_MS, () => {
      this.#timer = undefined;
      void this.#write();
    });
  }

  // ---- others' receipts

  async heard({ receipt, kept: newer }: ReadReceipt): Promise<void> {
    if (!this.#isSmall()) return;
    const { replica, self, changed } = this.#ports;
    if (!this.#canBe(receipt)) return this.#ports.passedOver();
    const { device, count } = receipt;
    const { signed } = newer;
    // Most come more than once, and are not even verified then.
    if (device === self.device || count <= (this.#keptByDevice.get(device)?.count ?? 0)) return;
    if (!verifyText(device, SIGNATURE_CONTEXTS.receipt, signed)) return this.#ports.passedOver();

    const kept = await this.#ports.sync.keepReceipt({ room: replica.id, device, count, signed });
    if (!kept.ok || count <= (this.#keptByDevice.get(device)?.count ?? 0)) return;
    this.#keptByDevice.set(device, newer);
    changed(newer.stored.keys());
    for (const shared of this.#ports.shared()) if (shared.carriesFor.has(device)) this.tell(shared, device);
  }

  /** Passes a device's newest receipt on, if that was not done. */
  tell(shared: SharedRoom, device: DeviceKey): void {
    const kept = this.#keptByDevice.get(device);
    if (kept === undefined || !this.#isSmall() || shared.standing !== "member") return;
    if (shared.link.device === device || (shared.receiptToldByDevice.get(device) ?? 0) >= kept.count) return;
    shared.receiptToldByDevice.set(device, kept.count);
    shared.link.say({ cmd: "RECEIPT", receipt: kept.signed });
  }

  /** P15: of a member's device in this room, and not beyond what was ever written here. */
  #canBe({ room, device, stored, read }: Receipt): boolean {
    const { replica, self } = this.#ports;
    if (room !== replica.id) return false;
    const account = replica.state.accountOf(device);
    if (account === undefined || !replica.state.memberByAccount.has(account)) return false;
    const written = replica.head(self.device, "content");
    return [...stored, ...(read ?? [])].every(([author, seq]) => author !== self.device || seq <= written);
  }

  // ---- our own

  async #write(): Promise<void> {
    const { replica, self, sync } = this.#ports;
    const last = this.#keptByDevice.get(self.device);
    const stored = this.#stored();
    const read = sync.readUpTo(replica.id)?.slice(0, RECEIPT_DEVICES_MAX) ?? null;
    if (this.#isWriting || !this.#isSmall()) return;
    if (last !== undefined && isSame(last.stored, stored) && isSame(last.read, read)) return;

    const count = (last?.count ?? 0) + 1;
    const signed = sync.signReceipt({
      ...{ v: 1, room: replica.id, device: self.device, count },
      stored: stored.map(([device, seq]) => [device, seq]),
      read: read?.map(([device, seq]) => [device, seq]) ?? null,
    });
    this.#isWriting = true;
    const kept = await sync.keepReceipt({
      room: replica.id,
      device: self.device,
      count,
      signed,
    } satisfies StoredReceipt);
    this.#isWriting = false;
    if (!kept.ok) return this.due();
    this.#keptByDevice.set(self.device, {
      ...{ count, signed, stored: new Map(stored) },
      read: read === null ? null : new Map(read),
    });
    for (const shared of this.#ports.shared()) this.tell(shared, self.device);
  }

  #stored(): UpTo {
    const held = this.#ports.replica.heads().flatMap(({ device, content }) => {
      return content === null ? [] : [[device, content[0]] as const];
    });
    return held.slice(0, RECEIPT_DEVICES_MAX);
  }

  #isSmall(): boolean {
    return this.#ports.replica.state.memberByAccount.size <= FULL_MESH_MEMBERS_MAX;
  }
}

export type ReadReceipt = { readonly receipt: Receipt; readonly kept: Kept };

/** What a receipt says; whether it is its device's, nobody has looked yet. */
export function readReceipt(signed: SignedText): ReadReceipt | undefined {
  if (Buffer.byteLength(signed.text) > RECEIPT_BYTES_MAX) return undefined;
  const parsed = parseStrictJson(signed.text);
  const decoded = parsed.ok ? decodeWith(receiptSchema, parsed.value) : parsed;
  if (!decoded.ok) return undefined;
  const { count, stored, read } = decoded.value;
  const kept = { count, signed, stored: new Map(stored), read: read === null ? null : new Map(read) };
  return { receipt: decoded.value, kept };
}

function isSame(before: ReadonlyMap<DeviceKey, number> | null, now: UpTo | null): boolean {
  if (before === null || now === null) return before === now;
  return before.size === now.length && now.every(([device, seq]) => before.get(device) === seq);
}
