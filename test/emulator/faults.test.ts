import { start, type Emulator } from "../../emulator";
import { DINGTALK, ENDPOINTS, TestClient, WEBHOOK } from "./client";

const CREATE = { body: { params: { name: "n", url: WEBHOOK } } };

describe("faults", () => {
  let emulator: Emulator;
  let client: TestClient;
  beforeAll(async () => {
    emulator = await start();
  });
  afterAll(() => emulator.close());
  beforeEach(async () => {
    emulator.reset();
    client = new TestClient(emulator);
    await client.get(DINGTALK);
    emulator.journal.clear();
  });
  const operation = "CreateSNSDingTalkEndpoint";

  test.each([
    ["dropBeforeCommit", 0],
    ["dropAfterCommit", 1],
  ] as const)("%s breaks the connection with %i objects made", async (kind, count) => {
    emulator.zstack.faults.add({ operation, fault: { kind } });
    await expect(client.send("POST", DINGTALK, CREATE)).rejects.toThrow();
    expect(emulator.zstack.endpoints.size).toBe(count);
    expect(emulator.journal.entries).toMatchObject([{ operation, outcome: "dropped", fault: kind }]);
    expect(emulator.journal.entries[0]?.status).toBeUndefined();
    expect((await client.send("POST", DINGTALK, CREATE)).status).toBe(202);
  });

  test.each([
    [429, "Rate limit exceeded", null],
    [500, "Internal Server Error", "text/html; charset=utf-8"],
    [502, "Bad Gateway", "text/html; charset=utf-8"],
    [503, "Service Temporarily Unavailable", "text/html; charset=utf-8"],
    [504, "Gateway Time-out", "text/html; charset=utf-8"],
  ])("status %i comes with its usual page and without JSON", async (status, text, type) => {
    emulator.zstack.faults.add({ operation, fault: { kind: "status", status } });
    const answer = await client.send("POST", DINGTALK, CREATE);
    expect(answer).toMatchObject({ status, json: undefined });
    expect([answer.headers.get("content-type"), answer.text]).toEqual([type, expect.stringContaining(text)]);
    expect(emulator.zstack.endpoints.size).toBe(0);
  });

  test("a status can be given a body and headers, and come after the work", async () => {
    const fault = {
      kind: "status",
      status: 504,
      body: "x",
      headers: { "retry-after": "7" },
      committed: true,
    } as const;
    emulator.zstack.faults.add({ operation, fault });
    const answer = await client.send("POST", DINGTALK, CREATE);
    expect([answer.status, answer.text, answer.headers.get("retry-after")]).toEqual([504, "x", "7"]);
    expect(emulator.zstack.endpoints.size).toBe(1);
    expect(emulator.journal.entries).toMatchObject([{ status: 504, jobId: expect.any(String) }]);
  });

  test("a redirect names another place and does nothing", async () => {
    const fault = { kind: "redirect", location: "http://elsewhere/" } as const;
    emulator.zstack.faults.add({ operation, fault }).remove();
    emulator.zstack.faults.add({ operation, fault: { ...fault, status: 307 } });
    const answer = await client.send("POST", DINGTALK, CREATE);
    expect([answer.status, answer.headers.get("location")]).toEqual([307, "http://elsewhere/"]);
    expect(emulator.zstack.endpoints.size).toBe(0);
  });

  test.each([[undefined], [0], [5], [100_000]])("a body truncated at %s bytes breaks off", async (bytes) => {
    emulator.zstack.faults.add({
      operation: "QuerySNSDingTalkEndpoint",
      fault: { kind: "truncated", ...(bytes === undefined ? {} : { bytes }) },
    });
    await expect(client.get(DINGTALK)).rejects.toThrow();
    expect((await client.get(DINGTALK)).status).toBe(200);
  });

  test.each([true, false])("a slow answer comes in the end (committed %s)", async (committed) => {
    emulator.zstack.faults.add({ operation, fault: { kind: "slow", ms: 1, committed } });
    expect((await client.send("POST", DINGTALK, CREATE)).status).toBe(202);
    expect(emulator.zstack.endpoints.size).toBe(1);
  });

  test("an answer that never comes ends with the client's patience, or with the emulator", async () => {
    const own = await start();
    const ownClient = new TestClient(own);
    await ownClient.get(DINGTALK);
    own.zstack.faults.add({ operation, fault: { kind: "slow" } });
    const pending = expect(ownClient.send("POST", DINGTALK, CREATE)).rejects.toThrow();
    while (own.zstack.endpoints.size === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await own.close();
    await pending;
    expect(own.journal.entries.at(-1)?.outcome).toBe("pending");
  });

  test.each([
    [{}, 1],
    [{ committed: false }, 0],
  ])("a stuck job answers 202 for ever (%j)", async (more, count) => {
    emulator.zstack.faults.add({ operation, fault: { kind: "jobStuck", ...more } });
    const accepted = await client.send("POST", DINGTALK, CREATE);
    await expect(client.settle(accepted)).rejects.toThrow("does not end");
    expect(emulator.zstack.endpoints.size).toBe(count);
  });

  test.each([
    [{}, 0],
    [{ committed: true }, 1],
  ])("a job can be made to fail (%j)", async (more, count) => {
    emulator.zstack.faults.add({
      operation,
      fault: { kind: "jobFails", code: "SYS.1006", details: "why", ...more },
    });
    const answer = await client.call("POST", DINGTALK, CREATE);
    expect(answer).toMatchObject({ status: 503, json: { error: { code: "SYS.1006", details: "why" } } });
    expect(emulator.zstack.endpoints.size).toBe(count);
  });

  test("a lost job is accepted and then unknown, and its id is free", async () => {
    emulator.zstack.faults.add({ operation, fault: { kind: "jobLost" } });
    const headers = { "X-Job-UUID": "f".repeat(32) };
    const accepted = await client.send("POST", DINGTALK, { ...CREATE, headers });
    expect((await client.settle(accepted)).status).toBe(404);
    expect(emulator.zstack.endpoints.size).toBe(1);
    expect((await client.send("POST", DINGTALK, { ...CREATE, headers })).status).toBe(202);
  });

  test("a session can end between a login and a call", async () => {
    emulator.zstack.faults.add({ operation, fault: { kind: "expireSessions" } });
    expect((await client.call("POST", DINGTALK, CREATE)).json.error.code).toBe("ID.1001");
  });

  test("polls can be hit by their own name", async () => {
    emulator.zstack.faults.add({ operation: "PollJob", fault: { kind: "status", status: 502 } });
    const accepted = await client.send("POST", DINGTALK, CREATE);
    const id = String(accepted.json.location).split("/").pop() ?? "";
    expect((await client.get(`/api-jobs/${id}`, { session: null })).status).toBe(502);
    expect((await client.settle(accepted)).status).toBe(200);
    expect(emulator.journal.filter({ operation: "PollJob" }).map((entry) => entry.jobId)).toEqual([
      undefined,
      id,
      id,
    ]);
  });

  test("callbacks let somebody else write in between", async () => {
    const { uuid } = emulator.zstack.endpoints.add({ name: "old" });
    const names: (string | undefined)[] = [];
    emulator.zstack.faults.add({
      operation: "UpdateSNSDingTalkEndpoint",
      before: () => void emulator.zstack.endpoints.add({ name: "twin" }),
      then: ({ request, fired }) => {
        names.push(emulator.zstack.endpoints.get(uuid)?.name, request.operation, String(fired));
      },
    });
    await client.act(`${DINGTALK}/${uuid}/actions`, "updateSNSDingTalkEndpoint", { name: "new" });
    expect(names).toEqual(["new", "UpdateSNSDingTalkEndpoint", "1"]);
    expect((await client.get(ENDPOINTS)).json.inventories).toHaveLength(2);
  });
});
