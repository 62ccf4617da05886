/** How a screen ends: back to the menu, or out of the program. */
export type Ending = "menu" | "quit";
