import { start, type Emulator } from "../../emulator";
import { parseDateHeader } from "../../emulator/zstack/rest/access-key-date";
import { sign } from "../../emulator/zstack/rest/auth";
import { DINGTALK, TestClient, WEBHOOK } from "./client";

/** Sections 2.3, 2.4 and 12.4. */
describe("access keys", () => {
  let emulator: Emulator;
  let client: TestClient;
  const NOW = Date.UTC(2023, 11, 25, 6, 5, 12);
  const DATE = "Mon, 25 Dec 2023 14:05:12 CST";
  beforeAll(async () => {
    emulator = await start({ zstack: { accessKeyId: "keyId12345", accessKeySecret: "keySecret12345" } });
  });
  afterAll(() => emulator.close());
  beforeEach(() => {
    emulator.reset();
    emulator.clock.freeze(NOW);
    client = new TestClient(emulator);
  });

  interface Signed {
    method?: string;
    path?: string;
    date?: string | undefined;
    signedPath?: string;
    id?: string;
    secret?: string;
    authorization?: string;
    body?: unknown;
  }
  function call(options: Signed = {}) {
    const { method = "GET", path = DINGTALK, id = "keyId12345", secret = "keySecret12345", body } = options;
    const date = "date" in options ? options.date : DATE;
    const signature = sign(secret, method, date ?? "", options.signedPath ?? `/v1${path}`);
    const headers: Record<string, string> = {
      Authorization: options.authorization ?? `ZStack ${id}:${signature}`,
    };
    if (date !== undefined) {
      headers.Date = date;
    }
    return client.send(method, path, { session: null, headers, body });
  }

  test("sign as the published vector does", () => {
    const secret = "testSecret0123456789testSecret0123456789";
    expect(sign(secret, "GET", DATE, "/v1/sns/application-endpoints/ding-talk")).toBe(
      "OSBDBTgJm4wOfx+/DgQW0gWQ680=",
    );
  });

  test("open queries and asynchronous calls, and never make a session", async () => {
    expect((await call()).status).toBe(200);
    const body = { params: { name: "n", url: WEBHOOK } };
    const created = await client.settle(await call({ method: "POST", body }));
    expect(created.status).toBe(200);
    expect(emulator.zstack.sessions.size).toBe(0);
    expect(emulator.journal.entries.slice(0, 2).map((entry) => entry.auth)).toEqual([
      "accessKey",
      "accessKey",
    ]);
  });

  test("sign neither query nor context path, but the decoded path", async () => {
    const { uuid } = emulator.zstack.endpoints.add({});
    const path = `${DINGTALK}/${uuid}/at-persons/%2B86-13900001111`;
    const signedPath = `/v1${DINGTALK}/${uuid}/at-persons/+86-13900001111`;
    expect((await call({ method: "DELETE", path, signedPath })).status).toBe(202);
    expect((await call({ path: `${DINGTALK}?q=name=x`, signedPath: `/v1${DINGTALK}` })).status).toBe(200);
    expect((await call({ signedPath: `/zstack/v1${DINGTALK}` })).status).toBe(403);
  });

  test.each<[string, Signed, number, string]>([
    ["no Date", { date: undefined }, 400, "Date"],
    ["a Date that cannot be read", { date: "2023-12-25T06:05:12Z" }, 400, "Date"],
    ["no colon, after Date", { authorization: "ZStack abc" }, 400, "accessKeyId:signature"],
    ["two colons", { authorization: "ZStack a:b:c" }, 400, "accessKeyId:signature"],
    ["no Date and no colon", { authorization: "ZStack abc", date: undefined }, 400, "missing header 'Date'"],
    ["an unknown key", { id: "nobody12345" }, 403, "access key id: nobody12345"],
    ["a wrong secret", { secret: "x" }, 403, "wrong accessKey signature"],
    ["another method", { signedPath: "/v1/tags" }, 403, "wrong accessKey signature"],
    ["digits 16 minutes late", { date: "Mon, 25 Dec 2023 13:49:12 CST" }, 403, "requestTimeTooSkewed"],
    ["digits 16 minutes early", { date: "Mon, 25 Dec 2023 14:21:12 CST" }, 403, "requestTimeTooSkewed"],
    ["a correct UTC date", { date: "Mon, 25 Dec 2023 06:05:12 GMT" }, 403, "requestTimeTooSkewed"],
  ])("answer %s with text", async (_what, options, status, text) => {
    const answer = await call(options);
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(text)]);
  });

  test.each([
    ["Mon, 25 Dec 2023 13:51:12 CST", 200],
    ["Mon, 25 Dec 2023 14:19:12 PST", 200],
    ["Mon, 25 Dec 2023 14:05:12 GMT", 200],
  ])("compare only digits by default: %s is %i", async (date, status) => {
    expect((await call({ date })).status).toBe(status);
  });

  test.each([
    ["Mon, 25 Dec 2023 06:05:12 GMT", 200],
    ["Mon, 25 Dec 2023 14:05:12 +08:00", 200],
    ["Mon, 25 Dec 2023 14:05:12 Asia/Shanghai", 200],
    ["Mon, 25 Dec 2023 14:05:12 CST", 403],
    ["Mon, 25 Dec 2023 00:05:12 CST", 200],
  ])("compare instants with checkTimeZone: %s is %i", async (date, status) => {
    emulator.zstack.switches.checkTimeZone = true;
    expect((await call({ date })).status).toBe(status);
  });

  test("take GMT when the node runs in UTC (12.4)", async () => {
    emulator.zstack.switches.timezone = "Etc/UTC";
    expect((await call({ date: "Mon, 25 Dec 2023 06:05:12 GMT" })).status).toBe(200);
  });

  test.each(
    [
      "GMT",
      "UTC",
      "Z",
      "CST",
      "Asia/Shanghai",
      "Etc/UTC",
      "+08:00",
      "GMT+08:00",
      "PRC",
      "EST5EDT",
      "AEST",
    ].flatMap((zone) => [zone, zone.toLowerCase(), zone.toUpperCase()]),
  )("read the zone %s", (zone) => {
    expect(parseDateHeader(`Mon, 25 Dec 2023 14:05:12 ${zone}`)).toBeDefined();
  });

  test.each([
    "Mon, 25 Dec 2023 14:05:12 +0800",
    "Mon, 25 Dec 2023 14:05:12 GMT+8",
    "Mon, 25 Dec 2023 14:05:12 XYZ",
    "Mon, 25 Dec 2023 14:05:12 UTC+8",
    "Mon, 25 Dec 2023 14:05:12 GMT+08",
    "Mon, 25 Dec 2023 14:05:12 GMT0800",
    "Mon, 25 Dec 2023 14:05:12 +8",
    "Mon, 25 Dec 2023 14:05:12 Mars/Phobos",
    "Mon, 25 Dec 2023 14:05:12",
    "Tue, 25 Dec 2023 14:05:12 CST",
    "Tue, 5 Dec 2023 14:05:12 CST",
    "Thu, 30 Feb 2023 14:05:12 CST",
    "Mon, 25 Dez 2023 14:05:12 CST",
    "Mon, 25 Dec 2023 24:05:12 CST",
    "Mon, 25 Dec 2023 14:05:12 +19:00",
  ])("refuse the date %s", (date) => {
    expect(parseDateHeader(date)).toBeUndefined();
  });

  test("are unknown without the licence, and their calls are not mapped", async () => {
    emulator.zstack.switches.accessKeysAvailable = false;
    expect((await call()).status).toBe(403);
    expect((await client.get("/accesskeys")).status).toBe(404);
  });

  test("CreateAccessKey, ChangeAccessKeyState, QueryAccessKey and DeleteAccessKey manage further keys", async () => {
    const owner = { accountUuid: emulator.zstack.accountUuid, userUuid: emulator.zstack.accountUuid };
    const fields = { ...owner, AccessKeyID: "another123", AccessKeySecret: "another secret" };
    const created = await client.post("/accesskeys", fields);
    const { uuid } = created.json.inventory;
    const another = { id: "another123", secret: "another secret" };
    expect((await call(another)).status).toBe(200);
    await client.act(`/accesskeys/${uuid}/actions`, "changeAccessKeyState", { stateEvent: "disable" });
    expect((await call(another)).status).toBe(403);
    expect((await client.get("/accesskeys?q=AccessKeyID=another123")).json.inventories).toHaveLength(1);
    expect((await client.delete(`/accesskeys/${uuid}`)).status).toBe(200);
    expect((await client.get("/accesskeys")).json.inventories).toHaveLength(1);
    expect((await client.post("/accesskeys", { ...owner, AccessKeyID: "short" })).json.error.code).toBe(
      "SYS.1007",
    );
    expect((await client.post("/accesskeys", { ...owner, AccessKeyID: "keyId12345" })).json.error.code).toBe(
      "SYS.1000",
    );
  });

  test("are two at most for an account that is not the admin", async () => {
    emulator.zstack.switches.admin = false;
    const owner = { accountUuid: emulator.zstack.accountUuid, userUuid: "u" };
    expect((await client.post("/accesskeys", owner)).status).toBe(200);
    expect((await client.post("/accesskeys", owner)).json.error.code).toBe("SYS.1006");
  });
});
