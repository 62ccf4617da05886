import { type AccountKey, type DeviceKey, PRIVATE_PROGRESS_MAX } from "@papo/protocol";
import type { HistoryChange, StoredProgress } from "../../storage/history/history.ts";

/** How far the devices of one account have the chain that this device writes to it. */
export class Progress {
  readonly #account: AccountKey;
  readonly #chain: DeviceKey;
  readonly #byDevice = new Map<DeviceKey, StoredProgress>();
  readonly #changed = new Set<DeviceKey>();
  readonly #removed = new Set<DeviceKey>();
  #confirmed = 0;
  #read = 0;

  constructor(account: AccountKey, chain: DeviceKey, stored: readonly StoredProgress[]) {
    this.#account = account;
    this.#chain = chain;
    for (const one of stored) if (one.chain === chain) this.#keep(one);
  }

  /** The last message that some device has, and so the account. */
  get confirmed(): number {
    return this.#confirmed;
  }

  /** The last that the other user has read, as far as they tell. */
  get read(): number {
    return this.#read;
  }

  of(device: DeviceKey): StoredProgress {
    return this.#byDevice.get(device) ?? this.#meet(device);
  }

  /** Devices that the account does not list any more are owed nothing; whichever of them has most stays, as it says what the account has. */
  keepOnly(isListed: (device: DeviceKey) => boolean): void {
    for (const known of [...this.#byDevice.values()])
      if (!isListed(known.device) && !this.#isLastOf(known)) this.#remove(known.device);
  }

  /** Whether what the account has, or has read, is known by this device alone. */
  #isLastOf({ device, confirmed, read }: StoredProgress): boolean {
    const others = [...this.#byDevice.values()].filter((other) => other.device !== device);
    const isMost = confirmed > 0 && others.every((other) => other.confirmed < confirmed);
    return isMost || (read > 0 && others.every((other) => other.read < read));
  }

  #remove(device: DeviceKey): void {
    this.#byDevice.delete(device);
    this.#changed.delete(device);
    this.#removed.add(device);
  }

  /** The one that was met first, of those by whom nothing is known. */
  #makeRoom(): void {
    if (this.#byDevice.size < PRIVATE_PROGRESS_MAX) return;
    for (const known of this.#byDevice.values()) if (!this.#isLastOf(known)) return this.#remove(known.device);
  }

  /** A device that becomes known is owed what no other device has yet, and everything from then on. */
  #meet(device: DeviceKey): StoredProgress {
    const { confirmed } = this;
    this.#makeRoom();
    return this.#put({
      account: this.#account,
      chain: this.#chain,
      device,
      from: confirmed + 1,
      confirmed: 0,
      read: 0,
    });
  }

  confirm(device: DeviceKey, seq: number): void {
    const known = this.of(device);
    if (seq > known.confirmed) this.#put({ ...known, confirmed: seq });
  }

  markRead(device: DeviceKey, seq: number): void {
    const known = this.of(device);
    // Nobody has read what did not arrive.
    if (seq > known.read && seq <= known.confirmed) this.#put({ ...known, read: seq });
  }

  #put(progress: StoredProgress): StoredProgress {
    this.#keep(progress);
    this.#changed.add(progress.device);
    return progress;
  }

  #keep(progress: StoredProgress): void {
    this.#byDevice.set(progress.device, progress);
    this.#removed.delete(progress.device);
    this.#confirmed = Math.max(this.#confirmed, progress.confirmed);
    this.#read = Math.max(this.#read, progress.read);
  }

  /** What is to be stored since the last call. */
  takeChanges(): readonly HistoryChange[] {
    const changes = [...this.#changed].flatMap((device): readonly HistoryChange[] => {
      const progress = this.#byDevice.get(device);
      return progress === undefined ? [] : [{ kind: "put-progress", progress }];
    });
    const place = { account: this.#account, chain: this.#chain };
    const removals = [...this.#removed].map((device) => ({ kind: "remove-progress", ...place, device }) as const);
    this.#changed.clear();
    // One that could not be removed is, when the account is next looked at.
    this.#removed.clear();
    return [...changes, ...removals];
  }

  /** What was taken last could not be stored: it goes with the next. */
  keepChanges(): void {
    for (const device of this.#byDevice.keys()) this.#changed.add(device);
  }
}
