import type { Clock, Link, Timer } from "@papo/link";
import {
  type AccountKey,
  type Bye,
  FRAME_KIND,
  type Fault,
  HELLO_TIMEOUT_MS,
  type Outcome,
  type PeerHello,
  type SignedText,
  type TrackerKey,
  type Username,
  decodePeer,
  decodeSeedPeer,
  fail,
  fault,
  succeed,
} from "@papo/protocol";
import { type Introduction, checkHello, ownHello } from "../identity/introduction.ts";
import type { OwnAccount } from "../identity/own-account.ts";

// docs/protocol/peer.md §2, one function per role, in its order. Whatever fails, the link just ends: a stranger learns no
// name and no reason.

export type HandshakePorts = {
  readonly clock: Clock;
  readonly own: OwnAccount;
  readonly tracker: TrackerKey | null;
  /** Whether this name may have this key (pins, decisions). Says why not, else the link may be used. */
  readonly approve: (met: Introduction) => Promise<Outcome<Introduction>>;
  /** The proof that this device is about twice, if it is. */
  readonly copyOf: (met: Introduction) => SignedText | undefined;
};

export type Dialled = { readonly username: Username; readonly account: AccountKey | null };

/** The dialler speaks first: it has checked the TLS key that it was told before anything was sent. */
export async function greetAsDialler(
  link: Link,
  dialled: Dialled,
  ports: HandshakePorts,
): Promise<Outcome<Introduction>> {
  link.sendJson(ownHello(ports.own, dialled.account));
  const answer = await firstHello(link, ports.clock);
  if (!answer.ok) return end(link, answer.fault);
  return introduce(link, answer.value, ports, dialled);
}

/** The listener answers only when it knows who called, and that it was meant. */
export async function greetAsListener(link: Link, ports: HandshakePorts): Promise<Outcome<Introduction>> {
  const hello = await firstHello(link, ports.clock);
  if (!hello.ok) return end(link, hello.fault);
  const met = await introduce(link, hello.value, ports, undefined);
  if (met.ok) link.sendJson(ownHello(ports.own, met.value.account));
  return met;
}

async function introduce(
  link: Link,
  hello: PeerHello,
  ports: HandshakePorts,
  dialled: Dialled | undefined,
): Promise<Outcome<Introduction>> {
  const { own, tracker } = ports;
  if (link.security === undefined) return end(link, fault("unsupported", "expected an encrypted link"));
  const checked = checkHello(hello, { own, tracker, channelKey: link.security.remoteKey, dialled });
  if (!checked.ok) return end(link, checked.fault);
  const approved = await ports.approve(checked.value);
  if (!approved.ok) return end(link, approved.fault);
  const proof = ports.copyOf(checked.value);
  if (proof !== undefined) return endAsCopied(link, proof);
  return link.isClosed ? fail("lost", "the link ended during the handshake") : approved;
}

async function firstHello(link: Link, clock: Clock): Promise<Outcome<PeerHello>> {
  const first = await firstMessage(link, clock, decodePeer);
  if (!first.ok) return first;
  const said = first.value;
  if (said.cmd === "HELLO") return succeed(said);
  // The one goodbye that comes instead of a HELLO: the other side knows us, and knows another of us.
  if (said.cmd === "BYE" && said.code === "profile_copied" && said.proof !== undefined)
    return { ok: false, fault: { ...fault(said.code, "told by the other side"), proof: said.proof } };
  return fail("invalid_message", "cmd: expected HELLO first");
}

/** An honest device has to hear of it: it stops writing under its key. */
function endAsCopied(link: Link, proof: SignedText): Outcome<never> {
  const reason = fault("profile_copied", "epoch: expected a later one than was seen");
  link.sendJson({ cmd: "BYE", code: reason.code, proof } satisfies Bye);
  void link.close(reason);
  return { ok: false, fault: reason };
}

/** What a program of the seed dialect says first: its name, or a tracker's PING. */
export async function firstSeedWord(
  link: Link,
  clock: Clock,
): Promise<Outcome<{ readonly cmd: "PING" } | { readonly cmd: "HELLO"; readonly username: Username }>> {
  const first = await firstMessage(link, clock, decodeSeedPeer);
  if (!first.ok) return end(link, first.fault);
  const said = first.value;
  return said.cmd === "HELLO" || said.cmd === "PING"
    ? succeed(said)
    : end(link, fault("invalid_message", "cmd: expected HELLO or PING first"));
}

/** One message, decoded; reading then pauses, so that what follows waits for whoever takes the link over. */
function firstMessage<T>(link: Link, clock: Clock, decode: (payload: Uint8Array) => Outcome<T>): Promise<Outcome<T>> {
  return new Promise((resolve) => {
    const settle = (outcome: Outcome<T>): void => {
      timer.cancel();
      resolve(outcome);
    };
    const timer: Timer = clock.after(HELLO_TIMEOUT_MS, () => settle(fail("timeout", "no HELLO in time")));
    link.start({
      message({ kind, payload }) {
        link.pauseReading();
        settle(kind === FRAME_KIND.json ? decode(payload) : fail("invalid_message", "HELLO: expected as JSON"));
      },
      mistake: (mistake) => settle({ ok: false, fault: mistake }),
      closed: (reason) => settle({ ok: false, fault: reason }),
    });
  });
}

function end(link: Link, reason: Fault): Outcome<never> {
  link.destroy(reason);
  return { ok: false, fault: reason };
}
