import type { WireReply } from "../frame/exchange";
import type { Context } from "./context";
import type { Job, JobEnd } from "./entities";
import { ApiFailure } from "./errors";
import { errorBody } from "./error-body";
import { escapedJson, schemaOf } from "./wire";

/** The API timeout without X-API-Timeout: 30 minutes for all SNS calls (section 3.2). */
export const DEFAULT_TIMEOUT_MS = 1_800_000;

/** The known job of an id: a job is forgotten after its retention (section 3.2). */
export function findJob(uuid: string, { store, clock, switches }: Context): Job | undefined {
  const job = store.jobs.row(uuid);
  if (job === undefined || job.lost) {
    return undefined;
  }
  if (clock.now() - job.acceptedMs > switches.jobRetentionSeconds * 1000) {
    store.jobs.remove(uuid);
    return undefined;
  }
  return job;
}

/** Forgets the jobs that nobody can ask about any more (section 3.2), beginning with the oldest. */
export function sweepJobs({ store, clock, switches }: Context): void {
  for (const job of store.jobs.rows()) {
    if (clock.now() - job.acceptedMs <= switches.jobRetentionSeconds * 1000) {
      return;
    }
    store.jobs.remove(job.uuid);
  }
}

/** Answers one poll and counts it (section 3.2). */
export function pollJob(uuid: string, withSchema: boolean, context: Context): WireReply {
  const job = findJob(uuid, context);
  if (job === undefined) {
    return { status: 404, body: "the job has been expired" };
  }
  const end = endOf(job, context);
  job.polls += 1;
  if (end === undefined) {
    return { status: 202, body: "{}" };
  }
  return jobReply(end, withSchema);
}

/** The answer of a finished job: errors are HTML-escaped here too (12.9). */
export function jobReply(end: JobEnd, withSchema: boolean): WireReply {
  const body = withSchema && end.status === 200 ? { ...end.body, schema: schemaOf(end.body) } : end.body;
  return { status: end.status, body: escapedJson(body) };
}

function endOf(job: Job, context: Context): JobEnd | undefined {
  if (job.stuck) {
    return undefined;
  }
  const now = context.clock.now();
  const timedOut = job.readyMs > job.acceptedMs + job.timeoutMs && now > job.acceptedMs + job.timeoutMs;
  if (timedOut) {
    const failure = new ApiFailure("SYS.1001", {
      en_US: `the API timed out after ${String(job.timeoutMs)} ms`,
      zh_CN: `API在${String(job.timeoutMs)}毫秒后超时`,
    });
    return { status: 503, body: errorBody(failure, context) };
  }
  return job.polls >= job.pollsBeforeDone && now >= job.readyMs ? job.end : undefined;
}
