import type { Clock } from "../core/clock";
import { isApiFailure, JobFailedError, NetworkError, TimeoutError } from "../core/errors";
import type { HttpClient, HttpResponse } from "../core/http";
import { poll } from "../core/polling";
import { retry, type RetryPolicy } from "../core/retry";
import { apiErrorFrom, bareReplyError, BUSY_CODES, Code, deepestDetails, errorIn, explain } from "./failures";
import type { Authenticator } from "./session";

/** A call, as the vendor documents it. */
export interface ZStackCall {
  /** The vendor's name of the operation. */
  readonly action: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the context path, starting with `/v1`; segments are percent-encoded by the caller. */
  readonly path: string;
  readonly body?: object;
  /** Query parameters in order; a name may repeat. */
  readonly parameters?: readonly (readonly [name: string, value: string])[];
  /** Sent without `Authorization`. */
  readonly anonymous?: true;
}

/** What bounds a call from outside. A lifecycle's context is one. */
export interface CallScope {
  readonly signal?: AbortSignal | undefined;
  readonly log?: { progress(message: string): void } | undefined;
}

/** What a client needs; time and randomness are parameters. */
export interface ZStackClientOptions {
  /** Scheme, host, port and context path. */
  readonly endpoint: string;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly jobTimeoutMs: number;
  /** A fresh id of 32 hex digits. */
  readonly newUuid: () => string;
}

const API_JOBS_PATH = "/v1/api-jobs/";
const MS_PER_SECOND = 1000;

/** A read is asked for up to five times; the server's own answers end it at once. */
const READ_RETRY = { maxAttempts: 5, initialDelayMs: 250, maxDelayMs: 5_000 };
/** Before a changing request is known to have reached the server it may be sent again this often. */
const WRITE_RETRY = { maxAttempts: 4, initialDelayMs: 250, maxDelayMs: 5_000 };
/** Jobs of this service take tens of milliseconds; the vendor's own client asks once a second. */
const JOB_SCHEDULE = { initialDelayMs: 100, maxDelayMs: 1_500, factor: 1.5 };
/** How often a job may be unknown before a request whose answer was lost counts as never stored. */
const UNKNOWN_JOB_QUESTIONS = 3;
/** How often a request that the server demonstrably did not keep is sent again. */
const MAX_RESENDS = 2;

const TRANSPORT_TROUBLE: readonly number[] = [429, 502, 503, 504];

