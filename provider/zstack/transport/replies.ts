import { NetworkError, type ProviderError } from "../../core/errors";
import type { HttpResponse } from "../../core/transport/http";
import { apiErrorFrom, bareReplyError, errorIn, type ErrorBody } from "./failures";

/** What a reply says, read once: who speaks, the service or something between us and it, and whether it is a result or a refusal. */

/** A reply that was read. */
export type Reply =
  /** The request became a job; its id, where the reply names one. */
  | { readonly kind: "accepted"; readonly status: number; readonly jobId: string | undefined }
  | { readonly kind: "result"; readonly status: number; readonly json: object }
  /** The service says no: ZStack answers every API error with 503 and JSON. */
  | { readonly kind: "refusal"; readonly status: number; readonly error: ErrorBody }
  /** Something on the way, or the service's rate limit. */
  | { readonly kind: "trouble"; readonly status: number; readonly error: TransportTrouble }
  /** Neither JSON of the service nor known trouble: its framework, a proxy, or no ZStack at all. */
  | {
      readonly kind: "foreign";
      readonly status: number;
      readonly error: ProviderError;
      readonly isPage: boolean;
    };

/** What a reply is an answer to. */
export interface Asked {
  readonly action: string;
  readonly endpoint: string;
  readonly nowMs: number;
  /** Whether the protocol of jobs is spoken, in which 202 means "not yet". */
  readonly isJob: boolean;
}

const ACCEPTED = 202;
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

/** Reads a reply. */
export function readReply(response: HttpResponse, asked: Asked): Reply {
  const { status } = response;
  const json = parseJson(response.text);
  if (asked.isJob && status === ACCEPTED) {
    // The location names the management node by an address of its own, which may be unreachable; only the id counts.
    return { kind: "accepted", status, jobId: locationIn(json)?.split("/").pop() };
  }
  const error = errorIn(json);
  if (error !== undefined) {
    return { kind: "refusal", status, error };
  }
  if (TRANSPORT_TROUBLE.includes(status)) {
    const waitMs = waitAskedFor(response.headers["retry-after"], asked.nowMs);
    return { kind: "trouble", status, error: new TransportTrouble(response, asked.action, waitMs) };
  }
  if (status >= 200 && status < 300 && typeof json === "object" && json !== null) {
    return { kind: "result", status, json };
  }
  return {
    kind: "foreign",
    status,
    error: bareReplyError(response, asked.action, asked.endpoint),
    isPage: response.text.trimStart().startsWith("<"),
  };
}

/** The result of a call that is answered at once; everything else is thrown. */
export function resultIn(reply: Reply, action: string): object {
  switch (reply.kind) {
    case "result":
      return reply.json;
    case "refusal":
      throw apiErrorFrom(reply.error, action);
    case "trouble":
    case "foreign":
      throw reply.error;
    case "accepted":
      throw new Error("unreachable: only jobs are accepted");
  }
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // That it is none says something, too.
    return undefined;
  }
}

function locationIn(json: unknown): string | undefined {
  const location = (json as { location?: unknown } | null | undefined)?.location;
  return typeof location === "string" ? location : undefined;
}
