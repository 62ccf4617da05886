import { fail } from "@papo/protocol";
import type { Handler } from "../../domain.ts";
import { isCallable } from "../../services/introductions.ts";
import { checkTerms } from "./check-terms.ts";

/** docs/protocol/tracker.md §7.4 */
export const answer: Handler<"ANSWER"> = async (command, { online }, { introductions }) => {
  if (!isCallable(online)) return fail("unknown_command", "a session with a device");
  const terms = checkTerms(command, online);
  if (!terms.ok) return terms;
  return introductions.answer(online, command.call, { ...terms.value, accept: command.accept });
};
