// Goal: whoever calls himself a router in UPnP can send us to nobody else, give us nothing endless to read, and have us run nothing.
// Method: texts as routers write them and as nobody should; a router of our own on loopback that answers as it is told.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { ROUTER_ANSWER_BYTES_MAX } from "@papo/protocol";
import fc from "fast-check";
import { seededRandom } from "../../src/memory/seeded-random.ts";
import { elementIn, locationIn, serviceIn } from "../../src/mapping/upnp-texts.ts";
import { UpnpWay } from "../../src/mapping/upnp-way.ts";

const HOST = "192.168.1.1";
const found = (location: string): string =>
  `HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nST: x\r\nLOCATION: ${location}\r\n\r\n`;

test("a router is asked only at the address that its answer came from, and in HTTP", () => {
  assert.equal(locationIn(found(`http://${HOST}:5000/root.xml`), HOST)?.href, `http://${HOST}:5000/root.xml`);
  const elsewhere = [
    "http://10.0.0.1/root.xml",
    `https://${HOST}/root.xml`,
    `file:///etc/passwd`,
    `http://me:secret@${HOST}/`,
    `http://${HOST}.example.net/`,
    "nonsense",
    "",
  ];
  for (const location of elsewhere) assert.equal(locationIn(found(location), HOST), undefined, location);
  assert.equal(locationIn(`NOTIFY * HTTP/1.1\r\nLOCATION: http://${HOST}/\r\n\r\n`, HOST), undefined);
});

const description = (control: string, type = "urn:schemas-upnp-org:service:WANIPConnection:1"): string =>
  `<root><device><serviceList><service><serviceType>urn:x:Layer3Forwarding:1</serviceType><controlURL>/no</controlURL></service>
  <service><serviceType>${type}</serviceType><controlURL>${control}</controlURL></service></serviceList></device></root>`;

test("its service for mapping is found, at the router itself", () => {
  const location = new URL(`http://${HOST}:5000/root.xml`);
  const service = serviceIn(description("/ctl/IPConn"), location);
  assert.deepEqual(
    [service?.type, service?.control.href],
    ["urn:schemas-upnp-org:service:WANIPConnection:1", `http://${HOST}:5000/ctl/IPConn`],
  );
  assert.equal(serviceIn(description("http://10.0.0.7/ctl"), location), undefined);
  assert.equal(
    serviceIn(description("/ctl", `urn:schemas-upnp-org:service:WANIPConnection:1"><evil`), location),
    undefined,
  );
  assert.equal(serviceIn("<service>".repeat(10_000), location), undefined);
});

test("no text whatever makes reading it throw", () => {
  const part = fc.constantFrom(
    "<service>",
    "</service>",
    "<serviceType>",
    "<a:controlURL>",
    "http://",
    "<",
    ">",
    ":",
    "x",
  );
  const texts = fc.array(fc.oneof(part, fc.string()), { maxLength: 30 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(texts, (text) => {
      locationIn(found(text), HOST);
      serviceIn(text, new URL(`http://${HOST}/`));
      elementIn(text, "controlURL");
    }),
  );
});

type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => void;

/** What it answers to a call; `asked` holds all that was said to it. */
async function router(answer: Answer) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      asked.push(body);
      if (request.method === "GET") response.end(description("/ctl"));
      else answer(request, body, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const location = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/root.xml`);
  return {
    asked,
    way: new UpnpWay({ location, client: "127.0.0.1" }, seededRandom(1)),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const signal = new AbortController().signal;
const refusal = (code: number): string =>
  `<s:Envelope><s:Body><s:Fault><detail><UPnPError><errorCode>${code}</errorCode></UPnPError></detail></s:Fault></s:Body></s:Envelope>`;

function refuse(response: ServerResponse, code: number): void {
  response.writeHead(500);
  response.end(refusal(code));
}

test("it is asked for the same port outside, for a while, in the name papo, and gets it back", async () => {
  await using one = await router((request, _, response) => {
    const isAddress = request.headers["soapaction"]?.includes("GetExternalIPAddress") === true;
    response.end(isAddress ? "<a><NewExternalIPAddress>11.22.33.9</NewExternalIPAddress></a>" : "<ok/>");
  });
  const mapping = await one.way.map({ port: 40_000, outside: 40_000 }, signal);
  assert.deepEqual(mapping, { way: "upnp", address: "11.22.33.9", port: 40_000, lifetimeMs: 3_600_000 });
  const [, add = ""] = one.asked;
  for (const said of [
    "<NewExternalPort>40000<",
    "<NewInternalClient>127.0.0.1<",
    "<NewPortMappingDescription>papo<",
    "<NewLeaseDuration>3600<",
    "<NewProtocol>TCP<",
  ])
    assert.ok(add.includes(said), said);
  await one.way.unmap({ port: 40_000, outside: 40_000 }, signal);
  assert.match(one.asked.at(-1) ?? "", /DeletePortMapping.*<NewExternalPort>40000</u);
});

test("a port that somebody else has is left to them, and another one asked for", async () => {
  await using one = await router((_, body, response) => {
    if (body.includes("AddPortMapping") && body.includes("<NewExternalPort>40000<")) refuse(response, 718);
    else response.end("<ok/>");
  });
  const mapping = await one.way.map({ port: 40_000, outside: 40_000 }, signal);
  assert.ok(mapping !== undefined && mapping.port !== 40_000 && mapping.port >= 1024 && mapping.port <= 65_535);
});

test("a router that keeps mappings for ever is asked for that, one that refuses is let alone", async () => {
  await using permanent = await router((_, body, response) => {
    if (body.includes("<NewLeaseDuration>3600<")) refuse(response, 725);
    else response.end("<ok/>");
  });
  assert.equal((await permanent.way.map({ port: 40_000, outside: 40_000 }, signal))?.port, 40_000);
  await using stern = await router((_, __, response) => refuse(response, 606));
  assert.equal(await stern.way.map({ port: 40_000, outside: 40_000 }, signal), undefined);
  assert.equal(stern.asked.length, 2);
});

test("endless answers, answers that send us elsewhere and none at all come to nothing", async () => {
  await using endless = await router((_, __, response) => response.end("x".repeat(ROUTER_ANSWER_BYTES_MAX + 1)));
  assert.equal(await endless.way.map({ port: 40_000, outside: 40_000 }, signal), undefined);
  await using elsewhere = await router((_, __, response) => {
    response.writeHead(302, { location: "http://127.0.0.1:1/" });
    response.end();
  });
  assert.equal(await elsewhere.way.map({ port: 40_000, outside: 40_000 }, signal), undefined);
  const limit = new AbortController();
  await using silent = await router(() => limit.abort());
  assert.equal(await silent.way.map({ port: 40_000, outside: 40_000 }, limit.signal), undefined);
});
