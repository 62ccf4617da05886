import type { Fault } from "@papo/protocol";
import type { Catalogue } from "./catalogue/catalogue.ts";

/** What happened and what helps, in the reader's language. The fault's `detail` is for logs and is not shown. */
export function faultSentence(texts: Catalogue, fault: Fault): string {
  const { happened, advice } = texts.faults[fault.code];
  return `${happened} ${advice}`;
}
