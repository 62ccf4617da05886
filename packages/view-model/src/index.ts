export { type Catalogue, catalogueOf } from "./catalogue/catalogue.ts";
export { type Language, LANGUAGES, languageOf, parseLanguage } from "./catalogue/language.ts";
export type {
  CommandName,
  DemoTexts,
  OptionName,
  PapoTexts,
  PlaceholderName,
  StorageProblem,
} from "./catalogue/papo-texts.ts";
export type { CommandId } from "./catalogue/text-shapes.ts";
export type { CommandScreen, ScreenKind, SlashCommand } from "./commands/command.ts";
export { type TypedLine, readLine } from "./commands/read-line.ts";
export { type CommandRefusal, runCommand } from "./commands/run-command.ts";
export { commandNamed, commandsOf } from "./commands/table.ts";
export { sameConversation } from "./conversation-key.ts";
export { faultSentence } from "./fault-sentence.ts";
export { expectEnd, feedStep, focusOn } from "./feed/feed.ts";
export { type FeedState, type FeedView, INITIAL_FEED } from "./feed/feed-state.ts";
export { keyChangeLines } from "./feed/keys.ts";
export { lastDeliveryLine, memberLines } from "./feed/member-list.ts";
export { messageLine } from "./feed/messages.ts";
export { clockTime, nameSpan, type ShownLine, type Span, textLine, timedLine } from "./feed/shown-line.ts";
export { shownMembers } from "./names/look-alikes.ts";
export { NAME_COLOURS, nameColour } from "./names/name-colour.ts";
export { shownName } from "./names/shown-name.ts";
export { shownRoomName } from "./names/shown-room-name.ts";
