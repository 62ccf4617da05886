import assert from "node:assert/strict";
import { type Link, createTlsIdentity } from "@papo/link";
import { type Fault, TRACKER_ALPN } from "@papo/protocol";
import { TRACKER_HOST, type TrackerInReach, hashOf } from "./tracker-in-reach.ts";

const IDENTITY = createTlsIdentity();

/** Looked at field by field. */
export type Heard = ReturnType<typeof JSON.parse>;

/** An original program, as far as a tracker can tell: says objects, hears objects. */
export class SeedClient {
  readonly rig: TrackerInReach;
  readonly link: Link;
  /** Everything heard and not yet taken. */
  readonly inbox: Heard[] = [];
  closedBy: Fault | undefined;

  private constructor(rig: TrackerInReach, link: Link) {
    this.rig = rig;
    this.link = link;
    link.start({
      message: ({ payload }) => this.inbox.push(JSON.parse(Buffer.from(payload).toString("utf8"))),
      closed: (reason) => {
        this.closedBy = reason;
      },
    });
  }

  static async dial(rig: TrackerInReach, address: string): Promise<SeedClient> {
    const dialled = await rig.during(
      rig.host(address).dial({
        identity: IDENTITY,
        alpn: TRACKER_ALPN,
        queueBytesMax: 262_144,
        host: TRACKER_HOST,
        port: rig.tracker.port,
        dialect: "seed",
        timeoutMs: 1_000,
      }),
    );
    assert.ok(dialled.ok);
    return new SeedClient(rig, dialled.value);
  }

  say(message: object): void {
    this.link.sendJson(message);
  }

  /** The next thing heard, whatever it is. */
  async hear(): Promise<Heard> {
    await this.rig.clock.runUntil(() => this.inbox.length > 0);
    return this.inbox.shift();
  }

  /** Says something and takes the answer; announcements before it stay in the inbox. */
  async ask(message: object): Promise<Heard> {
    this.say(message);
    const isAnswer = (heard: Heard) => heard.status !== "ROOM_UPDATE";
    await this.rig.clock.runUntil(() => this.inbox.some(isAnswer));
    return this.inbox.splice(this.inbox.findIndex(isAnswer), 1)[0];
  }

  register(username: string, port = 5_001): Promise<Heard> {
    return this.ask({ cmd: "REGISTER", username, password: hashOf(username), address: "localhost", port });
  }

  login(username: string, port = 5_001): Promise<Heard> {
    return this.ask({ cmd: "LOGIN", username, password: hashOf(username), address: "localhost", port });
  }

  room(cmd: string, username: string, room: string): Promise<Heard> {
    return this.ask({ cmd, username, room });
  }

  async closed(): Promise<Fault> {
    await this.rig.clock.runUntil(() => this.closedBy !== undefined);
    assert.ok(this.closedBy);
    return this.closedBy;
  }
}
