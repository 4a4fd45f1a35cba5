import type { WireReply } from "../../frame/exchange";
import {
  anything,
  choice,
  flag,
  integer,
  moment,
  number,
  object,
  record,
  text,
  word,
} from "../../frame/value";
import type { Context } from "./context";
import { ApiFailure } from "./errors";
import { errorBody } from "./error-body";
import { part } from "./part";
import type { TableSpec } from "./store";
import { escapedJson, schemaOf } from "./wire";

/** The API timeout without X-API-Timeout: 30 minutes for all SNS calls (section 3.2). */
export const DEFAULT_TIMEOUT_MS = 1_800_000;

/** What became of a job once it is done: HTTP 200 or 503 with this value as body. */
export interface JobEnd {
  status: 200 | 503;
  body: Readonly<Record<string, unknown>>;
}

/** An asynchronous call (section 3). */
export interface Job {
  uuid: string;
  operation: string;
  acceptedMs: number;
  timeoutMs: number;
  /** Polls so far. */
  polls: number;
  pollsBeforeDone: number;
  readyMs: number;
  /** 202 for ever, as when the node died. */
  stuck: boolean;
  /** Accepted but never stored: polls answer 404. */
  lost: boolean;
  end: JobEnd;
}

export const jobs: TableSpec<"jobs", Job> = {
  name: "jobs",
  noun: "job",
  key: (row) => row.uuid,
  members: {
    uuid: word("Its id; a random one by default."),
    operation: text("The vendor's action name."),
    acceptedMs: moment("When it was accepted; now by default."),
    timeoutMs: number("The time limit of the call, in milliseconds."),
    polls: integer("Polls so far.", 0),
    pollsBeforeDone: integer("Polls that answer 202 before it is done.", 0),
    readyMs: number("When it is done at the earliest, epoch milliseconds; now by default."),
    stuck: flag("Whether polls answer 202 for ever."),
    lost: flag("Whether polls answer 404."),
    end: object<JobEnd>(
      "What becomes of it.",
      { status: choice("200 or 503.", [200, 503]), body: record("The body.", anything("")) },
      "member of the end of a job",
    ),
  },
  complete: (row, { uuid, now }) => ({
    uuid: uuid(),
    operation: "",
    acceptedMs: now(),
    timeoutMs: DEFAULT_TIMEOUT_MS,
    polls: 0,
    pollsBeforeDone: 0,
    readyMs: now(),
    stuck: false,
    lost: false,
    end: { status: 200, body: {} },
    ...row,
  }),
};

/** Jobs are started by every asynchronous call and polled by a path of their own: no operation is theirs alone. */
export const job = part({ tables: [jobs], operations: [] });

/** The known job of an id: a job is forgotten after its retention (section 3.2). */
export function findJob(uuid: string, { store, clock, switches }: Context): Job | undefined {
  const table = store.of(jobs);
  const job = table.row(uuid);
  if (job === undefined || job.lost) {
    return undefined;
  }
  if (clock.now() - job.acceptedMs > switches.jobRetentionSeconds * 1000) {
    table.remove(uuid);
    return undefined;
  }
  return job;
}

/** Forgets the jobs that nobody can ask about any more (section 3.2), beginning with the oldest. */
export function sweepJobs({ store, clock, switches }: Context): void {
  const table = store.of(jobs);
  for (const job of table.rows()) {
    if (clock.now() - job.acceptedMs <= switches.jobRetentionSeconds * 1000) {
      return;
    }
    table.remove(job.uuid);
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