/** A reply that comes from something between us and the service, or from its rate limit. */
class TransportTrouble extends NetworkError {
  constructor(
    reply: HttpResponse,
    action: string,
    readonly retryAfterMs: number | undefined,
  ) {
    const limited = reply.status === 429;
    super(
      `${action} failed: ${limited ? "ZStack's rate limit was hit" : "ZStack could not be reached behind a proxy"}.`,
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

/** What became of a changing request. `missing`: the server has no record of the job. */
type JobResult =
  | { readonly kind: "done"; readonly json: unknown }
  | { readonly kind: "failed"; readonly error: JobFailedError }
  | { readonly kind: "missing" };

/**
 * Speaks ZStack's REST protocol: authentication, the 202-and-poll jobs, errors, and what to do when an answer is lost. Knows no
 * resource.
 *
 * Every changing call must be safe to send twice, or be recognised when it says so: creates carry a uuid chosen by the client.
 */
export class ZStackClient {
  constructor(
    private readonly options: ZStackClientOptions,
    private readonly authenticator: Authenticator,
  ) {}

  /**
   * Makes a call that is answered at once: a query, or one of the few synchronous others. Repeated on network trouble.
   *
   * @returns the parsed JSON body
   * @throws ApiError, NetworkError, ReplyShapeError
   */
  async ask(call: ZStackCall, scope: CallScope = {}): Promise<unknown> {
    const attempt = async (): Promise<unknown> => {
      const reply = await this.sendAuthenticated(call, undefined, scope);
      return this.syncResult(reply, call.action);
    };
    // A login, or the measuring of a clock, has its own attempts; they must not multiply with those of the call.
    await this.headersOf(call, undefined);
    const { clock, jobTimeoutMs } = this.options;
    const deadlineMs = clock.now() + jobTimeoutMs;
    return retry(attempt, readPolicy, { clock, signal: scope.signal, deadlineMs });
  }

  /**
   * Makes a changing call and waits for its job. A lost answer is resolved by asking for the job under the id we chose.
   *
   * @returns the job's result
   * @throws JobFailedError, ApiError, NetworkError (outcome `unknown` when nothing could be learnt), TimeoutError
   */
  async change(call: ZStackCall, scope: CallScope = {}): Promise<unknown> {
    const deadlineMs = this.options.clock.now() + this.options.jobTimeoutMs;
    for (let resends = 0, renewed = false; ;) {
      const jobId = this.options.newUuid();
      const { result, headers } = await this.submit(call, jobId, deadlineMs, scope);
      if (result.kind === "done") {
        return result.json;
      }
      if (result.kind === "failed") {
        // An invalid session means that nothing was executed, so the call may be made again under a new one.
        const canRenew = !renewed && result.error.apiCode === Code.SESSION_INVALID;
        if (!canRenew || !(await this.authenticator.renew(headers))) {
          throw result.error;
        }
        renewed = true;
      } else if (resends++ >= MAX_RESENDS) {
        throw new NetworkError(
          `${call.action} was sent ${resends} times, but ZStack keeps no record of it.`,
          {
            outcome: "unknown",
            facts: { Job: jobId },
            hint: "Run the command again: it looks for what may have been done before it does anything.",
          },
        );
      }
    }
  }

  private async submit(
    call: ZStackCall,
    jobId: string,
    deadlineMs: number,
    scope: CallScope,
  ): Promise<{ result: JobResult; headers: Record<string, string> }> {
    scope.signal?.throwIfAborted();
    // Not within the try: a login that got no answer says nothing about this call, which was not sent.
    const headers = await this.headersOf(call, jobId);
    const send = async (): Promise<HttpResponse> => {
      scope.signal?.throwIfAborted();
      const reply = await this.send(call, headers, undefined);
      throwTransportTrouble(reply, call.action, this.options.clock);
      return reply;
    };
    let reply: HttpResponse;
    try {
      reply = await retry(send, writePolicy, { clock: this.options.clock, signal: scope.signal, deadlineMs });
    } catch (error) {
      if (error instanceof NetworkError && error.outcome === "unknown") {
        return { result: await this.settleLostAnswer(call.action, jobId, deadlineMs, scope, error), headers };
      }
      throw error;
    }
    return { result: await this.settleReply(reply, call.action, jobId, deadlineMs, scope), headers };
  }

  private async settleReply(
    reply: HttpResponse,
    action: string,
    jobId: string,
    deadlineMs: number,
    scope: CallScope,
  ): Promise<JobResult> {
    if (reply.status !== 202) {
      const json = parseJson(reply.text);
      const error = errorIn(json);
      if (error?.code === Code.SESSION_INVALID) {
        return { kind: "failed", error: this.jobFailed(error, action, jobId) };
      }
      if (error === undefined && reply.status >= 500) {
        // Something broke without saying where: perhaps only the answer, after the job was stored.
        const result = await this.settleJob(action, jobId, deadlineMs, scope, UNKNOWN_JOB_QUESTIONS);
        if (result.kind !== "missing") {
          return result;
        }
      }
      return { kind: "done", json: this.syncResult(reply, action) };
    }
    // The location names the management node by an address of its own, which may be unreachable; only the id counts.
    const location = locationIn(parseJson(reply.text));
    const acceptedId = location?.split("/").pop() ?? jobId;
    return this.settleJob(action, acceptedId, deadlineMs, scope, 1);
  }

  private async settleLostAnswer(
    action: string,
    jobId: string,
    deadlineMs: number,
    scope: CallScope,
    lost: NetworkError,
  ): Promise<JobResult> {
    try {
      return await this.settleJob(action, jobId, deadlineMs, scope, UNKNOWN_JOB_QUESTIONS);
    } catch (error) {
      if (error instanceof NetworkError) {
        throw new NetworkError(
          `${action} was sent, but its answer was lost and the job could not be asked for.`,
          {
            outcome: "unknown",
            facts: { Job: jobId },
            hint: "Run the command again: it looks for what may have been done before it does anything.",
            cause: lost,
          },
        );
      }
      throw error;
    }
  }

  /** Waits until the job ends. Network trouble on the way is waited out until the deadline. */
  private async settleJob(
    action: string,
    jobId: string,
    deadlineMs: number,
    scope: CallScope,
    allowedMisses: number,
  ): Promise<JobResult> {
    let misses = 0;
    let lastTrouble: NetworkError | undefined;
    const question = async (): Promise<JobResult | undefined> => {
      scope.signal?.throwIfAborted();
      try {
        const result = await this.askForJob(action, jobId, scope);
        lastTrouble = undefined;
        return result?.kind === "missing" && ++misses < allowedMisses ? undefined : result;
      } catch (error) {
        if (!(error instanceof NetworkError) || scope.signal?.aborted === true) {
          throw error;
        }
        lastTrouble = error;
        return undefined;
      }
    };
    const result = await poll(question, JOB_SCHEDULE, {
      clock: this.options.clock,
      signal: scope.signal,
      deadlineMs,
      onWait: (waitedMs) => {
        if (waitedMs >= MS_PER_SECOND) {
          scope.log?.progress(
            `waiting for ${action}, job ${jobId} (${Math.round(waitedMs / MS_PER_SECOND)} s)`,
          );
        }
      },
    });
    if (result !== undefined) {
      return result;
    }
    throw (
      lastTrouble ??
      new TimeoutError(
        `${action} did not finish within ${Math.round(this.options.jobTimeoutMs / MS_PER_SECOND)} seconds.`,
        {
          facts: { Job: jobId, "Last status": "still running" },
          hint: "ZStack may yet finish it. Run the command again: it takes up what is there. Raise zstack:jobTimeoutSeconds, or the resource option customTimeouts, if jobs are slow.",
        },
      )
    );
  }

  /** `undefined` while the job runs. Needs no authentication (fact sheet 3.2). */
  private async askForJob(action: string, jobId: string, scope: CallScope): Promise<JobResult | undefined> {
    const call: ZStackCall = { action, method: "GET", path: API_JOBS_PATH + jobId, anonymous: true };
    const reply = await this.send(call, {}, scope.signal);
    if (reply.status === 202) {
      return undefined;
    }
    if (reply.status === 404 && !reply.text.trimStart().startsWith("<")) {
      return { kind: "missing" };
    }
    const json = parseJson(reply.text);
    const error = errorIn(json);
    if (error !== undefined) {
      return { kind: "failed", error: this.jobFailed(error, action, jobId) };
    }
    throwTransportTrouble(reply, action, this.options.clock);
    return { kind: "done", json: this.syncResult(reply, action) };
  }

  private jobFailed(
    error: NonNullable<ReturnType<typeof errorIn>>,
    action: string,
    jobId: string,
  ): JobFailedError {
    const { why, hint } = explain(error.code, action);
    const details = deepestDetails(error);
    return new JobFailedError(
      { service: "ZStack", action, apiCode: error.code, jobId },
      `${action} failed: ${why}.`,
      { facts: { Details: details === "" ? undefined : details }, hint },
    );
  }

  /** Sends a synchronous call, and once more under a new session when this one is no longer accepted. */
  private async sendAuthenticated(
    call: ZStackCall,
    jobId: string | undefined,
    scope: CallScope,
  ): Promise<HttpResponse> {
    scope.signal?.throwIfAborted();
    const headers = await this.headersOf(call, jobId);
    const reply = await this.send(call, headers, scope.signal);
    if (call.anonymous === true || errorIn(parseJson(reply.text))?.code !== Code.SESSION_INVALID) {
      return reply;
    }
    if (!(await this.authenticator.renew(headers))) {
      return reply;
    }
    return this.send(call, await this.headersOf(call, jobId), scope.signal);
  }

  private async headersOf(call: ZStackCall, jobId: string | undefined): Promise<Record<string, string>> {
    return {
      ...(call.anonymous === true
        ? {}
        : await this.authenticator.headers(call.method, decodeURIComponent(call.path))),
      ...(jobId === undefined ? {} : { "x-job-uuid": jobId }),
    };
  }

  private send(
    call: ZStackCall,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<HttpResponse> {
    const query = (call.parameters ?? [])
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join("&");
    return this.options.http.send({
      method: call.method,
      url: `${this.options.endpoint}${call.path}${query === "" ? "" : `?${query}`}`,
      headers: {
        accept: "application/json",
        ...headers,
        ...(call.body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** The JSON of a successful reply; everything else is thrown. */
  private syncResult(reply: HttpResponse, action: string): unknown {
    const json = parseJson(reply.text);
    const error = errorIn(json);
    if (error !== undefined) {
      throw apiErrorFrom(error, action);
    }
    throwTransportTrouble(reply, action, this.options.clock);
    if (reply.status >= 200 && reply.status < 300 && typeof json === "object" && json !== null) {
      return json;
    }
    throw bareReplyError(reply, action, this.options.endpoint);
  }
}

/** A 503 with a JSON error is the service speaking; without one it is trouble on the way. */
function throwTransportTrouble(reply: HttpResponse, action: string, clock: Clock): void {
  if (!TRANSPORT_TROUBLE.includes(reply.status) || errorIn(parseJson(reply.text)) !== undefined) {
    return;
  }
  throw new TransportTrouble(reply, action, waitAskedFor(reply.headers["retry-after"], clock.now()));
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

function isNetworkTrouble(error: unknown): error is NetworkError {
  return error instanceof NetworkError && error.code !== "ABORTED";
}

const retryAfterMs = (error: unknown): number | undefined =>
  error instanceof TransportTrouble ? error.retryAfterMs : undefined;

const readPolicy: RetryPolicy = {
  ...READ_RETRY,
  isTransient: (error) => isNetworkTrouble(error) || isApiFailure(error, ...BUSY_CODES),
  retryAfterMs,
};

const writePolicy: RetryPolicy = {
  ...WRITE_RETRY,
  isTransient: (error) => isNetworkTrouble(error) && error.outcome === "not-executed",
  retryAfterMs,
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON is an answer too: the callers look at the status and the text.
    return undefined;
  }
}

function locationIn(json: unknown): string | undefined {
  const location = (json as { location?: unknown } | undefined)?.location;
  return typeof location === "string" ? location : undefined;
}
