import { start, type Emulator, type SecurityCenterFault } from "../../emulator";
import { SecurityCenterClient } from "./securitycenter-client";

describe("faults", () => {
  let emulator: Emulator;
  let client: SecurityCenterClient;
  beforeEach(async () => {
    emulator = await start({ seed: 1 });
    client = new SecurityCenterClient(emulator);
  });
  afterEach(() => emulator.close());

  const site = () => emulator.securitycenter.china;
  const names = () =>
    site()
      .robots.list()
      .map(({ actionName }) => actionName);

  test.each([
    [{}, 400, "Throttling.User", "1000"],
    [{ status: 429, retryAfterMs: 5 }, 429, "Throttling.User", "5"],
    [{ status: 503, code: "Throttling.Api" }, 503, "Throttling.Api", "1000"],
  ] as const)("throttled %j", async (more, status, Code, retryAfter) => {
    site().faults.add({ fault: { kind: "throttled", ...more }, times: 2 });
    for (let i = 0; i < 2; i += 1) {
      const answer = await client.put();
      expect(answer).toMatchObject({ status, json: { Code } });
      expect(answer.headers["x-acs-retry-after"]).toBe(retryAfter);
    }
    expect(names()).toEqual([]);
    expect((await client.put()).status).toBe(200);
  });

  test("throttles every second call", async () => {
    site().faults.add({ fault: { kind: "throttled" }, every: 2 });
    const statuses = [];
    for (let i = 0; i < 4; i += 1) {
      statuses.push((await client.call("DescribeDingTalk")).status);
    }
    expect(statuses).toEqual([200, 400, 200, 400]);
  });

  test("uses the nonce of a throttled call up", async () => {
    site().faults.add({ fault: { kind: "throttled" } });
    const nonce = "n";
    await client.call("DescribeDingTalk", {}, { nonce });
    expect((await client.call("DescribeDingTalk", {}, { nonce })).json.Code).toBe("SignatureNonceUsed");
  });

  const ERRORS: readonly [SecurityCenterFault, number, string, number][] = [
    [{ kind: "apiError", code: "ServerError", status: 500 }, 500, "ServerError", 0],
    [{ kind: "apiError", code: "ServerError", status: 500, committed: true }, 500, "ServerError", 1],
    [
      { kind: "apiError", code: "ServiceUnavailable", status: 503, committed: true },
      503,
      "ServiceUnavailable",
      1,
    ],
    [{ kind: "apiError", code: "InnerError", status: 200 }, 200, "InnerError", 0],
    [{ kind: "apiError", code: "InnerError", status: 200, committed: true }, 200, "InnerError", 1],
    [{ kind: "apiError", code: "NoPermission", message: "no" }, 400, "NoPermission", 0],
  ];
  test.each(ERRORS)("%j", async (fault, status, Code, robots) => {
    site().faults.add({ fault, operation: "CreateOrUpdateDingTalk" });
    expect(await client.put()).toMatchObject({ status, json: { Code, RequestId: expect.any(String) } });
    expect(names()).toHaveLength(robots);
    expect(emulator.journal.entries[0]?.fault).toBe("apiError");
  });

  test.each([
    [{ kind: "dropBeforeCommit" }, 0],
    [{ kind: "dropAfterCommit" }, 1],
    [{ kind: "truncated" }, 1],
  ] as const)("%j breaks the connection", async (fault, robots) => {
    site().faults.add({ fault });
    await expect(client.put()).rejects.toThrow();
    expect(names()).toHaveLength(robots);
  });

  test.each([
    [{ kind: "status", status: 502 }, 0],
    [{ kind: "status", status: 502, committed: true }, 1],
    [{ kind: "status", status: 503 }, 0],
  ] as const)("%j answers with HTML", async (fault, robots) => {
    site().faults.add({ fault });
    const answer = await client.put();
    expect([answer.status, answer.json, names().length]).toEqual([fault.status, undefined, robots]);
    expect(answer.headers["content-type"]).toContain("text/html");
  });

  test("JSON can stop in the middle of a whole answer too", async () => {
    site().faults.add({ fault: { kind: "status", status: 200, body: '{"RequestId":"A', committed: true } });
    expect(await client.put()).toMatchObject({ status: 200, json: undefined });
    expect(names()).toHaveLength(1);
  });

  test.each([
    ["before", undefined, [1001, 1002]],
    ["after", "https://relay.example/other", [1002, 1001]],
  ] as const)("a twin appears %s the create", async (when, url, [twin, own]) => {
    const fault = url === undefined ? ({ kind: "twin" } as const) : ({ kind: "twin", when, url } as const);
    site().faults.add({ operation: "CreateOrUpdateDingTalk", fault });
    await client.put({ IntervalTime: "3" });
    expect(names()).toEqual(["prod alerts", "prod alerts"]);
    const [mine, theirs] = [site().robots.get(String(own)), site().robots.get(String(twin))];
    expect(theirs).toMatchObject({ intervalTime: 3, url: url ?? mine?.url });
  });

  test("rows move between pages", async () => {
    for (let i = 1; i <= 4; i += 1) {
      site().robots.add({ actionName: `robot ${String(i)}` });
    }
    const pages = async (fault: SecurityCenterFault) => {
      const first = await client.list({ PageSize: "2" });
      site().faults.add({ operation: "DescribeDingTalk", fault });
      const second = await client.list({ PageSize: "2", CurrentPage: "2" });
      const ids = [...first.ActionList, ...second.ActionList] as { Id: number }[];
      return [...ids.map(({ Id }) => Id), second.PageInfo.TotalCount as number];
    };
    expect(await pages({ kind: "rowsMove" })).toEqual([1004, 1003, 1003, 1002, 5]);
    expect(await pages({ kind: "rowsMove", by: "remove" })).toEqual([1005, 1004, 1002, 1001, 4]);
    expect(await pages({ kind: "rowsMove", by: "remove", id: 1001 })).toEqual([1004, 1003, 1002, 3]);
    site().robots.add({});
    expect(await pages({ kind: "rowsMove", by: "reorder" })).toEqual([1006, 1004, 1004, 1006, 4]);
  });

  test("a callback writes while a call is under way", async () => {
    site().faults.add({
      operation: "DescribeDingTalk",
      before: () => void site().robots.add({ actionName: "seen" }),
      then: () => void site().robots.add({ actionName: "not yet" }),
    });
    expect((await client.list()).PageInfo.TotalCount).toBe(1);
    expect(names()).toEqual(["seen", "not yet"]);
  });

  test("are of one site only, and refuse what does not exist", async () => {
    site().faults.add({ fault: { kind: "dropBeforeCommit" }, times: "always" });
    expect((await new SecurityCenterClient(emulator, "international").list()).ActionList).toEqual([]);
    expect(() => site().faults.add({ fault: { kind: "jobLost" } as never })).toThrow(RangeError);
  });
});
