import { createHmac } from "node:crypto";
import { start, switchRows, DINGTALK_SWITCHES, type Emulator, type GroupHandle } from "../../emulator";
import { CERTIFICATE, KEY } from "./certificate";

const SECRET = "SEC0123456789abcdef+/=";
const TEXT = { msgtype: "text", text: { content: "disk is full" } };
const NOW = 1_700_000_000_000;

interface Answer {
  errcode: number;
  errmsg: string;
}

describe("the DingTalk that receives messages", () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await start();
  });
  afterAll(() => emulator.close());
  beforeEach(() => {
    emulator.reset();
    emulator.clock.freeze(NOW);
  });

  const send = async (
    webhook: string,
    message: unknown = TEXT,
    { method = "POST", type = "application/json;charset=utf-8" } = {},
  ): Promise<Answer> => {
    const response = await fetch(webhook, {
      method,
      headers: { "Content-Type": type },
      ...(method === "GET" ? {} : { body: typeof message === "string" ? message : JSON.stringify(message) }),
    });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
    return (await response.json()) as Answer;
  };
  const code = async (...args: Parameters<typeof send>): Promise<number> => (await send(...args)).errcode;
  const signature = (timestamp: number, secret = SECRET): string => {
    const sign = createHmac("sha256", secret)
      .update(`${String(timestamp)}\n${secret}`)
      .digest("base64");
    return `&timestamp=${String(timestamp)}&sign=${encodeURIComponent(sign)}`;
  };
  const texts = ({ messages }: GroupHandle): string[] => messages.map(({ text }) => text);

  test("keeps text, title, type, mentions and time of each message in its group", async () => {
    const group = emulator.dingtalk.addGroup({ name: "ops" });
    const other = emulator.dingtalk.addGroup();
    const markdown = {
      msgtype: "markdown",
      markdown: { title: "Alarm", text: "# Alarm" },
      at: { isAtAll: false, atMobiles: ["+86-13900001111"], atUserIds: ["u1"] },
    };
    expect(await send(group.localWebhook, markdown)).toEqual({ errcode: 0, errmsg: "ok" });
    emulator.clock.advance(1000);
    await send(group.localWebhook, { ...TEXT, at: { isAtAll: true } });
    expect(group.messages).toEqual([
      {
        number: 1,
        token: group.token,
        msgtype: "markdown",
        title: "Alarm",
        text: "# Alarm",
        atMobiles: ["+86-13900001111"],
        atUserIds: ["u1"],
        isAtAll: false,
        signed: false,
        atMs: NOW,
      },
      expect.objectContaining({ number: 2, text: "disk is full", isAtAll: true, atMs: NOW + 1000 }),
    ]);
    expect([other.messages, emulator.dingtalk.group(group.webhook).messages.length]).toEqual([[], 2]);
    expect(() => emulator.dingtalk.group("unknown")).toThrow("There is no group");
  });

  test("gives a group a token that nobody guesses, or the one that a test wants", () => {
    expect(emulator.dingtalk.addGroup().token).toMatch(/^[0-9a-f]{64}$/);
    const { webhook, localWebhook } = emulator.dingtalk.addGroup({ token: "abc" });
    expect(webhook).toBe("https://oapi.dingtalk.com/robot/send?access_token=abc");
    expect(localWebhook).toBe(`${emulator.dingtalk.url}/robot/send?access_token=abc`);
  });

  test.each([
    ["link", { title: "t", text: "x", messageUrl: "https://example.com" }, "x"],
    ["actionCard", { title: "t", text: "x", singleTitle: "s", singleURL: "u" }, "x"],
    ["feedCard", { links: [{ title: "a" }, { title: "b" }] }, "a\nb"],
  ])("takes a message of type %s", async (msgtype, part, shown) => {
    const group = emulator.dingtalk.addGroup();
    expect(await code(group.localWebhook, { msgtype, [msgtype]: part })).toBe(0);
    expect(texts(group)).toEqual([shown]);
  });

  test.each([
    ["no JSON", "{", 40035],
    ["no object", "[]", 40035],
    ["no type", {}, 40035],
    ["an unknown type", { msgtype: "smoke", smoke: {} }, 400105],
    ["markdown without a title", { msgtype: "markdown", markdown: { text: "x" } }, 400402],
    ["an empty text", { msgtype: "text", text: { content: "" } }, 400402],
    ["a feed without links", { msgtype: "feedCard", feedCard: {} }, 400402],
    ["too much text", { msgtype: "text", text: { content: "x".repeat(20_001) } }, 460101],
  ])("refuses %s", async (_what, message, errcode) => {
    const group = emulator.dingtalk.addGroup();
    expect(await code(group.localWebhook, message)).toBe(errcode);
    expect([group.messages, group.refusals]).toMatchObject([[], [{ errcode, atMs: NOW }]]);
  });

  test("refuses other media types, methods and paths, and webhooks without a token", async () => {
    const { localWebhook } = emulator.dingtalk.addGroup();
    expect(await code(localWebhook, TEXT, { type: "text/plain" })).toBe(43004);
    expect(await code(localWebhook, TEXT, { method: "GET" })).toBe(43002);
    expect(await code(`${emulator.dingtalk.url}/robot`)).toBe(404);
    expect(await send(`${emulator.dingtalk.url}/robot/send`)).toEqual({
      errcode: 40035,
      errmsg: "缺少参数 access_token",
    });
  });

  test("refuses an unknown token with the code that the switch unknownToken says, or makes a group for it", async () => {
    const webhook = `${emulator.dingtalk.url}/robot/send?access_token=nobody`;
    expect(await code(webhook)).toBe(300005);
    emulator.dingtalk.switches.unknownToken = "300001";
    expect(await code(webhook)).toBe(300001);
    expect(emulator.dingtalk.refusals.list()).toMatchObject([{ token: "nobody" }, { token: "nobody" }]);
    emulator.dingtalk.switches.unknownToken = "newGroup";
    expect(await code(webhook)).toBe(0);
    expect(texts(emulator.dingtalk.group("nobody"))).toEqual(["disk is full"]);
  });

  describe("with a secret", () => {
    test("takes a signature of the last and of the next hour, and no other", async () => {
      const group = emulator.dingtalk.addGroup({ secret: SECRET });
      const at = (ms: number): string => `${group.localWebhook}${signature(ms)}`;
      const hour = 3_600_000;
      for (const ms of [NOW, NOW - hour, NOW + hour]) {
        expect(await code(at(ms))).toBe(0);
      }
      for (const ms of [NOW - hour - 1, NOW + hour + 1]) {
        expect(await send(at(ms))).toEqual({ errcode: 310000, errmsg: "invalid timestamp" });
      }
      expect(group.messages.map(({ signed }) => signed)).toEqual([true, true, true]);
      emulator.dingtalk.switches.timestampWindowMs = hour + 1;
      expect(await code(at(NOW - hour - 1))).toBe(0);
    });

    test("refuses a signature by another secret, one that was not percent-encoded, and none at all", async () => {
      const group = emulator.dingtalk.addGroup({ secret: SECRET });
      const { localWebhook } = group;
      expect(await send(`${localWebhook}${signature(NOW, "SECother")}`)).toEqual({
        errcode: 310000,
        errmsg: "sign not match",
      });
      // A plus that is not encoded arrives as a space.
      let ms = NOW;
      while (!decodeURIComponent(signature(ms)).includes("+")) {
        ms += 1;
      }
      expect(await code(`${localWebhook}${decodeURIComponent(signature(ms))}`)).toBe(310000);
      expect(await code(localWebhook)).toBe(310000);
      expect([group.messages.length, group.refusals.length]).toEqual([0, 3]);
    });

    test("goes by the emulator's clock", async () => {
      const { localWebhook } = emulator.dingtalk.addGroup({ secret: SECRET });
      emulator.clock.set("2031-01-01T00:00:00Z");
      expect(await code(`${localWebhook}${signature(Date.parse("2031-01-01T00:30:00Z"))}`)).toBe(0);
    });
  });

  test("with keywords takes what contains one of them, in the title too", async () => {
    const group = emulator.dingtalk.addGroup({ keywords: ["报警", "Alarm"] });
    const markdown = (title: string, text: string) => ({ msgtype: "markdown", markdown: { title, text } });
    expect(await send(group.localWebhook, TEXT)).toEqual({
      errcode: 310000,
      errmsg: "keywords not in content",
    });
    expect(await code(group.localWebhook, markdown("Alarm", "cpu"))).toBe(0);
    expect(await code(group.localWebhook, markdown("x", "一个报警"))).toBe(0);
    expect(await code(group.localWebhook, markdown("x", "alarm"))).toBe(310000);
    expect(texts(group)).toEqual(["cpu", "一个报警"]);
  });

  test("with allowed addresses takes messages from them only; a stopped robot sends nothing", async () => {
    const { localWebhook, token } = emulator.dingtalk.addGroup({ allowedAddresses: ["192.0.2.1"] });
    expect((await send(localWebhook)).errmsg).toBe("ip 127.0.0.1 not in whitelist");
    emulator.dingtalk.groups.edit(token, { allowedAddresses: ["127.0.0.1"] });
    expect(await code(localWebhook)).toBe(0);
    emulator.dingtalk.groups.edit(token, { enabled: false });
    expect(await code(localWebhook)).toBe(400102);
  });

  test("takes twenty messages a minute from a robot, then none for ten minutes", async () => {
    const group = emulator.dingtalk.addGroup();
    const other = emulator.dingtalk.addGroup();
    for (let i = 0; i < 20; i += 1) {
      expect(await code(group.localWebhook)).toBe(0);
    }
    expect(await send(group.localWebhook)).toEqual({
      errcode: 130101,
      errmsg: "send too fast, exceed 20 times per minute",
    });
    expect(await code(other.localWebhook)).toBe(0);
    emulator.clock.advance(599_999);
    emulator.dingtalk.switches.tooFastCode = 410100;
    expect(await code(group.localWebhook)).toBe(410100);
    emulator.clock.advance(1);
    expect(await code(group.localWebhook)).toBe(0);
    expect(group.messages).toHaveLength(21);
  });

  test("counts a minute from each message on, and not the messages it refuses", async () => {
    const group = emulator.dingtalk.addGroup({ keywords: ["disk"] });
    emulator.dingtalk.switches.messagesPerMinute = 2;
    emulator.dingtalk.switches.throttleMs = 0;
    expect(await code(group.localWebhook)).toBe(0);
    emulator.clock.advance(40_000);
    expect(await code(group.localWebhook, { msgtype: "text", text: { content: "cpu" } })).toBe(310000);
    expect(await code(group.localWebhook)).toBe(0);
    expect(await code(group.localWebhook)).toBe(130101);
    emulator.clock.advance(20_000);
    expect(await code(group.localWebhook)).toBe(0);
    expect(await code(group.localWebhook)).toBe(130101);
  });

  test("stands in the journal without token and signature, and plays faults", async () => {
    const { localWebhook } = emulator.dingtalk.addGroup({ secret: SECRET });
    emulator.dingtalk.faults.add({
      operation: "SendRobotMessage",
      fault: { kind: "errcode", errcode: -1, errmsg: "系统繁忙" },
    });
    const signed = `${localWebhook}${signature(NOW)}`;
    expect(await send(signed)).toEqual({ errcode: -1, errmsg: "系统繁忙" });
    emulator.dingtalk.faults.add({ fault: { kind: "dropBeforeCommit" } });
    await expect(fetch(signed, { method: "POST" })).rejects.toThrow();
    expect(emulator.journal.entries).toMatchObject([
      {
        site: "dingtalk",
        operation: "SendRobotMessage",
        path: "/robot/send",
        query: { access_token: ["***"], timestamp: [String(NOW)], sign: ["***"] },
        changing: true,
        fault: "errcode",
        body: TEXT,
      },
      { outcome: "dropped" },
    ]);
  });

  test("is seen and changed by the control address", async () => {
    const control = async (method: string, path: string, body?: object): Promise<unknown> => {
      const response = await fetch(`${emulator.url}/_emulator/dingtalk${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return response.json();
    };
    await control("POST", "/objects/groups", { token: "a", name: "ops" });
    await control("POST", "/objects/groups", { token: "b" });
    await send(emulator.dingtalk.group("a").localWebhook);
    await send(emulator.dingtalk.group("b").localWebhook);
    expect(await control("GET", "/objects/messages?token=a")).toMatchObject([{ number: 1, token: "a" }]);
    expect(await control("GET", "/objects/messages")).toHaveLength(2);
    await control("PUT", "/switches", { messagesPerMinute: 1 });
    expect(await code(emulator.dingtalk.group("a").localWebhook)).toBe(130101);
    await control("DELETE", "/objects/groups/a");
    expect(await control("GET", "/objects/messages")).toMatchObject([{ token: "b" }]);
    const overview = (await (await fetch(`${emulator.dingtalk.url}/_emulator/`)).json()) as {
      sites: { name: string; environment: object }[];
    };
    expect(overview.sites.find(({ name }) => name === "dingtalk")?.environment).toEqual({
      "webhook of group": "https://oapi.dingtalk.com/robot/send?access_token=b",
    });
  });

  test("a reset brings back the groups and switches of the start, without messages", async () => {
    const mine = await start({
      dingtalk: { groups: [{ token: "mine", name: "ops" }], messagesPerMinute: 1 },
    });
    try {
      const { dingtalk } = mine;
      expect(await code(dingtalk.group("mine").localWebhook)).toBe(0);
      expect(await code(dingtalk.group("mine").localWebhook)).toBe(130101);
      dingtalk.addGroup();
      dingtalk.switches.messagesPerMinute = 5;
      mine.reset();
      expect([
        dingtalk.groups.list(),
        dingtalk.messages.size,
        dingtalk.switches.messagesPerMinute,
      ]).toMatchObject([[{ token: "mine", name: "ops" }], 0, 1]);
      expect(await code(dingtalk.group("mine").localWebhook)).toBe(0);
    } finally {
      await mine.close();
    }
  });

  describe("as the emulated clouds reach it", () => {
    /** Fires an alarm of one endpoint per webhook; tells what became of each message. */
    const fired = async (mine: Emulator, webhooks: readonly string[]): Promise<string[]> => {
      const { zstack } = mine;
      const topic = zstack.topics.add({});
      const alarm = zstack.alarms.add({});
      zstack.alarmActions.add({ alarmUuid: alarm.uuid, actionUuid: topic.uuid });
      for (const url of webhooks) {
        const { uuid } = zstack.endpoints.add({ url });
        zstack.subscriptions.add({ topicUuid: topic.uuid, endpointUuid: uuid });
      }
      const { deliveries } = await zstack.fireAlarm(alarm.uuid);
      return deliveries.map(({ outcome, reason }) => reason ?? outcome);
    };

    test.each([
      ["on the loopback interface", {}],
      ["on all addresses", { host: "0.0.0.0" }],
      ["over TLS, by the certificate that the emulator was given", { tls: { key: KEY, cert: CERTIFICATE } }],
    ])("%s", async (_where, options) => {
      const mine = await start(options);
      try {
        const group = mine.dingtalk.addGroup();
        expect(await fired(mine, [group.webhook, group.localWebhook])).toEqual(["delivered", "delivered"]);
        expect(group.messages).toHaveLength(2);
      } finally {
        await mine.close();
      }
    });

    test("not at DingTalk's own host where that is turned off", async () => {
      const mine = await start({ dingtalk: { receivesForDingTalk: false } });
      try {
        const group = mine.dingtalk.addGroup({ token: "abc" });
        expect(group.webhook).toBe(group.localWebhook);
        expect(
          await fired(mine, ["https://oapi.dingtalk.com/robot/send?access_token=abc", group.localWebhook]),
        ).toEqual(["its address is not on this machine", "delivered"]);
      } finally {
        await mine.close();
      }
    });
  });

  test("has a test for every switch", () => {
    const tested = "unknownToken messagesPerMinute throttleMs tooFastCode timestampWindowMs maxMessageBytes";
    expect(switchRows(DINGTALK_SWITCHES).map(({ name }) => name)).toEqual(tested.split(" "));
  });
});
