import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { cannedReply } from "./canned";
import type { WireReply, WireRequest } from "./exchange";
import { isTransportFault, type TransportFault } from "./faults";
import { type Described, type Ending, type Journal } from "./journal";
import { redactQuery } from "./redact";
import type { Answer, Site } from "./site";

/** Larger bodies are answered 413, and the connection ends: no operation of any cloud comes near. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** What is still read of such a body: a client that writes does not read the answer before it is done. */
const MAX_IGNORED_BYTES = 64 * 1024 * 1024;
/** How long is waited for the end of such a body. */
const IGNORE_MS = 10_000;

/** Where to listen. */
export interface ListenOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number | undefined;
  /** 127.0.0.1 by default. */
  readonly host?: string | undefined;
  /** Key and certificate in PEM; with them the listener speaks HTTPS only. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
}

/** What a listener serves. */
export interface Served {
  readonly sites: readonly Site[];
  readonly journal: Journal;
  /** Answers the requests of the control address, `undefined` for all others. */
  control?(request: WireRequest): Promise<WireReply> | undefined;
}

/** A server socket with its sites; several of them can share a journal and a control address. */
export class Listener {
  private readonly server: Server;
  private readonly served: Served;
  readonly url: string;
  private closing = false;

  private constructor(server: Server, served: Served, url: string) {
    this.server = server;
    this.served = served;
    this.url = url;
    server.on("request", (request, response) => void this.serve(request, response));
  }

  /** Starts to listen. */
  static async open(options: ListenOptions, served: Served): Promise<Listener> {
    const { port = 0, host = "127.0.0.1", tls } = options;
    const server: Server =
      tls === undefined ? createHttpServer() : createHttpsServer({ key: tls.key, cert: tls.cert });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => {
        server.off("error", reject);
        resolve();
      });
    });
    const address = server.address() as AddressInfo;
    const shownHost = address.family === "IPv6" ? `[${address.address}]` : address.address;
    const url = `${tls === undefined ? "http" : "https"}://${shownHost}:${String(address.port)}`;
    return new Listener(server, served, url);
  }

  /** Stops listening and ends all connections at once. */
  async close(): Promise<void> {
    if (this.closing) {
      return;
    }
    this.closing = true;
    await new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
      this.server.closeAllConnections();
    });
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => response.destroy());
    try {
      const body = await readBody(incoming);
      if (body === "gone") {
        return;
      }
      if (body === "too large") {
        refuseBody(incoming, response);
        return;
      }
      const request = toWireRequest(incoming, body);
      const controlled = await this.served.control?.(request);
      if (controlled !== undefined) {
        send(response, controlled);
        return;
      }
      const site = this.served.sites.find((candidate) => candidate.owns(request));
      if (site === undefined) {
        send(response, cannedReply(404));
      } else {
        await this.play(site, request, response);
      }
    } catch (error) {
      // A bug of the emulator itself must be seen in the client's log, not as a hang.
      if (response.destroyed) {
        return;
      }
      const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (!response.headersSent) {
        send(response, { status: 500, body: `emulator error: ${told}` });
      } else {
        response.destroy();
      }
    }
  }

  /** Runs one request of a site, with the fault that is due. */
  private async play(site: Site, request: WireRequest, response: ServerResponse): Promise<void> {
    const described: Described = site.describe(request);
    const end = this.served.journal.open(site.name, request.method, redactQuery(request.query), described);
    const drawn = site.faults.draw({ ...described, method: request.method });
    const ending: Ending = { outcome: "answered" };
    if (drawn.fault !== undefined) {
      ending.fault = drawn.fault.kind;
    }
    const transport = isTransportFault(drawn.fault) ? drawn.fault : undefined;
    await drawn.before();

    let answer: Answer | undefined;
    if (transport === undefined || isCommitted(transport)) {
      answer = await site.handle(request, transport === undefined ? drawn.fault : undefined);
      if (answer.jobId !== undefined) {
        ending.jobId = answer.jobId;
      }
    }
    await drawn.then();

    const work = async (): Promise<WireReply> => {
      answer ??= await site.handle(request, undefined);
      if (answer.jobId !== undefined) {
        ending.jobId = answer.jobId;
      }
      return answer.reply;
    };
    await deliver(response, transport, work, (sent) => {
      end({ ...ending, ...sent });
    });
  }
}

type Sent = { outcome: "dropped" } | { outcome: "answered"; status: number };

