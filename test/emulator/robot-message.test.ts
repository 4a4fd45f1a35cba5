import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { start, type Emulator } from "../../emulator";
import { isLoopback } from "../../emulator/frame/outbound";
import { signedUrl } from "../../emulator/zstack/delivery/robot-message";
import { codeOf, DINGTALK, TestClient } from "./client";

const SECRET = "SEC+/=1";

/** Section 5.9. */
describe("messages to DingTalk", () => {
  let emulator: Emulator;
  let client: TestClient;
  const received: { query: URLSearchParams; type: string | undefined; body: unknown }[] = [];
  let answer = { status: 200, body: JSON.stringify({ errcode: 0, errmsg: "ok" }) };
  const robot = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const query = new URL(request.url ?? "", "http://robot").searchParams;
      received.push({ query, type: request.headers["content-type"], body: JSON.parse(text) });
      response.writeHead(answer.status).end(answer.body);
    });
  });
  const url = () =>
    `http://127.0.0.1:${String((robot.address() as AddressInfo).port)}/robot/send?access_token=t`;
  beforeAll(async () => {
    await new Promise<void>((resolve) => robot.listen(0, "127.0.0.1", resolve));
    emulator = await start();
  });
  afterAll(async () => {
    robot.close();
    await emulator.close();
  });
  beforeEach(() => {
    emulator.reset();
    emulator.clock.freeze(1_700_000_000_000);
    emulator.zstack.switches.testConnection = "sent";
    client = new TestClient(emulator);
    received.length = 0;
    answer = { status: 200, body: JSON.stringify({ errcode: 0, errmsg: "ok" }) };
  });

  const send = (params: Record<string, unknown>) =>
    client.post(`${DINGTALK}/test-connection`, { testMsg: "hello", ...params });

  test("carry the stored secret's signature, text and persons", async () => {
    const { uuid } = emulator.zstack.endpoints.add({ url: url(), secret: SECRET });
    emulator.zstack.persons.add({ endpointUuid: uuid, phoneNumber: "+86-13900001111" });
    expect((await send({ endpointUuid: uuid, url: "http://other/" })).json).toEqual({
      connected: true,
      webhookResp: { errcode: 0, errmsg: "ok" },
    });
    const sign = createHmac("sha256", SECRET).update(`1700000000000\n${SECRET}`).digest("base64");
    expect(Object.fromEntries(received[0]?.query ?? [])).toEqual({
      access_token: "t",
      timestamp: "1700000000000",
      sign,
    });
    expect(received[0]).toMatchObject({
      type: "application/json;charset=utf-8",
      body: {
        markdown: { text: "hello" },
        msgtype: "markdown",
        at: { isAtAll: false, atMobiles: ["+86-13900001111"] },
      },
    });
  });

  test("name no persons with atAll, and may name them in the text of a test instead", async () => {
    const persons = { url: url(), atPersonPhoneNumbers: ["+86-13900001111"] };
    await send({ ...persons, atAll: true });
    emulator.zstack.switches.testMessagePersons = "text";
    await send(persons);
    await send({ ...persons, atAll: true });
    expect(received.map(({ body }) => body)).toMatchObject([
      { markdown: { text: "hello" }, at: { isAtAll: true } },
      {
        markdown: { text: 'hello\n\n<at user_id="+86-13900001111"></at>', title: "test connected" },
        at: { isAtAll: false },
      },
      { markdown: { text: "hello" }, at: { isAtAll: true } },
    ]);
    expect(JSON.stringify(received)).not.toContain("atMobiles");
  });

  test("carry no signature without a secret", async () => {
    await send({ url: url(), atPersonPhoneNumbers: ["1"] });
    expect([...(received[0]?.query.keys() ?? [])]).toEqual(["access_token"]);
    expect(signedUrl({ url: "u", secret: "", atAll: false, phoneNumbers: [] }, 1)).toBe("u");
  });

  test("are connected by HTTP 200 whatever DingTalk's own code says, and tried five times otherwise", async () => {
    answer = { status: 200, body: JSON.stringify({ errcode: 310000 }) };
    expect((await send({ url: url() })).json).toEqual({ connected: true, webhookResp: { errcode: 310000 } });
    received.length = 0;
    answer = { status: 500, body: "no" };
    expect(codeOf(await send({ url: url() }))).toBe("SYS.1000");
    expect(received).toHaveLength(5);
  });

  test("never leave the machine", async () => {
    expect(codeOf(await send({ url: "http://192.0.2.1/?a=b" }))).toBe("SYS.1000");
    expect(["http://localhost/", "http://[::1]/", "http://127.9.9.9/"].every(isLoopback)).toBe(true);
    expect(["https://localhost/", "http://127.0.0.1.evil/", "http://10.0.0.1", "x"].some(isLoopback)).toBe(
      false,
    );
  });
});
