/**
 * The one place that sends requests, and the only file that sees axios. Knows no cloud.
 *
 * axios composes the request. Connections and proxies are ours (see `connect.ts`), because axios's own tunnel shows a
 * proxy's refusal as if it were the service's answer, and cannot tell a request that never left from one that may have
 * been executed. So is decompression: axios takes a compressed answer that was cut short for a shorter one.
 */
import { setMaxListeners } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import type { Readable } from "node:stream";
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { Axios, isAxiosError } from "axios";
import { bulkhead, type BulkheadPolicy } from "cockatiel";
import { ConnectFailure, openConnection, trustWithCaFile, type Destination, type Trust } from "./connect";
import { InputError, ProviderError, ReplyShapeError } from "../errors";
import { cancelled, exchangeFailed, notConnected, timedOut, type Peer } from "./network-failures";
import { proxyFor, type Environment, type Proxy } from "./proxy";
import { parsedUrl } from "../url";

/** The transport settings of one connection. Nothing is read or checked before the first request or `verifySettings`. */
export interface HttpSettings {
  /**
   * A PEM file with certificates to believe besides Node's own roots, for the service and for an https proxy: of
   * authorities, with or without their roots, or of the service itself. A relative path counts from the working folder
   * of the process. Read once; a file that cannot be used fails every request with `ConfigError`.
   */
  readonly caFile?: string | undefined;
  /** Accept any certificate of the service, `false` by default. An https proxy is verified even then. */
  readonly insecureSkipVerify?: boolean | undefined;
  /**
   * `http://[user:password@]host[:port]` or `https://…`. Without it, HTTPS_PROXY or HTTP_PROXY (by the scheme of the
   * service), else ALL_PROXY, counts as configured. NO_PROXY exempts from either. Lower-case variables win.
   */
  readonly proxy?: string | undefined;
  /** The time one request may take, from its start (not while it queues) to the last byte of the answer. */
  readonly requestTimeoutMs: number;
  /** Requests on the wire at a time, at least 1, 10 by default; more wait for their turn. */
  readonly maxConcurrentRequests?: number | undefined;
}

/** One request. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** An absolute http(s) URL, already percent-encoded. What follows the host is sent byte for byte. */
  readonly url: string;
  /** Sent as given; besides them only what HTTP needs, `accept-encoding` and a default `user-agent` are sent. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as UTF-8. Its `content-type` is the caller's; none is added. */
  readonly body?: string | undefined;
  /** Overrides `requestTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** Cancels the request, also while it waits for its turn. */
  readonly signal?: AbortSignal | undefined;
  /** Cancels the request only as long as it waits for its turn. */
  readonly queueSignal?: AbortSignal | undefined;
  /** Waited for when everything else is ready: the request goes on the wire right afterwards. */
  readonly turn?: ((signal: AbortSignal) => Promise<void>) | undefined;
}

/** An answer, whatever its status. */
export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; repeated headers are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The decompressed body read as UTF-8, without a byte order mark. */
  readonly text: string;
}

/** Sends requests over kept-alive connections. */
export interface HttpClient {
  /**
   * The service's answer, whatever its status; redirects are not followed and nothing is retried.
   *
   * Rejects with `NetworkError` when there is no answer (`outcome` tells whether the request can have reached the
   * service; code `ABORTED` when cancelled, unless the signal's reason is one of our own errors, which is thrown
   * instead), `ReplyShapeError` for an answer over `MAX_ANSWER_BYTES`, `ConfigError` for a setting that cannot be
   * used, `InputError` for a request that cannot be written. No message carries the path, the query or a header.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /**
   * Throws `ConfigError` for what `send` would refuse in the settings and the environment for a request to this URL:
   * an unusable `caFile`, a malformed proxy. Sends nothing.
   */
  verifySettings(url: string): void;
  /** Drops the idle connections and cancels what is queued or on the wire. Later requests are refused. */
  close(): void;
}

/** The largest decompressed answer that is read. Ours: the largest page any client here asks for is far below. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

const DEFAULT_CONCURRENT_REQUESTS = 10;

/**
 * How long an unused connection is kept. Below the 5 s after which Node's servers close theirs, the shortest in
 * common use: a request that meets a connection being closed has an unknown outcome.
 */
