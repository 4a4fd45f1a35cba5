import { header, type WireReply, type WireRequest } from "../frame/exchange";
import { htmlPage, RATE_LIMIT_TEXT } from "../frame/canned";
import type { Described } from "../frame/journal";
import { REDACTED, redactText, redactValue } from "../frame/redact";
import type { Answer } from "../frame/site";
import { authKind, authorize, permit, readCredential, type Credential } from "./rest/auth";
import { chooseOperation, parseBody, type Body } from "./rest/choose-operation";
import type { Caller, Context } from "./rest/context";
import { errorBody } from "./rest/error-body";
import { ApiFailure, fail, TextFailure, textFailure } from "./rest/errors";
import type { ZStackFault } from "./rest/faults";
import type { Inventory } from "./rest/inventory";
import { parseInt32 } from "./rest/java";
import { DEFAULT_TIMEOUT_MS, findJob, jobs, pollJob, sweepJobs, type JobEnd } from "./rest/jobs";
import type { Command, Operation, Query } from "./rest/operation";
import { check, collect, type Given } from "./rest/parameters";
import { parseQuery, runQuery } from "./rest/query";
import { RateLimiter } from "./rest/rate-limiter";
import { API_PREFIX, JOBS_PATH, KnownRoutes, VERSION_PREFIX, type Match } from "./rest/routes";
import { sessions } from "./rest/session";
import { WebHooks } from "./rest/web-hooks";
import { escapedJson, schemaOf } from "./rest/wire";

/** Methods that reach the server at all; everything else is 405 on every path (12.2). */
const MAPPED_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "DELETE"]);
/** Length of a client-chosen job id (section 1). */
const JOB_ID_CHARS = 32;
/** The name under which polls stand in the journal; the vendor has none. */
export const POLL_OPERATION = "PollJob";

/** Where a request goes: decoded path below /zstack/v1, its route, its body. */
interface Target {
  readonly path: string;
  readonly match: Match;
  readonly body: Body;
  readonly operation: Operation;
}

/** A ZStack management node: the REST layer around the operations (sections 1, 3, 12). */
export class ManagementNode {
  private readonly context: Context;
  private readonly limiter = new RateLimiter();
  readonly webHooks: WebHooks;
  private readonly routes: KnownRoutes;

  constructor(context: Context, operations: readonly Operation[]) {
    this.context = context;
    this.routes = new KnownRoutes(operations);
    this.webHooks = new WebHooks(context);
  }

  /** Forgets what is counted. */
  reset(): void {
    this.limiter.reset();
    this.webHooks.cancel();
  }

  /** What a request is, for journal and faults. */
  describe(request: WireRequest): Described {
    const shown = {
      path: redactText(request.path).replace(/(\/accounts\/sessions\/)[^/]+/, `$1${REDACTED}`),
      auth: authKind(request),
    };
    const operation = this.operationOf(request);
    if (operation === undefined) {
      return { ...shown, changing: false };
    }
    if (operation === POLL_OPERATION) {
      return { ...shown, operation, changing: false };
    }
    const body = tryOr(undefined, () => parseBody(request));
    const { name, changing } = operation;
    return {
      ...shown,
      operation: name,
      changing,
      ...(body === undefined ? {} : { body: redactValue(body) }),
    };
  }

  private operationOf(request: WireRequest): Operation | typeof POLL_OPERATION | undefined {
    return tryOr(undefined, () => {
      if (jobIdOf(request) !== undefined) {
        return POLL_OPERATION;
      }
      return this.target(request).operation;
    });
  }

  /** Answers a request. */
  async handle(request: WireRequest, fault: ZStackFault | undefined): Promise<Answer> {
    try {
      if (fault?.kind === "expireSessions") {
        this.context.store.of(sessions).clear();
      }
      return await this.answer(request, fault);
    } catch (error) {
      if (error instanceof TextFailure) {
        return { reply: { status: error.status, body: error.message } };
      }
      // Errors of synchronous calls are not HTML-escaped (12.9).
      if (error instanceof ApiFailure) {
        return { reply: { status: 503, body: JSON.stringify(errorBody(error, this.context)) } };
      }
      throw error;
    }
  }

