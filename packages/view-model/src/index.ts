export { type Catalogue, catalogueOf } from "./catalogue/catalogue.ts";
export { type Language, LANGUAGES, languageOf, parseLanguage } from "./catalogue/language.ts";
export type { Chat } from "./chat/chat.ts";
export { openChat } from "./chat/open-chat.ts";
export type { ChatClock, ChatPeer, ChatPorts } from "./chat/chat-ports.ts";
export type {
  Alert,
  Attention,
  Banner,
  ConnectionBadge,
  DeliveryMark,
  Header,
  MemberRow,
  Members,
  MessageItem,
  Presence,
  StatusView,
  TabKey,
  TabRow,
  Timeline,
  TimelineItem,
} from "./chat/chat-view.ts";
export type { Completion } from "./composer/completion.ts";
export { completeLine } from "./composer/complete-line.ts";
export { type CompletionContext, completionContext } from "./composer/completion-context.ts";
export { fuzzyRank, fuzzyScore } from "./composer/fuzzy.ts";
export { usageHint } from "./composer/usage-hint.ts";
export type {
  Choice,
  ChoicePanel,
  FormField,
  FormPanel,
  ListPanel,
  ListRow,
  Panel,
  TextPanel,
} from "./panels/panel.ts";
export type { CommandId } from "./catalogue/text-shapes.ts";
export type { CommandScreen, ScreenKind, SlashCommand } from "./commands/command.ts";
export { helpList, helpOn } from "./commands/help-lines.ts";
export { isAway, personRefusal, roomRefusal } from "./commands/refusals.ts";
export { type TypedLine, readLine } from "./commands/read-line.ts";
export { type CommandRefusal, runCommand } from "./commands/run-command.ts";
export { Shelf } from "./commands/shelf.ts";
export { commandNamed, commandsOf } from "./commands/table.ts";
export { sameConversation } from "./conversation-key.ts";
export { doctorLines } from "./doctor/doctor-lines.ts";
export { excerptOf } from "./excerpt.ts";
export { faultSentence } from "./fault-sentence.ts";
export { expectEnd, feedStep, focusOn } from "./feed/feed.ts";
export { isInUse, isKeyRefused, usableAccounts } from "./flows/accounts-here.ts";
export { awaitEntry, standingTexts } from "./feed/room-standing.ts";
export { type FeedState, type FeedView, INITIAL_FEED } from "./feed/feed-state.ts";
export { keptLines } from "./feed/kept-lines.ts";
export { requestLines } from "./feed/kept.ts";
export { decided, keyChangeLines, ownKeyLine } from "./feed/keys.ts";
export { lastDeliveryLine, memberLines } from "./feed/member-list.ts";
export { messageLine } from "./feed/messages.ts";
export { trackerLines } from "./feed/tracker.ts";
export {
  clockTime,
  dayOf,
  nameSpan,
  type ShownLine,
  type Span,
  textLine,
  timedLine,
  type Tone,
} from "./feed/shown-line.ts";
export { shownMembers } from "./names/look-alikes.ts";
export { NAME_COLOURS, nameColour } from "./names/name-colour.ts";
export { shownName } from "./names/shown-name.ts";
export { shownRoomName } from "./names/shown-room-name.ts";