const IDLE_CONNECTION_MS = 4_000;

/** The longest delay Node's timers know (2³¹ − 1 ms, 24 days); beyond it they fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** A client of its own connections. Never throws; unusable settings are reported by the first request. */
export function createHttpClient(settings: HttpSettings, environment: Environment = process.env): HttpClient {
  return new AxiosClient(settings, environment);
}

/** Where a request goes. */
interface Target extends Destination {
  readonly url: URL;
  /** Scheme, host and port: all that a message may show. */
  readonly origin: string;
  /** Path and query exactly as given. */
  readonly pathAndQuery: string;
}

/** The life of one request. */
interface Call {
  readonly target: Target;
  readonly cancel: AbortController;
  readonly timeoutMs: number;
  proxy: Proxy | undefined;
  trust: Trust | undefined;
  /** `sent` from the moment a ready connection was given to the request. */
  phase: "waiting" | "connecting" | "sent" | "answering";
  connectFailure: ConnectFailure | undefined;
}

const TIMED_OUT = Symbol("timed out");

class AxiosClient implements HttpClient {
  private readonly settings: HttpSettings;
  private readonly environment: Environment;
  private readonly slots: BulkheadPolicy;
  private readonly axios = new Axios({
    adapter: "http",
    proxy: false,
    maxRedirects: 0,
    responseType: "stream",
    decompress: false,
    validateStatus: null,
  });
  private readonly httpAgent = withOwnConnections(
    new http.Agent({ keepAlive: true, timeout: IDLE_CONNECTION_MS }),
  );
  private readonly httpsAgent = withOwnConnections(
    new https.Agent({ keepAlive: true, timeout: IDLE_CONNECTION_MS }),
  );
  private readonly running = new Set<AbortController>();
  private trust: Trust | undefined;
  private closed = false;

  constructor(settings: HttpSettings, environment: Environment) {
    this.settings = settings;
    this.environment = environment;
    this.slots = bulkhead(settings.maxConcurrentRequests ?? DEFAULT_CONCURRENT_REQUESTS, Infinity);
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    const call: Call = {
      target: targetOf(request),
      cancel: new AbortController(),
      timeoutMs: Math.min(request.timeoutMs ?? this.settings.requestTimeoutMs, MAX_TIMER_MS),
      proxy: undefined,
      trust: undefined,
      phase: "waiting",
      connectFailure: undefined,
    };
    const headers = headersOf(request);
    const cancel = () => call.cancel.abort(request.signal?.reason);
    const cancelQueued = () => {
      if (call.phase === "waiting") {
        call.cancel.abort(request.queueSignal?.reason);
      }
    };
    if (this.closed || request.signal?.aborted === true) {
      cancel();
    }
    if (request.queueSignal?.aborted === true) {
      cancelQueued();
    }
    // Many requests share one signal; Node would print a warning about a leak from the eleventh on.
    for (const signal of [request.signal, request.queueSignal]) {
      if (signal !== undefined) {
        setMaxListeners(0, signal);
      }
    }
    request.signal?.addEventListener("abort", cancel, { once: true });
    request.queueSignal?.addEventListener("abort", cancelQueued, { once: true });
    this.running.add(call.cancel);
    try {
      ({ trust: call.trust, proxy: call.proxy } = this.route(call.target.url));
      return await this.inTurn(call, () => this.exchange(call, request, headers));
    } catch (error) {
      throw ownError(error, call);
    } finally {
      request.signal?.removeEventListener("abort", cancel);
      request.queueSignal?.removeEventListener("abort", cancelQueued);
      this.running.delete(call.cancel);
    }
  }

  verifySettings(url: string): void {
    this.route(new URL(url));
  }

  close(): void {
    this.closed = true;
    for (const cancel of this.running) {
      cancel.abort();
    }
    this.httpAgent.destroy();
    this.httpsAgent.destroy();
  }

  /** Whom a request to this URL believes, and through which proxy it goes. */
  private route(url: URL): { trust: Trust; proxy: Proxy | undefined } {
    this.trust ??= this.loadTrust();
    return { trust: this.trust, proxy: proxyFor(url, this.settings.proxy, this.environment) };
  }

