// Goal: nobody can make a device give its keys up by saying that it is about twice: not with a forged proof, and not with what the device itself has signed.
// Method: a whole engine dials a member that answers every HELLO with the goodbye of a copied profile, with each proof that it could have.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Link,
  createAccountKey,
  createDeviceKey,
  createTlsIdentity,
  signDeviceEpoch,
  systemClock,
  pause,
} from "@papo/link";
import {
  type DeviceEpoch,
  type DeviceKey,
  LINK_QUEUE_BYTES_MAX,
  PEER_ALPN,
  type PeerHello,
  type SignedText,
  decodePeer,
  parseStrictJson,
} from "@papo/protocol";
import type { PeerApi, PeerEvent } from "../../src/api.ts";
import { Rig } from "../engine-fixture.ts";
import { papoEndpoint } from "../fake-tracker-fixture.ts";
import { expectOk, named } from "../world-fixture.ts";

/** Somebody that the tracker lists in the room, who hears each HELLO and answers it with `answer`. */
class Liar {
  readonly tls = createTlsIdentity();
  readonly heard: SignedText[] = [];
  answer: (hello: PeerHello) => SignedText = () => ({ text: "{}", sig: "A".repeat(86) }) as SignedText;

  static async listen(rig: Rig): Promise<Liar> {
    const liar = new Liar();
    const listener = expectOk(
      await rig.network.host("10.0.0.9").listen({
        ...{ identity: liar.tls, alpn: PEER_ALPN, queueBytesMax: LINK_QUEUE_BYTES_MAX, host: "::", port: 7_000 },
        dialects: ["papo"],
        onLink: (link) => liar.#meet(link),
      }),
    );
    rig.tracker.accountByName.set(named("liar"), { account: createAccountKey().publicKey, password: "" });
    const at = { address: "10.0.0.9", port: listener.port };
    rig.tracker.extraMembers.set(named("liar"), [papoEndpoint(createDeviceKey(), liar.tls.key, at)]);
    return liar;
  }

  #meet(link: Link): void {
    link.start({
      message: ({ payload }) => {
        const said = expectOk(decodePeer(payload));
        if (said.cmd !== "HELLO" || said.epoch === undefined) return;
        link.sendJson({ cmd: "BYE", code: "profile_copied", proof: this.answer(said) });
        this.heard.push(said.epoch);
      },
      closed: () => undefined,
    });
  }
}

async function told(liar: Liar, times: number): Promise<void> {
  const before = liar.heard.length;
  while (liar.heard.length < before + times) await pause(systemClock, 5);
}

function ownDevice(peer: PeerApi): string | undefined {
  return expectOk(peer.devices(named("gabi"))).find(({ own }) => own)?.device;
}

function epochIn({ text }: SignedText): DeviceEpoch {
  return expectOk(parseStrictJson(text)) as DeviceEpoch;
}

test("F15: a member that says so without proof, or with the device's own starts, changes nobody's keys", async (t) => {
  const rig = await Rig.create(t);
  const liar = await Liar.listen(rig);
  const first = await rig.engine();
  expectOk(await first.register({ username: named("gabi"), password: "correct horse" }));
  const room = expectOk(await first.createRoom({ name: "TESTE" }));
  const tracked = rig.tracker.roomById.get(room.id);
  assert.ok(tracked !== undefined);
  tracked.members.add(named("liar"));
  rig.tracker.bump(tracked, [named("liar")], []);
  await told(liar, 1);
  await first.close();

  const gabi = await rig.engine();
  const events: PeerEvent[] = [];
  gabi.subscribe((event) => events.push(event));
  expectOk(await gabi.resume(named("gabi")));
  const device = ownDevice(gabi);
  const thief = createDeviceKey();
  const [early] = liar.heard;
  assert.ok(early !== undefined);
  const later = (hello: PeerHello): DeviceEpoch => {
    const own = epochIn(hello.epoch as SignedText);
    return { ...own, epoch: own.epoch + 1, start: early.text.slice(-24, -2) as DeviceEpoch["start"] };
  };
  const answers: readonly Liar["answer"][] = [
    () => early,
    ({ epoch }) => epoch as SignedText,
    (hello) => signDeviceEpoch(thief, { ...later(hello), device: thief.publicKey }),
    (hello) => {
      const signed = signDeviceEpoch(thief, { ...later(hello), device: thief.publicKey });
      return { ...signed, text: signed.text.replace(thief.publicKey, device as DeviceKey) };
    },
    ({ epoch }) => ({
      ...(epoch as SignedText),
      text: (epoch as SignedText).text.replace(/"epoch":\d+/u, '"epoch":99'),
    }),
  ];
  for (const answer of answers) {
    liar.answer = answer;
    rig.tracker.bump(tracked, [named("liar")], []);
    await told(liar, 1);
  }
  expectOk(await gabi.send({ kind: "room", id: room.id }, "still me"));
  assert.deepEqual(
    events.filter(({ kind }) => kind === "copied"),
    [],
  );
  assert.equal(ownDevice(gabi), device);
  assert.equal(gabi.trackerState().kind, "online");
});
