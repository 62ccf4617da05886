import { settingsOfPart, tell } from "../measure/part.ts";
import { type Transport, transporterOf } from "./transport.ts";

// Echoes every message to whoever sent it.

const { transport } = settingsOfPart<{ transport: Transport }>();
const transporter = await transporterOf(transport);
const listening = await transporter.listen((carrier) => carrier.onMessage((payload) => carrier.send(payload)));
tell(listening);
