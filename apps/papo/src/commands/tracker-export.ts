import type { CommandProgram } from "./command.ts";
export const trackerExport: CommandProgram = async () => 0;
