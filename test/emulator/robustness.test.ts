import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { start, type Emulator } from "../../emulator";
import { MAX_BODY_BYTES } from "../../emulator/frame/listener";
import { DINGTALK, ENDPOINTS, TestClient, WEBHOOK } from "./client";
import { SecurityCenterClient } from "./securitycenter-client";

const FORM = { style: "V3 form" } as const;

/** Requests as nobody should send them: each is answered as the service would, and the emulator is there afterwards. */
describe("an emulator that is sent nonsense", () => {
  let emulator: Emulator;
  let client: TestClient;
  beforeAll(async () => {
    emulator = await start({ zstack: { webHookRetryMs: 0 } });
  });
  afterAll(() => emulator.close());
  beforeEach(() => {
    emulator.reset();
    client = new TestClient(emulator);
  });
  afterEach(async () => {
    expect((await client.get(DINGTALK)).status).toBe(200);
  });

  const open = (
    method: string,
    path: string,
    headers: Record<string, string | number> = {},
    base = emulator.url,
  ) => {
    const { hostname, port } = new URL(base);
    const request = httpRequest({ hostname, port, path, method, headers, agent: false });
    const answer = new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      request.on("error", reject);
      request.on("response", (response: IncomingMessage) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve({ status: response.statusCode, text });
        });
      });
    });
    return { request, answer };
  };
  /** Sends bytes as they are, and gives what comes back until the connection ends. */
  const raw = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1", () => socket.write(bytes));
      let text = "";
      socket.on("data", (chunk) => (text += chunk.toString("latin1")));
      socket.on("error", reject);
      socket.on("close", () => {
        resolve(text);
      });
    });

  test.each(["/zstack/v1/sns/topics", "/_emulator/clock"])(
    "answers 413 to a body over the limit at %s",
    async (path) => {
      const { request, answer } = open("POST", path);
      request.end(Buffer.alloc(MAX_BODY_BYTES + 1, 0x20));
      expect(await answer).toEqual({
        status: 413,
        text: "The request has a body of more than 8 MiB, which is the limit of this emulator.\n",
      });
    },
  );

  test("answers 413 as soon as a length over the limit is announced, before the body comes", async () => {
    const { request, answer } = open("POST", "/zstack/v1/sns/topics", {
      "content-length": MAX_BODY_BYTES + 1,
    });
    request.flushHeaders();
    const status = await new Promise((resolve) => {
      request.on("response", ({ statusCode }) => {
        resolve(statusCode);
      });
    });
    expect(status).toBe(413);
    request.destroy();
    await answer.catch(() => undefined);
  });

  test("takes a body of just the limit", async () => {
    const { request, answer } = open("POST", "/zstack/v1/sns/nowhere");
    request.end(Buffer.alloc(MAX_BODY_BYTES, 0x20));
    expect((await answer).status).toBe(404);
  });

  test("forgets a client that breaks off in its body", async () => {
    const { request, answer } = open("POST", "/zstack/v1/sns/topics", { "content-length": 100 });
    request.write("{");
    request.destroy();
    await expect(answer).rejects.toThrow();
    expect(emulator.journal.count()).toBe(0);
  });

  test("refuses headers that are too large or no HTTP, as every server does", async () => {
    expect(await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(100_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 /,
    );
    expect(await raw("GET / HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
    expect(await raw("\u0000\u0001\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
    expect(await raw("CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n")).toBe("");
  });

  test.each([
    ["OPTIONS", "*", 405],
    ["GET", "/", 404],
    ["GET", "//", 404],
    ["GET", "/zstack/v1", 404],
    ["GET", "/zstack/v1/", 404],
    ["GET", "/zstack/v1/%00", 404],
    ["GET", "/zstack/v1/%", 400],
    ["GET", "/zstack/v1/%ff", 400],
    ["GET", "/zstack/v1/__proto__", 404],
    ["GET", "/zstack/v1/sns/topics?__proto__=1&constructor=2&q=name=x", 400],
    ["GET", "/zstack/v1/sns/topics/..%2f..", 404],
    ["GET", "/zstack/v1/api-jobs/", 404],
    ["GET", "/zstack/v1/api-jobs/__proto__", 404],
    ["GET", "http://elsewhere/zstack/v1/nowhere", 404],
    ["GET", "/zstack/v1/sns/topics?%zz=%", 400],
  ])("answers %s %s with %i", async (method, path, status) => {
    const { request, answer } = open(method, path);
    request.end();
    expect((await answer).status).toBe(status);
  });

  test("takes names of members that every object has for what they are: unknown", async () => {
    const params = `{"name":"n","url":"${WEBHOOK}","__proto__":{"a":1},"constructor":{"b":2},"toString":"x"}`;
    const created = await client.call("POST", DINGTALK, { raw: `{"__proto__":{"x":1},"params":${params}}` });
    expect(created.status).toBe(200);
    const person = await client.call("POST", DINGTALK, {
      raw: `{"params":{"name":"n","url":"${WEBHOOK}","atPersonList":{"__proto__":"x"}}}`,
    });
    expect(person.json.error.code).toBe("SYS.1007");
    const put = await client.send("PUT", `${ENDPOINTS}/x/actions`, {
      raw: '{"constructor":{},"__proto__":{}}',
    });
    expect(put.status).toBe(400);
    expect((await client.get(`${DINGTALK}?q=constructor=x`)).json.error.code).toBe("SYS.1000");
    expect((await client.get(`${DINGTALK}?sort=__proto__`)).json.error.code).toBe("SYS.1000");
    expect((await client.get(`${DINGTALK}?fields=__proto__`)).json.error.code).toBe("SYS.1000");
  });

  test("takes a body of brackets alone for what a parser takes it for", async () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const answer = await client.call("POST", DINGTALK, {
      raw: `{"params":{"name":"n","url":"${WEBHOOK}","unknown":${deep}}}`,
    });
    expect(answer.status).toBe(200);
    expect((await fetch(`${emulator.url}/_emulator/journal`)).status).toBe(200);
    const { status } = await fetch(`${emulator.url}/_emulator/zstack/objects/topics`, {
      method: "POST",
      body: `{"name":${deep}}`,
    });
    expect(status).toBe(400);
  });

  test.each([
    ["Authorization", "OAuth", 400],
    ["Authorization", "ZStack constructor:x", 400],
    ["X-Job-UUID", "__proto__".padEnd(32, "_"), 202],
    ["X-API-Timeout", "99999999999999999999", 500],
    ["X-API-Timeout", "", 500],
    ["X-Web-Hook", "http://[", 202],
    ["X-Web-Hook", "http://127.0.0.1:99999/", 202],
    ["X-Web-Hook", "nonsense", 202],
    ["X-Forwarded-For", ",,,", 202],
  ])("takes the header %s: %s with %i", async (name, value, status) => {
    const body = { params: { name: "n" } };
    expect((await client.send("POST", "/sns/topics", { body, headers: { [name]: value } })).status).toBe(
      status,
    );
  });

  test("takes no name of an object's own for a time zone of an access key", async () => {
    emulator.zstack.switches.checkTimeZone = true;
    for (const zone of ["constructor", "__proto__", "tostring"]) {
      const answer = await client.get(DINGTALK, {
        headers: { Authorization: "ZStack a:b", Date: `Mon, 25 Dec 2023 14:05:12 ${zone}` },
      });
      expect([answer.status, answer.text]).toEqual([
        400,
        expect.stringContaining("cannot parse the header 'Date'"),
      ]);
    }
  });

  test.each(["__proto__", "constructor", "toString"])(
    "DingTalk knows no type of message %s",
    async (msgtype) => {
      const group = emulator.dingtalk.addGroup();
      const response = await fetch(group.localWebhook, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: `{"msgtype":"${msgtype}","${msgtype}":{"content":"x"}}`,
      });
      expect(await response.json()).toMatchObject({ errcode: 400105 });
    },
  );

  test("DingTalk numbers refusals on, also where one was taken away", async () => {
    const { dingtalk } = emulator;
    const send = () => fetch(`${dingtalk.url}/robot/send`, { method: "POST" });
    await send();
    await send();
    dingtalk.refusals.remove("1");
    await send();
    expect(dingtalk.refusals.list().map(({ number }) => number)).toEqual([2, 3]);
  });

  test("Security Center knows no action and no parameter of every object's own", async () => {
    const security = new SecurityCenterClient(emulator);
    expect((await security.call("constructor", {})).status).toBe(404);
    const named = { RuleActionName: "ops", SendUrl: WEBHOOK, constructor: "x", ["__proto__"]: "y" };
    expect((await security.call("CreateOrUpdateDingTalk", named)).status).toBe(200);
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    expect((await security.call("CreateOrUpdateDingTalk", { ...named, ConfigList: deep }, FORM)).status).toBe(
      400,
    );
    const { status } = await fetch(`${emulator.securitycenter.china.url}/%zz?__proto__=1&Action=__proto__`);
    expect(status).toBe(404);
  });

  test("takes many connections at once, also idle ones", async () => {
    const port = Number(new URL(emulator.url).port);
    const idle = Array.from({ length: 60 }, () => connect(port, "127.0.0.1").on("error", () => undefined));
    const answers = await Promise.all(Array.from({ length: 60 }, () => client.get(DINGTALK)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    for (const socket of idle) {
      socket.destroy();
    }
  });
});
