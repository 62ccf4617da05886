/** How `/me waves` goes over the wire: the text as it was typed, which older programs show as it is. */
const SIGN = "/me ";

/** What somebody does, of a message that says so (`* gabi waves`); undefined when it is something said. */
export function actionOf(content: string): string | undefined {
  if (!content.startsWith(SIGN)) return undefined;
  const done = content.slice(SIGN.length).trim();
  return done === "" ? undefined : done;
}

/** The text of a message by which its author does this. */
export function actionText(done: string): string {
  return `${SIGN}${done}`;
}
