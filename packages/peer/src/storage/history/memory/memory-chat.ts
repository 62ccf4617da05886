import type { DeviceKey, MessageId } from "@papo/protocol";
import type { PrivateLine, PrivateReference, StoredChat, StoredPrivateMessage, StoredProgress } from "../history.ts";

/** What is kept of one private chat. */
export class MemoryChat {
  record: StoredChat | undefined;
  readonly #lines: PrivateLine[] = [];
  readonly #progress = new Map<string, StoredProgress>();

  put(message: StoredPrivateMessage, nextPosition: () => number): void {
    if (this.message(message.device, message.id) === undefined)
      this.#lines.push({ ...message, position: nextPosition() });
  }

  putProgress(progress: StoredProgress): void {
    this.#progress.set(`${progress.chain} ${progress.device}`, progress);
  }

  removeProgress({ chain, device }: Pick<StoredProgress, "chain" | "device">): void {
    this.#progress.delete(`${chain} ${device}`);
  }

  // ---- reading

  linesBefore(before: number | undefined, limit: number): readonly PrivateLine[] {
    const end = before ?? Number.MAX_SAFE_INTEGER;
    const lines = this.#lines.filter(({ shown, position }) => shown && position < end);
    return lines.slice(Math.max(0, lines.length - limit)).reverse();
  }

  linesAfter(after: number, limit: number): readonly PrivateLine[] {
    return this.#lines.filter(({ shown, position }) => shown && position > after).slice(0, limit);
  }

  message(device: DeviceKey, id: MessageId): PrivateLine | undefined {
    return this.#lines.find((line) => line.id === id && line.device === device);
  }

  byId(id: MessageId): PrivateLine | undefined {
    return this.#lines.find((line) => line.id === id && line.shown);
  }

  chain(device: DeviceKey, from: number, limit: number): readonly PrivateLine[] {
    const lines = this.#lines.filter((line) => line.device === device && line.seq !== null && line.seq >= from);
    return lines
      .sort((one, other) => (one.seq ?? 0) - (other.seq ?? 0) || one.position - other.position)
      .slice(0, limit);
  }

  superseding({ device, id }: PrivateReference): PrivateLine | undefined {
    return this.#lines.findLast(({ supersedes }) => supersedes?.id === id && supersedes.device === device);
  }

  heads() {
    const headByDevice = new Map<DeviceKey, { device: DeviceKey; own: boolean; seq: number; id: MessageId }>();
    for (const { device, own, seq, id } of this.#lines) {
      if (seq !== null && seq > (headByDevice.get(device)?.seq ?? 0))
        headByDevice.set(device, { device, own, seq, id });
    }
    return [...headByDevice.values()].sort((one, other) => (one.device < other.device ? -1 : 1));
  }

  unread(): number {
    const readUpTo = this.record?.readUpTo ?? 0;
    return this.#lines.filter(({ shown, own, position }) => shown && !own && position > readUpTo).length;
  }

  progress(): readonly StoredProgress[] {
    const keyOf = ({ chain, device }: StoredProgress) => `${chain} ${device}`;
    return [...this.#progress.values()].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  }

  /** Whatever a search may find. */
  texts(): readonly PrivateLine[] {
    return this.#lines;
  }
}
