import * as v from "valibot";
import { type Outcome, fail, succeed } from "./faults.ts";
import { type TrackerKey, trackerKey } from "./ids.ts";
import { TRACKER_PORT_DEFAULT } from "./version.ts";

/**
 * Where a tracker is. `papo://host:port/#k=KEY` names one of ours with its key (without `#k=` it is pinned at first use);
 * `seed://host:port` names an original one. Here a host name is allowed: a person typed it. docs/protocol/identity.md §5
 */
export type TrackerAddress =
  | { readonly dialect: "papo"; readonly host: string; readonly port: number; readonly key: TrackerKey | undefined }
  | { readonly dialect: "seed"; readonly host: string; readonly port: number };

export function parseTrackerAddress(text: string): Outcome<TrackerAddress> {
  const withScheme = /^[a-z]+:\/\//u.test(text) ? text : `papo://${text}`;
  const url = URL.parse(withScheme.replace(/^(papo|seed):/u, "$1-tracker:"));
  const dialect = url?.protocol === "papo-tracker:" ? "papo" : url?.protocol === "seed-tracker:" ? "seed" : undefined;
  if (url === null || dialect === undefined || url.hostname === "")
    return refuse("papo://host:port/#k=… or seed://host:port");
  if (url.username !== "" || url.search !== "" || !["", "/"].includes(url.pathname))
    return refuse("nothing but host and port");

  const host = url.hostname.replace(/^\[(.*)\]$/u, "$1");
  const port = url.port === "" ? TRACKER_PORT_DEFAULT : Number(url.port);
  if (port === 0) return refuse("a port from 1 to 65535");
  if (dialect === "seed") return succeed({ dialect, host, port });
  return withKey({ dialect, host, port }, url.hash);
}

function withKey(place: { dialect: "papo"; host: string; port: number }, hash: string): Outcome<TrackerAddress> {
  if (hash === "") return succeed({ ...place, key: undefined });
  const key = v.safeParse(trackerKey, hash.startsWith("#k=") ? hash.slice(3) : "");
  return key.success ? succeed({ ...place, key: key.output }) : refuse("#k= and a key of 43 characters");
}

function refuse(expected: string): Outcome<TrackerAddress> {
  return fail("invalid_message", `tracker address: expected ${expected}`);
}

export function formatTrackerAddress(address: TrackerAddress): string {
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  const key = address.dialect === "papo" && address.key !== undefined ? `/#k=${address.key}` : "";
  return `${address.dialect}://${host}:${address.port}${key}`;
}
