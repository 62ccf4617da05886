import { shownName } from "../names/shown-name.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";

/** A key that changed first; else the request of somebody who wants to write. */
export const accept: SlashCommand = {
  id: "accept",
  topic: "people",
  names: ["/accept", "/aceitar"],
  worksIn: ["room", "private", "menu"],
  takes: "something",
  arguments: ["person"],
  run: (screen, name) => decide(screen, name, "accept"),
};

export const block: SlashCommand = {
  id: "block",
  topic: "people",
  names: ["/block", "/bloquear"],
  worksIn: ["room", "private", "menu"],
  takes: "something",
  arguments: ["person"],
  run: (screen, name) => decide(screen, name, "block"),
};

async function decide(screen: CommandScreen, typed: string, answer: "accept" | "block"): Promise<void> {
  const { peer, texts } = screen;
  const bare = typed.replace(/^@/u, "");
  const isMeant = ({ username }: { readonly username: string }) => username.toLowerCase() === bare.toLowerCase();
  const request = peer.keyChanges().some(isMeant) ? undefined : peer.contactRequests().find(isMeant);
  if (request === undefined) return screen.decideKeyChange(bare, answer);
  const answered = await peer.answerContact(request.username, answer);
  if (!answered.ok) return screen.failedBy(answered.fault);
  const name = shownName(request.username);
  screen.succeeded(answer === "accept" ? texts.kept.contactAccepted(name) : texts.kept.contactBlocked(name));
}
