/** A forward proxy: absolute-form requests and CONNECT tunnels, plain or over TLS, with Basic credentials if asked. */
import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import type { ServerIdentity } from "./certificates";
import { listen, type LocalServer } from "./local-server";

export interface ForwardProxyOptions {
  /** Makes it an https proxy. */
  readonly identity?: ServerIdentity;
  /** `user:password`; without them in a request the answer is 407. */
  readonly credentials?: string;
  /** Refuse every CONNECT with this status. */
  readonly refuseTunnels?: number;
  /** Accept a CONNECT and never answer it; called when one arrives. */
  readonly onHeldTunnel?: () => void;
}

export interface ForwardProxy extends LocalServer {
  readonly url: string;
  /** The absolute URLs that were forwarded. */
  readonly forwarded: string[];
  /** The `host:port` of each tunnel that was opened. */
  readonly tunnels: string[];
  /** How many requests or tunnels were refused. */
  refused(): number;
}

export async function startForwardProxy(options: ForwardProxyOptions = {}): Promise<ForwardProxy> {
  const forwarded: string[] = [];
  const tunnels: string[] = [];
  let refused = 0;
  const expected = options.credentials && `Basic ${Buffer.from(options.credentials).toString("base64")}`;
  const isKnown = (request: http.IncomingMessage): boolean =>
    !expected || request.headers["proxy-authorization"] === expected;

  const forward = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    if (!isKnown(request)) {
      refused += 1;
      response.writeHead(407, { "proxy-authenticate": "Basic" }).end("proxy says no");
      return;
    }
    const target = request.url ?? "";
    const [, host, port, path] = /^http:\/\/([^:/]+):(\d+)(.*)$/.exec(target) ?? [];
    if (host === undefined) {
      response.writeHead(400).end("not in absolute form");
      return;
    }
    forwarded.push(target);
    const headers = { ...request.headers };
    delete headers["proxy-authorization"];
    const onward = http.request({ host, port, path, method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.writeHead(502).end("no answer from the service"));
    request.pipe(onward);
  };

  const tunnel = (request: http.IncomingMessage, client: net.Socket, head: Buffer): void => {
    client.on("error", () => undefined);
    const status = isKnown(request) ? options.refuseTunnels : 407;
    if (status !== undefined) {
      refused += 1;
      client.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 13\r\n\r\nproxy says no`);
      return;
    }
    if (options.onHeldTunnel !== undefined) {
      options.onHeldTunnel();
      return;
    }
    const authority = request.url ?? "";
    const [host, port] = authority.split(":");
    const service = net.connect(Number(port), host, () => {
      tunnels.push(authority);
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      service.write(head);
      service.pipe(client).pipe(service);
    });
    service.on("error", () => client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
    client.on("close", () => service.destroy());
  };

  const server = options.identity
    ? https.createServer({ ...options.identity }, forward)
    : http.createServer(forward);
  server.on("connect", tunnel);
  const local = await listen(server);
  const url = `${options.identity ? "https" : "http"}://localhost:${local.port}`;
  return { ...local, url, forwarded, tunnels, refused: () => refused };
}
