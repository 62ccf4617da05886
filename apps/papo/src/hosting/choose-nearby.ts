import { join } from "node:path";
import { probe, systemClock } from "@papo/link";
import { keyMetAt } from "@papo/peer";
import { formatTrackerAddress, safeText, type TrackerAddress } from "@papo/protocol";
import { askLines } from "@papo/terminal";
import type { Invocation } from "../commands/command.ts";
import type { ChatSettings } from "../settings/chat-settings.ts";
import { CONFIG_FILE } from "../settings/config-file.ts";
import { type PapoAddress, trackersNearby } from "./trackers-nearby.ts";

/**
 * Where no tracker was named and none answers on this machine: lists those of the local network and lets the person choose. Undefined: none of
 * them. Only a person at a terminal is asked: a script gets what it got before, and gets it as fast.
 */
export async function chooseNearby(
  { localPort, profile }: Pick<ChatSettings, "localPort" | "profile">,
  invocation: Invocation,
  beforeAsking: () => void,
): Promise<TrackerAddress | undefined> {
  const { stdio, texts } = invocation;
  if (stdio.input.isTTY !== true || stdio.output.isTTY !== true) return undefined;
  const here = await probe({ host: "127.0.0.1", port: localPort }, systemClock);
  if (here.kind !== "nobody") return undefined;
  const nearby = await trackersNearby();
  if (!nearby.ok || nearby.value.trackers.length === 0) return undefined;
  const { trackers } = nearby.value;
  beforeAsking();
  stdio.sentence(texts.lan.found);
  const choices = [...trackers.map(formatTrackerAddress), texts.lan.hostHere];
  for (const [index, choice] of choices.entries()) stdio.line(`${index + 1}. ${choice}`);
  const chosen = trackers[(await ask(choices.length, invocation)) - 1];
  return chosen === undefined ? undefined : asMetBefore(chosen, profile, invocation);
}

/** What is announced is nobody's word: where another tracker was met before, that one is expected, and it is said when it is not the one. */
async function asMetBefore(chosen: PapoAddress, profile: string, invocation: Invocation): Promise<TrackerAddress> {
  const key = await keyMetAt(chosen, profile);
  if (key !== undefined && key !== chosen.key) return { ...chosen, key };
  tellHowToKeep(chosen, invocation);
  return chosen;
}

/** A number in the list; its last one when the input ends. */
async function ask(choices: number, { stdio, language, texts }: Invocation): Promise<number> {
  const streams = { input: stdio.input, output: stdio.output, env: process.env };
  const { choose, notInList } = texts.lan;
  const isChoice = (text: string): boolean =>
    /^\d{1,3}$/u.test(text.trim()) && Number(text) >= 1 && Number(text) <= choices;
  const line = await askLines(streams, language, { prompt: choose, isAnswer: isChoice, otherwise: notInList(choices) });
  return line === undefined ? choices : Number(line);
}

function tellHowToKeep(tracker: TrackerAddress, { stdio, texts, folders }: Invocation): void {
  if (folders === undefined) return;
  stdio.sentence(texts.lan.toKeep(formatTrackerAddress(tracker), safeText(join(folders.config, CONFIG_FILE))));
}
