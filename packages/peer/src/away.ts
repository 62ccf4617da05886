import type { Clock, Timer } from "@papo/link";
import {
  AWAY_TEXT_BYTES_MAX,
  type AccountKey,
  type Outcome,
  STATUS_BURST,
  STATUS_EVERY_MS,
  type Username,
  fail,
  succeed,
} from "@papo/protocol";
import { Allowances } from "./addresses/allowances.ts";
import type { PeerEvent } from "./api.ts";
import type { PeerLink } from "./mesh/peer-link.ts";

export type AwayPorts = {
  readonly clock: Clock;
  readonly self: Username;
  /** All of them, those of keys that are not believed included. */
  readonly links: () => readonly PeerLink[];
  /** Open links that may be spoken on. */
  readonly linksTo: (username: Username) => readonly PeerLink[];
  readonly isTrusted: (link: PeerLink) => boolean;
  /** We have to do with them: a room, or an accepted private chat. Of strangers it is nobody's business who is there. */
  readonly mayKnowUs: (account: AccountKey) => boolean;
  readonly emit: (event: PeerEvent) => void;
  /** Rooms with this person look otherwise than before. */
  readonly changed: (username: Username) => void;
};

/** Who is away and what they say of it: this user, told to all who have to do with them, and others, for as long as they are linked. docs/protocol/peer.md §4.1 */
export class Away {
  readonly #ports: AwayPorts;
  #own: string | null = null;
  /** What each program has heard from us over the links that it has. */
  readonly #toldByProgram = new Map<string, string | null>();
  /** Of programs whose users are away. Another link with one takes the place of one before. */
  readonly #saidByProgram = new Map<string, string>();
  /** As it was told here. */
  readonly #awayByName = new Map<Username, string>();
  readonly #allowances: Allowances;
  /** They have changed their mind too often: what they say in the end is told later. */
  readonly #later = new Set<Username>();
  #timer: Timer | undefined;

  constructor(ports: AwayPorts) {
    this.#ports = ports;
    this.#allowances = new Allowances(ports.clock, { burst: STATUS_BURST, everyMs: STATUS_EVERY_MS });
  }

  // ---- this user

  get own(): string | null {
    return this.#own;
  }

  set(text: string | null): Outcome<string | null> {
    if (text !== null && (!text.isWellFormed() || Buffer.byteLength(text) > AWAY_TEXT_BYTES_MAX))
      return fail("bad_text", `away: limit ${AWAY_TEXT_BYTES_MAX} bytes`);
    if (text === this.#own) return succeed(text);
    this.#own = text;
    this.companyChanged();
    const { self, emit, changed } = this.#ports;
    emit({ kind: "away", username: self, text });
    changed(self);
    return succeed(text);
  }

  /** Others may know it than before. */
  companyChanged(): void {
    for (const link of this.#ports.links()) this.#tell(link);
  }

  #tell(link: PeerLink): void {
    const { isTrusted, mayKnowUs } = this.#ports;
    const { account } = link.party;
    const told = this.#toldByProgram.get(link.key);
    if (told === this.#own || account === null || !link.isOpen || !isTrusted(link)) return;
    // Whoever was told that we are away is told that we are back, though we have parted since.
    const mayHear = mayKnowUs(account) || (told !== undefined && this.#own === null);
    if (!mayHear || link.say({ kind: "status", away: this.#own }) === "closed") return;
    this.#toldByProgram.set(link.key, this.#own);
  }

  // ---- others

  /** Undefined: they are here, or not linked. */
  of(username: Username): string | undefined {
    return username === this.#ports.self ? (this.#own ?? undefined) : this.#awayByName.get(username);
  }

  /** The first with this program, or another one: it may have started anew, so it is told in any case. */
  linkOpened(link: PeerLink): void {
    this.#toldByProgram.delete(link.key);
    this.#tell(link);
    this.#look(link.party.username);
  }

  linkClosed({ key, party: { username } }: PeerLink): void {
    if (!this.#ports.links().some((link) => link.key === key)) {
      this.#saidByProgram.delete(key);
      this.#toldByProgram.delete(key);
    }
    // That they are gone tells enough.
    if (this.#ports.linksTo(username).length === 0) this.#awayByName.delete(username);
    else this.#look(username);
  }

  heard(link: PeerLink, away: string | null): void {
    const { account, username } = link.party;
    if (account === null) return;
    if (away === null) this.#saidByProgram.delete(link.key);
    else this.#saidByProgram.set(link.key, away);
    if (!this.#isNews(username)) return;
    if (this.#allowances.take(account)) return this.#look(username);
    this.#later.add(username);
    this.#timer ??= this.#ports.clock.after(STATUS_EVERY_MS, () => this.#lookAgain());
  }

  /** Another key counts for this name. */
  keyDecided(username: Username): void {
    this.companyChanged();
    this.#look(username);
  }

  #lookAgain(): void {
    this.#timer = undefined;
    const names = [...this.#later];
    this.#later.clear();
    for (const username of names) this.#look(username);
  }

  #isNews(username: Username): boolean {
    return this.#saidBy(username) !== this.#awayByName.get(username);
  }

  #look(username: Username): void {
    if (!this.#isNews(username)) return;
    const away = this.#saidBy(username);
    if (away === undefined) this.#awayByName.delete(username);
    else this.#awayByName.set(username, away);
    this.#ports.emit({ kind: "away", username, text: away ?? null });
    this.#ports.changed(username);
  }

  /** Somebody with several devices is away when all of them say so. */
  #saidBy(username: Username): string | undefined {
    // Of a key that is not believed nothing counts.
    const said = this.#ports.linksTo(username).map((link) => this.#saidByProgram.get(link.key));
    return said.includes(undefined) ? undefined : said.at(-1);
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
