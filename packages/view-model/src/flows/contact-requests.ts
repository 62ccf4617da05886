import type { ContactRequest } from "@papo/peer/api";
import { safeText } from "@papo/protocol";
import { excerptOf } from "../excerpt.ts";
import { faultSentence } from "../fault-sentence.ts";
import { nameSpan, textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import { ListModel } from "../panels/list-model.ts";
import type { Choice, ChoicePanel } from "../panels/panel.ts";
import type { TabbedScreen } from "./tabbed-screen.ts";

/** Strangers who want to write, of whom each is answered. A single one is asked about at once. */
export function openRequests(screen: TabbedScreen): void {
  const { texts, peer, tabs } = screen;
  const waiting = peer.contactRequests();
  const [only] = waiting;
  if (only === undefined) return screen.show([textLine(texts.kept.noRequests)]);
  if (waiting.length === 1) return openRequest(screen, only, () => undefined);
  const list = new ListModel<ContactRequest>({
    host: tabs.panels,
    title: texts.panels.requestsTitle,
    row: ({ username, text }) => ({
      key: username,
      spans: [nameSpan(username, shownName(username))],
      detail: [{ text: excerptOf(text), tone: "muted" }],
    }),
    choose: (request) =>
      openRequest(screen, request, () => {
        list.show(peer.contactRequests(), null);
        if (list.rows.length === 0) list.close();
      }),
  });
  list.show(waiting, null);
  tabs.panels.open(list);
}

function openRequest(screen: TabbedScreen, { username, text }: ContactRequest, answered: () => void): void {
  const { texts, peer, tabs } = screen;
  const { panels: said, kept } = texts;
  const name = shownName(username);
  const close = (): void => tabs.panels.close(panel);
  const answer =
    (given: "accept" | "ignore" | "block", says: string): Choice["run"] =>
    async () => {
      close();
      const done = await peer.answerContact(username, given);
      if (!done.ok) screen.failed(faultSentence(texts, done.fault));
      else if (given === "accept") tabs.open({ kind: "private", username }, [textLine(texts.feed.notice(says))]);
      else screen.succeeded(says);
      answered();
    };
  const panel: ChoicePanel = {
    kind: "choice",
    title: said.requestTitle(name),
    lines: [...(text === "" ? [] : [textLine(said.requestSays(safeText(text)))]), textLine(said.requestWhy)],
    choices: [
      { ...said.acceptRequest, run: answer("accept", kept.contactAccepted(name)) },
      { ...said.ignoreRequest, run: answer("ignore", kept.ignored(name)) },
      { ...said.blockRequest, tone: "bad", run: answer("block", kept.contactBlocked(name)) },
      { ...said.decideLater, run: close },
    ],
    selected: 3,
    dismiss: close,
  };
  tabs.panels.open(panel);
}
