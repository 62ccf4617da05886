import type { Clock } from "@papo/link";
import { SYNC_ROOMS_AT_ONCE_MAX, SYNC_UNREAD_BYTES_MAX } from "@papo/protocol";
import type { SyncLink } from "../../mesh/sync-link.ts";
import { MessageBudget } from "./message-budget.ts";
import { Serving, type ServingPorts } from "./serving.ts";

/** One link, as far as all rooms together use it. */
export class LinkTalk {
  readonly link: SyncLink;
  readonly budget: MessageBudget;
  readonly serving: Serving;
  #pulls = 0;
  #unreadBytes = 0;
  #isPaused = false;

  constructor(link: SyncLink, ports: ServingPorts & { readonly clock: Clock }) {
    this.link = link;
    this.budget = new MessageBudget(ports.clock);
    this.serving = new Serving(link, ports);
  }

  /** Takes one of the places for rooms that are brought up to date from this link. */
  takePlace(): boolean {
    if (this.#pulls >= SYNC_ROOMS_AT_ONCE_MAX) return false;
    this.#pulls += 1;
    return true;
  }

  givePlace(): void {
    this.#pulls -= 1;
  }

  get hasPlace(): boolean {
    return this.link.isOpen && this.#pulls < SYNC_ROOMS_AT_ONCE_MAX;
  }

  /** A flood is delayed, not refused: while too much waits to be stored, the link is not read. */
  arrived(bytes: number): void {
    this.#unreadBytes += bytes;
    if (this.#isPaused || this.#unreadBytes <= SYNC_UNREAD_BYTES_MAX) return;
    this.#isPaused = true;
    this.link.pauseReading();
  }

  settled(bytes: number): void {
    this.#unreadBytes -= bytes;
    if (!this.#isPaused || this.#unreadBytes * 2 > SYNC_UNREAD_BYTES_MAX) return;
    this.#isPaused = false;
    this.link.resumeReading();
  }
}
