import { NetworkError } from "../../core/errors";
import type { HttpResponse } from "../../core/transport/http";
import { apiErrorFrom, bareReplyError, errorIn } from "./failures";

/** Tells a result from a refusal, and the service from what stands between us and it. */

const MS_PER_SECOND = 1000;

const TRANSPORT_TROUBLE: readonly number[] = [429, 502, 503, 504];

/** A reply that comes from something between us and the service, or from its rate limit. */
export class TransportTrouble extends NetworkError {
  constructor(
    reply: HttpResponse,
    action: string,
    readonly retryAfterMs: number | undefined,
  ) {
    const limited = reply.status === 429;
    super(
      `${action} failed: ${limited ? "ZStack's rate limit was hit" : `no answer of ZStack's came, but status ${reply.status}, as a proxy or gateway gives it`}.`,
      {
        outcome: limited ? "not-executed" : "unknown",
        code: `HTTP_${reply.status}`,
        facts: { Status: reply.status },
        hint: limited
          ? "Run the command again later, or lower zstack:maxConcurrentRequests."
          : "Check that the management node is up, then run the command again: it takes up where this one ended.",
      },
    );
  }
}

/** The JSON of a successful reply; everything else is thrown. */
export function resultOf(reply: HttpResponse, action: string, endpoint: string, nowMs: number): object {
  const json = parseJson(reply.text);
  const error = errorIn(json);
  if (error !== undefined) {
    throw apiErrorFrom(error, action);
  }
  throwTransportTrouble(reply, action, nowMs);
  if (reply.status >= 200 && reply.status < 300 && typeof json === "object" && json !== null) {
    return json;
  }
  throw bareReplyError(reply, action, endpoint);
}

/**
 * Throws when a reply does not come from the service. A 503 with a JSON error is the service speaking; without one it is trouble on the
 * way.
 */
export function throwTransportTrouble(reply: HttpResponse, action: string, nowMs: number): void {
  if (!TRANSPORT_TROUBLE.includes(reply.status) || errorIn(parseJson(reply.text)) !== undefined) {
    return;
  }
  throw new TransportTrouble(reply, action, waitAskedFor(reply.headers["retry-after"], nowMs));
}

/** `Retry-After`, seconds or a date, in milliseconds. */
function waitAskedFor(retryAfter: string | undefined, nowMs: number): number | undefined {
  if (retryAfter === undefined) {
    return undefined;
  }
  const seconds = Number(retryAfter);
  const waitMs = Number.isNaN(seconds) ? Date.parse(retryAfter) - nowMs : seconds * MS_PER_SECOND;
  return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : undefined;
}

/** A reply's body as JSON; `undefined` where it is none, which is an answer too. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The callers look at the status and the text.
    return undefined;
  }
}
