/**
 * Where a message was said, as one more word of it in the index, so that a search in one room reads that room's messages only. The first
 * character is for private use: no word that somebody writes has it.
 */
export function roomPlace(room: number): string {
  return `\uE000r${room}`;
}

export function chatPlace(chat: number): string {
  return `\uE000c${chat}`;
}
