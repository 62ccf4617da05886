import { actions as englishActions } from "./en/actions.ts";
import { chat as englishChat } from "./en/chat.ts";
import { classic as englishClassic } from "./en/classic.ts";
import { commands as englishCommands } from "./en/commands.ts";
import { composer as englishComposer } from "./en/composer.ts";
import { faults as englishFaults } from "./en/faults.ts";
import { feed as englishFeed } from "./en/feed.ts";
import { kept as englishKept } from "./en/kept.ts";
import { keys as englishKeys } from "./en/keys.ts";
import { panels as englishPanels } from "./en/panels.ts";
import { papo as englishPapo } from "./en/papo.ts";
import { reach as englishReach } from "./en/reach.ts";
import { screen as englishScreen } from "./en/screen.ts";
import type { Language } from "./language.ts";
import { actions as portugueseActions } from "./pt-br/actions.ts";
import { chat as portugueseChat } from "./pt-br/chat.ts";
import { classic as portugueseClassic } from "./pt-br/classic.ts";
import { commands as portugueseCommands } from "./pt-br/commands.ts";
import { composer as portugueseComposer } from "./pt-br/composer.ts";
import { faults as portugueseFaults } from "./pt-br/faults.ts";
import { feed as portugueseFeed } from "./pt-br/feed.ts";
import { kept as portugueseKept } from "./pt-br/kept.ts";
import { keys as portugueseKeys } from "./pt-br/keys.ts";
import { panels as portuguesePanels } from "./pt-br/panels.ts";
import { papo as portuguesePapo } from "./pt-br/papo.ts";
import { reach as portugueseReach } from "./pt-br/reach.ts";
import { screen as portugueseScreen } from "./pt-br/screen.ts";
import type { PapoTexts } from "./papo-texts.ts";
import type { CommandTexts, FaultTexts } from "./text-shapes.ts";

/**
 * Every text that a user reads. English gives the shape; another language that misses a key, or has one too many,
 * does not compile. What is handed to a function here is already safe to show.
 */
export type Catalogue = {
  readonly faults: FaultTexts;
  readonly commands: CommandTexts;
  readonly actions: typeof englishActions;
  readonly feed: typeof englishFeed;
  readonly classic: typeof englishClassic;
  readonly chat: typeof englishChat;
  readonly papo: PapoTexts;
  readonly panels: typeof englishPanels;
  readonly kept: typeof englishKept;
  /** What each key can be told to do. */
  readonly keys: typeof englishKeys;
  readonly composer: typeof englishComposer;
  readonly reach: typeof englishReach;
  readonly screen: typeof englishScreen;
  /** In which language an account's 24 words are written. */
  readonly wordList: "en" | "pt";
};

const CATALOGUES: Readonly<Record<Language, Catalogue>> = {
  en: {
    faults: englishFaults,
    commands: englishCommands,
    actions: englishActions,
    feed: englishFeed,
    classic: englishClassic,
    chat: englishChat,
    papo: englishPapo,
    panels: englishPanels,
    kept: englishKept,
    keys: englishKeys,
    composer: englishComposer,
    reach: englishReach,
    screen: englishScreen,
    wordList: "en",
  },
  "pt-BR": {
    faults: portugueseFaults,
    commands: portugueseCommands,
    actions: portugueseActions,
    feed: portugueseFeed,
    classic: portugueseClassic,
    chat: portugueseChat,
    papo: portuguesePapo,
    panels: portuguesePanels,
    kept: portugueseKept,
    keys: portugueseKeys,
    composer: portugueseComposer,
    reach: portugueseReach,
    screen: portugueseScreen,
    wordList: "pt",
  },
};

export function catalogueOf(language: Language): Catalogue {
  return CATALOGUES[language];
}
