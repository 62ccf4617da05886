import type { CommandProgram } from "./command.ts";
export const tracker: CommandProgram = async () => 0;
