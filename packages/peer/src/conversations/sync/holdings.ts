import type { AccountKey, DeviceKey } from "@papo/protocol";

/** How far one device has one author's chains; 0: nothing. */
export type Held = { readonly control: number; readonly content: number };

/** What an acknowledgement or a head has told that was not known. */
export type Growth = "none" | "control" | "content";

/**
 * Who has it: the account that a link has proven, and a device that it says is its own. Both, because an account may list anybody's device key; what it says
 * counts for that account alone.
 */
export type Holder = { readonly account: AccountKey; readonly device: DeviceKey };

const NOTHING: Held = { control: 0, content: 0 };

/** What other devices say that they have stored of one room, on their own links: nobody else can say it for them. */
export class Holdings {
  readonly #kept = new Map<string, { readonly account: AccountKey; readonly heldByAuthor: Map<DeviceKey, Held> }>();

  of(holder: Holder, author: DeviceKey): Held {
    return this.#kept.get(nameOf(holder))?.heldByAuthor.get(author) ?? NOTHING;
  }

  authors(holder: Holder): Iterable<readonly [DeviceKey, Held]> {
    return this.#kept.get(nameOf(holder))?.heldByAuthor ?? [];
  }

  /** Adds accounts with a device that has this author's content up to that number. */
  addAccountsWith(author: DeviceKey, seq: number, accounts: Set<AccountKey>): void {
    for (const { account, heldByAuthor } of this.#kept.values())
      if ((heldByAuthor.get(author)?.content ?? 0) >= seq) accounts.add(account);
  }

  /** An acknowledgement: it only ever grows. */
  stored(holder: Holder, author: DeviceKey, { control, content }: Held): Growth {
    const known = this.of(holder, author);
    const held = { control: Math.max(control, known.control), content: Math.max(content, known.content) };
    const growth = growthOf(known, held);
    if (growth !== "none") this.#set(holder, author, held);
    return growth;
  }

  /** Heads: exactly this much, which is less than before where a cut has taken something away. */
  shown(holder: Holder, author: DeviceKey, held: Held): Growth {
    const known = this.of(holder, author);
    if (held.control !== known.control || held.content !== known.content) this.#set(holder, author, held);
    return growthOf(known, held);
  }

  /** A link of a large room is gone: only what it says about the messages of one author is kept. */
  forgetAllBut(holder: Holder, author: DeviceKey): void {
    const held = this.of(holder, author);
    this.#kept.delete(nameOf(holder));
    if (held !== NOTHING) this.#set(holder, author, held);
  }

  #set(holder: Holder, author: DeviceKey, held: Held): void {
    const name = nameOf(holder);
    const kept = this.#kept.get(name) ?? { account: holder.account, heldByAuthor: new Map<DeviceKey, Held>() };
    kept.heldByAuthor.set(author, held);
    this.#kept.set(name, kept);
  }
}

function nameOf({ account, device }: Holder): string {
  return `${account} ${device}`;
}

function growthOf(before: Held, after: Held): Growth {
  if (after.content > before.content) return "content";
  return after.control > before.control ? "control" : "none";
}
