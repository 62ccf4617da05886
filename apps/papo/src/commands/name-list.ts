import { NAME_BYTES_MAX, quoteSafe } from "@papo/protocol";
import type { PapoTexts } from "@papo/view-model/command-texts";

const NAMES_SHOWN_MAX = 20;

/** Names from a file or a store, safe to show, and how many more there are. */
export function nameList(names: readonly string[], { transfer }: PapoTexts): string {
  const shown = names.slice(0, NAMES_SHOWN_MAX).map((name) => quoteSafe(name, NAME_BYTES_MAX));
  const more = names.length - shown.length;
  return [...shown, ...(more > 0 ? [transfer.andMore(more)] : [])].join(", ");
}
