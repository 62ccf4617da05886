import type { AccountKey, DeviceKey, Fault, IpLiteral, RoomKind, TlsKey, Username } from "@papo/protocol";
import type { Announcement } from "./announcement.ts";
import type { Whereabouts } from "./whereabouts.ts";

/** One program that is logged in, as others may come to know it. */
export type OnlineSession = {
  readonly username: Username;
  /** Null for an account that has shown no key. One that has, and whose latch is off, may have a seed session as well. */
  readonly account: AccountKey | null;
  readonly device: DeviceKey | null;
  readonly tls: TlsKey | null;
  /** The observed address; what the program claims is never used. */
  readonly address: IpLiteral;
  /** The claimed port. */
  readonly port: number;
  /** The address of ours that it reached. */
  readonly reachedAt: string;
  /** True for a seed session, and for a Papo session that runs with `--allow-plaintext`. */
  readonly plaintext: boolean;
  readonly outbox: Outbox;
  readonly whereabouts: Whereabouts;
};

/** How the domain reaches a session without knowing its link. */
export interface Outbox {
  announce(announcement: Announcement): void;
  /** Says why, then closes. The session's end is then reported like any other. */
  end(reason: Fault): void;
}

export function isSeed(session: OnlineSession): boolean {
  return session.device === null;
}

/** A seed session knows rooms without a log, and no others. */
export function hears(session: OnlineSession, kind: RoomKind): boolean {
  return kind === "plain" || !isSeed(session);
}

/** All seed logins of a user count as one device. */
export function isSameDevice(one: OnlineSession, other: OnlineSession): boolean {
  return one.username === other.username && one.device === other.device;
}
