// Run in a network namespace where refusals are swallowed: two in one process knock at each other, and say what they heard.
import { writeSync } from "node:fs";
import { type Link, createTlsIdentity, tcpNetwork } from "@papo/link";
import { type Outcome, PUNCH_FOR_MS } from "@papo/protocol";
import { LinkRecorder } from "@papo/testing";

const identities = { client: createTlsIdentity(), server: createTlsIdentity() };
const common = { host: "127.0.0.1", alpn: "papo-peer/1", queueBytesMax: 1_048_576, forMs: PUNCH_FOR_MS };

const [client, server] = await Promise.all([
  tcpNetwork().punched({
    ...common,
    ...{ role: "client", identity: identities.client, expectedKey: identities.server.key },
    ...{ localPort: 50_001, port: 50_002 },
  }),
  tcpNetwork().punched({
    ...common,
    ...{ role: "server", identity: identities.server, expectedKey: identities.client.key },
    ...{ localPort: 50_002, port: 50_001 },
  }),
]);
const [atClient, atServer] = [expectOk(client), expectOk(server)];
const [heardAtClient, heardAtServer] = [LinkRecorder.on(atClient), LinkRecorder.on(atServer)];
atClient.sendJson({ from: "client" });
atServer.sendJson({ from: "server" });
const [[fromServer = ""], [fromClient = ""]] = await Promise.all([
  heardAtClient.received(1),
  heardAtServer.received(1),
]);
writeSync(1, `client heard ${fromServer}, server heard ${fromClient}\n`);
atClient.destroy({ code: "closed", detail: "done" });
atServer.destroy({ code: "closed", detail: "done" });

function expectOk(outcome: Outcome<Link>): Link {
  if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.detail}`);
  return outcome.value;
}
