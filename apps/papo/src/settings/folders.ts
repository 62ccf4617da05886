import { isAbsolute, join } from "node:path";
import envPaths from "env-paths";

/** Where this user's things live, by the customs of the system. */
export type Folders = {
  /** Lasting choices. */
  readonly config: string;
  /** Keys and accounts of this device, unless `--profile` says otherwise. */
  readonly profile: string;
  /** Accounts, rooms and key of the tracker that this user hosts. The same for every Papo of the user. */
  readonly tracker: string;
};

/** Undefined when the system does not say where this user's home is, or says it by a relative path. */
export function userFolders(): Folders | undefined {
  const { config, data } = envPaths("papo", { suffix: "" });
  if (!isAbsolute(config) || !isAbsolute(data)) return undefined;
  return { config, profile: join(data, "profile"), tracker: join(data, "tracker") };
}
