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

  it("tells what a client needs, and what is there", async () => {
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
      actions: ["expire-sessions", "fire-alarm", "fire-event"],
    });
    expect(emulator.journal.count()).toBe(0);
  });

  it("reads and sets switches, and refuses wrong ones", async () => {
    const { json } = await control("PUT", "/zstack/switches", { serverVersion: "4.8.0", pollsBeforeDone: 3 });
    expect(json.values).toMatchObject({ serverVersion: "4.8.0", pollsBeforeDone: 3 });
    expect(emulator.zstack.switches.serverVersion).toBe("4.8.0");
    expect((await control("GET", "/zstack/switches")).json.table).toEqual(switchRows(ZSTACK_SWITCHES));
    expect(await control("PUT", "/zstack/switches", { serverVersion: "new" })).toMatchObject({ status: 400 });
    expect(await control("PUT", "/zstack/switches", { nonsense: 1 })).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining("no switch nonsense") },
    });
  });

  it("adds, lists and removes faults, and refuses unknown kinds", async () => {
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

  it("sets, advances and freezes the clock", async () => {
    const set = await control("PUT", "/clock", { set: "2024-01-01T00:00:00Z", frozen: true });
    expect(set.json).toMatchObject({ frozen: true });
    const before = emulator.clock.now();
    expect((await control("PUT", "/clock", { advanceMs: 5000 })).json.nowMs).toBe(before + 5000);
    expect((await control("PUT", "/clock", { frozen: false })).json.frozen).toBe(false);
    expect((await control("GET", "/clock")).status).toBe(200);
    expect((await control("PUT", "/clock", { set: "soon" })).status).toBe(400);
  });

  it("shows the journal without secrets, filters and clears it", async () => {
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

  it("lists, adds, edits and removes objects of every kind", async () => {
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

  it("ends sessions and resets to the values at the start", async () => {
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

  it.each([
    ["GET", "/nowhere", 404],
    ["GET", "/zstack/nowhere", 404],
    ["GET", "/zstack/objects/nowhere", 404],
    ["POST", "/zstack/actions/nowhere", 404],
    ["GET", "/reset", 405],
    ["POST", "/clock", 405],
    ["POST", "/journal", 405],
    ["PATCH", "/zstack/faults", 405],
    ["DELETE", "/zstack/objects/endpoints", 405],
  ])("answers %s %s with %i", async (method, path, status) => {
    expect(await control(method, path)).toMatchObject({ status, json: { error: expect.any(String) } });
  });

  it("refuses what is no JSON object, and web pages", async () => {
    expect((await control("PUT", "/clock", "{")).status).toBe(400);
    expect((await control("PUT", "/clock", "[]")).status).toBe(400);
    expect((await control("GET", "/", undefined, { Origin: "http://evil" })).status).toBe(403);
  });
});

describe("emulator", () => {
  it("listens where it is told to, and nowhere twice", async () => {
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

  it("speaks TLS with a key and a certificate of the user", async () => {
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

  it("makes the same ids from the same seed", async () => {
    const ids = async () => {
      const emulator = await start({ seed: 7 });
      const { uuid } = emulator.zstack.endpoints.add({});
      await emulator.close();
      return uuid;
    };
    expect(await ids()).toBe(await ids());
  });

  it("refuses a switch that does not exist", async () => {
    await expect(start({ zstack: { nonsense: 1 } as never })).rejects.toThrow("no switch nonsense");
  });
});
