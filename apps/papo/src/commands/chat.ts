import { openPrivateFolder, systemClock, systemRandom, tcpNetwork } from "@papo/link";
import { openPeer, type PeerApi, type TrackerSource } from "@papo/peer";
import { safeText } from "@papo/protocol";
import { runClassic } from "@papo/terminal";
import { catalogueOf, faultSentence } from "@papo/view-model";
import { reportLinks } from "../demo/link-reports.ts";
import { EXIT } from "../exit-codes.ts";
import { SharedTracker } from "../hosting/shared-tracker.ts";
import { chatSettings, type ChatSettings } from "../settings/chat-settings.ts";
import { untilToldToStop } from "../signals.ts";
import { CommandError, type CommandProgram, type Invocation } from "./command.ts";

/** `papo`: the composition root of a peer with its screens, and of the tracker it hosts where there is none. */
export const chat: CommandProgram = async (invocation) => {
  const settings = chatSettings(invocation);
  await checkProfile(settings.profile, invocation);
  if (settings.tracker !== undefined) return chatAt(settings.tracker, settings, invocation);
  return chatAtSharedTracker(settings, invocation);
};

async function chatAt(tracker: TrackerSource, settings: ChatSettings, invocation: Invocation): Promise<number> {
  const peer = await openEngine(tracker, settings, invocation);
  try {
    return await showScreens(peer, settings, invocation);
  } finally {
    invocation.stdio.stopReading();
    await peer.close();
  }
}

async function chatAtSharedTracker(settings: ChatSettings, invocation: Invocation): Promise<number> {
  const shared = new SharedTracker(settings.localPort, invocation);
  let peer: PeerApi | undefined;
  try {
    await shared.settle();
    peer = await openEngine(shared.source, settings, invocation);
    shared.keep(peer);
    return await showScreens(peer, settings, invocation, shared);
  } finally {
    invocation.stdio.stopReading();
    await peer?.close();
    await shared.close();
  }
}

/** Before the engine does: so that what is wrong with the folder is told with what mends it. */
async function checkProfile(profile: string, { texts }: Invocation): Promise<void> {
  const folder = await openPrivateFolder(profile);
  if (folder.ok) return;
  const { path, kind, fix } = folder.problem;
  throw new CommandError(texts.storage.about(safeText(path), texts.storage[kind], fix), EXIT.failed);
}

async function openEngine(tracker: TrackerSource, settings: ChatSettings, { language }: Invocation): Promise<PeerApi> {
  const opened = await openPeer({
    profile: settings.profile,
    allowPlaintext: settings.allowPlaintext,
    tracker,
    network: tcpNetwork(systemClock),
    clock: systemClock,
    random: systemRandom,
  });
  if (opened.ok) {
    reportLinks(opened.value);
    return opened.value;
  }
  throw new CommandError(faultSentence(catalogueOf(language), opened.fault), EXIT.failed);
}

function showScreens(
  peer: PeerApi,
  { allowPlaintext }: ChatSettings,
  { language, stdio }: Invocation,
  shared?: SharedTracker,
): Promise<number> {
  const stop = new AbortController();
  void untilToldToStop().then(() => stop.abort());
  return runClassic({
    ...{ peer, language, allowPlaintext, clock: systemClock, env: process.env, signal: stop.signal },
    input: stdio.input,
    output: stdio.output,
    ...(shared === undefined ? {} : { notices: (say) => shared.onNotice(say) }),
  });
}
