import type { CommandProgram } from "./command.ts";
export const trackerImport: CommandProgram = async () => 0;
