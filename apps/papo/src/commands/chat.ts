import type { CommandProgram } from "./command.ts";
export const chat: CommandProgram = async () => 0;
