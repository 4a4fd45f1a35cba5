import type { Clock } from "../../core/clock";
import { JobFailedError, NetworkError, TimeoutError } from "../../core/errors";
import { poll } from "../../core/polling";
import type { CallScope, ZStackCall } from "./call";
import { apiErrorFrom, Code, deepestDetails, explain, type ErrorBody } from "./failures";
import { resultIn, type Reply } from "./replies";

/** Where jobs are asked for. */
export interface JobOptions {
  readonly clock: Clock;
  readonly jobTimeoutMs: number;
}

const API_JOBS_PATH = "/v1/api-jobs/";
const MS_PER_SECOND = 1000;
/**
 * Jobs of this service take tens of milliseconds; the vendor's own client asks once a second. Each wait is a tenth of those before it
 * together, so that nobody waits for more than a tenth of the job's own time beyond it.
 */
const JOB_SCHEDULE = { initialDelayMs: 2, maxDelayMs: 1_500, factor: 1.1 };
/** How often a job may be unknown before a request whose answer was lost counts as never stored. */
const UNKNOWN_JOB_QUESTIONS = 3;
/** How long to wait before an unknown job is asked for again: the request may still be on its way. */
const UNKNOWN_JOB_WAIT_MS = 100;

/** What became of a changing request. `missing`: the server has no record of the job. */
export type JobResult =
  | { readonly kind: "done"; readonly json: unknown }
  | { readonly kind: "failed"; readonly error: JobFailedError }
  | { readonly kind: "missing" };

/** The asynchronous half of ZStack's protocol: a changing request is accepted as a job, and the job is asked for until it ends. */
export class ZStackJobs {
  constructor(
    private readonly options: JobOptions,
    private readonly send: (call: ZStackCall, signal: AbortSignal | undefined) => Promise<Reply>,
  ) {}

  /** What a changing request came to, by its reply: a result at once, or a job to wait for. */
  async settleReply(
    reply: Reply,
    action: string,
    jobId: string,
    deadlineMs: number,
    scope: CallScope,
  ): Promise<JobResult> {
    switch (reply.kind) {
      case "accepted":
        return this.settleJob(action, reply.jobId ?? jobId, deadlineMs, scope, 1);
      case "result":
        return { kind: "done", json: reply.json };
      case "refusal":
        if (reply.error.code === Code.SESSION_INVALID) {
          return { kind: "failed", error: jobFailed(reply.error, action, jobId) };
        }
        throw apiErrorFrom(reply.error, action);
      case "trouble":
        throw reply.error;
      case "foreign":
        if (reply.status >= 500) {
          // Something broke without saying where: perhaps only the answer, after the job was stored.
          const result = await this.settleJob(action, jobId, deadlineMs, scope, UNKNOWN_JOB_QUESTIONS);
          if (result.kind !== "missing") {
            return result;
          }
        }
        throw reply.error;
    }
  }

  /** What a changing request came to whose answer was lost, by the job id we gave it. */
  async settleLostAnswer(
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
        if (result?.kind !== "missing" || ++misses >= allowedMisses) {
          return result;
        }
        await this.options.clock.sleep(UNKNOWN_JOB_WAIT_MS * misses, scope.signal);
        return undefined;
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
            `Waiting for ${action}, job ${jobId} (${Math.round(waitedMs / MS_PER_SECOND)} s)`,
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
    const reply = await this.send(call, scope.signal);
    if (reply.kind === "accepted") {
      return undefined;
    }
    if (reply.status === 404 && !(reply.kind === "foreign" && reply.isPage)) {
      return { kind: "missing" };
    }
    return reply.kind === "refusal"
      ? { kind: "failed", error: jobFailed(reply.error, action, jobId) }
      : { kind: "done", json: resultIn(reply, action) };
  }
}

function jobFailed(error: ErrorBody, action: string, jobId: string): JobFailedError {
  const { why, hint } = explain(error.code, action);
  const details = deepestDetails(error);
  return new JobFailedError(
    { service: "ZStack", action, apiCode: error.code, jobId },
    `${action} failed: ${why}.`,
    { facts: { Details: details === "" ? undefined : details }, hint },
  );
}
