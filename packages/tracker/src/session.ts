import {
  type Fault,
  type IpLiteral,
  LOGIN_TIMEOUT_MS,
  RESERVED_LOGIN_TIMEOUT_MS,
  type TlsKey,
  fault,
} from "@papo/protocol";
import { type Clock, type Link, type LinkMessage, type LinkReceiver, type Timer, keepAlive } from "@papo/link";
import { CommandQueue, type QueueOwner } from "./command-queue.ts";
import type { Command, Done } from "./commands.ts";
import type { DialectPolicy } from "./dialects/dialect-policy.ts";
import type { Asked, Dialect, Incoming, Said, Viewer } from "./dialects/dialect.ts";
import { costOf, dispatch, whoMay } from "./dispatch.ts";
import type { Caller, Domain, Presented } from "./domain.ts";
import { errorWords } from "./log/tracker-log.ts";
import type { SessionWatch } from "./session-watch.ts";
import type { Announcement } from "./services/announcement.ts";
import type { OnlineSession, Outbox } from "./services/online-session.ts";
import { Whereabouts } from "./services/whereabouts.ts";
import { type SessionEvent, type SessionState, objection, step } from "./session-state.ts";

const JSON_KIND = 0;

export type SessionParts = {
  readonly link: Link;
  readonly dialect: Dialect;
  readonly domain: Domain;
  readonly clock: Clock;
  readonly watch: SessionWatch;
  /** True when only a device that is known already may take this place. */
  readonly isReserved: boolean;
};

/** What came in and waits for its turn: a message, or the news that something was not the language. */
type Waiting = Incoming | { readonly mistake: Fault };

/**
 * One program's connection from its first message to its end. Its requests are answered one after another; announcements
 * go out in between. It owns the link; what it may do is decided by `session-state.ts`, what it does by the handlers.
 */
