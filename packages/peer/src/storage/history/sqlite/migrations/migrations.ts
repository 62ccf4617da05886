import { firstHistory } from "./0001-history.ts";

/** Every schema change ever released, in order; `user_version` counts those that a file has. Only ever append. */
export const MIGRATIONS: readonly string[] = [firstHistory];