  private answer(request: WireRequest, fault: ZStackFault | undefined): Answer | Promise<Answer> {
    if (!MAPPED_METHODS.has(request.method)) {
      throw new TextFailure(405, `the method ${request.method} is not supported`);
    }
    if (!this.limiter.admits(request, this.context)) {
      throw new TextFailure(429, RATE_LIMIT_TEXT);
    }
    // Outside of the API the servlet container answers, not the API.
    if (pathBelowPrefix(request) === undefined) {
      return { reply: htmlPage(404) };
    }
    const jobId = jobIdOf(request);
    if (jobId !== undefined) {
      return { reply: this.poll(request, jobId), jobId };
    }

    const { path, match, body, operation } = this.target(request);
    const isOpen = operation.kind !== "query" && operation.open === true;
    const credential = isOpen ? undefined : readCredential(request, `${VERSION_PREFIX}${path}`, this.context);
    if (operation.kind === "query") {
      return { reply: this.query(operation, match, request, credential) };
    }
    return this.command(operation, match, body, request, credential, fault);
  }

  private poll(request: WireRequest, jobId: string): WireReply {
    if (request.method !== "GET") {
      throw new TextFailure(405, "only GET is allowed on a job");
    }
    return pollJob(jobId, header(request, "x-json-schema") !== undefined, this.context);
  }

  /** Path (404), then body (500), then method and action (400, 405, 500): before any Authorization (12.1). */
  private target(request: WireRequest): Target {
    const path = pathBelowPrefix(request);
    const match = path === undefined ? undefined : this.routes.under(this.context.switches).find(path);
    if (path === undefined || match === undefined) {
      throw new TextFailure(
        404,
        `no api mapping to ${path === undefined ? request.path : `${VERSION_PREFIX}${path}`}`,
      );
    }
    const reads = request.method === "GET" || request.method === "HEAD";
    const body = reads ? undefined : parseBody(request);
    return {
      path,
      match,
      body,
      operation: chooseOperation(match, request, body, `${VERSION_PREFIX}${path}`),
    };
  }

  private query(
    query: Query,
    match: Match,
    request: WireRequest,
    credential: Credential | undefined,
  ): WireReply {
    const params = parseQuery(request.query, match.variables.uuid);
    const caller = this.enter(query, credential);
    const result = runQuery(query.target, params, this.context, caller);
    return { status: 200, body: escapedJson({ ...result, schema: schemaOf(result) }) };
  }

  private async command(
    command: Command,
    match: Match,
    body: Body,
    request: WireRequest,
    credential: Credential | undefined,
    fault: ZStackFault | undefined,
  ): Promise<Answer> {
    const { switches, random } = this.context;
    const given = collect(command, request, body, match.variables, switches.serverVersion);
    const wantedJobId = this.readJobId(request);
    const withSchema = header(request, "x-json-schema") !== undefined;
    const timeoutMs = readTimeout(request);
    if (command.kind === "sync") {
      const result = await this.execute(command, given, credential);
      const schema = withSchema ? schemaOf(result) : undefined;
      return { reply: { status: 200, body: escapedJson({ ...result, schema }) } };
    }
    const jobId = wantedJobId ?? random.uuid();
    const end = await this.work(command, given, credential, fault);
    this.accept(command, jobId, timeoutMs, end, fault);
    const ends = fault?.kind !== "jobStuck" && fault?.kind !== "jobLost";
    if (ends) {
      this.webHooks.announce(header(request, "x-web-hook"), jobId, end, withSchema);
    }
    const base =
      switches.locationBase === "self" ? `http://${header(request, "host") ?? ""}` : switches.locationBase;
    const location = `${base}${API_PREFIX}${JOBS_PATH}${jobId}`;
    return { reply: { status: 202, body: escapedJson({ apiTimeout: timeoutMs, location }) }, jobId };
  }

  /** Length first, then duplicates among the jobs that are still known (section 1, 12.3). */
  private readJobId(request: WireRequest): string | undefined {
    const jobId = header(request, "x-job-uuid");
    if (jobId === undefined) {
      return undefined;
    }
    if (jobId.length !== JOB_ID_CHARS) {
      throw new TextFailure(
        400,
        `X-Job-UUID must be ${String(JOB_ID_CHARS)} characters long, got ${String(jobId.length)}`,
      );
    }
    const counts = request.method !== "GET" && request.method !== "HEAD";
    if (counts && findJob(jobId, this.context) !== undefined) {
      throw new TextFailure(400, `Duplicate job uuid[${jobId}]`);
    }
    return jobId;
  }

