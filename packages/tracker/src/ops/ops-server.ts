import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { type Outcome, fail, succeed } from "@papo/protocol";
import type { Prometheus } from "./prometheus.ts";

/** Only for the operator of this machine. */
const OPS_HOST = "127.0.0.1";
const REQUEST_TIMEOUT_MS = 5_000;

export type OpsOptions = {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Resolves when the tracker can serve; rejects or says false when it cannot. */
  readonly isReady: () => Promise<boolean>;
  readonly figures: Pick<Prometheus, "contentType" | "read"> | undefined;
};

export type OpsServer = { readonly host: string; readonly port: number; close(): Promise<void> };

/** `/healthz`: the process lives. `/readyz`: it serves and its store answers. `/metrics`: its figures. docs/operate.md */
export async function startOps(options: OpsOptions): Promise<Outcome<OpsServer>> {
  const server = createServer((request, response) => {
    answer(request, options).then(
      (reply) => send(response, reply),
      () => send(response, { status: 500, text: "failed\n" }),
    );
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  const opened = await listen(server, options.port);
  if (!opened.ok) return opened;
  return succeed({ host: OPS_HOST, port: opened.value, close: () => close(server) });
}

type Reply = { readonly status: number; readonly text: string; readonly contentType?: string };

async function answer({ method, url, headers }: IncomingMessage, options: OpsOptions): Promise<Reply> {
  // A page in a browser on this machine could ask in another name.
  if (!isLocalName(headers.host)) return { status: 421, text: "" };
  if (method !== "GET" && method !== "HEAD") return { status: 405, text: "" };
  switch (url) {
    case "/healthz":
      return { status: 200, text: "ok\n" };
    case "/readyz":
      return (await options.isReady().catch(() => false))
        ? { status: 200, text: "ready\n" }
        : { status: 503, text: "not ready\n" };
    case "/metrics":
      return options.figures === undefined
        ? { status: 404, text: "no figures\n" }
        : { status: 200, text: await options.figures.read(), contentType: options.figures.contentType };
    default:
      return { status: 404, text: "/healthz /readyz /metrics\n" };
  }
}

function isLocalName(host: string | undefined): boolean {
  return host !== undefined && /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/iu.test(host);
}

function send(response: ServerResponse, { status, text, contentType }: Reply): void {
  response.writeHead(status, {
    "content-type": contentType ?? "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(text);
}

function listen(server: Server, port: number): Promise<Outcome<number>> {
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code === "EADDRINUSE" ? fail("busy", "the port is in use") : fail("unreachable", "cannot listen"));
    });
    server.listen({ host: OPS_HOST, port }, () => {
      const address = server.address();
      if (address === null || typeof address === "string") return resolve(fail("unreachable", "no address"));
      resolve(succeed(address.port));
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
