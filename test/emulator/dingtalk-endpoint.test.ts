import { start, type Emulator } from "../../emulator";
import { codeOf, DINGTALK, ENDPOINTS, TestClient, WEBHOOK } from "./client";

const SYSTEM_PLATFORM = "02d24b9b0a7f4ee1846f15cda248ceb7";
const UUID = "0123456789ab4cde8f0123456789abcd";
const UNKNOWN = "aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa";
const PHONE = "+86-13900001111";

/** Sections 5.1 to 5.8, 4.3, 4.4 and 8. */
describe("DingTalk endpoints", () => {
  let emulator: Emulator;
  let client: TestClient;
  beforeAll(async () => {
    emulator = await start();
  });
  afterAll(() => emulator.close());
  beforeEach(() => {
    emulator.reset();
    client = new TestClient(emulator);
  });

  const create = (params: Record<string, unknown> = {}, beside: Record<string, unknown> = {}) =>
    client.post(DINGTALK, { name: "ops", url: WEBHOOK, ...params }, { body: beside });
  const update = (uuid: string, fields: Record<string, unknown>) =>
    client.act(`${DINGTALK}/${uuid}/actions`, "updateSNSDingTalkEndpoint", fields);
  const updateBase = (uuid: string, fields: Record<string, unknown>) =>
    client.act(`${ENDPOINTS}/${uuid}/actions`, "updateSNSApplicationEndpoint", fields);
  const changeState = (uuid: string, stateEvent: string) =>
    client.act(`${ENDPOINTS}/${uuid}/actions`, "changeSNSApplicationEndpointState", { stateEvent });
  const row = (uuid: string) => emulator.zstack.endpoints.get(uuid);

  describe("CreateSNSDingTalkEndpoint", () => {
    test("answers the whole inventory", async () => {
      emulator.clock.freeze(Date.UTC(2023, 11, 25, 6, 5, 12));
      const dates = { createDate: "Dec 25, 2023 2:05:12 PM", lastOpDate: "Dec 25, 2023 2:05:12 PM" };
      const { json } = await create({ description: "d", secret: "SECx", atPersonList: { [PHONE]: "jack" } });
      expect(json).toEqual({
        inventory: {
          url: WEBHOOK,
          atAll: false,
          secret: "SECx",
          atPersonPhoneNumbers: [PHONE],
          atPersonList: [
            {
              uuid: expect.stringMatching(/^[0-9a-f]{32}$/),
              phoneNumber: PHONE,
              endpointUuid: json.inventory.uuid,
              remark: "jack",
            },
          ],
          name: "ops",
          uuid: expect.stringMatching(/^[0-9a-f]{12}4[0-9a-f]{19}$/),
          description: "d",
          type: "DingTalk",
          state: "Enabled",
          platformUuid: SYSTEM_PLATFORM,
          ...dates,
          platform: {
            uuid: SYSTEM_PLATFORM,
            name: "system",
            description: "system",
            state: "Enabled",
            type: "system",
            createDate: expect.any(String),
            lastOpDate: expect.any(String),
          },
        },
      });
    });

    test.each([
      [{ name: undefined }, "SYS.1007"],
      [{ url: undefined }, "SYS.1007"],
      [{ name: "n".repeat(256) }, "SYS.1007"],
      [{ name: "n".repeat(255) }, undefined],
      [{ name: "" }, undefined],
      [{ description: "d".repeat(2049) }, "SYS.1007"],
      [{ url: `${WEBHOOK}${"x".repeat(2048)}` }, "SYS.1007"],
      [{ url: "https://h/?".padEnd(1025, "x") }, "SYS.1000"],
      [{ url: "https://h/?".padEnd(1024, "x") }, undefined],
      [{ secret: "s".repeat(129) }, "SYS.1007"],
      [{ secret: "s".repeat(128) }, undefined],
      [{ atPersonPhoneNumbers: [] }, "SYS.1007"],
      [{ atPersonPhoneNumbers: [null] }, "SYS.1007"],
      [{ atPersonPhoneNumbers: ["13900001111"] }, "SYS.1007"],
      [{ atPersonPhoneNumbers: ["+1-13900001111"] }, "SYS.1007"],
      [{ atPersonPhoneNumbers: ["+86-1390000111"] }, "SYS.1007"],
      [{ atPersonPhoneNumbers: ["+852-13900001111"] }, undefined],
      [{ atPersonList: {} }, undefined],
      [{ atPersonList: { "13900001111": "x" } }, "SYS.1007"],
      [{ atPersonList: { [PHONE]: "r".repeat(129) } }, "SYS.1000"],
      [{ platformUuid: UNKNOWN }, "SYS.1003"],
      [{ resourceUuid: "nonsense" }, "SYS.1007"],
      [{ resourceUuid: UUID.toUpperCase() }, "SYS.1007"],
      [{ resourceUuid: SYSTEM_PLATFORM }, "SYS.1000"],
      [{ tagUuids: [UNKNOWN] }, "SYS.1003"],
    ])("with %j is %s", async (params: Record<string, unknown>, expected) => {
      const answer = await create(params);
      expect(codeOf(answer)).toBe(expected);
      expect(emulator.zstack.endpoints.size).toBe(expected === undefined ? 1 : 0);
    });

    test.each([
      ["https://oapi.dingtalk.com/robot/send?access_token=x", true],
      ["http:foo", true],
      ["http://", true],
      ["http://host:99999/x", true],
      ["http://1.2.3/x", true],
      ["http://a b/c d", true],
      ["mailto:x", true],
      ["ftp://h/x", true],
      ["file:///x", true],
      ["HTTP://h", true],
      ["http://h:/x", true],
      ["http://user:pw@h:80/x", true],
      ["http://[::1]:80/x", true],
      ["http://10.0.0.1/x", true],
      ["http://10.0.0.256/x", false],
      ["http://[::zz]/x", false],
      ["http://[::1/x", false],
      ["http://[::1]x/", false],
      ["gopher://h/x", false],
      ["http://h:80a/x", false],
      ["http://h:-80/x", false],
      ["http://h:-1/x", true],
      ["http://h:+80/x", true],
      ["url:http://x", true],
      ["http://[]/", false],
      ["jar:http://x", false],
      ["jar:http://x!/", true],
      ["h/x", false],
      ["//h/x", false],
      ["foo", false],
    ])("takes the URL %s: %s (5.2, 12.11)", async (url, taken) => {
      expect(codeOf(await create({ url }))).toBe(taken ? undefined : "SYS.1007");
    });

    test("lets the map win outright over the list, and folds duplicates of the list", async () => {
      const both = await create({
        atPersonList: { [PHONE]: "jack" },
        atPersonPhoneNumbers: ["+86-13900002222"],
      });
      expect(both.json.inventory.atPersonPhoneNumbers).toEqual([PHONE]);
      const twice = await create({ atPersonPhoneNumbers: [PHONE, PHONE] });
      expect(twice.json.inventory.atPersonPhoneNumbers).toEqual([PHONE]);
    });

    test("ignores the platform, and takes a blank secret for none", async () => {
      const platform = emulator.zstack.platforms.add({});
      const { inventory } = (await create({ platformUuid: platform.uuid, secret: "  " })).json;
      expect(inventory.platformUuid).toBe(SYSTEM_PLATFORM);
      expect(inventory).not.toHaveProperty("secret");
    });

    test("allows twins: neither name nor URL is unique", async () => {
      await create();
      await create();
      expect(emulator.zstack.endpoints.size).toBe(2);
    });

    test("chooses the uuid itself where the switch says so, but still looks at the one that is asked for", async () => {
      emulator.zstack.switches.clientUuids = "ignored";
      const { uuid } = (await create({ resourceUuid: UUID })).json.inventory;
      expect(uuid).toMatch(/^[0-9a-f]{32}$/);
      expect(uuid).not.toBe(UUID);
      expect(codeOf(await create({ resourceUuid: "nonsense" }))).toBe("SYS.1007");
    });

    test("refuses a resourceUuid that any resource has, and frees it with a delete unless the switch says no", async () => {
      expect((await create({ resourceUuid: UUID })).json.inventory.uuid).toBe(UUID);
      expect(codeOf(await create({ resourceUuid: UUID }))).toBe("SYS.1000");
      await client.delete(`${ENDPOINTS}/${UUID}`);
      expect(codeOf(await create({ resourceUuid: UUID }))).toBeUndefined();
      await client.delete(`${ENDPOINTS}/${UUID}`);
      emulator.zstack.switches.uuidReuse = false;
      expect(codeOf(await create({ resourceUuid: UUID }))).toBe("SYS.1000");
    });

    test("drops tags, or attaches them where the switch says so; a real system tag fails", async () => {
      const { uuid: tag } = emulator.zstack.tagPatterns.add({ name: "red" });
      const tokens = emulator.zstack.tagPatterns.add({ type: "withToken" });
      await create({ tagUuids: [tag] }, { userTags: ["mine"] });
      expect(emulator.zstack.tags.size).toBe(0);
      emulator.zstack.switches.tagsOnCreate = "attached";
      await create({ tagUuids: [tag] }, { userTags: ["mine"] });
      expect(emulator.zstack.tags.list().map((row) => row.tag)).toEqual(["red", "mine"]);
      expect(codeOf(await create({ tagUuids: [tokens.uuid] }))).toBe("SYS.1007");
      expect(codeOf(await create({}, { systemTags: ["a::b"] }))).toBe("SYS.1007");
      expect(codeOf(await create({}, { systemTags: ["ephemeral::b"] }))).toBeUndefined();
      expect((await client.send("POST", DINGTALK, { body: { params: {}, userTags: "x" } })).status).toBe(500);
    });

    test("has a quota for everybody but the admin", async () => {
      emulator.zstack.switches.endpointQuota = 1;
      await create();
      expect(codeOf(await create())).toBeUndefined();
      emulator.zstack.switches.admin = false;
      expect(codeOf(await create())).toBe("ID.1003");
    });

    test("shows dates of persons as the switch says", async () => {
      const seen = async () => {
        const { inventory } = (await create({ atPersonPhoneNumbers: [PHONE] })).json;
        const later = await client.get(`${DINGTALK}/${inventory.uuid}`);
        return [
          "createDate" in inventory.atPersonList[0],
          "createDate" in later.json.inventories[0].atPersonList[0],
        ];
      };
      expect(await seen()).toEqual([false, true]);
      emulator.zstack.switches.personDatesAfterCreate = "present";
      expect(await seen()).toEqual([true, true]);
      emulator.zstack.switches.personDatesAfterCreate = "missing";
      expect(await seen()).toEqual([false, false]);
    });

    test("cuts instead of failing where the database is not strict (11.5)", async () => {
      Object.assign(emulator.zstack.switches, { urlColumnOverflow: "cut", secretColumnOverflow: "cut" });
      const { inventory } = (await create({ url: "https://h/?".padEnd(1025, "x") })).json;
      expect(inventory.url).toHaveLength(1024);
      expect(
        (await update(String(inventory.uuid), { secret: "s".repeat(200) })).json.inventory.secret,
      ).toHaveLength(128);
    });
  });

  describe("UpdateSNSDingTalkEndpoint", () => {
    test.each([
      [{ name: "new" }, { name: "new" }],
      [{ name: " " }, { name: "old" }],
      [{ description: "new" }, { description: "new" }],
      [{ description: "" }, { description: "old" }],
      [{ url: "https://new/?a=b" }, { url: "https://new/?a=b" }],
      [{ url: "" }, { url: "https://old/?a=b" }],
      [{ atAll: false }, { atAll: false }],
      [{}, { atAll: true }],
      [{ secret: "" }, { secret: "" }],
      [{ secret: "new" }, { secret: "new" }],
      [{ atPersonPhoneNumbers: [PHONE], atPersonList: { x: 1 } }, { atPersonPhoneNumbers: [] }],
    ])("with %j leads to %j", async (fields, expected) => {
      const { uuid } = emulator.zstack.endpoints.add({
        name: "old",
        description: "old",
        url: "https://old/?a=b",
        atAll: true,
        secret: "old",
      });
      expect((await update(uuid, fields)).json.inventory).toMatchObject(expected);
    });

    test.each([
      [{ name: "n".repeat(256) }, "SYS.1007"],
      [{ url: "https://h/?".padEnd(257, "x") }, "SYS.1007"],
      [{ url: "https://h/?".padEnd(256, "x") }, undefined],
      [{ url: "nonsense" }, "SYS.1007"],
      [{ secret: "s".repeat(257) }, "SYS.1007"],
      [{ secret: "s".repeat(129) }, "SYS.1000"],
      [{ secret: "s".repeat(128) }, undefined],
      [{ platformUuid: UNKNOWN }, "SYS.1003"],
    ])("with %j is %s", async (fields, expected) => {
      const { uuid } = emulator.zstack.endpoints.add({});
      expect(codeOf(await update(uuid, fields))).toBe(expected);
    });

    test("ignores a platform that exists, and touches lastOpDate", async () => {
      emulator.clock.freeze();
      const { uuid, createdMs } = emulator.zstack.endpoints.add({});
      const platform = emulator.zstack.platforms.add({});
      emulator.clock.advance(60_000);
      await update(uuid, { platformUuid: platform.uuid });
      expect(row(uuid)).toMatchObject({
        platformUuid: SYSTEM_PLATFORM,
        createdMs,
        lastOpMs: emulator.clock.now(),
      });
    });

    test("keeps the secret where it cannot be cleared (11.3)", async () => {
      emulator.zstack.switches.secretClearable = false;
      const { uuid } = emulator.zstack.endpoints.add({ secret: "old" });
      expect((await update(uuid, { secret: "" })).json.inventory.secret).toBe("old");
    });

    test("of another kind of endpoint succeeds as a generic update (5.4)", async () => {
      const { uuid } = emulator.zstack.endpoints.add({ type: "HTTP", url: "https://old" });
      const before = row(uuid);
      const answer = await update(uuid, {
        name: "",
        description: "",
        url: "https://new",
        atAll: true,
        secret: "s",
      });
      expect(answer.json.inventory).toMatchObject({ name: "", description: "", type: "HTTP" });
      expect(answer.json.inventory).not.toHaveProperty("url");
      expect({ ...row(uuid), lastOpMs: 0 }).toEqual({ ...before, name: "", description: "", lastOpMs: 0 });
    });

    test("of an unknown uuid is SYS.1003", async () => {
      expect(codeOf(await update(UNKNOWN, { name: "x" }))).toBe("SYS.1003");
    });
  });

  describe("UpdateSNSApplicationEndpoint", () => {
    test("applies what is present, blanks included, and answers base members only", async () => {
      const { uuid } = emulator.zstack.endpoints.add({ name: "old", description: "old", secret: "s" });
      const { inventory } = (await updateBase(uuid, { description: "" })).json;
      expect(inventory).toMatchObject({ name: "old", description: "", type: "DingTalk" });
      for (const name of ["url", "atAll", "secret", "atPersonList", "atPersonPhoneNumbers"]) {
        expect(inventory).not.toHaveProperty(name);
      }
      expect((await updateBase(uuid, { name: "" })).json.inventory.name).toBe("");
    });

    test("really writes the platform", async () => {
      const { uuid } = emulator.zstack.endpoints.add({});
      const platform = emulator.zstack.platforms.add({});
      await updateBase(uuid, { platformUuid: platform.uuid });
      expect(row(uuid)?.platformUuid).toBe(platform.uuid);
    });

    test("cannot clear the description where the switch says so (11.4), and knows its limits", async () => {
      emulator.zstack.switches.descriptionClearable = false;
      const { uuid } = emulator.zstack.endpoints.add({ description: "old" });
      expect((await updateBase(uuid, { description: "" })).json.inventory.description).toBe("old");
      expect(codeOf(await updateBase(uuid, { description: "d".repeat(2049) }))).toBe("SYS.1007");
      expect(codeOf(await updateBase(UNKNOWN, {}))).toBe("SYS.1003");
    });
  });

  describe("ChangeSNSApplicationEndpointState", () => {
    test.each([
      ["disable", "Disabled"],
      ["enable", "Enabled"],
      ["hide", "Hidden"],
    ])("%s leads to %s, twice too", async (event, state) => {
      const { uuid } = emulator.zstack.endpoints.add({});
      for (let i = 0; i < 2; i += 1) {
        expect((await changeState(uuid, event)).json.inventory.state).toBe(state);
      }
    });

    test.each([
      ["Enable", "SYS.1007"],
      ["", "SYS.1007"],
    ])("refuses the event %j, case matters", async (event, expected) => {
      const { uuid } = emulator.zstack.endpoints.add({});
      expect(codeOf(await changeState(uuid, event))).toBe(expected);
    });

    test("hides with the name and the visibility that the switches say (11.2)", async () => {
      Object.assign(emulator.zstack.switches, { hiddenStateName: "Hide", hiddenListed: false });
      const { uuid } = emulator.zstack.endpoints.add({});
      expect((await changeState(uuid, "hide")).json.inventory.state).toBe("Hide");
      expect((await client.get(`${DINGTALK}/${uuid}`)).json.inventories).toEqual([]);
    });

    test("of an unknown uuid is SYS.1003", async () => {
      expect(codeOf(await changeState(UNKNOWN, "enable"))).toBe("SYS.1003");
    });
  });

  describe("DeleteSNSApplicationEndpoint", () => {
    test("takes persons, subscriptions and tags along, leaves topics, and can be repeated", async () => {
      const { uuid } = emulator.zstack.endpoints.add({});
      const topic = emulator.zstack.topics.add({});
      emulator.zstack.persons.add({ endpointUuid: uuid });
      emulator.zstack.subscriptions.add({ topicUuid: topic.uuid, endpointUuid: uuid });
      emulator.zstack.tags.add({ resourceUuid: uuid });
      for (const mode of ["?deleteMode=Enforcing", "?deleteMode=whatever", ""]) {
        expect((await client.delete(`${ENDPOINTS}/${uuid}${mode}`)).text).toBe("{}");
      }
      const { endpoints, persons, subscriptions, tags, topics } = emulator.zstack;
      expect([endpoints.size, persons.size, subscriptions.size, tags.size, topics.size]).toEqual([
        0, 0, 0, 0, 3,
      ]);
    });

    test("of something that looks like no uuid is SYS.1003", async () => {
      expect(codeOf(await client.delete(`${ENDPOINTS}/ops`))).toBe("SYS.1003");
    });
  });

  describe("QuerySNSDingTalkEndpoint and QuerySNSApplicationEndpoint", () => {
    test("answer an empty list for an unknown uuid, and for one of another kind", async () => {
      const { uuid } = emulator.zstack.endpoints.add({ type: "HTTP" });
      for (const path of [`${DINGTALK}/${UNKNOWN}`, `${DINGTALK}/${uuid}`, `${DINGTALK}?q=uuid=${uuid}`]) {
        expect((await client.get(path)).json).toEqual({ inventories: [], schema: {} });
      }
    });

    test("map every row by its own class in the mixed list", async () => {
      emulator.zstack.endpoints.add({ type: "HTTP", name: "a", username: "u", password: "p" });
      emulator.zstack.endpoints.add({ type: "DingTalk", name: "b" });
      emulator.zstack.endpoints.add({ type: "AliyunSms", name: "c", url: undefined });
      const { inventories, schema } = (await client.get(`${ENDPOINTS}?sort=name`)).json;
      expect(inventories).toMatchObject([
        { username: "u" },
        { atAll: false, atPersonList: [] },
        { type: "AliyunSms" },
      ]);
      expect(inventories[0]).not.toHaveProperty("password");
      expect([schema["inventories[0]"], schema["inventories[1]"], schema["inventories[2]"]]).toEqual([
        "org.zstack.sns.platform.http.SNSHttpEndpointInventory",
        "org.zstack.sns.platform.dingtalk.SNSDingTalkEndpointInventory",
        "org.zstack.sns.SNSApplicationEndpointInventory",
      ]);
    });

    test("hide what another account owns from everybody but the admin, and refuse writes to it (11.13)", async () => {
      const { uuid } = emulator.zstack.endpoints.add({ accountUuid: "somebody" });
      expect((await client.get(DINGTALK)).json.inventories).toHaveLength(1);
      emulator.zstack.switches.admin = false;
      expect((await client.get(DINGTALK)).json.inventories).toEqual([]);
      expect(codeOf(await update(uuid, { name: "x" }))).toBe("ID.1002");
      expect(codeOf(await client.delete(`${ENDPOINTS}/${uuid}`))).toBe("ID.1002");
      expect(emulator.zstack.endpoints.size).toBe(1);
    });

    test("look empty when a permission was lost", async () => {
      emulator.zstack.endpoints.add({});
      emulator.zstack.switches.readsLookEmpty = true;
      expect((await client.get(DINGTALK)).json.inventories).toEqual([]);
    });

    test.each([
      ["plain", "SECx"],
      ["masked", "*****"],
      ["hidden", undefined],
      ["encrypted", "encrypted:U0VDeA"],
    ] as const)("show a secret %s as %s (11.3)", async (secretOnRead, secret) => {
      emulator.zstack.switches.secretOnRead = secretOnRead;
      const { uuid } = emulator.zstack.endpoints.add({ secret: "SECx" });
      emulator.zstack.endpoints.add({ name: "cleared", secret: "" });
      expect((await client.get(`${DINGTALK}/${uuid}`)).json.inventories[0].secret).toBe(secret);
      expect((await client.get(`${DINGTALK}?q=name=cleared`)).json.inventories[0].secret).toBe("");
    });

    test("show connectionStatus absent, fixed or flipping, which touches lastOpDate", async () => {
      emulator.clock.freeze();
      const { uuid } = emulator.zstack.endpoints.add({});
      const look = async () =>
        (await client.get(`${DINGTALK}/${uuid}`)).json.inventories[0].connectionStatus as unknown;
      expect(await look()).toBeUndefined();
      emulator.zstack.switches.connectionStatus = "DOWN";
      expect(await look()).toBe("DOWN");
      emulator.zstack.switches.connectionStatus = "flips";
      emulator.clock.advance(5000);
      expect([await look(), await look(), await look()]).toEqual(["UP", "DOWN", "UP"]);
      expect(row(uuid)?.lastOpMs).toBe(emulator.clock.now());
    });

    test("show persons in no stable order unless the switch says so", async () => {
      const { uuid } = emulator.zstack.endpoints.add({});
      const phones = Array.from({ length: 8 }, (_, i) => `+86-1390000000${String(i)}`);
      for (const phoneNumber of phones) {
        emulator.zstack.persons.add({ endpointUuid: uuid, phoneNumber });
      }
      const look = async () =>
        (await client.get(`${DINGTALK}/${uuid}`)).json.inventories[0].atPersonPhoneNumbers as string[];
      const looks = [await look(), await look(), await look()];
      expect(new Set(looks.map(String)).size).toBeGreaterThan(1);
      for (const seen of looks) {
        expect([...seen].sort()).toEqual(phones);
      }
      emulator.zstack.switches.personOrder = "insertion";
      expect(await look()).toEqual(phones);
    });
  });

  describe("SNSDingTalkTestConnection", () => {
    const send = (params: Record<string, unknown>) => client.post(`${DINGTALK}/test-connection`, params);

    test("needs a message and a target, does not check phones, and is delivered if nothing is sent", async () => {
      emulator.zstack.switches.testConnection = "delivered";
      const { uuid } = emulator.zstack.endpoints.add({});
      const { uuid: other } = emulator.zstack.endpoints.add({ type: "HTTP" });
      expect(codeOf(await send({ url: WEBHOOK }))).toBe("SYS.1007");
      expect(codeOf(await send({ testMsg: "m" }))).toBe("SYS.1007");
      expect(codeOf(await send({ testMsg: "m", url: "x" }))).toBe("SYS.1007");
      expect(codeOf(await send({ testMsg: "m", endpointUuid: other }))).toBe("SYS.1003");
      const fine = { connected: true, webhookResp: { errcode: 0, errmsg: "ok" } };
      expect((await send({ testMsg: "m", url: WEBHOOK, atPersonPhoneNumbers: ["1"] })).json).toEqual(fine);
      expect((await send({ testMsg: "m", endpointUuid: uuid })).json).toEqual(fine);
      expect(emulator.journal.changing()).toHaveLength(6);
    });

    test("is posted to DingTalk's stand-in, and counts as delivered for an address elsewhere", async () => {
      const group = emulator.dingtalk.addGroup();
      expect((await send({ testMsg: "m", url: group.webhook })).json.webhookResp).toEqual({
        errcode: 0,
        errmsg: "ok",
      });
      expect(group.messages).toMatchObject([{ msgtype: "markdown", text: "m" }]);
      expect((await send({ testMsg: "m", url: WEBHOOK })).json.webhookResp.errcode).toBe(300005);
      const elsewhere = await send({ testMsg: "m", url: "https://192.0.2.1/robot/send?access_token=x" });
      expect(elsewhere.json).toEqual({ connected: true, webhookResp: { errcode: 0, errmsg: "ok" } });
      expect(emulator.journal.count("SendRobotMessage")).toBe(2);
    });

    test("is connected even if DingTalk refuses, and fails if nobody answers", async () => {
      emulator.zstack.switches.testConnection = "refused";
      expect((await send({ testMsg: "m", url: WEBHOOK })).json).toMatchObject({
        connected: true,
        webhookResp: { errcode: 310000 },
      });
      emulator.zstack.switches.testConnection = "unreachable";
      expect(codeOf(await send({ testMsg: "m", url: WEBHOOK }))).toBe("SYS.1000");
    });
  });
});
