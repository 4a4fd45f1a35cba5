import type { Clock } from "../../core/clock";
import { NetworkError } from "../../core/errors";
import type { HttpClient } from "../../core/transport/http";
import { retry, type RetryPolicy } from "../../core/transport/retry";
import { untilAborted } from "../../core/until-aborted";
import type { Credentials } from "../credentials/credentials";
import { SecurityCenterFailure } from "./failures";
import type { Pace } from "./pace";
import { readReply } from "./replies";
import { sign, type AccessKeys } from "./signer";

/** A call, as the vendor documents it. */
export interface SecurityCenterCall {
  /** The vendor's name of the operation. */
  readonly action: string;
  /** Undefined ones are not sent. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
  /** Whether it changes anything: such a call is sent again only when it was provably not executed. */
  readonly changes: boolean;
}

/** What bounds a call from outside. A lifecycle's context is one. */
export interface CallScope {
  readonly signal?: AbortSignal | undefined;
  /** Told when the call goes on the wire. */
  readonly onSend?: (() => void) | undefined;
}

/** What a client needs; time and randomness are parameters. */
export interface SecurityCenterClientOptions {
  /** Scheme, host and port. */
  readonly endpoint: string;
  readonly http: HttpClient;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly newNonce: () => string;
}

const API_VERSION = "2018-12-03";
/** Sheet 8.3: up to five tries, between half a second and twenty. */
const RETRY = { maxAttempts: 5, initialDelayMs: 500, maxDelayMs: 20_000 };

/** Speaks the RPC protocol of Alibaba Cloud: signature, errors, throttling. Knows no robot. */
export class SecurityCenterClient {
  constructor(private readonly options: SecurityCenterClientOptions) {}

  /**
   * Makes a call and gives its parsed reply.
   *
   * @throws SecurityCenterFailure, NetworkError, ReplyShapeError; `isOutcomeUnknown` tells whether it may have been executed
   */
  async call(call: SecurityCenterCall, scope: CallScope = {}): Promise<Record<string, unknown>> {
    let renewed = false;
    const attempt = async (): Promise<Record<string, unknown>> => {
      const keys = await this.keys(scope);
      try {
        return await this.send(call, keys, scope);
      } catch (error) {
        const isExpired = error instanceof SecurityCenterFailure && error.verdict === "expired-keys";
        if (!isExpired || renewed || !this.options.credentials.renew(keys)) {
          throw error;
        }
        renewed = true;
        return this.send(call, await this.keys(scope), scope);
      }
    };
    const policy = call.changes ? writePolicy : readPolicy;
    return retry(attempt, policy, { clock: this.options.clock, signal: scope.signal });
  }

  private keys(scope: CallScope): Promise<AccessKeys> {
    return untilAborted(this.options.credentials.get(), scope.signal);
  }

  private async send(
    call: SecurityCenterCall,
    keys: AccessKeys,
    scope: CallScope,
  ): Promise<Record<string, unknown>> {
    const { endpoint, http, clock, pace, newNonce } = this.options;
    scope.signal?.throwIfAborted();
    const parameters = Object.fromEntries(
      Object.entries(call.parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    // Date and nonce are new in every attempt: a repeated nonce is refused.
    const { query, headers } = sign(
      {
        method: "POST",
        host: new URL(endpoint).host,
        action: call.action,
        version: API_VERSION,
        parameters,
        nowMs: clock.now(),
        nonce: newNonce(),
      },
      keys,
    );
    const response = await http.send({
      method: "POST",
      url: `${endpoint}/${query === "" ? "" : `?${query}`}`,
      headers: { ...headers, accept: "application/json" },
      // Counted on the wire: what queues for a connection slot must not leave it in a bunch.
      turn: async (cancelled) => {
        await pace.wait(cancelled);
        scope.onSend?.();
      },
      // A write on the wire is not cut: whether it was executed would be unknown.
      ...(call.changes ? { queueSignal: scope.signal } : { signal: scope.signal }),
    });
    const reply = readReply(response, call.action, endpoint);
    if (reply.kind === "result") {
      return reply.json;
    }
    throw reply.error;
  }
}

const retryAfterMs = (error: unknown): number | undefined =>
  error instanceof SecurityCenterFailure ? error.retryAfterMs : undefined;

/** Certainly not executed: throttled, replayed, or never delivered. */
function isNotExecuted(error: unknown): boolean {
  if (error instanceof NetworkError) {
    return error.outcome === "not-executed" && error.code !== "ABORTED";
  }
  return (
    error instanceof SecurityCenterFailure && (error.verdict === "throttled" || error.verdict === "replayed")
  );
}

const writePolicy: RetryPolicy = { ...RETRY, isTransient: isNotExecuted, retryAfterMs };

const readPolicy: RetryPolicy = {
  ...RETRY,
  isTransient: (error) =>
    isNotExecuted(error) ||
    (error instanceof NetworkError && error.code !== "ABORTED") ||
    (error instanceof SecurityCenterFailure && error.verdict === "broken"),
  retryAfterMs,
};
