import { type Username, USERNAME_CHARS_MAX, safeText } from "@papo/protocol";

/**
 * A username as it may stand on a screen. A name that could be registered today stays as it is; any other (an original
 * tracker's files may hold whatever they like) is quoted, so that no name can end early and forge what follows it.
 */
export function shownName(name: Username): string {
  const safe = safeText(name);
  if (USUAL.test(safe)) return safe;
  const characters = [...safe];
  const cut = characters.length > USERNAME_CHARS_MAX ? "…" : "";
  return `"${characters.slice(0, USERNAME_CHARS_MAX).join("").replaceAll('"', "″")}${cut}"`;
}

const USUAL = /^(?=.{1,64}$)[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u;
