import { createPrivateKey } from "node:crypto";
import { request as httpsRequest } from "node:https";
import { start, switchRows, ZSTACK_SWITCHES, type Emulator } from "../../emulator";
import { DINGTALK, TestClient, WEBHOOK, type Answer } from "./client";
import { CERTIFICATE, KEY } from "./certificate";

describe("control address", () => {
  let emulator: Emulator;
  let client: TestClient;
  beforeAll(async () => {
    emulator = await start({ zstack: { serverVersion: "5.0.0" } });
  });
  afterAll(() => emulator.close());
  beforeEach(() => {
    emulator.reset();
    client = new TestClient(emulator);
  });

  const control = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const response = await fetch(`${emulator.url}/_emulator${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const json: unknown = await response.json();
    return { status: response.status, json: json as Answer["json"] };
  };

  test("tells what a client needs, and what is there", async () => {
    emulator.zstack.endpoints.add({});
    const { json } = await control("GET", "/");
    expect(json.sites[0]).toMatchObject({
      name: "zstack",
      environment: {
        ZSTACK_ENDPOINT: emulator.url,
        ZSTACK_ACCOUNT_NAME: "admin",
        ZSTACK_ACCESS_KEY_ID: emulator.zstack.accessKeyId,
      },
      objects: { endpoints: 1, topics: 2 },
      actions: ["expire-sessions", "change-credentials", "fire-alarm", "fire-event"],
    });
    expect(emulator.journal.count()).toBe(0);
  });

  test("reads and sets switches, and refuses wrong ones", async () => {
    const { json } = await control("PUT", "/zstack/switches", { serverVersion: "4.8.0", pollsBeforeDone: 3 });
    expect(json.values).toMatchObject({ serverVersion: "4.8.0", pollsBeforeDone: 3 });
    expect(emulator.zstack.switches.serverVersion).toBe("4.8.0");
    expect((await control("GET", "/zstack/switches")).json.table).toEqual(switchRows(ZSTACK_SWITCHES));
    expect(await control("PUT", "/zstack/switches", { serverVersion: "new" })).toMatchObject({ status: 400 });
    expect(await control("PUT", "/zstack/switches", { nonsense: 1 })).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining("nonsense: There is no such switch.") },
    });
  });

  test("adds, lists and removes faults, and refuses unknown kinds", async () => {
    await client.get(DINGTALK);
    const fault = { kind: "status", status: 502 };
    const { json } = await control("POST", "/zstack/faults", {
      operation: "QuerySNSDingTalkEndpoint",
      fault,
    });
    expect(json).toMatchObject([{ id: expect.any(Number), fired: 0, rule: { fault } }]);
    expect((await client.get(DINGTALK)).status).toBe(502);
    expect((await control("GET", "/zstack/faults")).json[0].fired).toBe(1);
    expect((await control("DELETE", `/zstack/faults/${String(json[0].id)}`)).json).toEqual([]);
    await control("POST", "/zstack/faults", { fault });
    expect((await control("DELETE", "/zstack/faults")).json).toEqual([]);
    expect((await control("POST", "/zstack/faults", { fault: { kind: "fire" } })).status).toBe(400);
  });

  test("sets, advances and freezes the clock", async () => {
    const set = await control("PUT", "/clock", { set: "2024-01-01T00:00:00Z", frozen: true });
    expect(set.json).toMatchObject({ frozen: true });
    const before = emulator.clock.now();
    expect((await control("PUT", "/clock", { advanceMs: 5000 })).json.nowMs).toBe(before + 5000);
    expect((await control("PUT", "/clock", { frozen: false })).json.frozen).toBe(false);
    expect((await control("GET", "/clock")).status).toBe(200);
    expect((await control("PUT", "/clock", { set: "soon" })).status).toBe(400);
  });

  test("shows the journal without secrets, filters and clears it", async () => {
    await client.post(DINGTALK, { name: "n", url: WEBHOOK, secret: "SECRET1" });
    const { json } = await control(
      "GET",
      "/journal?changing=true&operation=CreateSNSDingTalkEndpoint&method=POST",
    );
    expect(json).toMatchObject([
      {
        sequence: 2,
        site: "zstack",
        path: `/zstack/v1${DINGTALK}`,
        status: 202,
        auth: "session",
        changing: true,
        jobId: expect.any(String),
        body: {
          params: { name: "n", url: "https://oapi.dingtalk.com/robot/send?access_token=***", secret: "***" },
        },
      },
    ]);
    expect((await control("DELETE", "/journal")).json).toEqual([]);
    expect(emulator.journal.count()).toBe(0);
  });

  test("lists, adds, edits and removes objects of every kind", async () => {
    expect((await control("GET", "/zstack/objects")).json).toContain("endpoints");
    const added = await control("POST", "/zstack/objects/endpoints", {
      name: "a",
      type: "HTTP",
      description: "d",
    });
    const path = `/zstack/objects/endpoints/${String(added.json.uuid)}`;
    const edited = await control("PUT", path, { name: "b", description: null });
    expect(edited.json).toMatchObject({ name: "b", type: "HTTP" });
    expect(edited.json).not.toHaveProperty("description");
    expect((await control("GET", path)).json.name).toBe("b");
    expect((await control("GET", "/zstack/objects/endpoints")).json).toHaveLength(1);
    await control("POST", "/zstack/objects/subscriptions", { topicUuid: "t", endpointUuid: "e" });
    expect((await control("DELETE", "/zstack/objects/subscriptions/t/e")).json).toEqual({ removed: true });
    expect((await control("DELETE", path)).json).toEqual({ removed: true });
    expect((await control("DELETE", path)).status).toBe(404);
  });

  test("ends sessions and resets to the values at the start", async () => {
    const session = await client.login();
    await control("POST", "/zstack/actions/expire-sessions");
    expect((await client.get(DINGTALK, { session })).json.error.code).toBe("ID.1001");
    await control("PUT", "/zstack/switches", { serverVersion: "4.8.0" });
    await control("PUT", "/clock", { frozen: true });
    await control("POST", "/zstack/faults", { fault: { kind: "dropBeforeCommit" } });
    emulator.zstack.endpoints.add({});
    const { json } = await control("POST", "/reset");
    expect(json.journal).toBe(0);
    expect(json.sites[0]).toMatchObject({ faults: 0, objects: { endpoints: 0 } });
    expect([emulator.zstack.switches.serverVersion, emulator.clock.frozen]).toEqual(["5.0.0", false]);
  });

  test.each([
    ["GET", "/nowhere", 404],
    ["GET", "/zstack/nowhere", 404],
    ["GET", "/zstack/objects/nowhere", 404],
    ["POST", "/zstack/actions/nowhere", 404],
    ["GET", "/zstack/objects/__proto__", 404],
    ["GET", "/zstack/objects/constructor", 404],
    ["POST", "/zstack/actions/constructor", 404],
    ["POST", "/zstack/actions/toString", 404],
    ["POST", "/zstack/actions/expire-sessions/now", 404],
    ["GET", "/__proto__", 404],
    ["GET", "/clock/now", 404],
    ["DELETE", "/zstack/faults/7", 404],
    ["GET", "/%zz", 400],
    ["GET", "/zstack/objects/%00", 404],
    ["GET", "/zstack/objects/endpoints?nam=x", 400],
    ["GET", "/journal?changing=maybe", 400],
    ["GET", "/journal?operaton=x", 400],
    ["POST", "/zstack/faults", 400],
    ["PUT", "/", 405],
    ["POST", "/reference", 405],
    ["GET", "/reset", 405],
    ["POST", "/clock", 405],
    ["POST", "/journal", 405],
    ["PATCH", "/zstack/faults", 405],
    ["DELETE", "/zstack/objects/endpoints", 405],
  ])("answers %s %s with %i", async (method, path, status) => {
    expect(await control(method, path)).toMatchObject({ status, json: { error: expect.any(String) } });
  });

  test.each([
    [
      "PUT",
      "/clock",
      { advnceMs: 1 },
      'advnceMs: There is no such member for the clock. Did you mean "advanceMs"?',
    ],
    ["PUT", "/clock", { advanceMs: "1" }, "advanceMs: takes a number."],
    ["PUT", "/clock", { frozen: "yes" }, "frozen: takes true | false."],
    ["PUT", "/clock", { frozen: false, set: "soon" }, "set: takes a moment from 1970 to 9999"],
    ["PUT", "/zstack/switches", { timezone: "Mars/Olympus" }, "timezone: takes IANA zone id."],
    [
      "POST",
      "/zstack/faults",
      { operation: "CreateSNSTopc", fault: { kind: "jobLost" } },
      'Did you mean "CreateSNSTopic"?',
    ],
    [
      "POST",
      "/zstack/faults",
      { operation: ["PollJob", "CreateSNSTopc"], fault: { kind: "jobLost" } },
      'operation[1]: takes a name of an operation, or list of: name of an operation, not "CreateSNSTopc". Did you mean "CreateSNSTopic"?',
    ],
    ["POST", "/zstack/faults", { operation: "CreateSNSTopic" }, "fault: is missing."],
    [
      "POST",
      "/zstack/faults",
      { operation: [], fault: { kind: "jobLost" } },
      "operation: an empty list fits no request. Leave it out for all of them.",
    ],
    ["POST", "/zstack/faults", { fault: { kind: "jobFails" } }, "fault.code: is missing; it takes a text."],
    [
      "POST",
      "/dingtalk/faults",
      { fault: { kind: "errcode", errcode: "1" } },
      "fault.errcode: takes an integer",
    ],
    [
      "POST",
      "/securitycenter-china/objects/robots",
      { name: "r" },
      "name: There is no such member of a row of kind robot.",
    ],
    [
      "POST",
      "/securitycenter-china/objects/robots",
      { id: 2 ** 31 },
      "id: takes an integer from 1 to 2147483647.",
    ],
    [
      "POST",
      "/securitycenter-china/objects/robots",
      { configList: [{ type: "hc" }] },
      "configList[0].configItemList: is missing",
    ],
    [
      "POST",
      "/zstack/objects/alarms",
      { labels: [{ kee: "x" }] },
      "labels[0].kee: There is no such member of a label.",
    ],
    ["POST", "/zstack/objects/endpoints", { createdMs: 1e20 }, "createdMs: takes a moment from 1970 to 9999"],
    [
      "POST",
      "/zstack/objects/endpoints",
      { type: "HTTP", secret: "s" },
      "secret: no member of an endpoint of type HTTP. Of its own it has username, password.",
    ],
    [
      "POST",
      "/zstack/objects/topics",
      { uuid: "zz" },
      "uuid: takes a text of 32 hexadecimal digits in lower case.",
    ],
    [
      "POST",
      "/zstack/objects/persons",
      { endpointUuid: "0".repeat(32) },
      "endpointUuid: there is no endpoint with this uuid. Add the endpoint first.",
    ],
    ["POST", "/zstack/objects/endpoints", '{"__proto__":{"name":"x"}}', "__proto__: There is no such member"],
    ["POST", "/dingtalk/objects/groups", { token: "" }, "token: takes a text that is not empty."],
    ["POST", "/zstack/actions/fire-alarm", {}, "uuid: is missing; it takes a text that is not empty."],
    ["POST", "/zstack/actions/fire-alarm", { uuid: "x" }, "There is no alarm with the uuid x."],
    [
      "POST",
      "/zstack/actions/fire-event",
      { uuid: "x", eror: "e" },
      'eror: There is no such member. Did you mean "error"?',
    ],
    [
      "POST",
      "/zstack/actions/expire-sessions",
      { now: true },
      "now: There is no such member. There are none.",
    ],
    ["POST", "/zstack/actions/change-credentials", { password: "x" }, "password: There is no such member."],
    [
      "POST",
      "/securitycenter-china/actions/issue-sts-token",
      { durationSeconds: "900" },
      "durationSeconds: takes an integer",
    ],
    ["POST", "/reset", { all: true }, "all: There is no such parameter here."],
  ])("%s %s with %j is 400 with a sentence", async (method, path, body, sentence) => {
    expect(await control(method, path, body)).toEqual({
      status: 400,
      json: { error: expect.stringContaining(sentence) },
    });
    expect((await control("GET", "/")).json.sites.map((site: { faults: number }) => site.faults)).toEqual([
      0, 0, 0, 0,
    ]);
  });

  test.each([
    ["/zstack/switches", "GET or PUT"],
    ["/zstack/faults", "GET or POST or DELETE"],
    ["/zstack/objects/topics", "GET or POST"],
  ])("refuses PATCH on %s with the methods that there are", async (path, methods) => {
    expect(await control("PATCH", path)).toEqual({ status: 405, json: { error: `Use ${methods} here.` } });
  });

  test("gives an endpoint whose type changes what the new one has", async () => {
    const { uuid } = emulator.zstack.endpoints.add({ atAll: true, secret: "s" });
    await control("PUT", `/zstack/objects/endpoints/${uuid}`, { type: "WeCom" });
    expect(emulator.zstack.endpoints.get(uuid)).toMatchObject({ type: "WeCom", atAll: true });
    await control("PUT", `/zstack/objects/endpoints/${uuid}`, { type: "DingTalk", secret: "t" });
    expect(emulator.zstack.endpoints.get(uuid)).toMatchObject({ atAll: true, secret: "t" });
    await control("PUT", `/zstack/objects/endpoints/${uuid}`, { type: "HTTP" });
    const row = (await control("GET", `/zstack/objects/endpoints/${uuid}`)).json;
    expect([row.type, "secret" in row, "atAll" in row]).toEqual(["HTTP", false, false]);
  });

  test("tells the reference: options, routes, faults, and for each site its kinds and actions", async () => {
    const { json } = await control("GET", "/reference");
    expect(json.options.map(({ name }: { name: string }) => name)).toEqual([
      ...["start", "tls", "zstack", "securitycenter", "securitycenter.china", "securitycenter.international"],
      "dingtalk",
    ]);
    expect(json.sites[0].kinds[0]).toMatchObject({
      name: "endpoints",
      members: expect.arrayContaining([
        { name: "name", takes: "text", isRequired: false, default: "endpoint", meaning: "Its name." },
      ]),
    });
    const meanings = JSON.stringify(json).match(/"meaning":""/g) ?? [];
    expect(meanings).toEqual([]);
  });

  test("refuses what is no JSON object, and web pages", async () => {
    expect((await control("PUT", "/clock", "{")).status).toBe(400);
    expect((await control("PUT", "/clock", "[]")).status).toBe(400);
    expect((await control("PUT", "/clock", "null")).status).toBe(400);
    expect((await control("PUT", "/clock", "{\u0000}")).json.error).toBe("The body is no JSON.");
    expect((await control("GET", "/", undefined, { Origin: "http://evil" })).status).toBe(403);
  });
});

describe("emulator", () => {
  test("listens where it is told to, and nowhere twice", async () => {
    const first = await start({ host: "127.0.0.1" });
    const port = Number(new URL(first.url).port);
    await expect(start({ port })).rejects.toThrow("EADDRINUSE");
    await first.close();
    const second = await start({ port });
    expect(second.url).toBe(`http://127.0.0.1:${String(port)}`);
    await second.close();
    await second.close();
    await expect(fetch(second.url)).rejects.toThrow();
  });

  test("speaks TLS with a key and a certificate of the user", async () => {
    expect(createPrivateKey(KEY).type).toBe("private");
    const emulator = await start({ tls: { key: KEY, cert: CERTIFICATE } });
    const body = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(emulator.url);
      const request = httpsRequest(
        { hostname, port, ca: CERTIFICATE, method: "PUT", path: "/zstack/v1/management-nodes/actions" },
        (response) => {
          let text = "";
          response.on("data", (chunk: Buffer) => (text += chunk.toString()));
          response.on("end", () => {
            resolve(text);
          });
        },
      );
      request.on("error", reject);
      request.end(JSON.stringify({ getVersion: {} }));
    });
    expect([emulator.url.slice(0, 8), JSON.parse(body)]).toEqual([
      "https://",
      { version: "5.2.1", success: true },
    ]);
    await emulator.close();
  });

  test("makes the same ids from the same seed", async () => {
    const ids = async () => {
      const emulator = await start({ seed: 7 });
      const { uuid } = emulator.zstack.endpoints.add({});
      await emulator.close();
      return uuid;
    };
    expect(await ids()).toBe(await ids());
  });

  test("refuses a switch that does not exist", async () => {
    await expect(start({ zstack: { nonsense: 1 } as never })).rejects.toThrow(
      "zstack.nonsense: There is no such option or switch of ZStack.",
    );
  });

  test.each([
    [{ prot: 1 }, 'prot: There is no such start option. Did you mean "port"?'],
    [{ port: "8080" }, "port: takes an integer from 0 to 65535."],
    [{ port: 65_536 }, "port: takes an integer from 0 to 65535."],
    [{ seed: 1.5 }, "seed: takes an integer of at least 0."],
    [{ host: "" }, "host: takes a text that is not empty."],
    [{ tls: { key: KEY } }, "tls.cert: is missing; it takes a text that is not empty."],
    [{ zstack: "5.2.1" }, "zstack: takes an object with"],
    [
      { zstack: { acountName: "a" } },
      'zstack.acountName: There is no such option or switch of ZStack. Did you mean "accountName"?',
    ],
    [
      { zstack: { accessKeyId: "a:b" } },
      "zstack.accessKeyId: takes a text that is not empty and has no colon.",
    ],
    [{ zstack: { timezone: "Mars/Olympus" } }, "zstack.timezone: takes IANA zone id."],
    [
      { zstack: { deniedOperations: ["NoSuch"] } },
      "zstack.deniedOperations[0]: takes a name of an operation",
    ],
    [
      { securitycenter: { chna: {} } },
      'securitycenter.chna: There is no such option of Security Center. Did you mean "china"?',
    ],
    [
      { securitycenter: { china: { maskUrl: "ct" } } },
      'securitycenter.china.maskUrl: takes "none" | "cut" | "masked", not "ct". Did you mean "cut"?',
    ],
    [
      { dingtalk: { groups: [{ tokn: "x" }] } },
      'dingtalk.groups[0].tokn: There is no such member of a group. Did you mean "token"?',
    ],
    [
      { dingtalk: { groups: [{ keywords: "x" }] } },
      "dingtalk.groups[0].keywords: takes a list of: text that is not empty.",
    ],
    [JSON.parse('{"__proto__": {"port": 1}}'), "__proto__: There is no such start option."],
    [null, "The start options"],
  ])("does not start with %j", async (options, message) => {
    await expect(start(options as never)).rejects.toThrow(message);
  });

  test("tells all that is wrong with its options at once, and no value that may be a secret", async () => {
    const options = { port: -1, zstack: { accountPassword: 5, accessKeySecret: "s3cret:s3cret" } };
    const error = await start(options as never).then(String, String);
    expect(error.split("\n")).toHaveLength(3);
    expect(error).not.toContain("s3cret");
  });

  test("is after a reset what it was at the start: objects, groups, tokens, keys, but for new ids", async () => {
    const emulator = await start({
      zstack: { accountPassword: "first" },
      dingtalk: { groups: [{ name: "ops" }, { name: "dev", keywords: ["Alarm"] }] },
    });
    const { zstack, securitycenter, dingtalk } = emulator;
    const everything = () => {
      const tables = { ...zstack, ...securitycenter.china, ...dingtalk, keys: securitycenter.accessKeys };
      return Object.fromEntries(
        Object.entries(tables).flatMap(([name, table]) =>
          table instanceof Object && "list" in table && "edit" in table ? [[name, table.list()]] : [],
        ),
      );
    };
    const atFirst = everything();
    const resources = [...zstack.resources].sort();
    const { uuid } = zstack.endpoints.add({});
    for (const table of [zstack.accessKeys, zstack.topics, zstack.platforms, dingtalk.groups]) {
      table.clear();
    }
    dingtalk.addGroup({ name: "another" });
    securitycenter.accessKeys.edit(securitycenter.accessKeyId, { status: "Inactive" });
    zstack.changeCredentials({ accountPassword: "second", accessKeySecret: "another" });
    emulator.reset();
    expect(everything()).toEqual(atFirst);
    expect([...zstack.resources].sort()).toEqual(resources);
    expect(zstack.accountPassword).toBe("first");
    expect(zstack.endpoints.add({}).uuid).not.toBe(uuid);
    await emulator.close();
  });
});
