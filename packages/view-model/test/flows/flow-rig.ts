import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Conversation, PeerApi, SearchHit } from "@papo/peer/api";
import { parseTrackerAddress } from "@papo/protocol";
import { catalogueOf, type Language } from "@papo/view-model";
import type { TabKey, TabRow } from "../../src/chat/chat-view.ts";
import type { TabActions } from "../../src/commands/tab-actions.ts";
import { hasTabs, type TabbedScreen } from "../../src/flows/tabbed-screen.ts";
import type { ShownLine } from "../../src/feed/shown-line.ts";
import type { Choice, FormPanel, ListPanel, Panel } from "../../src/panels/panel.ts";
import { PanelStack } from "../../src/panels/panel-stack.ts";
import { ScriptedScreen } from "../scripted-peer.ts";

type Script = { readonly [Request in keyof PeerApi]?: PeerApi[Request] };

/** Panels over a peer that answers what the test lays out, handled as a screen handles them. */
export class FlowRig implements TabActions {
  readonly host = new PanelStack(() => {});
  readonly panels = this.host;
  readonly texts;
  readonly peer: PeerApi;
  readonly scripted: ScriptedScreen;
  readonly opened: Conversation[] = [];
  readonly activated: TabKey[] = [];
  readonly jumps: SearchHit[] = [];
  allowPlaintext = false;
  tabRows: readonly TabRow[] = [];
  quits = 0;

  constructor(script: Script = {}, language: Language = "en") {
    this.texts = catalogueOf(language);
    const tracker = parseTrackerAddress("papo://127.0.0.1:6060");
    assert.ok(tracker.ok);
    this.scripted = new ScriptedScreen(language, {
      trackerAddress: tracker.value,
      trackerState: () => ({ kind: "idle" }),
      ...script,
    });
    this.scripted.tabs = this;
    this.peer = this.scripted.peer;
  }

  get screen(): TabbedScreen {
    assert.ok(hasTabs(this.scripted));
    return this.scripted;
  }

  /** What was answered in the tab. */
  get said(): readonly string[] {
    return this.scripted.shown;
  }

  open(conversation: Conversation, says: readonly ShownLine[] = []): void {
    this.opened.push(conversation);
    this.scripted.show(says);
  }

  rows(): readonly TabRow[] {
    return this.tabRows;
  }
  activate(key: TabKey): void {
    this.activated.push(key);
  }
  jumpTo(hit: SearchHit): void {
    this.jumps.push(hit);
  }
  scrollBack(): boolean {
    return false;
  }
  quit(): void {
    this.quits += 1;
  }
  closeActive(): void {}
  clear(): void {}
  replyTo(): void {}
  fillLine(): void {}
  markUnread(): void {}
  markAllRead(): void {}
  openSwitcher(): void {}

  async completePath(): Promise<readonly string[]> {
    return ["backup.papo", "backups/"];
  }

  get front(): Panel {
    assert.ok(this.host.front !== undefined, "no panel is open");
    return this.host.front;
  }

  get form(): FormPanel {
    assert.ok(this.front.kind === "form", `a ${this.front.kind} is in front`);
    return this.front;
  }

  get list(): ListPanel {
    assert.ok(this.front.kind === "list", `a ${this.front.kind} is in front`);
    return this.front;
  }

  /** By its letter. */
  async chooses(key: string): Promise<void> {
    const { front } = this;
    const choices: readonly Choice[] = front.kind === "form" ? [] : front.choices;
    const choice = choices.find((candidate) => candidate.key === key);
    assert.ok(choice !== undefined, `no choice ${key} in ${front.title}`);
    void choice.run();
    await settled();
  }

  async fills(...values: readonly string[]): Promise<void> {
    const { form } = this;
    for (const [at, value] of values.entries()) form.setValue(at, value);
    void form.submit();
    await settled();
  }

  /** Everything that the panel in front shows. */
  shown(): string {
    return shownBy(this.front).join("\n");
  }
}

/** All that had an answer has it. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
}

export function shownBy(panel: Panel): readonly string[] {
  const rows =
    panel.kind === "list"
      ? panel.rows.flatMap(({ spans, detail }) => [...spans, ...detail].map(({ text }) => text))
      : panel.lines.map(textOf);
  const choices = panel.kind === "form" ? [] : panel.choices.map(({ key, label }) => `[${key}] ${label}`);
  const fields =
    panel.kind === "form"
      ? panel.fields.map(({ label, help, value, isSecret }) => `${label}: ${isSecret ? "" : value} ${help}`)
      : [];
  const remark = panel.kind === "form" ? [panel.remark?.text ?? ""] : panel.kind === "list" ? [panel.remark ?? ""] : [];
  return [panel.title, ...rows, ...fields, ...choices, ...remark];
}

function textOf({ spans, more = [] }: ShownLine): string {
  return [spans.map(({ text }) => text).join(""), ...more].join("\n");
}
