import {
  NetworkWatch,
  openLan,
  openPortMapper,
  openPrivateFolder,
  systemClock,
  systemRandom,
  tcpNetwork,
} from "@papo/link";
import { openPeer, type PeerApi, type PeerOptions, type TrackerSource } from "@papo/peer";
import { safeText } from "@papo/protocol";
import { catalogueOf, faultSentence } from "@papo/view-model";
import { CommandError, type Invocation } from "./commands/command.ts";
import { reportLinks } from "./demo/link-reports.ts";
import { EXIT } from "./exit-codes.ts";
import { SharedTracker } from "./hosting/shared-tracker.ts";
import type { ChatSettings } from "./settings/chat-settings.ts";

/** What a command that works with an account is handed. `shared`: the tracker of this machine, where none was named. */
export type Engine = { readonly peer: PeerApi; readonly shared: SharedTracker | undefined };

/** Opens the profile's engine, and the tracker of this machine if none was named; lets `use` work, and closes both. */
export async function withEngine<T>(
  settings: ChatSettings,
  invocation: Invocation,
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  await checkProfile(settings.profile, invocation);
  if (settings.tracker === undefined) return withSharedTracker(settings, invocation, use);
  const peer = await openEngine([settings.tracker, ...settings.otherAddresses], settings, invocation);
  try {
    return await use({ peer, shared: undefined });
  } finally {
    await peer.close();
  }
}

async function withSharedTracker<T>(
  settings: ChatSettings,
  invocation: Invocation,
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const shared = new SharedTracker(settings.localPort, invocation);
  let peer: PeerApi | undefined;
  try {
    await shared.settle();
    peer = await openEngine(shared.source, settings, invocation);
    shared.keep(peer);
    return await use({ peer, shared });
  } finally {
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
    hideAddress: settings.hideAddress,
    tracker,
    network: tcpNetwork(systemClock),
    clock: systemClock,
    random: systemRandom,
    ...surroundings(settings),
  });
  if (!opened.ok) throw new CommandError(faultSentence(catalogueOf(language), opened.fault), EXIT.failed);
  reportLinks(opened.value);
  return opened.value;
}

/** What the engine may ask around it: the router, other machines in this network, and the system about its networks. */
function surroundings({ lan, portMapping }: ChatSettings): Partial<PeerOptions> {
  const time = { clock: systemClock, random: systemRandom };
  return {
    watchNetwork: (told) => new NetworkWatch({ clock: systemClock, ...told }),
    ...(portMapping ? { openMapper: (changed) => openPortMapper({ ...time, changed }) } : {}),
    ...(lan === "off" ? {} : { openLan: () => openLan(time) }),
    ...(lan === "asked" ? { listen: { host: "::" } } : {}),
  };
}
