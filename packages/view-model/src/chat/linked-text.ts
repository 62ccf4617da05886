import type { Span } from "../feed/shown-line.ts";

/** A line that is safe already, with what can be opened made a link. */
export function linkedText(line: string): readonly Span[] {
  if (!line.includes("://")) return [{ text: line }];
  const spans: Span[] = [];
  let from = 0;
  for (const match of line.matchAll(CANDIDATE)) {
    const address = addressIn(match[0]);
    if (address === undefined) continue;
    if (match.index > from) spans.push({ text: line.slice(from, match.index) });
    spans.push({ text: address, link: address });
    from = match.index + address.length;
  }
  if (from < line.length || spans.length === 0) spans.push({ text: line.slice(from) });
  return spans;
}

const CANDIDATE = /(?<![\p{L}\p{N}])(?:https?|papo):\/\/\S+/giu;
/** What belongs to the sentence around it. */
const SENTENCE_END: ReadonlySet<string> = new Set(".,;:!?'\"”’»…");
/** All that RFC 3986 lets an address consist of. */
const ADDRESS = /^[a-z]+:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/iu;

/** None where any other character stands in it: what looks like a letter of ASCII and is none leads somebody astray. */
function addressIn(candidate: string): string | undefined {
  const trimmed = withoutClosing(withoutSentenceEnd(candidate));
  return ADDRESS.test(trimmed) ? trimmed : undefined;
}

/** No pattern: one that ends in `+$` looks at a row of full stops once from each of them. */
function withoutSentenceEnd(candidate: string): string {
  let end = candidate.length;
  while (end > 0 && SENTENCE_END.has(candidate.charAt(end - 1))) end -= 1;
  return candidate.slice(0, end);
}

/** `(see https://example.org/a_(b))`: the last bracket was opened before the address. */
function withoutClosing(candidate: string): string {
  if (!candidate.endsWith(")")) return candidate;
  const opened = candidate.split("(").length;
  const closed = candidate.split(")").length;
  return closed > opened ? withoutSentenceEnd(candidate.slice(0, opened - closed)) : candidate;
}
