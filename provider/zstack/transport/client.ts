import type { Clock } from "../../core/clock";
import { isApiFailure, NetworkError } from "../../core/errors";
import type { HttpClient } from "../../core/transport/http";
import { retry, type RetryPolicy } from "../../core/transport/retry";
import type { CallScope, ZStackCall } from "./call";
import { BUSY_CODES, Code } from "./failures";
import { ZStackJobs, type JobResult } from "./jobs";
import { readReply, resultIn, TransportTrouble, type Reply } from "./replies";
import type { Authenticator } from "./session";

/** What a client needs; time and randomness are parameters. */
export interface ZStackClientOptions {
  /** Scheme, host, port and context path. */
  readonly endpoint: string;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly jobTimeoutMs: number;
  /** A fresh id of 32 hex digits. */
  readonly newUuid: () => string;
  /** Told when a changing call is over, however it ended. */
  readonly onChange?: (() => void) | undefined;
}

/** A read is asked for up to five times; the server's own answers end it at once. */
const READ_RETRY = { maxAttempts: 5, initialDelayMs: 250, maxDelayMs: 5_000 };
/** Before a changing request is known to have reached the server it may be sent again this often. */
const WRITE_RETRY = { maxAttempts: 4, initialDelayMs: 250, maxDelayMs: 5_000 };
/** How often a request that the server demonstrably did not keep is sent again. */
const MAX_RESENDS = 2;

/**
 * Speaks ZStack's REST protocol: authentication, the 202-and-poll jobs, errors, and what to do when an answer is lost. Knows no
 * resource.
 *
 * Every changing call must be safe to send twice, or be recognised when it says so: creates carry a uuid chosen by the client.
 */
export class ZStackClient {
  private readonly jobs: ZStackJobs;

  constructor(
    private readonly options: ZStackClientOptions,
    private readonly authenticator: Authenticator,
  ) {
    this.jobs = new ZStackJobs(options, (call, signal) => this.send(call, {}, signal, true));
  }

  /**
   * Makes a call that is answered at once: a query, or one of the few synchronous others. Repeated on network trouble.
   *
   * @returns the parsed JSON body
   * @throws ApiError, NetworkError, ReplyShapeError
   */
  async ask(call: ZStackCall, scope: CallScope = {}): Promise<unknown> {
    const attempt = async (): Promise<unknown> => {
      return resultIn(await this.sendAuthenticated(call, scope), call.action);
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
    try {
      return await this.changeOnce(call, scope);
    } finally {
      this.options.onChange?.();
    }
  }

  private async changeOnce(call: ZStackCall, scope: CallScope): Promise<unknown> {
    const deadlineMs = this.options.clock.now() + this.options.jobTimeoutMs;
    for (let resends = 0, renewed = false; ;) {
      const jobId = this.options.newUuid();
      const { result, headers, lost } = await this.submit(call, jobId, deadlineMs, scope);
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
            facts: { Reason: lost?.message.split("\n", 1)[0], Code: lost?.code, Job: jobId },
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
  ): Promise<{ result: JobResult; headers: Record<string, string>; lost?: NetworkError }> {
    scope.signal?.throwIfAborted();
    // Not within the try: a login that got no answer says nothing about this call, which was not sent.
    const headers = await this.headersOf(call, jobId);
    const send = async (): Promise<Reply> => {
      scope.signal?.throwIfAborted();
      const reply = await this.send(call, headers, undefined, true);
      if (reply.kind === "trouble") {
        throw reply.error;
      }
      return reply;
    };
    let reply: Reply;
    try {
      reply = await retry(send, writePolicy, { clock: this.options.clock, signal: scope.signal, deadlineMs });
    } catch (error) {
      if (error instanceof NetworkError && error.outcome === "unknown") {
        return {
          result: await this.jobs.settleLostAnswer(call.action, jobId, deadlineMs, scope, error),
          headers,
          lost: error,
        };
      }
      throw error;
    }
    return { result: await this.jobs.settleReply(reply, call.action, jobId, deadlineMs, scope), headers };
  }

  /** Sends a synchronous call, and once more under a new session when this one is no longer accepted. */
  private async sendAuthenticated(call: ZStackCall, scope: CallScope): Promise<Reply> {
    scope.signal?.throwIfAborted();
    const headers = await this.headersOf(call, undefined);
    const reply = await this.send(call, headers, scope.signal, false);
    const isExpired = reply.kind === "refusal" && reply.error.code === Code.SESSION_INVALID;
    if (call.anonymous === true || !isExpired || !(await this.authenticator.renew(headers))) {
      return reply;
    }
    return this.send(call, await this.headersOf(call, undefined), scope.signal, false);
  }

  private async headersOf(call: ZStackCall, jobId: string | undefined): Promise<Record<string, string>> {
    return {
      ...(call.anonymous === true
        ? {}
        : await this.authenticator.headers(call.method, decodeURIComponent(call.path))),
      ...(jobId === undefined ? {} : { "x-job-uuid": jobId }),
    };
  }

  private async send(
    call: ZStackCall,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
    isJob: boolean,
  ): Promise<Reply> {
    const query = (call.parameters ?? [])
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join("&");
    const { endpoint, clock, http } = this.options;
    const response = await http.send({
      method: call.method,
      url: `${endpoint}${call.path}${query === "" ? "" : `?${query}`}`,
      headers: {
        accept: "application/json",
        ...headers,
        ...(call.body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    return readReply(response, { action: call.action, endpoint, nowMs: clock.now(), isJob });
  }
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
