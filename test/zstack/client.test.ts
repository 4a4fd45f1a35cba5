import { start, type Emulator, type TransportFault, type ZStackFault } from "../../emulator";
import * as api from "../../provider/zstack/api";
import { uuidFromKey } from "../../provider/zstack/fields/uuids";
import { benchFor, failureOf, WEBHOOK, type Bench } from "../support/zstack";

/** The client over real sockets. Where it would wait, its clock jumps. */

const UUID = uuidFromKey("client", 0);
const UNREACHED_HINT = "Run the command again: it looks for what may have been done before it does anything.";

// Nothing here waits; a busy machine may still be slow.
jest.setTimeout(30_000);

let emulator: Emulator;
let bench: Bench;

beforeAll(async () => {
  emulator = await start({ seed: 1, zstack: { locale: "en_US", personOrder: "insertion" } });
});
afterAll(() => emulator.close());
beforeEach(() => {
  bench = benchFor(emulator);
});
afterEach(async () => {
  await bench.connection.close();
  emulator.reset();
});

type Fault = TransportFault | ZStackFault;

function play(operation: string, fault: Fault, times: number | "always" = 1, after = 0) {
  return emulator.zstack.faults.add({ operation, fault, times, after });
}

const client = () => bench.connection.client;
const create = (name = "ops") =>
  api.createSNSDingTalkEndpoint(client(), { name, url: WEBHOOK, resourceUuid: UUID });
const names = () => emulator.zstack.endpoints.list().map(({ name }) => name);
const added = () => emulator.zstack.endpoints.add({ uuid: UUID, name: "ops", url: WEBHOOK });
const query = () => api.dingTalkEndpointsByUuid.query(client(), [UUID]);

describe("a job", () => {
  test("is asked for at our own base: the host in its location need not exist", async () => {
    emulator.zstack.switches.pollsBeforeDone = 3;
    await create();
    expect(names()).toEqual(["ops"]);
    const polls = emulator.journal.entries.filter(({ path }) => path.includes("/api-jobs/"));
    expect(polls.map(({ auth, status }) => [auth, status])).toEqual([
      ["none", 202],
      ["none", 202],
      ["none", 202],
      ["none", 200],
    ]);
    expect(bench.clock.slept.map((ms) => Math.round(100 * ms))).toEqual([200, 220, 242]);
  });

  test("may have another id than the one that was asked for", async () => {
    emulator.zstack.faults.add({
      operation: "CreateSNSDingTalkEndpoint",
      fault: {
        kind: "status",
        status: 202,
        body: '{"location":"http://192.0.2.1:8080/zstack/v1/api-jobs/other"}',
      },
    });
    emulator.zstack.jobs.add({ uuid: "other", operation: "x", end: { status: 200, body: {} } });
    await create();
    expect(emulator.journal.entries.at(-1)?.path).toBe("/zstack/v1/api-jobs/other");
  });

  test.each(["none", "cause", "causes"] as const)(
    "that failed is final and shows the deepest details (%s)",
    async (causes) => {
      emulator.zstack.switches.causes = causes;
      play("CreateSNSDingTalkEndpoint", { kind: "jobFails", code: "SYS.1006", details: "the disk is full" });
      const error = await failureOf(create());
      const jobId = emulator.zstack.jobs.list()[0]?.uuid ?? "none";
      expect(error).toMatchObject({ name: "JobFailedError", apiCode: "SYS.1006", jobId });
      expect(error.message).toBe(
        [
          "CreateSNSDingTalkEndpoint failed: ZStack refused it by one of its rules.",
          "Action: CreateSNSDingTalkEndpoint",
          "Code: SYS.1006",
          "Details: the disk is full",
          `Job: ${jobId}`,
          "Details says by which. Look at the objects it names, correct the program or the objects, and run the command again.",
        ].join("\n"),
      );
      expect(emulator.journal.count("CreateSNSDingTalkEndpoint")).toBe(1);
    },
  );

  test.each(["SYS.1009", "SYS.1010", "SYS.1011", "SYS.1012"])(
    "that failed with %s is final too: only reads are asked again",
    async (code) => {
      play("CreateSNSDingTalkEndpoint", { kind: "jobFails", code }, "always");
      expect(await failureOf(create())).toMatchObject({ apiCode: code });
      expect(emulator.journal.count("CreateSNSDingTalkEndpoint")).toBe(1);
    },
  );

  test("that never ends is a timeout with its id and the way on", async () => {
    play("CreateSNSDingTalkEndpoint", { kind: "jobStuck" });
    const error = await failureOf(
      api.createSNSDingTalkEndpoint(
        client(),
        { name: "ops", url: WEBHOOK, resourceUuid: UUID },
        bench.context(),
      ),
    );
    const jobId = emulator.zstack.jobs.list()[0]?.uuid ?? "none";
    expect(error.name).toBe("TimeoutError");
    expect(error.message).toBe(
      [
        "CreateSNSDingTalkEndpoint did not finish within 300 seconds.",
        `Job: ${jobId}`,
        "Last status: still running",
        "ZStack may yet finish it. Run the command again: it takes up what is there. Raise zstack:jobTimeoutSeconds, or the resource option customTimeouts, if jobs are slow.",
      ].join("\n"),
    );
    expect(bench.progress.at(-1)).toMatch(
      new RegExp(`^Waiting for CreateSNSDingTalkEndpoint, job ${jobId} \\(\\d+ s\\)$`),
    );
    expect(Math.max(...bench.clock.slept)).toBe(1_500);
    const waitedMs = bench.clock.slept.reduce((sum, ms) => sum + ms, 0);
    // What real time passed counts against the deadline too.
    expect(waitedMs).toBeLessThanOrEqual(300_000);
  });

  test("survives network trouble and rate limits while it is asked for", async () => {
    emulator.zstack.faults.add({
      path: "/zstack/v1/api-jobs/",
      fault: { kind: "dropBeforeCommit" },
      times: 2,
    });
    emulator.zstack.faults.add({ path: "/zstack/v1/api-jobs/", fault: { kind: "status", status: 429 } });
    emulator.zstack.faults.add({ path: "/zstack/v1/api-jobs/", fault: { kind: "status", status: 502 } });
    await create();
    expect(emulator.journal.count("CreateSNSDingTalkEndpoint")).toBe(1);
    expect(names()).toEqual(["ops"]);
  });

  test("that can never be asked for is an error that says so", async () => {
    bench = benchFor(emulator, { jobTimeoutMs: 5_000 });
    emulator.zstack.faults.add({
      path: "/zstack/v1/api-jobs/",
      fault: { kind: "status", status: 502 },
      times: "always",
    });
    expect(await failureOf(create())).toMatchObject({
      name: "NetworkError",
      code: "HTTP_502",
      message:
        "CreateSNSDingTalkEndpoint failed: no answer of ZStack's came, but status 502, as a proxy or gateway gives it.\n" +
        "Status: 502\n" +
        "Check that the management node is up, then run the command again: it takes up where this one ended.",
    });
  });
});

