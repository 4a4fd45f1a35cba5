import type { IncomingHttpHeaders } from "node:http";

/** One request as it came over the wire, before any cloud looked at it. */
export interface WireRequest {
  readonly method: string;
  /** Path as sent, still percent-encoded, without the query. */
  readonly path: string;
  /** Decoded query: `+` is a space, as in every servlet container. */
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly remoteAddress: string;
}

/** One answer. Without a `content-type` header none is sent. */
export interface WireReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The value of a header, the first one when it was sent several times. */
export function header(request: WireRequest, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()];
  return Array.isArray(value) ? value[0] : value;
}

/** An answer with a JSON body and the media type that goes with it. */
export function jsonReply(status: number, value: unknown): WireReply {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(value, undefined, 2) + "\n",
  };
}
