import { localSocketPath } from "@papo/link";
import type { Username } from "@papo/protocol";

/** Where the Papo that has this account open listens. */
export function apiPath(profile: string, account: Username): string | undefined {
  const { platform, env } = process;
  return localSocketPath({
    folder: profile,
    name: account,
    platform,
    runtimeFolder: env["XDG_RUNTIME_DIR"] || undefined,
  });
}
