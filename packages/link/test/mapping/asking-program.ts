// A program that keeps a port of its own open in the router until its input ends: what router.test.ts runs on a machine of the laboratory.
import { once } from "node:events";
import { writeSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { systemClock } from "../../src/clock.ts";
import { openPortMapper } from "../../src/mapping/open-port-mapper.ts";
import { systemRandom } from "../../src/random.ts";

const server = createServer((socket) => socket.end("inside")).listen(0);
await once(server, "listening");
const mapper = openPortMapper({ clock: systemClock, random: systemRandom, changed: () => {} });
const { port } = server.address() as AddressInfo;
say(JSON.stringify(await mapper.map(port)));
process.stdin.resume();
await once(process.stdin, "end");
await mapper.close();
say("closed");
server.close();

function say(line: string): void {
  writeSync(1, `${line}\n`);
}
