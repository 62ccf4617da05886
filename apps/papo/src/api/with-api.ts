import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { connectLocally } from "@papo/link";
import { trackerOfAccount } from "@papo/peer";
import type { PeerApi } from "@papo/peer/api";
import { API_ANSWER_BYTES_MAX, API_BACKLOG_CHARS_MAX, decodeWith, type Outcome, username } from "@papo/protocol";
import type { Invocation } from "../commands/command.ts";
import { accountMeant, valueOf } from "../commands/with-account.ts";
import { withEngine } from "../engine.ts";
import { chatSettings } from "../settings/chat-settings.ts";
import { type ApiClient, OwnEngine, RunningPapo } from "./api-client.ts";
import { apiPath } from "./api-path.ts";

/** `own`: the engine, where no Papo ran and this process has opened one. */
export type Api = { readonly client: ApiClient; readonly own: PeerApi | undefined };

/** Lets `use` work with the Papo that has the account open, or with an engine of this process's own. */
export async function withApi<T>(invocation: Invocation, use: (api: Api) => Promise<T>): Promise<T> {
  const settings = chatSettings(invocation);
  const running = await runningPapo(settings.profile, invocation.values.account);
  if (running !== undefined) {
    try {
      return await use({ client: running.client, own: undefined });
    } finally {
      running.client.close();
    }
  }
  // Nobody looks at a screen: the account's own tracker is meant, not one that would be hosted for it.
  const tracker = settings.tracker ?? (await trackerOfAccount(settings.profile, invocation.values.account));
  return withEngine({ ...settings, tracker }, invocation, async ({ peer }) => {
    const account = accountMeant(await peer.knownAccounts(), invocation);
    valueOf(await peer.resume(account.username), invocation);
    return use({ client: new OwnEngine(peer), own: peer });
  });
}

/** Of several accounts that are open, without a name the one opened last. */
export async function runningPapo(profile: string, account: string | undefined): Promise<Running | undefined> {
  for (const path of await pathsOf(profile, account)) {
    const options = { lineBytesMax: API_ANSWER_BYTES_MAX, backlogCharsMax: API_BACKLOG_CHARS_MAX };
    const stream = await connectLocally(path, options);
    if (stream.ok) return { path, client: new RunningPapo(stream.value) };
  }
  return undefined;
}

type Running = { readonly path: string; readonly client: RunningPapo };

async function pathsOf(profile: string, account: string | undefined): Promise<readonly string[]> {
  if (account === undefined) return socketsIn(profile);
  const name = decodeWith(username, account);
  const path = name.ok ? apiPath(profile, name.value) : undefined;
  return path === undefined ? [] : [path];
}

async function socketsIn(profile: string): Promise<readonly string[]> {
  const names = await readdir(profile).catch(() => []);
  const sockets = names.filter((name) => /^api-[0-9a-f]+\.sock$/u.test(name)).map((name) => join(profile, name));
  const dated = await Promise.all(
    sockets.map(async (path) => ({ path, atMs: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  return dated.toSorted((one, other) => other.atMs - one.atMs).map(({ path }) => path);
}

export async function asked(
  { client }: Api,
  invocation: Invocation,
  [method, params]: readonly [method: string, params: object],
): Promise<unknown> {
  const outcome: Outcome<unknown> = await client.call(method, params);
  return valueOf(outcome, invocation);
}
