import type { Clock } from "@papo/link";
import {
  type AccountKey,
  CONTACT_REQUEST_CHARS_MAX,
  CONTACT_REQUESTS_PENDING_MAX,
  CONTACT_REQUESTS_PER_DAY_MAX,
  type FaultCode,
} from "@papo/protocol";
import type { HistoryChange, HistoryReader, StoredChat } from "../../storage/history/history.ts";

const DAY_MS = 86_400_000;
const SETTING = "private/asked";

/** What becomes of a message. `ask`: the user is asked whether to talk with them; `withText`: what they wrote is short enough to be shown for it. */
export type Admission =
  | { readonly kind: "take"; readonly opens: boolean }
  | { readonly kind: "ask"; readonly withText: boolean }
  | { readonly kind: "refuse"; readonly code: FaultCode };

/** Whether we wrote first, and do not know yet whether they accept it. */
export function isAsking(state: StoredChat["state"] | undefined): boolean {
  return state === "asking" || state === "unanswered";
}

/** Who may write here: acquaintances at once, strangers one short request, and not too many of them. docs/protocol/private-chats.md §5 */
export class ContactDesk {
  readonly #clock: Clock;
  readonly #pending = new Set<AccountKey>();
  /** When strangers asked in the last day, by the wall clock. */
  #askedMs: readonly number[];

  constructor(clock: Clock, history: HistoryReader) {
    this.#clock = clock;
    this.#askedMs = readTimes(history.setting(SETTING));
    for (const { account, state } of history.chats()) if (state === "asked") this.#pending.add(account);
  }

  judge(
    state: StoredChat["state"] | undefined,
    from: { readonly isAcquainted: () => boolean; readonly chars: number },
  ): Admission {
    switch (state) {
      case "open":
        return { kind: "take", opens: false };
      case "asking":
      case "unanswered":
        // They write back: that is an answer.
        return { kind: "take", opens: true };
      case "asked":
        return from.isAcquainted() ? { kind: "take", opens: true } : { kind: "refuse", code: "not_accepted" };
      case "ignored":
      case "blocked":
        return { kind: "refuse", code: "not_accepted" };
      case undefined:
        if (from.isAcquainted()) return { kind: "take", opens: true };
        return this.#hasRoom()
          ? { kind: "ask", withText: from.chars <= CONTACT_REQUEST_CHARS_MAX }
          : { kind: "refuse", code: "busy" };
    }
  }

  #hasRoom(): boolean {
    this.#forgetOld();
    return this.#pending.size < CONTACT_REQUESTS_PENDING_MAX && this.#askedMs.length < CONTACT_REQUESTS_PER_DAY_MAX;
  }

  /** Somebody asks. To be stored with the chat. */
  asked(account: AccountKey): HistoryChange {
    this.#forgetOld();
    this.#pending.add(account);
    this.#askedMs = [...this.#askedMs, this.#clock.wallMs()];
    return { kind: "put-setting", name: SETTING, value: JSON.stringify(this.#askedMs) };
  }

  /** Answered, or not stored after all. */
  settled(account: AccountKey): void {
    this.#pending.delete(account);
  }

  /** Times that lie ahead are a clock that was set back: they count, for a day at most. */
  #forgetOld(): void {
    const nowMs = this.#clock.wallMs();
    this.#askedMs = this.#askedMs.filter((askedMs) => Math.abs(nowMs - askedMs) < DAY_MS);
  }
}

function readTimes(text: string | undefined): readonly number[] {
  if (text === undefined) return [];
  const times: unknown = JSON.parse(text);
  return Array.isArray(times) ? times.filter((time): time is number => Number.isSafeInteger(time)) : [];
}
