import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Where this user's things live, by the customs of the system. */
export type Folders = {
  /** Lasting choices. */
  readonly config: string;
  /** Keys and accounts of this device, unless `--profile` says otherwise. */
  readonly profile: string;
  /** Accounts, rooms and key of the tracker that this user hosts. The same for every Papo of the user. */
  readonly tracker: string;
};

export type FoldersOf = {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
};

const HERE = (): FoldersOf => ({ platform: process.platform, env: process.env, home: homedir() });

/** Undefined when the system does not say where this user's home is, or says it by a relative path. */
export function userFolders(of: FoldersOf = HERE()): Folders | undefined {
  const { config, data } = systemFolders(of);
  if (!isAbsolute(config) || !isAbsolute(data)) return undefined;
  return { config, profile: join(data, "profile"), tracker: join(data, "tracker") };
}

/** XDG base directories, the library of macOS, the application data of Windows. docs/decisions/0010-configuration.md */
function systemFolders({ platform, env, home }: FoldersOf): { readonly config: string; readonly data: string } {
  switch (platform) {
    case "darwin":
      return {
        config: join(home, "Library", "Preferences", "papo"),
        // untranslated: the name of a folder
        data: join(home, "Library", "Application Support", "papo"),
      };
    case "win32":
      return {
        config: join(env["APPDATA"] || join(home, "AppData", "Roaming"), "papo", "Config"),
        data: join(env["LOCALAPPDATA"] || join(home, "AppData", "Local"), "papo", "Data"),
      };
    default:
      return {
        config: join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "papo"),
        data: join(env["XDG_DATA_HOME"] || join(home, ".local", "share"), "papo"),
      };
  }
}
