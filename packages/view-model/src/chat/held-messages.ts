import type { Message } from "@papo/peer/api";
import { OWN_MESSAGES_REMEMBERED_MAX } from "@papo/protocol";
import { messageKey } from "./entry.ts";

/** Own messages that nobody has yet, as far as was told since the start. */
export class HeldMessages {
  readonly #held = new Set<string>();

  get count(): number {
    return this.#held.size;
  }

  /** True when the count is another. */
  tell(message: Message): boolean {
    if (!message.own) return false;
    const key = messageKey(message);
    if (message.delivery?.kind !== "held") return this.#held.delete(key);
    const { size } = this.#held;
    if (size < OWN_MESSAGES_REMEMBERED_MAX) this.#held.add(key);
    return this.#held.size !== size;
  }

  forget(): void {
    this.#held.clear();
  }
}