/** Sends the answer, or what the fault leaves of it; `noted` runs before the client can see anything. */
async function deliver(
  response: ServerResponse,
  fault: TransportFault | undefined,
  work: () => Promise<WireReply>,
  noted: (sent: Sent) => void,
): Promise<void> {
  const answer = (reply: WireReply): void => {
    noted({ outcome: "answered", status: reply.status });
    send(response, reply);
  };
  switch (fault?.kind) {
    case undefined:
      answer(await work());
      return;
    case "dropBeforeCommit":
    case "dropAfterCommit":
      noted({ outcome: "dropped" });
      response.destroy();
      return;
    case "status": {
      const canned = cannedReply(fault.status);
      const headers = fault.headers ?? (fault.body === undefined ? canned.headers : undefined);
      answer({
        status: fault.status,
        body: fault.body ?? canned.body,
        ...(headers === undefined ? {} : { headers }),
      });
      return;
    }
    case "redirect":
      answer({ status: fault.status ?? 302, headers: { location: fault.location }, body: "" });
      return;
    case "truncated": {
      const reply = await work();
      noted({ outcome: "answered", status: reply.status });
      sendPart(response, reply, fault.bytes);
      return;
    }
    case "slow":
      if (fault.ms === undefined) {
        return;
      }
      await delay(fault.ms, response);
      if (!response.destroyed) {
        answer(await work());
      } else {
        noted({ outcome: "dropped" });
      }
  }
}

function isCommitted(fault: TransportFault): boolean {
  switch (fault.kind) {
    case "dropAfterCommit":
    case "truncated":
      return true;
    case "status":
      return fault.committed === true;
    case "slow":
      return fault.committed !== false;
    case "dropBeforeCommit":
    case "redirect":
      return false;
  }
}

/** The body; `gone` when the client broke off, `too large` as soon as that is known. */
function readBody(incoming: IncomingMessage): Promise<Buffer | "gone" | "too large"> {
  if (Number(incoming.headers["content-length"] ?? 0) > MAX_BODY_BYTES) {
    return Promise.resolve("too large");
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const done = (result: Buffer | "gone" | "too large"): void => {
      incoming.off("data", take);
      resolve(result);
    };
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) {
        done("too large");
      } else {
        chunks.push(chunk);
      }
    };
    incoming.on("data", take);
    incoming.on("end", () => {
      done(Buffer.concat(chunks));
    });
    // Nobody is left to be told.
    incoming.on("error", () => {
      done("gone");
    });
    incoming.on("close", () => {
      done("gone");
    });
  });
}

/**
 * Answers 413 at once and ends the connection. The rest of the body is read and forgotten, within limits: a connection
 * that is closed over unread bytes is reset, and takes the answer with it.
 */
function refuseBody(incoming: IncomingMessage, response: ServerResponse): void {
  const body = `The request has a body of more than ${String(MAX_BODY_BYTES / 1024 / 1024)} MiB, which is the limit of this emulator.\n`;
  response.writeHead(413, { connection: "close", "content-length": Buffer.byteLength(body) });
  response.write(body);
  const finish = (): void => {
    clearTimeout(timer);
    incoming.off("data", ignore);
    response.end();
    incoming.socket.destroySoon();
  };
  let ignored = 0;
  const ignore = (chunk: Buffer): void => {
    ignored += chunk.length;
    if (ignored > MAX_IGNORED_BYTES) {
      finish();
    }
  };
  const timer = setTimeout(finish, IGNORE_MS);
  incoming.on("data", ignore);
  incoming.on("end", finish);
  incoming.on("close", finish);
  incoming.resume();
}

function toWireRequest(incoming: IncomingMessage, body: Buffer): WireRequest {
  const target = incoming.url ?? "/";
  // A client that takes the emulator for its proxy sends an absolute target.
  const relative = target.startsWith("/") ? target : target.replace(/^[a-z]+:\/\/[^/?#]*/i, "");
  const cut = relative.indexOf("?");
  return {
    method: incoming.method ?? "GET",
    path: (cut < 0 ? relative : relative.slice(0, cut)) || "/",
    query: new URLSearchParams(cut < 0 ? "" : relative.slice(cut + 1)),
    headers: incoming.headers,
    body,
    remoteAddress: incoming.socket.remoteAddress ?? "",
  };
}

function send(response: ServerResponse, reply: WireReply): void {
  response.writeHead(reply.status, { ...reply.headers, "content-length": Buffer.byteLength(reply.body) });
  response.end(reply.body);
}

function sendPart(response: ServerResponse, reply: WireReply, bytes: number | undefined): void {
  const body = Buffer.from(reply.body);
  const part = body.subarray(0, Math.min(bytes ?? Math.floor(body.length / 2), Math.max(body.length - 1, 0)));
  // One byte is always owed, so that even an empty answer is seen to be cut off.
  response.writeHead(reply.status, { ...reply.headers, "content-length": Math.max(body.length, 1) });
  response.flushHeaders();
  if (part.length === 0) {
    response.destroy();
  } else {
    response.write(part, () => response.destroy());
  }
}

/** Waits in real time, or until the client has gone. */
function delay(ms: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    response.on("close", done);
    function done(): void {
      clearTimeout(timer);
      response.off("close", done);
      resolve();
    }
  });
}
