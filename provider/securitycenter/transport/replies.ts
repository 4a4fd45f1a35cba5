import { ReplyShapeError } from "../../core/errors";
import type { HttpResponse } from "../../core/transport/http";
import { SecurityCenterFailure, UNREADABLE } from "./failures";

/** What a reply says, read once: who speaks, the service or something between us and it, and whether it is a result or a refusal. */

/** A reply that was read. */
export type Reply =
  | { readonly kind: "result"; readonly json: Record<string, unknown> }
  /** The service says no, with a code. A 200 can be one (sheet 8.1). */
  | { readonly kind: "refusal"; readonly error: SecurityCenterFailure }
  /** An answer without a code: a gateway's status, or only a part of the service's words. */
  | { readonly kind: "trouble"; readonly error: SecurityCenterFailure }
  /** Whoever answers is no Security Center. */
  | { readonly kind: "foreign"; readonly error: ReplyShapeError };

/** Waiting longer than this at a server's word would look like a hang. */
const MAX_RETRY_AFTER_MS = 60_000;

/** What the service says of a failure. */
interface ErrorBody {
  readonly code: string;
  readonly message: string | undefined;
  readonly requestId: string | undefined;
}

/** Reads a reply. */
export function readReply(response: HttpResponse, action: string, endpoint: string): Reply {
  const { status, headers, text } = response;
  const failure = (code: string, told: Partial<ErrorBody> = {}, mayWait = true): SecurityCenterFailure =>
    new SecurityCenterFailure(action, code, {
      status,
      requestId: told.requestId ?? headers["x-acs-request-id"],
      retryAfterMs: mayWait ? waitAskedFor(headers["x-acs-retry-after"]) : undefined,
      message: told.message,
    });
  const json = parseObject(text);
  const isOk = status >= 200 && status < 300;
  const error = json === undefined ? xmlError(text) : isOk ? errorInsideSuccess(json) : errorIn(json);
  if (error !== undefined) {
    return { kind: "refusal", error: failure(error.code, error) };
  }
  if (isOk && json !== undefined) {
    return { kind: "result", json };
  }
  if (status === 429 || status >= 500) {
    return { kind: "trouble", error: failure(`HTTP ${status}`) };
  }
  const isPage = text.trimStart().startsWith("<");
  if (!isPage && status < 300 && text.trimStart().startsWith("{")) {
    // The call may well have been executed; only its answer is unreadable.
    return { kind: "trouble", error: failure(UNREADABLE, {}, false) };
  }
  return {
    kind: "foreign",
    error: new ReplyShapeError(`${endpoint} does not answer like Alibaba Cloud.`, {
      facts: { Action: action, Status: status, Answer: isPage ? "a web page" : "text that is not JSON" },
      hint: "Check securitycenter:endpoint, and that no proxy or login page answers in its place.",
    }),
  };
}

function errorIn(body: Record<string, unknown>): ErrorBody | undefined {
  const code = textOf(body["Code"] ?? body["code"]);
  return code === undefined ? undefined : { code, ...detailsIn(body) };
}

function detailsIn(body: Record<string, unknown>): Omit<ErrorBody, "code"> {
  return {
    message: textOf(body["Message"] ?? body["message"]),
    requestId: textOf(body["RequestId"] ?? body["requestId"]),
  };
}

/** Some operations of this product answer 200 with an error inside (sheet 8.1). */
function errorInsideSuccess(body: Record<string, unknown>): ErrorBody | undefined {
  const error = errorIn(body);
  const success = body["Success"] ?? body["success"];
  const isFineCode = error === undefined || /^(?:success|ok|200|0)$/i.test(error.code);
  const details = detailsIn(body);
  if (/^true$/i.test(String(success)) || details.message === "" || (isFineCode && success === undefined)) {
    return undefined;
  }
  return isFineCode ? { code: "Unsuccessful", ...details } : error;
}

function xmlError(text: string): ErrorBody | undefined {
  const code = /<Error>[\s\S]*<Code>([^<]+)<\/Code>/.exec(text)?.[1];
  if (code === undefined) {
    return undefined;
  }
  return {
    code,
    message: /<Message>([^<]*)<\/Message>/.exec(text)?.[1],
    requestId: /<RequestId>([^<]*)<\/RequestId>/.exec(text)?.[1],
  };
}

/** Milliseconds, as the service gives them. */
function waitAskedFor(retryAfter: string | undefined): number | undefined {
  const ms = Number(retryAfter);
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, MAX_RETRY_AFTER_MS) : undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // Not JSON: the caller looks for other forms.
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
