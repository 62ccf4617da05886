// An entry of its own: the first frame is drawn before the screens, the model behind them and the engine are loaded.

export { StartingScreen, type StartingOptions } from "./screen/starting-screen.ts";
export type { Stage } from "./screen/stage.ts";
