import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  type KeyPair,
  type Link,
  type TlsIdentity,
  createAccountKey,
  createDeviceKey,
  createSealKey,
  createTlsIdentity,
  sha256Text,
  signAddressRecord,
  signStatement,
} from "@papo/link";
import {
  type AccountKey,
  type AccountStatement,
  type DeviceKey,
  type Fault,
  type IpLiteral,
  type SignedText,
  type StatementDevice,
  TRACKER_ALPN,
} from "@papo/protocol";
import { TRACKER_HOST, type TrackerInReach, hashOf } from "./tracker-in-reach.ts";

/** Looked at field by field. */
type Heard = ReturnType<typeof JSON.parse>;

const ADDED = "2030-01-02T03:04:05.006Z";

/** One device: the keys that a profile holds. */
export type Device = {
  readonly listed: StatementDevice;
  readonly tls: TlsIdentity;
  readonly keys: KeyPair<DeviceKey>;
};

export function newDevice(): Device {
  const tls = createTlsIdentity();
  const keys = createDeviceKey();
  const listed = {
    device: keys.publicKey,
    tls: tls.key,
    seal: createSealKey().publicKey,
    added: ADDED,
    revoked: null,
  };
  return { listed, tls, keys };
}

/** An account root, and the statements that it has signed. */
export class Root {
  readonly keys: KeyPair<AccountKey> = createAccountKey();
  readonly signed: SignedText[] = [];

  state(...devices: readonly StatementDevice[]): SignedText {
    const last = this.signed.at(-1);
    const statement: AccountStatement = {
      v: 1,
      account: this.keys.publicKey,
      version: this.signed.length + 1,
      prev: last === undefined ? null : sha256Text(last.text),
      devices: [...devices],
    };
    const signed = signStatement(this.keys, statement);
    this.signed.push(signed);
    return signed;
  }
}

export type Profile = { readonly root: Root; readonly device: Device; readonly statement: SignedText };

export function newProfile(root = new Root(), device = newDevice()): Profile {
  return { root, device, statement: root.state(device.listed) };
}

/** A small client of the Papo dialect: requests with ids, answers, and what comes unasked. */
export class PapoClient {
  readonly rig: TrackerInReach;
  readonly name: string;
  readonly link: Link;
  readonly profile: Profile;
  #lastSeq = 0;
  readonly pushed: Heard[] = [];
  readonly #answers = new Map<number, Heard>();
  #lastId = 0;
  closedBy: Fault | undefined;

  private constructor(rig: TrackerInReach, parts: { name: string; link: Link; profile: Profile }) {
    this.rig = rig;
    this.name = parts.name;
    this.link = parts.link;
    this.profile = parts.profile;
    parts.link.start({
      message: ({ payload }) => this.#hear(JSON.parse(Buffer.from(payload).toString("utf8"))),
      closed: (reason) => {
        this.closedBy = reason;
      },
    });
  }

  static async dial(
    rig: TrackerInReach,
    { name, address, profile = newProfile() }: { name: string; address: string; profile?: Profile },
  ): Promise<PapoClient> {
    const dialled = await rig.during(
      rig.host(address).dial({
        identity: profile.device.tls,
        alpn: TRACKER_ALPN,
        queueBytesMax: 262_144,
        host: rig.trackerHost ?? TRACKER_HOST,
        port: rig.tracker.port,
        dialect: "papo",
        timeoutMs: 1_000,
      }),
    );
    assert.ok(dialled.ok);
    return new PapoClient(rig, { name, link: dialled.value, profile });
  }

  #hear(heard: Heard): void {
    if (heard.cmd === "PING") this.link.sendJson({ cmd: "PONG" });
    else if (typeof heard.re === "number") this.#answers.set(heard.re, heard);
    else this.pushed.push(heard);
  }

  send(message: object): number {
    this.#lastId += 1;
    this.link.sendJson({ id: this.#lastId, ...withRoomId(message) });
    return this.#lastId;
  }

  async ask(message: object): Promise<Heard> {
    return this.answerTo(this.send(message));
  }

  async answerTo(id: number): Promise<Heard> {
    await this.rig.clock.runUntil(() => this.#answers.has(id));
    return this.#answers.get(id);
  }

  get device(): DeviceKey {
    return this.profile.device.listed.device;
  }

  /** Where the tracker sees it. */
  get address(): string {
    return this.link.ends.localAddress;
  }

  /** A newer record of this device than all before. Without places: where the tracker sees it, at its port. */
  record(places: readonly (readonly [string, number])[] = [[this.address, 7_001]]): SignedText {
    this.#lastSeq += 1;
    const addresses = places.map(([address, port]) => ({ address: address as IpLiteral, port }));
    const { keys } = this.profile.device;
    return signAddressRecord(keys, { v: 1, device: this.device, seq: this.#lastSeq, time: ADDED, addresses });
  }

  /** The next push of that kind, taken out of `pushed`. */
  async hear(status: string): Promise<Heard> {
    const find = () => this.pushed.findIndex((heard) => heard.status === status);
    await this.rig.clock.runUntil(() => find() !== -1);
    return this.pushed.splice(find(), 1)[0];
  }

  /** What was pushed of that kind and not taken, once all that is under way has arrived. */
  heard(status: string): Heard[] {
    return this.pushed.filter((heard) => heard.status === status);
  }

  hello(): Promise<Heard> {
    return this.ask({ cmd: "HELLO", version: 1, features: [] });
  }

  /** HELLO and REGISTER. */
  async register(fields: object = {}): Promise<Heard> {
    await this.hello();
    return this.ask({
      cmd: "REGISTER",
      username: this.name,
      password: hashOf(this.name),
      statement: this.profile.statement,
      port: 7_001,
      ...fields,
    });
  }

  /** HELLO and LOGIN by key. */
  async enter(fields: object = {}): Promise<Heard> {
    await this.hello();
    return this.login(fields);
  }

  login(fields: object = {}): Promise<Heard> {
    return this.ask({ cmd: "LOGIN", username: this.name, statement: this.profile.statement, port: 7_001, ...fields });
  }

  async closed(): Promise<Fault> {
    await this.rig.clock.runUntil(() => this.closedBy !== undefined);
    assert.ok(this.closedBy);
    return this.closedBy;
  }
}

/** A room with a log has the id of its genesis, which its maker knows: here any will do, unless a test says which. */
function withRoomId(message: object): object {
  if (!("cmd" in message) || message.cmd !== "CREATE_ROOM") return message;
  const isPlain = "kind" in message && message.kind === "plain";
  return isPlain ? message : { roomId: newRoomId(), ...message };
}

export function newRoomId(): string {
  return randomBytes(32).toString("base64url");
}

/** One who has just registered. */
export async function registered(rig: TrackerInReach, name: string, fields: object = {}): Promise<PapoClient> {
  const client = await PapoClient.dial(rig, { name, address: rig.newHost() });
  const answer = await client.register(fields);
  assert.equal(answer.status, "OK", answer.msg);
  return client;
}

/** The same program once more, not yet logged in. */
export function again(rig: TrackerInReach, client: PapoClient, profile = client.profile): Promise<PapoClient> {
  return PapoClient.dial(rig, { name: client.name, address: rig.newHost(), profile });
}