/** One that is refused the second time, and one that is not; what becomes of every other call is judged in lifecycle.test.ts. */
interface Write {
  readonly operation: string;
  prepare?(): void;
  call(): Promise<unknown>;
  /** What the server holds afterwards. */
  holds(): unknown;
  readonly expected: unknown;
  /** Whether a second execution is refused, so that callers above the client must recognise it. */
  readonly refusesSecond?: true;
}

const WRITES: Record<string, Write> = {
  create: {
    operation: "CreateSNSDingTalkEndpoint",
    call: () => create(),
    holds: names,
    expected: ["ops"],
    refusesSecond: true,
  },
  update: {
    operation: "UpdateSNSDingTalkEndpoint",
    prepare: added,
    call: () => api.updateSNSDingTalkEndpoint(client(), UUID, { name: "other" }),
    holds: names,
    expected: ["other"],
  },
};

describe.each(Object.entries(WRITES))("a lost answer: %s", (_what, write) => {
  const arrange = () => write.prepare?.();

  test.each<[string, Fault, executions: number, requests: number]>([
    ["nothing was done", { kind: "dropBeforeCommit" }, 1, 2],
    ["the work was done", { kind: "dropAfterCommit" }, 1, 1],
    ["a proxy's 502 instead, nothing done", { kind: "status", status: 502 }, 1, 2],
    ["a proxy's 502 instead, the work done", { kind: "status", status: 502, committed: true }, 1, 1],
    ["a proxy's 504 instead, the work done", { kind: "status", status: 504, committed: true }, 1, 1],
    ["a web page with 503 instead, the work done", { kind: "status", status: 503, committed: true }, 1, 1],
    ["a web page with 503 instead, nothing done", { kind: "status", status: 503 }, 1, 2],
    ["the answer stopped half way", { kind: "truncated" }, 1, 1],
    ["the job's record is lost, nothing done", { kind: "jobLost", committed: false }, 1, 2],
    ["the rate limit was hit", { kind: "status", status: 429 }, 1, 2],
  ])("%s: it is resolved with exactly one execution", async (_fault, fault, _executions, requests) => {
    arrange();
    play(write.operation, fault);
    await write.call();
    expect(write.holds()).toEqual(write.expected);
    expect(emulator.journal.count(write.operation)).toBe(requests);
    expect(duplicateJobIds()).toBe(0);
  });

  test("the job's record is lost although the work was done: a second execution is refused or harmless", async () => {
    arrange();
    play(write.operation, { kind: "jobLost" });
    const error = await write.call().then(
      () => undefined,
      (refusal: Error & { apiCode?: string }) => refusal.apiCode,
    );
    expect(error === undefined).toBe(write.refusesSecond !== true);
    expect(write.holds()).toEqual(write.expected);
    expect(emulator.journal.count(write.operation)).toBe(2);
  });

  test("a server that never keeps the call is asked three times and no more", async () => {
    arrange();
    play(write.operation, { kind: "dropBeforeCommit" }, "always");
    const error = await failureOf(write.call());
    expect(error.name).toBe("NetworkError");
    expect(error.message).toMatch(
      new RegExp(
        `^${write.operation} was sent 3 times, but ZStack keeps no record of it\\.\\nReason: No answer from .*\\nCode: ECONNRESET\\nJob: [0-9a-f]{32}\\n${UNREACHED_HINT}$`,
      ),
    );
    expect(emulator.journal.count(write.operation)).toBe(3);
    // Each time it might still have been on its way: that its job is unknown counts after a while only.
    expect(bench.clock.slept.filter((ms) => ms === 100 || ms === 200)).toEqual([
      100, 200, 100, 200, 100, 200,
    ]);
  });

  test("a job that cannot be asked for leaves the outcome unknown, and is not sent again", async () => {
    bench = benchFor(emulator, { jobTimeoutMs: 5_000 });
    arrange();
    play(write.operation, { kind: "dropAfterCommit" });
    emulator.zstack.faults.add({
      path: "/zstack/v1/api-jobs/",
      fault: { kind: "dropBeforeCommit" },
      times: "always",
    });
    const error = await failureOf(write.call());
    expect(error).toMatchObject({ name: "NetworkError", outcome: "unknown" });
    expect(error.message).toMatch(
      new RegExp(
        `^${write.operation} was sent, but its answer was lost and the job could not be asked for\\.\\nJob: [0-9a-f]{32}\\n${UNREACHED_HINT}$`,
      ),
    );
    expect(write.holds()).toEqual(write.expected);
    expect(emulator.journal.count(write.operation)).toBe(1);
  });
});