export class Session implements Caller, Outbox, LinkReceiver, QueueOwner<Waiting> {
  readonly #parts: SessionParts;
  readonly #queue: CommandQueue<Waiting>;
  readonly whereabouts: Whereabouts;
  #state: SessionState;
  #online: OnlineSession | undefined;
  #silence: Timer | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#queue = new CommandQueue(parts.clock, this);
    this.whereabouts = new Whereabouts(parts.link.ends.remoteAddress, parts.domain.ownAddresses);
    const kind = parts.dialect.greets ? "greeting" : "anonymous";
    this.#state = { kind, refusals: 0, mistakes: 0 };
  }

  get policy(): DialectPolicy {
    return this.#parts.dialect.policy;
  }

  get dialectName(): Dialect["name"] {
    return this.#parts.dialect.name;
  }

  get channelKey(): TlsKey | undefined {
    return this.#parts.link.security?.remoteKey;
  }

  get remoteAddress(): string {
    return this.#parts.link.ends.remoteAddress;
  }

  get outbox(): Outbox {
    return this;
  }

  get online(): OnlineSession | undefined {
    return this.#online;
  }

  readonly isOpen = (): boolean => this.#state.kind !== "closed";

  start(): void {
    const { link, clock, dialect } = this.#parts;
    // Original programs know no PING inside a session: the tracker calls them instead (services/liveness.ts).
    link.start(dialect.greets ? keepAlive(link, clock, this) : this);
    this.#awaitLogin();
  }

  /** Waits for the command under way, takes no more, then closes. */
  async drain(reason: Fault): Promise<void> {
    this.#parts.link.pauseReading();
    await this.#queue.finish();
    this.#step({ kind: "close", reason });
    await this.#parts.link.close(reason);
  }

  // ---- what the link tells

  message(message: LinkMessage): void {
    // Other kinds are for later versions of the language.
    if (message.kind !== JSON_KIND || !this.isOpen()) return;
    const incoming = this.#parts.dialect.read(message.payload);
    if (incoming === "ping") this.#say(this.#parts.dialect.pong());
    else if (incoming !== "ignored") this.#enqueue(incoming);
  }

  mistake(mistake: Fault): void {
    if (this.isOpen()) this.#enqueue({ mistake });
  }

  closed(reason: Fault): void {
    this.#step({ kind: "close", reason });
    this.#parts.watch.closed(this, reason);
  }

  // ---- what the domain tells

  announce(announcement: Announcement): void {
    const said = this.#parts.dialect.announced(announcement, this.#viewer());
    if (said === undefined) return;
    this.#parts.watch.pushed(announcement.kind);
    this.#say(said);
  }

  end(reason: Fault): void {
    if (this.#online !== undefined) {
      this.#parts.domain.log.event({ kind: "replaced", username: this.#online.username, reason: reason.code });
    }
    this.#step({ kind: "close", reason });
  }

  present(identity: Presented): OnlineSession {
    const { address, reachedAt } = this.#viewer();
    const online = { ...identity, address, reachedAt, outbox: this, whereabouts: this.whereabouts };
    this.#online = online;
    return online;
  }

  // ---- one command after another

  #enqueue(waiting: Waiting): void {
    if (!isAside(waiting)) this.#awaitLogin();
    if (!this.#queue.add(waiting)) this.#step({ kind: "close", reason: fault("slow_down", "fewer commands at once") });
  }

  costOf(waiting: Waiting): number {
    return "mistake" in waiting || waiting.cmd === undefined ? 1 : costOf(waiting.cmd);
  }

  async answer(waiting: Waiting): Promise<void> {
    if ("mistake" in waiting) this.#refuseMistake(waiting.mistake);
    else await this.#answerTo(waiting);
  }

  failed(error: unknown): void {
    this.#parts.domain.log.event({ kind: "failed", where: "session", error: errorWords(error) });
    this.#step({ kind: "close", reason: fault("closed", "an answer that can be sent") });
  }

  #refuseMistake(mistake: Fault): void {
    // Before login nothing but a login is a first command, whatever it was meant to be.
    const isStranger = this.#state.kind !== "member" && !this.#parts.dialect.greets;
    const told = isStranger ? fault("login_required", "LOGIN or REGISTER first") : mistake;
    this.#say(this.#parts.dialect.refused(told, NOTHING_ASKED, this.#viewer()));
    if (isStranger) this.#step({ kind: "refused", fault: told });
    else if (MISTAKES.has(mistake.code)) this.#step({ kind: "mistaken", fault: mistake });
  }

  async #answerTo(incoming: Incoming): Promise<void> {
    const refusal = this.#objection(incoming);
    if (refusal !== undefined) return this.#refuse(refusal, incoming, undefined);
    const { command } = incoming;
    if (!command.ok) return this.#refuse(command.fault, incoming, undefined);

    this.#step({ kind: "understood" });
    await this.#perform(command.value, incoming);
  }

  #objection({ cmd, command, claims }: Incoming): Fault | undefined {
    const isUnread = cmd === undefined && this.#state.kind === "member";
    const objected = isUnread ? undefined : objection(this.#state, cmd === undefined ? "member" : whoMay(cmd));
    if (objected !== undefined && (command.ok || !this.#parts.dialect.greets)) return objected;
    // Nobody acts for another, whatever the message says.
    const isOther = command.ok && claims !== undefined && claims !== this.#online?.username;
    return isOther ? fault("invalid_message", "username: expected the session's own") : undefined;
  }

  async #perform(command: Command, asked: Asked): Promise<void> {
    const { domain, watch } = this.#parts;
    try {
      await this.#wakeUp();
      const outcome = await dispatch(command, this, domain);
      watch.commanded(command.cmd, outcome.ok ? "ok" : outcome.fault.code);
      if (!this.isOpen()) return;
      if (outcome.ok) this.#finish(outcome.value, asked);
      else this.#refuse(outcome.fault, asked, command);
    } catch (error) {
      // The store failed, or we did. The client learns that nothing is certain; the operator learns which.
      domain.log.event({ kind: "failed", where: command.cmd, error: errorWords(error) });
      watch.commanded(command.cmd, "storage_failed");
      this.#refuse(fault("storage_failed", "try again"), asked, command);
    }
  }

  /** A session that did not answer a PING is online again as soon as it speaks. */
  async #wakeUp(): Promise<void> {
    const online = this.#online;
    if (online === undefined) return;
    const { domain } = this.#parts;
    if (await domain.attendance.resume(online, this.isOpen)) {
      domain.log.event({ kind: "came_back", username: online.username });
    }
    domain.presence.touch(online.username);
  }

  #finish(done: Done, asked: Asked): void {
    if (done.cmd === "HELLO") this.#step({ kind: "greeted" });
    if (done.cmd === "LOGIN" || done.cmd === "REGISTER") {
      this.#step({ kind: "admitted" });
      this.#silence?.cancel();
    }
    const said = this.#parts.dialect.done(done, asked, this.#viewer());
    if (said !== undefined) this.#say(said);
    if (done.cmd === "LOGOUT") this.#step({ kind: "close", reason: fault("closed", "LOGOUT") });
  }

  #refuse(refusal: Fault, asked: Asked, command: Command | undefined): void {
    const { dialect, domain } = this.#parts;
    this.#say(dialect.refused(refusal, { ...asked, command }, this.#viewer()));
    if (this.#state.kind === "member") {
      if (MISTAKES.has(refusal.code)) this.#step({ kind: "mistaken", fault: refusal });
      return;
    }
    this.#withdraw();
    if (asked.cmd === "LOGIN" || asked.cmd === "REGISTER") {
      domain.log.event({ kind: "login_refused", address: this.remoteAddress, reason: refusal.code });
    }
    this.#step({ kind: "refused", fault: refusal });
  }

  // ---- its life

  #awaitLogin(): void {
    if (this.#state.kind !== "greeting" && this.#state.kind !== "anonymous") return;
    const { clock, isReserved } = this.#parts;
    this.#silence?.cancel();
    this.#silence = clock.after(isReserved ? RESERVED_LOGIN_TIMEOUT_MS : LOGIN_TIMEOUT_MS, () => {
      this.#step({ kind: "close", reason: fault("timeout", "LOGIN or REGISTER in time") });
    });
  }

  #step(event: SessionEvent): void {
    const wasOpen = this.isOpen();
    this.#state = step(this.#state, event, this.policy.refusalsMax);
    if (!wasOpen || this.#state.kind !== "closed") return;

    this.#silence?.cancel();
    this.#queue.close();
    const { reason } = this.#state;
    const lastWord = event.kind === "close" ? this.#parts.dialect.closing(reason) : undefined;
    if (lastWord !== undefined) this.#say(lastWord);
    void this.#parts.link.close(reason);
    this.#parts.domain.observations.forget(this);
    this.#depart();
  }

  /** At once: a link may take its time to close, and nobody reaches this program through it any more. */
  #depart(): void {
    const { attendance, introductions, log } = this.#parts.domain;
    if (this.#online === undefined) return;
    introductions.forget(this.#online);
    if (!attendance.depart(this.#online)) return;
    log.event({ kind: "went_offline", username: this.#online.username });
  }

  /** A login that was refused, or that failed half-way, leaves nothing behind. */
  #withdraw(): void {
    this.#depart();
    this.#online = undefined;
  }

  #say(said: Said): void {
    const { link } = this.#parts;
    if (said instanceof Uint8Array) link.sendFrame(JSON_KIND, said);
    else link.sendJson(said);
  }

  #viewer(): Viewer {
    const { remoteAddress, localAddress } = this.#parts.link.ends;
    // The link tells addresses in their usual spelling, which is what an IpLiteral is.
    return { address: remoteAddress as IpLiteral, reachedAt: localAddress, username: this.#online?.username };
  }
}

/** What anybody may ask brings nobody nearer to a login: whoever only asks is not waited for any longer. */
function isAside(waiting: Waiting): boolean {
  return !("mistake" in waiting) && waiting.cmd !== undefined && whoMay(waiting.cmd) === "anybody";
}

const NOTHING_ASKED = { re: undefined, cmd: undefined, command: undefined } as const;

/** Not the language, as opposed to a request that cannot be granted. A client that goes on like this is closed. */
const MISTAKES: ReadonlySet<Fault["code"]> = new Set([
  "frame_too_large",
  "not_json",
  "json_too_deep",
  "duplicate_key",
  "forbidden_key",
  "bad_text",
]);
