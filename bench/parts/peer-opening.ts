import { systemClock, systemRandom, tcpNetwork } from "@papo/link";
import { type PeerApi, openPeer } from "@papo/peer";
import type { Outcome, RoomId, TrackerKey, Username } from "@papo/protocol";
import { pause } from "../measure/part.ts";

export type PeerPlace = { readonly profile: string; readonly port: number; readonly key: TrackerKey };

/** A whole peer with a tracker on this machine. */
export async function openPeerAt({ profile, port, key }: PeerPlace): Promise<PeerApi> {
  return valueOf(
    await openPeer({
      profile,
      tracker: { dialect: "papo", host: "127.0.0.1", port, key },
      network: tcpNetwork(systemClock),
      clock: systemClock,
      random: systemRandom,
      allowPlaintext: false,
    }),
  );
}

/** As the account that the profile has, or as a new one. */
export async function signIn(peer: PeerApi, name: string): Promise<void> {
  const [known] = await peer.knownAccounts();
  if (known !== undefined) valueOf(await peer.resume(known.username));
  else valueOf(await peer.register({ username: name as Username, password: "bench" }));
}

/** Until we are in it, with so many others linked. */
export async function untilIn(peer: PeerApi, id: RoomId, linked: number): Promise<void> {
  for (;;) {
    const room = peer.room(id);
    const there = room?.members.filter(({ reach }) => reach.kind === "linked").length ?? 0;
    if (there >= linked && room?.log?.standing === "member") return;
    await pause(10);
  }
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.detail}`);
  return outcome.value;
}
