import type { CommandProgram } from "./command.ts";
export const demo: CommandProgram = async () => 0;