  private loadTrust(): Trust {
    const { caFile, insecureSkipVerify } = this.settings;
    return {
      context: caFile ? trustWithCaFile(caFile, this.environment) : undefined,
      verifyService: insecureSkipVerify !== true,
    };
  }

  /** Runs `exchange` when a slot is free. A call cancelled before that rejects at once; its turn then passes. */
  private async inTurn(call: Call, exchange: () => Promise<HttpResponse>): Promise<HttpResponse> {
    const { signal } = call.cancel;
    let leave = (): void => undefined;
    const cancelledInQueue = new Promise<never>((_resolve, reject) => {
      leave = () => {
        if (call.phase === "waiting") {
          reject(new Error("cancelled in the queue"));
        }
      };
      signal.addEventListener("abort", leave, { once: true });
    });
    try {
      return await Promise.race([this.slots.execute(exchange, signal), cancelledInQueue]);
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  private async exchange(
    call: Call,
    request: HttpRequest,
    headers: Record<string, string>,
  ): Promise<HttpResponse> {
    const { target, proxy, cancel } = call;
    await request.turn?.(cancel.signal);
    call.phase = "connecting";
    const timer = setTimeout(() => cancel.abort(TIMED_OUT), call.timeoutMs);
    try {
      const forwarded = proxy !== undefined && !target.secure;
      const answer = await this.axios.request<Readable>({
        method: request.method,
        url: target.url.href,
        // `false` keeps axios from adding a content type that nobody signed.
        headers: {
          "content-type": false,
          ...headers,
          ...(forwarded && proxy.authorization !== undefined
            ? { "proxy-authorization": proxy.authorization }
            : {}),
        },
        data: request.body,
        httpAgent: this.httpAgent,
        httpsAgent: this.httpsAgent,
        signal: cancel.signal,
        transport: transportOf(call, forwarded ? `http://${target.url.host}` : ""),
      });
      call.phase = "answering";
      // Only a proxy asks for proxy authentication, and it does so before it forwards anything.
      if (forwarded && answer.status === 407) {
        answer.data.destroy();
        call.connectFailure = new ConnectFailure("proxy", undefined, 407);
        throw call.connectFailure;
      }
      const headersReceived = plainHeaders(answer.headers);
      const text = await readText(answer.data, headersReceived["content-encoding"], call);
      return { status: answer.status, headers: headersReceived, text };
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What our transport adds to the options that axios composes and Node hands on to the agent. */
type RoutedOptions = http.RequestOptions & { call?: Call };

/**
 * Node's own `request`, told to write the target exactly as the caller gave it (axios normalises it, which breaks
 * signatures) and to report when the request gets its connection.
 */
function transportOf(call: Call, prefix: string): object {
  const { target } = call;
  return {
    request(
      composed: http.RequestOptions,
      onAnswer: (answer: http.IncomingMessage) => void,
    ): http.ClientRequest {
      const options: RoutedOptions = { ...composed, path: prefix + target.pathAndQuery, call };
      const request = (target.secure ? https : http).request(options, onAnswer);
      request.once("socket", () => {
        call.phase = "sent";
      });
      return request;
    },
  };
}

/** `agent`, pooling connections that are ready for use when a request gets them. */
function withOwnConnections<Agent extends http.Agent>(agent: Agent): Agent {
  agent.createConnection = (options: RoutedOptions, done) => {
    const { call } = options;
    if (call?.trust === undefined || done === undefined) {
      throw new TypeError("not a request of this client");
    }
    openConnection(call.target, call.proxy, call.trust, call.cancel.signal).then(
      (socket) => done(null, socket),
      (error: unknown) => {
        const failure = error instanceof ConnectFailure ? error : new ConnectFailure("service", error);
        call.connectFailure = failure;
        (done as (error: Error) => void)(failure);
      },
    );
    return undefined;
  };
  return agent;
}

async function readText(body: Readable, encoding: string | undefined, call: Call): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop destroys the stream and its connection.
    if (bytes > MAX_ANSWER_BYTES) {
      throw tooLarge(call);
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(decompressed(Buffer.concat(chunks), encoding, call));
}

/** The body without its encodings, which are undone in reverse order. Throws for one that is not whole. */
function decompressed(body: Buffer, encoding: string | undefined, call: Call): Buffer {
  const names = (encoding ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  return names.reverse().reduce((rest, name) => {
    // An answer without a body may say how it would be compressed.
    if (rest.length === 0 || name === "" || name === "identity") {
      return rest;
    }
    const decompress = DECOMPRESSORS[name];
    if (decompress === undefined) {
      throw new ReplyShapeError(
        `The answer of ${call.target.origin} is compressed in a way that was not asked for.`,
        { hint: "Check that the address is the service's API, and what stands in between." },
      );
    }
    try {
      return decompress(rest, { maxOutputLength: MAX_ANSWER_BYTES });
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE" ? tooLarge(call) : error;
    }
  }, body);
}

type Decompress = (body: Buffer, limits: { maxOutputLength: number }) => Buffer;

const DECOMPRESSORS: Readonly<Record<string, Decompress>> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  // Some servers leave out the zlib header, whose first byte ends in 8.
  deflate: (body, limits) => (((body[0] ?? 0) & 0x0f) === 8 ? inflateSync : inflateRawSync)(body, limits),
  br: brotliDecompressSync,
};

function tooLarge(call: Call): ReplyShapeError {
  return new ReplyShapeError(`The answer of ${call.target.origin} is too large to be read.`, {
    facts: { Limit: `${MAX_ANSWER_BYTES} bytes` },
    hint: "Check that the address is the service's API and not another server.",
  });
}

function targetOf(request: HttpRequest): Target {
  const [, scheme, pathAndQuery = ""] = /^(https?):\/\/[^/?#]+(.*)$/is.exec(request.url) ?? [];
  const url = scheme === undefined ? undefined : parsedUrl(request.url);
  if (url?.username !== "" || url.password !== "") {
    throw new InputError("The address of the request is not an http or https URL without user information.");
  }
  if (/[^\x21-\x7e]|#/.test(pathAndQuery)) {
    throw new InputError(`The path or query of a request to ${url.host} is not percent-encoded.`);
  }
  const secure = url.protocol === "https:";
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  return {
    url,
    secure,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port,
    origin: `${url.protocol}//${url.hostname}:${port}`,
    pathAndQuery: pathAndQuery.startsWith("/") ? pathAndQuery : `/${pathAndQuery}`,
  };
}

function headersOf(request: HttpRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    // axios drops such characters without a word, and a signature over them then no longer fits.
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new InputError(`The value of the header ${name} holds a character that a header cannot carry.`, {
        hint: "A line break or a non-Latin character in a credential is the usual reason.",
      });
    }
    headers[name.toLowerCase()] = value;
  }
  return { "user-agent": defaultUserAgent(), "accept-encoding": "gzip", ...headers };
}

function plainHeaders(headers: object): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers) as [string, string | string[]][]) {
    plain[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return plain;
}

/** One of our errors for whatever went wrong with `call`. axios's own, which carry the request, stop here. */
function ownError(error: unknown, call: Call): ProviderError {
  if (error instanceof ProviderError) {
    return error;
  }
  const peer: Peer = { origin: call.target.origin, proxyOrigin: call.proxy?.origin };
  const sent = call.phase === "sent" || call.phase === "answering";
  const { signal } = call.cancel;
  if (signal.aborted) {
    if (signal.reason === TIMED_OUT) {
      return timedOut(peer, call.timeoutMs, sent);
    }
    return signal.reason instanceof ProviderError ? signal.reason : cancelled(peer, sent);
  }
  if (call.connectFailure !== undefined) {
    return notConnected(peer, call.connectFailure);
  }
  return exchangeFailed(peer, isAxiosError(error) ? (error.cause ?? error) : error, call.phase);
}

let userAgent: string | undefined;

function defaultUserAgent(): string {
  return (userAgent ??= `pulumi-dingtalk/${packageVersion()}`);
}

function packageVersion(): string {
  const { version } = require("pulumi-dingtalk/package.json") as { version: string };
  return version;
}
