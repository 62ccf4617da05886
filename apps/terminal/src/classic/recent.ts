import type { Conversation, Room } from "@papo/peer/api";
import type { RoomId, Username } from "@papo/protocol";

/** Where the user was, or was spoken to, last: offered as the answer when a menu asks for a name. */
export class Recent {
  #room: RoomId | undefined;
  #peer: Username | undefined;

  comesUp(conversation: Conversation): void {
    if (conversation.kind === "room") this.#room = conversation.id;
    else this.#peer = conversation.username;
  }

  forget(): void {
    this.#room = undefined;
    this.#peer = undefined;
  }

  /** The last one of these, or the only one. */
  roomOf(rooms: readonly Room[]): Room | undefined {
    return rooms.find(({ id }) => id === this.#room) ?? (rooms.length === 1 ? rooms[0] : undefined);
  }

  get peer(): Username | undefined {
    return this.#peer;
  }
}
