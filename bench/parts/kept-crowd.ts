import { join } from "node:path";
import { settingsOfPart, tell } from "../measure/part.ts";
import { type PeerPlace, openPeerAt, signIn, untilIn, valueOf } from "./peer-opening.ts";

// People who enter a room, one after the other, and go again.

type Settings = PeerPlace & { readonly names: readonly string[]; readonly room: string };

const { profile, names, room, ...tracker } = settingsOfPart<Settings>();
for (const name of names) {
  const peer = await openPeerAt({ ...tracker, profile: join(profile, name) });
  await signIn(peer, name);
  const { id } = valueOf(await peer.joinRoom(room));
  await untilIn(peer, id, 1);
  await peer.close();
}
tell({});
process.exit();
