import { start, type Emulator } from "../../emulator";
import { RULES, SecurityCenterClient, WEBHOOK } from "./securitycenter-client";

const NAME = "prod alerts";

describe("a robot", () => {
  let emulator: Emulator;
  let client: SecurityCenterClient;
  beforeEach(async () => {
    emulator = await start({ seed: 1 });
    client = new SecurityCenterClient(emulator);
  });
  afterEach(() => emulator.close());

  const site = () => emulator.securitycenter.china;

  test("is created, found, changed, disabled and deleted", async () => {
    emulator.clock.freeze("2026-01-02T03:04:05.678Z");
    const created = await client.put({
      IntervalTime: "10",
      ConfigList: JSON.stringify(RULES),
      GroupIdList: '["10417152"]',
      DingTalkLang: "en",
    });
    expect(created.json).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/),
    });
    expect(created.headers).toMatchObject({
      "x-acs-request-id": created.json.RequestId,
      "content-type": "application/json;charset=utf-8",
      date: "Fri, 02 Jan 2026 03:04:05 GMT",
    });
    const robot = await client.only();
    expect(robot).toEqual({
      Id: 1001,
      ActionName: NAME,
      Url: WEBHOOK,
      ConfigList: JSON.stringify(RULES),
      GroupIdList: '["10417152"]',
      IntervalTime: 10,
      DingTalkLang: "en",
      Status: 1,
      AliUid: 1234567890123456,
      GmtCreate: Date.parse("2026-01-02T03:04:05.678Z"),
      GmtModified: Date.parse("2026-01-02T03:04:05.678Z"),
    });

    emulator.clock.advance(1000);
    expect((await client.put({ Id: "1001", RuleActionName: "renamed" })).status).toBe(200);
    expect(await client.only()).toMatchObject({
      Id: 1001,
      ActionName: "renamed",
      ConfigList: "[]",
      GroupIdList: "[]",
      IntervalTime: 0,
      DingTalkLang: "zh",
      GmtCreate: robot.GmtCreate,
      GmtModified: robot.GmtModified + 1000,
    });

    await client.call("ModifyDingTalkStatus", { Ids: "1001", Status: "0" });
    expect((await client.only()).Status).toBe(0);
    expect((await client.call("DeleteDingTalk", { Ids: "1001" })).json).toEqual({
      RequestId: expect.any(String),
    });
    expect((await client.list()).PageInfo.TotalCount).toBe(0);
    await client.put();
    expect((await client.only()).Id).toBe(1002);
    expect(emulator.journal.changing().map(({ operation }) => operation)).toEqual([
      "CreateOrUpdateDingTalk",
      "CreateOrUpdateDingTalk",
      "ModifyDingTalkStatus",
      "DeleteDingTalk",
      "CreateOrUpdateDingTalk",
    ]);
  });

  test("sends a test message to the group of its webhook", async () => {
    const group = emulator.dingtalk.addGroup();
    await client.put({ SendUrl: group.webhook });
    expect(await client.call("DingTalkOnlineTest", { Id: "1001" })).toMatchObject({ status: 200 });
    expect(site().testMessages.list()).toMatchObject([
      { number: 1, robotId: 1001, url: group.webhook, errcode: 0 },
    ]);
    expect(group.messages).toMatchObject([{ msgtype: "markdown", text: expect.stringContaining(NAME) }]);
    expect(emulator.journal.filter({ site: "securitycenter-china", changing: true })).toHaveLength(2);
  });

  test("answers a test message that the group refuses as the switch onlineTestRefused says", async () => {
    const group = emulator.dingtalk.addGroup({ secret: "SEC1" });
    await client.put({ SendUrl: group.webhook });
    expect((await client.call("DingTalkOnlineTest", { Id: "1001" })).status).toBe(200);
    site().switches.onlineTestRefused = "ServerError";
    expect((await client.call("DingTalkOnlineTest", { Id: "1001" })).json.Code).toBe("ServerError");
    expect(site().testMessages.list()).toMatchObject([{ errcode: 310000 }, { errcode: 310000 }]);
    expect(group.messages).toEqual([]);
  });

  test("sends no test message to an address elsewhere", async () => {
    await client.put({ SendUrl: "https://192.0.2.1/robot/send?access_token=x" });
    site().switches.onlineTestRefused = "ServerError";
    expect((await client.call("DingTalkOnlineTest", { Id: "1001" })).status).toBe(200);
    expect(site().testMessages.list()).toMatchObject([{ errcode: undefined }]);
    expect(emulator.journal.filter({ site: "dingtalk" })).toEqual([]);
  });

  test("counts the characters of a name as the switch nameCharacters says", async () => {
    const statusOf = async (bells: number): Promise<number> =>
      (await client.put({ RuleActionName: "🔔".repeat(bells) })).status;
    expect([await statusOf(1), await statusOf(33)]).toEqual([200, 400]);
    site().switches.nameCharacters = "codePoints";
    expect([await statusOf(1), await statusOf(33)]).toEqual([400, 200]);
  });

  const BAD: readonly [string, Record<string, string>][] = [
    ["CreateOrUpdateDingTalk", { RuleActionName: "x", SendUrl: WEBHOOK }],
    ["CreateOrUpdateDingTalk", { RuleActionName: "x".repeat(65), SendUrl: WEBHOOK }],
    ["CreateOrUpdateDingTalk", { RuleActionName: NAME, SendUrl: WEBHOOK, Id: "a" }],
    ["CreateOrUpdateDingTalk", { RuleActionName: NAME, SendUrl: WEBHOOK, IntervalTime: "1.5" }],
    ["CreateOrUpdateDingTalk", { RuleActionName: NAME, SendUrl: WEBHOOK, IntervalTime: "-1" }],
    ["CreateOrUpdateDingTalk", { RuleActionName: NAME, SendUrl: WEBHOOK, IntervalTime: "2147483648" }],
    ["CreateOrUpdateDingTalk", { RuleActionName: NAME, SendUrl: WEBHOOK, IntervalTime: "" }],
    ["CreateOrUpdateDingTalk", { RuleActionName: NAME, SendUrl: WEBHOOK, DingTalkLang: "fr" }],
    ["CreateOrUpdateDingTalk", { RuleActionName: NAME, SendUrl: WEBHOOK, ConfigList: "" }],
    ["CreateOrUpdateDingTalk", { RuleActionName: NAME, SendUrl: WEBHOOK, ConfigList: "{}" }],
    ["CreateOrUpdateDingTalk", { RuleActionName: NAME, SendUrl: WEBHOOK, ConfigList: '[{"type":"a"}]' }],
    [
      "CreateOrUpdateDingTalk",
      {
        RuleActionName: NAME,
        SendUrl: WEBHOOK,
        ConfigList: '[{"type":"a","configItemList":[{"key":"k","valueList":"v"}]}]',
      },
    ],
    ["CreateOrUpdateDingTalk", { RuleActionName: NAME, SendUrl: WEBHOOK, GroupIdList: "[1]" }],
    ["CreateOrUpdateDingTalk", { RuleActionName: NAME, SendUrl: WEBHOOK, GroupIdList: "1,2" }],
    ["DescribeDingTalk", { PageSize: "0" }],
    ["DescribeDingTalk", { CurrentPage: "0" }],
    ["ModifyDingTalkStatus", { Ids: "1, 2", Status: "1" }],
    ["ModifyDingTalkStatus", { Ids: "1", Status: "2" }],
    ["DeleteDingTalk", { Ids: "a" }],
  ];
  test.each(BAD)("%s refuses %j in both ways", async (action, parameters) => {
    expect(await client.call(action, parameters)).toMatchObject({
      status: 400,
      json: { Code: "IllegalParam" },
    });
    site().switches.badInputCode = "ServerError";
    expect(await client.call(action, parameters)).toMatchObject({
      status: 500,
      json: { Code: "ServerError" },
    });
    expect(site().robots.list()).toEqual([]);
  });

  test.each([
    ["CreateOrUpdateDingTalk", { SendUrl: WEBHOOK }],
    ["CreateOrUpdateDingTalk", { RuleActionName: NAME }],
    ["CreateOrUpdateDingTalk", { RuleActionName: "", SendUrl: WEBHOOK }],
    ["ModifyDingTalkStatus", { Ids: "1" }],
    ["ModifyDingTalkStatus", { Status: "1" }],
    ["DeleteDingTalk", {}],
    ["DingTalkOnlineTest", {}],
  ] as [string, Record<string, string>][])("%s with %j lacks a parameter", async (action, parameters) => {
    const { status, json } = await client.call(action, parameters);
    expect([status, json.Code]).toEqual([400, "MissingParameter"]);
    expect(json).toEqual({
      Code: "MissingParameter",
      Message: expect.stringContaining("mandatory"),
      RequestId: expect.any(String),
      HostId: new URL(site().url).host,
      Recommend: `https://api.aliyun.com/troubleshoot?q=MissingParameter&product=Sas&requestId=${json.RequestId as string}`,
    });
  });

  test("belongs to one site and one account", async () => {
    await client.put();
    const abroad = new SecurityCenterClient(emulator, "international");
    expect((await abroad.list()).ActionList).toEqual([]);
    await abroad.put({ RuleActionName: "abroad" });
    expect((await abroad.only()).Id).toBe(1001);
    expect((await client.only()).ActionName).toBe(NAME);

    const credentials = emulator.securitycenter.accessKeys.add({ accountId: "1999999999999999" });
    const other = await client.call("DescribeDingTalk", {}, { credentials });
    expect(other.json.ActionList).toEqual([]);
    const update = await client.put({ Id: "1001" }, { credentials });
    expect(update.json.Code).toBe("DataNotExists");
    expect(emulator.journal.filter({ site: "securitycenter-international" })).toHaveLength(3);
  });

  test("can be changed behind everybody's back", async () => {
    const { id } = site().robots.add({ actionName: "by hand", status: 0 });
    site().robots.edit(String(id), { intervalTime: 7 });
    expect(await client.only()).toMatchObject({ ActionName: "by hand", Status: 0, IntervalTime: 7 });
    site().robots.remove(String(id));
    expect((await client.list()).ActionList).toEqual([]);
  });
});
