import { request as httpRequest } from "node:http";
import { start, type Emulator } from "../../emulator";
import { Clock } from "../../emulator/frame/clock";
import { RateLimiter } from "../../emulator/zstack/rest/rate-limiter";
import { DINGTALK, ENDPOINTS, TestClient, WEBHOOK } from "./client";

/** Routing, transport and the order of checks: sections 1, 1.1, 12.1 to 12.3, 12.9. */
describe("management node", () => {
  let emulator: Emulator;
  let client: TestClient;
  beforeAll(async () => {
    emulator = await start();
    client = new TestClient(emulator);
  });
  afterAll(() => emulator.close());
  afterEach(() => {
    emulator.reset();
    client = new TestClient(emulator);
  });

  test("answers GetVersion and GetCurrentTime without a login", async () => {
    emulator.clock.freeze(1_700_000_000_123);
    const ask = (action: string) =>
      client.send("PUT", "/management-nodes/actions", { session: null, body: { [action]: {} } });
    expect((await ask("getVersion")).json).toEqual({ version: "5.2.1", success: true });
    expect((await ask("getCurrentTime")).json).toEqual({
      currentTime: { MillionSeconds: 1_700_000_000_123, Seconds: 1_700_000_000 },
      success: true,
    });
    expect(emulator.journal.operations()).toEqual(["GetVersion", "GetCurrentTime"]);
  });

  test("answers GetPlatformTimeZone only to somebody who is logged in", async () => {
    const path = "/management-nodes/platform-timezone";
    expect(await client.get(path, { session: null })).toMatchObject({ status: 400 });
    expect((await client.get(path)).json).toEqual({
      timezone: "Asia/Shanghai",
      offset: "+08:00",
      success: true,
    });
  });

  test("says with IsReadyToGo and every other call that it still starts", async () => {
    expect((await client.get("/management-nodes/ready", { session: null })).status).toBe(200);
    await client.get(DINGTALK);
    emulator.zstack.switches.ready = false;
    for (const path of ["/management-nodes/ready", DINGTALK]) {
      expect(await client.get(path)).toMatchObject({ status: 503, json: { error: { code: "SYS.1010" } } });
    }
  });

  test("checks in the order path, body, method or action, Authorization, types, job id, timeout (12.1)", async () => {
    const bad = { session: null, headers: { "X-Job-UUID": "short", "X-API-Timeout": "soon" } };
    const authorized = { headers: bad.headers };
    const path = `${ENDPOINTS}/x/actions`;
    const wrongType = { changeSNSApplicationEndpointState: { stateEvent: [] } };
    const fine = { changeSNSApplicationEndpointState: { stateEvent: "enable" } };
    const jobId = { "X-Job-UUID": "0".repeat(32), "X-API-Timeout": "soon" };
    const steps = [
      [
        await client.send("PUT", "/sns/nowhere", { ...bad, raw: "{" }),
        404,
        "no api mapping to /v1/sns/nowhere",
      ],
      [await client.send("PUT", path, { ...bad, raw: "{" }), 500, "JSON"],
      [
        await client.send("PUT", path, { ...bad, body: { nothing: {} } }),
        400,
        `any action mapped to the URL[/v1${path}]`,
      ],
      [await client.send("PUT", path, { ...bad, body: wrongType }), 400, "missing header 'Authorization'"],
      [await client.send("PUT", path, { ...authorized, body: wrongType }), 500, "stateEvent"],
      [await client.send("PUT", path, { ...authorized, body: fine }), 400, "X-Job-UUID"],
      [await client.send("PUT", path, { headers: jobId, body: fine }), 500, "soon"],
    ] as const;
    for (const [answer, status, text] of steps) {
      expect({ status: answer.status, text: answer.text }).toEqual({
        status,
        text: expect.stringContaining(text),
      });
      expect(answer.json).toBeUndefined();
    }
  });

  test.each([
    ["POST", `${ENDPOINTS}`, 200, "a path of one API runs it whatever the method"],
    ["PUT", `${DINGTALK}/x`, 200, "so does a pattern of one API"],
    ["DELETE", `${DINGTALK}/x`, 200, "a delete there is a query"],
    ["GET", `${ENDPOINTS}/x/actions`, 500, "a shared path has no API for GET"],
    ["POST", `${ENDPOINTS}/x`, 500, "nor for POST"],
    ["DELETE", `${DINGTALK}`, 500, "nor for DELETE"],
    ["HEAD", `${DINGTALK}`, 405, "HEAD on a shared path"],
    ["HEAD", `${DINGTALK}/x`, 200, "HEAD on a path of one API"],
    ["PATCH", `${DINGTALK}`, 405, "PATCH anywhere"],
    ["PATCH", `/nowhere`, 405, "PATCH even where nothing is"],
    ["OPTIONS", `${DINGTALK}`, 405, "OPTIONS anywhere"],
    ["PUT", `${DINGTALK}`, 500, "PUT with an empty body on a shared path"],
  ])("answers %s %s with %i: %s (1.1, 12.2)", async (method, path, status) => {
    expect((await client.send(method, path)).status).toBe(status);
  });

  test.each([
    ["", 500, ""],
    ["null", 500, ""],
    ["{}", 400, "doesn't contain any action"],
    ["[]", 500, "BEGIN_OBJECT"],
    ['"text"', 500, "BEGIN_OBJECT"],
  ])("answers a PUT of %j on a shared path with %i %j (12.2)", async (raw, status, text) => {
    const answer = await client.send("PUT", `${ENDPOINTS}/x/actions`, { raw });
    expect(answer.status).toBe(status);
    if (text === "") {
      expect(answer.text).toBe("");
    } else {
      expect(answer.text).toContain(text);
    }
  });

  test("runs a unique action with a misspelled wrapper as a no-op (1.1 rule 5)", async () => {
    const { uuid } = emulator.zstack.endpoints.add({ name: "before" });
    const answer = await client.act(`${DINGTALK}/${uuid}/actions`, "updateSnsDingtalkEndpoint", {
      name: "after",
    });
    expect(answer).toMatchObject({ status: 200, json: { inventory: { name: "before" } } });
  });

  test("does not delete with DELETE on the DingTalk path (5.1)", async () => {
    const { uuid } = emulator.zstack.endpoints.add({});
    expect((await client.send("DELETE", `${DINGTALK}/${uuid}`)).json.inventories).toHaveLength(1);
    expect(emulator.zstack.endpoints.size).toBe(1);
    expect(emulator.journal.changing()).toEqual([]);
  });

  test("takes exact paths before patterns (1.1 rule 1)", async () => {
    await client.get(`${DINGTALK}/at-persons`);
    await client.get("/sns/topics/subscribers");
    expect(emulator.journal.operations().slice(1)).toEqual([
      "QuerySNSDingTalkAtPerson",
      "QuerySNSTopicSubscriber",
    ]);
  });

  test.each<[Record<string, unknown>, number, string]>([
    [{ name: 5, url: WEBHOOK }, 200, "numbers pass for text"],
    [{ name: true, url: WEBHOOK }, 200, "booleans pass for text"],
    [{ name: "n", url: WEBHOOK, atAll: "TRUE" }, 200, "text passes for booleans"],
    [{ name: "n", url: WEBHOOK, atAll: "yes" }, 400, "but not any"],
    [{ name: "n", url: WEBHOOK, atPersonPhoneNumbers: "+86-13900001111" }, 500, "text is no list"],
    [{ name: "n", url: WEBHOOK, atPersonList: ["+86-13900001111"] }, 500, "a list is no map"],
    [{ name: ["n"], url: WEBHOOK }, 500, "a list is no text"],
    [{ name: "n", url: WEBHOOK, unknown: { a: 1 } }, 200, "unknown fields are ignored"],
    [{ name: "n", url: WEBHOOK, description: null }, 200, "null is absent"],
  ])("takes %j with %i: %s (1.1 rule 6, 12.9)", async (params, status) => {
    expect((await client.post(DINGTALK, params)).status).toBe(status);
  });

  test.each([
    ["a text", "name", "3"],
    ["an integer", "repeatInterval", "2147483648"],
    ["an integer", "repeatInterval", "1.5"],
    ["an integer", "repeatCount", "-2147483649"],
    ["a number", "threshold", "1e999"],
  ])("takes no more for %s than Java does: %s = %j", async (_what, name, value) => {
    const params = {
      name: "n",
      namespace: "a",
      metricName: "b",
      comparisonOperator: "GreaterThan",
      threshold: 1,
    };
    const { status } = await client.post("/zwatch/alarms", { ...params, [name]: value });
    expect(status).toBe(name === "name" ? 200 : 400);
  });

  test("refuses params that are no object", async () => {
    expect((await client.send("POST", DINGTALK, { body: { params: [] } })).status).toBe(500);
  });

  test("trims top-level text, but neither list elements nor map keys (1)", async () => {
    const fine = await client.post(DINGTALK, { name: " a ", url: ` ${WEBHOOK} `, description: "\td\n" });
    expect(fine.json.inventory).toMatchObject({ name: "a", url: WEBHOOK, description: "d" });
    const list = await client.post(DINGTALK, {
      name: "a",
      url: WEBHOOK,
      atPersonPhoneNumbers: [" +86-13900001111"],
    });
    const map = await client.post(DINGTALK, {
      name: "a",
      url: WEBHOOK,
      atPersonList: { "+86-13900001111 ": "" },
    });
    expect([list.json.error.code, map.json.error.code]).toEqual(["SYS.1007", "SYS.1007"]);
  });

  test("trims as Java's String.trim does: control characters go, a no-break space and a BOM stay (1)", async () => {
    const { json } = await client.post(DINGTALK, {
      name: "\u0000\u0007 duty\u001b\u001f",
      url: `\u0001${WEBHOOK}\u0002`,
      description: "\u00a0\ufefftext\u3000\u2028",
    });
    expect(json.inventory).toMatchObject({
      name: "duty",
      url: WEBHOOK,
      description: "\u00a0\ufefftext\u3000\u2028",
    });
  });

  test("takes for blank what Java calls white space, and nothing else (5.2, 5.4)", async () => {
    const { uuid } = emulator.zstack.endpoints.add({ name: "n", description: "d" });
    const update = (params: object) =>
      client.act(
        `${DINGTALK}/${uuid}/actions`,
        "updateSNSDingTalkEndpoint",
        params as Record<string, unknown>,
      );
    await update({ name: "\u3000\u2003", description: "\u2028" });
    expect(emulator.zstack.endpoints.get(uuid)).toMatchObject({ name: "n", description: "d" });
    await update({ name: "\u00a0", description: "\u202f" });
    expect(emulator.zstack.endpoints.get(uuid)).toMatchObject({ name: "\u00a0", description: "\u202f" });
    const created = await client.post(DINGTALK, { name: "n", url: WEBHOOK, secret: "\u3000" });
    expect(created.json.inventory).not.toHaveProperty("secret");
  });

  test("counts UTF-16 units for its own limits, and characters for those of the database (4.3, 5.2)", async () => {
    const remark = async (text: string) =>
      (await client.post(DINGTALK, { name: "n", url: WEBHOOK, atPersonList: { "+86-13900001111": text } }))
        .status;
    expect([await remark("😀".repeat(128)), await remark("😀".repeat(129))]).toEqual([200, 503]);
    const name = async (text: string) => (await client.post(DINGTALK, { name: text, url: WEBHOOK })).status;
    expect([await name("😀".repeat(127)), await name("😀".repeat(128))]).toEqual([200, 503]);
  });

  test("lets a path variable win over a body field of the same name (1)", async () => {
    const a = emulator.zstack.endpoints.add({ name: "a" });
    const b = emulator.zstack.endpoints.add({ name: "b" });
    await client.act(`${DINGTALK}/${a.uuid}/actions`, "updateSNSDingTalkEndpoint", {
      uuid: b.uuid,
      name: "c",
    });
    expect(emulator.zstack.endpoints.list().map((row) => row.name)).toEqual(["c", "b"]);
  });

  test("sends neither a content type nor a body that is not escaped, except for synchronous errors (1, 12.9)", async () => {
    const name = `<a href='x=1'>&`;
    const created = await client.post(DINGTALK, { name, url: WEBHOOK });
    expect(created.headers.get("content-type")).toBeNull();
    expect(created.text).toContain(String.raw`\u003ca href\u003d\u0027x\u003d1\u0027\u003e\u0026`);
    expect(created.json.inventory.name).toBe(name);
    const jobError = await client.post(DINGTALK, { name, url: "a='&" });
    expect(jobError.text).toContain(String.raw`a\u003d\u0027\u0026`);
    const syncError = await client.get(`${DINGTALK}?q=${encodeURIComponent("bad=a'b")}`);
    expect(syncError).toMatchObject({ status: 503, json: { error: { code: "SYS.1000" } } });
    expect(syncError.text).not.toContain("\\u00");
  });

  test("answers outside of the API as a servlet container does", async () => {
    const response = await fetch(`${emulator.url}/v1/sns/application-endpoints`);
    expect([response.status, response.headers.get("content-type")]).toEqual([
      404,
      "text/html; charset=utf-8",
    ]);
    expect(emulator.journal.count()).toBe(1);
  });

  test("refuses a path that cannot be decoded", async () => {
    const status = await new Promise((resolve, reject) => {
      const { hostname, port } = new URL(emulator.url);
      httpRequest({ hostname, port, path: "/zstack/v1/%zz" }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(400);
  });

  test("answers 404 text on all paths of a module that is missing (11.10)", async () => {
    emulator.zstack.switches.snsAvailable = false;
    expect(await client.get(DINGTALK)).toMatchObject({
      status: 404,
      text: `no api mapping to /v1${DINGTALK}`,
    });
    expect((await client.get("/tags")).status).toBe(200);
  });

  test("limits requests per address and minute (4.2)", async () => {
    emulator.clock.freeze();
    emulator.zstack.switches.requestsPerMinute = 3;
    const statuses = async (count: number, headers = {}) => {
      const got: number[] = [];
      for (let i = 0; i < count; i += 1) {
        got.push((await client.get("/api-jobs/x", { session: null, headers })).status);
      }
      return got;
    };
    expect(await statuses(4)).toEqual([404, 404, 404, 429]);
    expect((await client.get("/api-jobs/x", { session: null })).text).toBe("Rate limit exceeded");
    expect(await statuses(1, { "X-Forwarded-For": "10.0.0.1, 10.0.0.2" })).toEqual([404]);
    emulator.clock.advance(60_000);
    expect(await statuses(1)).toEqual([404]);
  });

  test.each([
    ["5.3.19", true],
    ["5.3.20", false],
  ])(
    "has the vendor's own limit from 5.3.20 on: %s admits request 12001: %s (0.1)",
    (serverVersion, admitted) => {
      const limiter = new RateLimiter();
      const context = {
        clock: new Clock(() => 0),
        switches: { serverVersion, requestsPerMinute: 0 },
      } as never;
      const request = { headers: {}, remoteAddress: "127.0.0.1" } as never;
      let last = true;
      for (let i = 0; i < 12_001; i += 1) {
        last = limiter.admits(request, context);
      }
      expect(last).toBe(admitted);
    },
  );
});
