import type { DeviceKey } from "@papo/protocol";

/** How far one device has one author's chains; 0: nothing. */
export type Held = { readonly control: number; readonly content: number };

/** What an acknowledgement or a head has told that was not known. */
export type Growth = "none" | "control" | "content";

const NOTHING: Held = { control: 0, content: 0 };

/** What other devices say that they have stored of one room, on their own links: nobody else can say it for them. */
export class Holdings {
  readonly #heldByDevice = new Map<DeviceKey, Map<DeviceKey, Held>>();

  of(device: DeviceKey, author: DeviceKey): Held {
    return this.#heldByDevice.get(device)?.get(author) ?? NOTHING;
  }

  devices(): Iterable<DeviceKey> {
    return this.#heldByDevice.keys();
  }

  authors(device: DeviceKey): Iterable<readonly [DeviceKey, Held]> {
    return this.#heldByDevice.get(device) ?? [];
  }

  /** An acknowledgement: it only ever grows. */
  stored(device: DeviceKey, author: DeviceKey, { control, content }: Held): Growth {
    const known = this.of(device, author);
    const held = { control: Math.max(control, known.control), content: Math.max(content, known.content) };
    const growth = growthOf(known, held);
    if (growth !== "none") this.#set(device, author, held);
    return growth;
  }

  /** Heads: exactly this much, which is less than before where a cut has taken something away. */
  shown(device: DeviceKey, author: DeviceKey, held: Held): Growth {
    const known = this.of(device, author);
    if (held.control !== known.control || held.content !== known.content) this.#set(device, author, held);
    return growthOf(known, held);
  }

  /** A link of a large room is gone: only what it says about the messages of one author is kept. */
  forgetAllBut(device: DeviceKey, author: DeviceKey): void {
    const held = this.of(device, author);
    this.#heldByDevice.delete(device);
    if (held !== NOTHING) this.#set(device, author, held);
  }

  #set(device: DeviceKey, author: DeviceKey, held: Held): void {
    const byAuthor = this.#heldByDevice.get(device) ?? new Map<DeviceKey, Held>();
    byAuthor.set(author, held);
    this.#heldByDevice.set(device, byAuthor);
  }
}

function growthOf(before: Held, after: Held): Growth {
  if (after.content > before.content) return "content";
  return after.control > before.control ? "control" : "none";
}
