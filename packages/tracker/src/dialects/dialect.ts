import type { Fault, IpLiteral, Outcome, Username } from "@papo/protocol";
import type { Command, CommandName, Done } from "../commands.ts";
import type { Announcement } from "../services/announcement.ts";
import type { DialectPolicy } from "./dialect-policy.ts";

/** What a message asks for, as far as it could be read. */
export type Asked = {
  /** The request's id, where there are such. */
  readonly re: number | undefined;
  readonly cmd: CommandName | undefined;
};

export type Incoming = Asked & {
  readonly command: Outcome<Command>;
  /** Whom the message claims to act for. The session's own user is the only one that it may. */
  readonly claims: Username | undefined;
};

/** Whom an answer is for. */
export type Viewer = {
  readonly address: IpLiteral;
  readonly reachedAt: string;
  /** Undefined before login. */
  readonly username: Username | undefined;
};

/** An object still to be encoded, or the UTF-8 JSON of one that goes to many. */
export type Said = object | Uint8Array;

/** One way of speaking about the one domain: a codec and a view, and no rules of its own but its policy. Undefined means that nothing is said. */
export interface Dialect {
  readonly name: "papo" | "seed";
  readonly policy: DialectPolicy;
  /** True where a session begins with HELLO. */
  readonly greets: boolean;
  /** Never throws. "ping" wants `pong()`, "ignored" wants nothing. */
  read(payload: Uint8Array): Incoming | "ping" | "ignored";
  pong(): Said;
  done(done: Done, asked: Asked, viewer: Viewer): Said | undefined;
  refused(fault: Fault, asked: Asked & { readonly command: Command | undefined }, viewer: Viewer): Said;
  announced(announcement: Announcement, viewer: Viewer): Said | undefined;
  /** The last word before the tracker closes a session. */
  closing(reason: Fault): Said | undefined;
}
