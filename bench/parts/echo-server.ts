import { settingsOfPart, tell } from "../measure/part.ts";
import type { RelayPlace } from "./relay-tickets.ts";
import { type Transport, transporterOf } from "./transport.ts";

// Echoes every message to whoever sent it.

const { transport, relay } = settingsOfPart<{ transport: Transport; relay?: RelayPlace }>();
const transporter = await transporterOf(transport, relay);
const listening = await transporter.listen((carrier) => carrier.onMessage((payload) => carrier.send(payload)));
tell(listening);
