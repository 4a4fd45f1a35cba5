/** Servers on port 0 of the loopback interface that can be closed with everything still open on them. */
import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import type { ServerIdentity } from "./certificates";

export interface LocalServer {
  readonly port: number;
  /** How many connections were accepted. */
  connections(): number;
  close(): Promise<void>;
}

/** An HTTP(S) server; `handle` gets the whole body with each request. */
export async function startHttpServer(
  handle: (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void,
  identity?: ServerIdentity,
): Promise<LocalServer & { readonly url: string }> {
  const listener = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => handle(request, response, Buffer.concat(chunks).toString("utf8")));
  };
  const server = identity ? https.createServer({ ...identity }, listener) : http.createServer(listener);
  const local = await listen(server);
  return { ...local, url: `${identity ? "https" : "http"}://localhost:${local.port}` };
}

/** A server of raw connections, for what no HTTP server would do. */
export async function startRawServer(handle: (socket: net.Socket) => void): Promise<LocalServer> {
  return listen(
    net.createServer((socket) => {
      socket.on("error", () => undefined);
      handle(socket);
    }),
  );
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = await startRawServer(() => undefined);
  await server.close();
  return server.port;
}

/** Starts `server`; its connections are destroyed on close. */
export async function listen(server: net.Server): Promise<LocalServer> {
  const open = new Set<net.Socket>();
  let accepted = 0;
  server.on("connection", (socket: net.Socket) => {
    accepted += 1;
    open.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => open.delete(socket));
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    connections: () => accepted,
    async close() {
      for (const socket of open) {
        socket.destroy();
      }
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