  /** Runs the work of an asynchronous call; whatever it fails with becomes the end of the job. */
  private async work(
    command: Command,
    given: Given,
    credential: Credential | undefined,
    fault: ZStackFault | undefined,
  ): Promise<JobEnd> {
    const failing = fault?.kind === "jobFails" ? fault : undefined;
    const isCommitted =
      fault === undefined || fault.kind === "expireSessions" || (fault.committed ?? failing === undefined);
    const end: JobEnd = isCommitted ? await this.end(command, given, credential) : { status: 200, body: {} };
    if (failing === undefined) {
      return end;
    }
    const details = failing.details ?? "the job was made to fail";
    const failure = new ApiFailure(failing.code, { en_US: details, zh_CN: details });
    return { status: 503, body: errorBody(failure, this.context) };
  }

  private async end(command: Command, given: Given, credential: Credential | undefined): Promise<JobEnd> {
    try {
      return { status: 200, body: await this.execute(command, given, credential) };
    } catch (error) {
      if (error instanceof ApiFailure) {
        return { status: 503, body: errorBody(error, this.context) };
      }
      throw error;
    }
  }

  private accept(
    command: Command,
    uuid: string,
    timeoutMs: number,
    end: JobEnd,
    fault: ZStackFault | undefined,
  ): void {
    const { store, clock, switches } = this.context;
    sweepJobs(this.context);
    const table = store.of(jobs);
    table.remove(uuid);
    table.add({
      uuid,
      operation: command.name,
      acceptedMs: clock.now(),
      timeoutMs,
      pollsBeforeDone: switches.pollsBeforeDone,
      readyMs: clock.now() + switches.jobMs,
      stuck: fault?.kind === "jobStuck",
      lost: fault?.kind === "jobLost",
      end,
    });
  }

  /** Generic checks, session and permission, work: in this order (sections 2.3, 4.3). */
  private async execute(
    command: Command,
    given: Given,
    credential: Credential | undefined,
  ): Promise<Inventory> {
    const { store, switches } = this.context;
    this.requireReady(command);
    if (check(command, given.params, store, switches) === "already gone") {
      return {};
    }
    const caller = this.enter(command, credential);
    return await command.run({ context: this.context, caller, ...given });
  }

  private enter(operation: Operation, credential: Credential | undefined): Caller {
    this.requireReady(operation);
    if (credential === undefined) {
      return { accountUuid: this.context.accountUuid, admin: false };
    }
    const caller = authorize(credential, this.context);
    permit(operation.name, this.context);
    return caller;
  }

  /** While the node starts, only the calls about the node itself are served. */
  private requireReady(operation: Operation): void {
    if (this.context.switches.ready || operation.paths[0]?.startsWith("/management-nodes/")) {
      return;
    }
    fail("SYS.1010", "management node is not ready", "管理节点未就绪");
  }
}

function readTimeout(request: WireRequest): number {
  const text = header(request, "x-api-timeout");
  if (text === undefined) {
    return DEFAULT_TIMEOUT_MS;
  }
  return 1000 * (parseInt32(text) ?? textFailure(500, `For input string: "${text}"`));
}

/** The decoded path below /zstack/v1: `+` stays, `%2B` becomes one; undefined outside of the API. */
function pathBelowPrefix(request: WireRequest): string | undefined {
  const decoded = tryOr(undefined, () => decodeURIComponent(request.path));
  if (decoded === undefined) {
    throw new TextFailure(400, "Invalid URI");
  }
  return decoded.startsWith(`${API_PREFIX}/`) ? decoded.slice(API_PREFIX.length) : undefined;
}

function jobIdOf(request: WireRequest): string | undefined {
  const path = pathBelowPrefix(request);
  return path?.startsWith(JOBS_PATH) ? path.slice(JOBS_PATH.length) : undefined;
}

function tryOr<T>(otherwise: T, action: () => T): T {
  try {
    return action();
  } catch {
    // Asked for what a request might be: one that is malformed is answered, and told about, by handle.
    return otherwise;
  }
}