function duplicateJobIds(): number {
  return emulator.journal.entries.filter(({ status }) => status === 400).length;
}

describe("a read", () => {
  beforeEach(added);

  test.each<[string, Fault]>([
    ["a broken connection", { kind: "dropBeforeCommit" }],
    ["half an answer", { kind: "truncated" }],
    ["502", { kind: "status", status: 502 }],
    ["503 as a web page", { kind: "status", status: 503 }],
    ["504", { kind: "status", status: 504 }],
    ["429", { kind: "status", status: 429 }],
    [
      "a management node that is not ready",
      { kind: "status", status: 503, body: '{"error":{"code":"SYS.1010","details":"not ready"}}' },
    ],
  ])("is asked again after %s", async (_what, fault) => {
    play("QuerySNSDingTalkEndpoint", fault, 3);
    expect(await query()).toHaveLength(1);
    expect(emulator.journal.count("QuerySNSDingTalkEndpoint")).toBe(4);
  });

  test.each<[string, Fault, Record<string, unknown>]>([
    [
      "a rate limit that stays",
      { kind: "status", status: 429 },
      {
        name: "NetworkError",
        code: "HTTP_429",
        message:
          "QuerySNSDingTalkEndpoint failed: ZStack's rate limit was hit.\nStatus: 429\nRun the command again later, or lower zstack:maxConcurrentRequests.",
      },
    ],
    [
      "a node that stays busy",
      { kind: "status", status: 503, body: '{"error":{"code":"SYS.1010","details":"not ready"}}' },
      {
        name: "ApiError",
        apiCode: "SYS.1010",
        message:
          "QuerySNSDingTalkEndpoint failed: the management node is starting or not available.\nAction: QuerySNSDingTalkEndpoint\nCode: SYS.1010\nDetails: not ready\nWait until it is up, then run the command again.",
      },
    ],
    [
      "a broken connection that stays",
      { kind: "dropBeforeCommit" },
      { name: "NetworkError", outcome: "unknown" },
    ],
  ])("gives up after five attempts: %s", async (_what, fault, expected) => {
    play("QuerySNSDingTalkEndpoint", fault, "always");
    expect(await failureOf(query())).toMatchObject(expected);
    expect(emulator.journal.count("QuerySNSDingTalkEndpoint")).toBe(5);
  });

  test.each<[string, string, number[]]>([
    ["Retry-After in seconds is kept", "7", [7_000]],
    ["a Retry-After of nothing is not", "0", []],
    ["a Retry-After that is no number is not", "soon", []],
  ])("%s", async (_what, value, slept) => {
    play("QuerySNSDingTalkEndpoint", { kind: "status", status: 429, headers: { "retry-after": value } });
    await query();
    if (slept.length > 0) {
      expect(bench.clock.slept).toEqual(slept);
    } else {
      expect(bench.clock.slept).toHaveLength(1);
      expect(bench.clock.slept[0]).toBeLessThanOrEqual(250);
      expect(bench.clock.slept[0]).toBeGreaterThanOrEqual(125);
    }
  });

  test("a Retry-After as a date is kept", async () => {
    const at = new Date(Date.now() + 3_600_000).toUTCString();
    bench.clock.now = () => Date.parse(at) - 20_000;
    play("QuerySNSDingTalkEndpoint", { kind: "status", status: 429, headers: { "retry-after": at } });
    await query();
    expect(bench.clock.slept).toEqual([20_000]);
  });

  test("a Retry-After beyond every patience ends the read", async () => {
    const headers = { "retry-after": "86400" };
    play("QuerySNSDingTalkEndpoint", { kind: "status", status: 429, headers }, "always");
    expect(await failureOf(query())).toMatchObject({ code: "HTTP_429" });
    expect(bench.clock.slept).toEqual([]);
  });

  test.each<[string, Fault, Record<string, unknown>, string]>([
    [
      "a web page with 200",
      { kind: "status", status: 200, body: "<html>console</html>" },
      { name: "ReplyShapeError" },
      "does not answer like a ZStack API.\nAction: QuerySNSDingTalkEndpoint\nStatus: 200\nAnswer: a web page\n",
    ],
    [
      "a redirect, which is not followed",
      { kind: "redirect", location: "/login" },
      { name: "ReplyShapeError" },
      "does not answer like a ZStack API.\nAction: QuerySNSDingTalkEndpoint\nStatus: 302\nAnswer: empty\n",
    ],
    [
      "an answer of another shape",
      { kind: "status", status: 200, body: '{"inventories":[{"uuid":7}]}' },
      { name: "ReplyShapeError" },
      "The answer to QuerySNSDingTalkEndpoint does not have the documented shape.\nUnexpected members: inventories.0.uuid (invalid_type)",
    ],
    [
      "success: false",
      { kind: "status", status: 200, body: '{"success":false}' },
      { name: "ApiError", apiCode: "UNKNOWN" },
      "QuerySNSDingTalkEndpoint failed: ZStack answered with an error.\nAction: QuerySNSDingTalkEndpoint\nCode: UNKNOWN\nDetails: The answer says success: false.",
    ],
    [
      "an error within a 200",
      { kind: "status", status: 200, body: '{"error":{"code":"SYS.1006","details":"no"}}' },
      { name: "ApiError", apiCode: "SYS.1006" },
      "QuerySNSDingTalkEndpoint failed: ZStack refused it by one of its rules.\nAction: QuerySNSDingTalkEndpoint\nCode: SYS.1006\nDetails: no",
    ],
  ])("is not asked again after %s", async (_what, fault, expected, text) => {
    play("QuerySNSDingTalkEndpoint", fault);
    const error = await failureOf(query());
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(text);
    expect(emulator.journal.count("QuerySNSDingTalkEndpoint")).toBe(1);
    expect(emulator.journal.operations()).not.toContain("login");
  });

  test("ends when its signal does", async () => {
    const abort = new AbortController();
    const reason = new Error("stop");
    emulator.zstack.faults.add({
      operation: "QuerySNSDingTalkEndpoint",
      before: () => abort.abort(reason),
      fault: { kind: "dropBeforeCommit" },
    });
    const read = api.dingTalkEndpointsByUuid.query(client(), [UUID], { signal: abort.signal });
    await failureOf(read);
    expect(emulator.journal.count("QuerySNSDingTalkEndpoint")).toBe(1);
  });
});

describe("a change that is cancelled", () => {
  test("is not sent when that was before", async () => {
    const reason = new Error("stop");
    const scope = { signal: AbortSignal.abort(reason) };
    expect(await failureOf(api.updateSNSDingTalkEndpoint(client(), UUID, { name: "x" }, scope))).toBe(reason);
    expect(emulator.journal.changing()).toEqual([]);
  });

  test("is not cut off when it is on the wire, and its job is not waited for", async () => {
    added();
    const abort = new AbortController();
    const reason = new Error("stop");
    emulator.zstack.faults.add({ operation: "UpdateSNSDingTalkEndpoint", before: () => abort.abort(reason) });
    const scope = { signal: abort.signal };
    expect(await failureOf(api.updateSNSDingTalkEndpoint(client(), UUID, { name: "x" }, scope))).toBe(reason);
    expect(emulator.journal.changing().map(({ status }) => status)).toEqual([202]);
    expect(names()).toEqual(["x"]);
  });
});
