/**
 * The things that can go wrong, one class each. Absence is not among them: it is `undefined`.
 *
 * A message says what failed and why, then `Key: value` lines, then the next step. It never quotes a webhook, a
 * secret, a password or free text that a user typed, because Pulumi prints and stores it in clear.
 */

import { redact } from "./redact";

/** What an error carries besides its sentence. */
export interface ErrorDetails {
  /** The next step for the reader, a full sentence. */
  readonly hint?: string | undefined;
  /** Machine-readable context, printed as `Key: value` lines. Undefined values are left out. */
  readonly facts?: Readonly<Record<string, string | number | undefined>> | undefined;
  /** What led to this error. Must be one of our own errors or a plain one without request data. */
  readonly cause?: unknown;
}

/** The base of every error this package throws on purpose. */
export abstract class ProviderError extends Error {
  /** A stable identifier to decide on; the text may change between releases. */
  readonly code: string;
  /** The next step for the reader. */
  readonly hint: string | undefined;

  protected constructor(name: string, code: string, what: string, details: ErrorDetails = {}) {
    super(composeMessage(what, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = name;
    this.code = code;
    this.hint = details.hint;
  }
}

/** A connection setting is missing or malformed. Never retried. */
export class ConfigError extends ProviderError {
  constructor(what: string, details: ErrorDetails = {}) {
    super("ConfigError", "CONFIG", what, details);
  }
}

/** An argument is refused before any call is made. Never retried. */
export class InputError extends ProviderError {
  constructor(what: string, details: ErrorDetails = {}) {
    super("InputError", "INPUT", what, details);
  }
}

/** Whether a request that got no answer may have been executed. */
export type Outcome = "not-executed" | "unknown";

/** No usable answer arrived: refused, reset, DNS, TLS, attempt timeout, or a proxy's error page. */
export class NetworkError extends ProviderError {
  /** `not-executed` only where the request provably never reached the service. */
  readonly outcome: Outcome;

  constructor(what: string, details: ErrorDetails & { readonly outcome: Outcome; readonly code?: string }) {
    super("NetworkError", details.code ?? "NETWORK", what, details);
    this.outcome = details.outcome;
  }
}

/** What a service said about a failed call. */
export interface ApiFailure {
  readonly service: string;
  /** The vendor's name of the operation, for example `CreateSNSDingTalkEndpoint`. */
  readonly action: string;
  /** The service's own error code, for example `SYS.1007`. */
  readonly apiCode: string;
  readonly requestId?: string | undefined;
}

/** The service refused a call: it answered, and said no. */
export class ApiError extends ProviderError implements ApiFailure {
  readonly service: string;
  readonly action: string;
  readonly apiCode: string;
  readonly requestId: string | undefined;

  constructor(failure: ApiFailure, what: string, details: ErrorDetails = {}) {
    super("ApiError", "API", what, withFailureFacts(failure, details));
    this.service = failure.service;
    this.action = failure.action;
    this.apiCode = failure.apiCode;
    this.requestId = failure.requestId;
  }
}

/** An asynchronous job of the service ended with an error. */
export class JobFailedError extends ProviderError implements ApiFailure {
  readonly service: string;
  readonly action: string;
  readonly apiCode: string;
  readonly requestId: string | undefined;
  readonly jobId: string;

  constructor(failure: ApiFailure & { readonly jobId: string }, what: string, details: ErrorDetails = {}) {
    super("JobFailedError", "JOB_FAILED", what, {
      ...details,
      facts: { ...withFailureFacts(failure, details).facts, Job: failure.jobId },
    });
    this.service = failure.service;
    this.action = failure.action;
    this.apiCode = failure.apiCode;
    this.requestId = failure.requestId;
    this.jobId = failure.jobId;
  }
}

/** Our own deadline passed while the service was still working. The work may yet finish. */
export class TimeoutError extends ProviderError {
  constructor(what: string, details: ErrorDetails = {}) {
    super("TimeoutError", "TIMEOUT", what, details);
  }
}

/** An answer does not have the shape the service documents. Never retried. */
export class ReplyShapeError extends ProviderError {
  constructor(what: string, details: ErrorDetails = {}) {
    super("ReplyShapeError", "REPLY_SHAPE", what, details);
  }
}

/**
 * A lookup said "absent" where absence proves nothing, or a connection points at another installation than the one
 * an object was created in. Never treated as "gone".
 */
export class WrongTenancyError extends ProviderError {
  constructor(what: string, details: ErrorDetails = {}) {
    super("WrongTenancyError", "WRONG_TENANCY", what, details);
  }
}

/** The object exists but is not yet as asked. The engine keeps it and the next update finishes the work. */
export class IncompleteError extends ProviderError {
  readonly id: string;
  readonly reasons: readonly string[];
  // Holds webhooks and secrets: nothing that prints the error shows it, not even `util.inspect` with hidden members.
  // eslint-disable-next-line no-restricted-syntax -- see above
  readonly #state: object;

  constructor(id: string, state: object, reasons: readonly string[], cause?: unknown) {
    super("IncompleteError", "INCOMPLETE", reasons.join("\n"), { cause });
    this.id = id;
    this.#state = state;
    this.reasons = reasons;
  }

  /** What the server holds, not what was asked for. */
  get state(): object {
    return this.#state;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether `error` is the service saying no with one of `codes`, directly or as the end of a job. */
export function isApiFailure(
  error: unknown,
  ...codes: readonly string[]
): error is ApiError | JobFailedError {
  return (
    (error instanceof ApiError || error instanceof JobFailedError) &&
    (codes.length === 0 || codes.includes(error.apiCode))
  );
}

function withFailureFacts(failure: ApiFailure, details: ErrorDetails): ErrorDetails {
  return {
    ...details,
    facts: { Action: failure.action, Code: failure.apiCode, RequestId: failure.requestId, ...details.facts },
  };
}

function composeMessage(what: string, details: ErrorDetails): string {
  // Facts hold other parties' words. Whoever prints the error masks known values, too; the forms never get this far.
  const facts = Object.entries(details.facts ?? {}).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${redact(String(value))}`],
  );
  return [what, ...facts, ...(details.hint === undefined ? [] : [details.hint])].join("\n");
}
