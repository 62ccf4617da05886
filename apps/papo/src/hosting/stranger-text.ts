import type { Answerer } from "@papo/link";
import { quoteSafe, safeText } from "@papo/protocol";
import type { PapoTexts } from "@papo/view-model/command-texts";

/** Of what a stranger says, so much is shown. */
const SHOWN_CHARS_MAX = 60;

/** What answers instead of a tracker, and what the user can do: several lines. */
export function strangerLines(
  answerer: Answerer,
  { place, configFile }: { readonly place: string; readonly configFile: string },
  texts: PapoTexts,
): readonly string[] {
  const { hosting } = texts;
  const advice = answerer.kind === "original" ? [hosting.chooseOriginal(place)] : [];
  return [hosting.stranger(place, whatItIs(answerer, texts)), ...advice, hosting.chooseAnother(safeText(configFile))];
}

function whatItIs(answerer: Answerer, { stranger }: PapoTexts): string {
  switch (answerer.kind) {
    case "http":
      return stranger.http(answerer.server === undefined ? undefined : shown(answerer.server));
    case "ssh":
      return stranger.ssh(shown(answerer.banner));
    case "speaks":
      return stranger.speaks(quoteSafe(answerer.text, SHOWN_CHARS_MAX));
    case "original":
      return stranger.original;
    case "tls":
      return stranger.tls;
    case "hangs-up":
      return stranger.hangsUp;
    case "silent":
    case "nobody":
    case "papo":
      return stranger.silent;
  }
}

function shown(text: string): string {
  return safeText(text.slice(0, SHOWN_CHARS_MAX));
}
