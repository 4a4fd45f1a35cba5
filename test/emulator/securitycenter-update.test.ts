import { start, type Emulator, type SecurityCenterSwitches } from "../../emulator";
import { allAlerts } from "../../emulator/securitycenter/alert-types";
import { RULES, SecurityCenterClient, WEBHOOK } from "./securitycenter-client";

describe("the unknowns of writes", () => {
  let emulator: Emulator;
  let client: SecurityCenterClient;
  beforeEach(async () => {
    emulator = await start({ seed: 1 });
    client = new SecurityCenterClient(emulator);
  });
  afterEach(() => emulator.close());

  const site = () => emulator.securitycenter.china;
  const set = (switches: Partial<SecurityCenterSwitches>) => Object.assign(site().switches, switches);
  const full = () =>
    client.put({
      ConfigList: JSON.stringify(RULES),
      GroupIdList: '["10417152"]',
      IntervalTime: "5",
      DingTalkLang: "en",
    });
  const stored = () => site().robots.get("1001");

  test.each([
    [true, { intervalTime: 5, dingTalkLang: "en", configList: RULES, groupIdList: ["10417152"] }],
    [false, { intervalTime: 0, dingTalkLang: "zh", configList: undefined, groupIdList: undefined }],
  ])("updateMerges %s", async (updateMerges, expected) => {
    set({ updateMerges });
    await full();
    await client.put({ Id: "1001", RuleActionName: "renamed", SendUrl: "https://relay.example/x" });
    expect(stored()).toMatchObject({ actionName: "renamed", url: "https://relay.example/x", ...expected });
  });

  test.each([
    ["honoured", [], []],
    ["ignored", RULES, ["10417152"]],
    ["all", allAlerts("online"), ["10417151", "10417152"]],
  ] as const)("clearing %s", async (clearing, configList, groupIdList) => {
    set({ clearing });
    await full();
    await client.put({ Id: "1001", ConfigList: "[]", GroupIdList: "[]" });
    expect(stored()).toMatchObject({ configList, groupIdList });
  });

  test("an ignored [] leaves a new robot without anything", async () => {
    set({ clearing: "ignored" });
    await client.put({ ConfigList: "[]", GroupIdList: "[]" });
    expect(stored()).toMatchObject({ configList: [], groupIdList: [] });
  });

  test.each([
    ["nothing", undefined],
    ["all", ["10417151", "10417152"]],
  ] as const)("omittedGroupIdList %s", async (omittedGroupIdList, expected) => {
    set({ omittedGroupIdList });
    await client.put();
    expect(stored()?.groupIdList).toEqual(expected);
  });

  test.each([
    [false, 0],
    [true, 1],
  ])("statusResetOnUpdate %s", async (statusResetOnUpdate, expected) => {
    set({ statusResetOnUpdate });
    await client.put();
    await client.call("ModifyDingTalkStatus", { Ids: "1001", Status: "0" });
    await client.put({ Id: "1001" });
    expect(stored()?.status).toBe(expected);
  });

  test("defaultLanguage", async () => {
    set({ defaultLanguage: "en" });
    await client.put();
    expect(stored()?.dingTalkLang).toBe("en");
  });

  test("duplicateNames", async () => {
    await client.put();
    expect((await client.put()).status).toBe(200);
    set({ duplicateNames: false });
    expect((await client.put()).json.Code).toBe("RuleActionNameRepeated");
    expect((await client.put({ Id: "1001", RuleActionName: "other" })).status).toBe(200);
    expect((await client.put({ Id: "1001" })).json.Code).toBe("RuleActionNameRepeated");
    expect((await client.put({ Id: "1002" })).status).toBe(200);
  });

  test.each([
    ["error", "DataNotExists", []],
    ["create", undefined, [1001]],
    ["ignore", undefined, []],
  ] as const)("unknownIdUpdate %s", async (unknownIdUpdate, code, ids) => {
    set({ unknownIdUpdate });
    expect((await client.put({ Id: "7" })).json.Code).toBe(code);
    expect(
      site()
        .robots.list()
        .map(({ id }) => id),
    ).toEqual(ids);
  });

  test.each([
    ["ok", undefined, 0],
    ["ServerError", "ServerError", 1],
    ["DataNotExists", "DataNotExists", 1],
  ] as const)("unknownIdStatus %s", async (unknownIdStatus, code, status) => {
    set({ unknownIdStatus });
    await client.put();
    const answer = await client.call("ModifyDingTalkStatus", { Ids: "1001,7", Status: "0" });
    expect([answer.json.Code, stored()?.status]).toEqual([code, status]);
  });

  test.each([
    ["ok", undefined, 0],
    ["ServerError", "ServerError", 1],
  ] as const)("deleteMissing %s", async (deleteMissing, code, left) => {
    set({ deleteMissing });
    await client.put();
    const answer = await client.call("DeleteDingTalk", { Ids: "7,1001" });
    expect([answer.json.Code, site().robots.size]).toEqual([code, left]);
  });

  test("a test message needs a robot", async () => {
    expect((await client.call("DingTalkOnlineTest", { Id: "7" })).json.Code).toBe("DataNotExists");
  });

  test("unknownAlertTypes and unknownGroupIds", async () => {
    const rules = JSON.stringify([{ type: "sas-event-vul", configItemList: [] }]);
    expect((await client.put({ ConfigList: rules, GroupIdList: '["1"]' })).status).toBe(200);
    set({ unknownAlertTypes: "refused", unknownGroupIds: "refused" });
    expect((await client.put({ ConfigList: rules })).json.Code).toBe("IllegalParam");
    expect((await client.put({ GroupIdList: '["1"]' })).json.Code).toBe("IllegalParam");
    expect((await full()).status).toBe(200);
    set({ typePrefix: "pre" });
    expect((await full()).json.Code).toBe("IllegalParam");
  });

  test.each([
    [1, 7, "FreeVersionNotPermit"],
    [5, 7, "FreeVersionNotPermit"],
    [3, 7, undefined],
    [7, 7, undefined],
    [8, 7, undefined],
    [8, 6, "FreeVersionNotPermit"],
  ] as const)("edition %i (highest %i): %s", async (edition, highestEdition, code) => {
    site().robots.add({});
    set({ edition, highestEdition });
    expect((await client.put()).json.Code).toBe(code);
    expect((await client.call("ModifyDingTalkStatus", { Ids: "1001", Status: "1" })).json.Code).toBe(code);
    expect((await client.call("DescribeDingTalk")).status).toBe(200);
    const { Version, HighestVersion } = (await client.call("DescribeVersionConfig")).json;
    expect([Version, HighestVersion]).toEqual([edition, edition === 8 ? highestEdition : edition]);
  });

  test.each([
    ["FreeVersionNotPermit", 400],
    ["NotBuy", 400],
    ["NeedBuy", 400],
    ["NoPermission", 403],
  ] as const)("editionTooLowCode %s", async (editionTooLowCode, status) => {
    set({ edition: 1, editionTooLowCode });
    expect(await client.put()).toMatchObject({ status, json: { Code: editionTooLowCode } });
  });

  test.each([
    ["NoPermission", 403, "NoPermission"],
    ["NoPermission 400", 400, "NoPermission"],
    ["Forbidden", 403, "Forbidden"],
    ["Forbidden.RAM", 403, "Forbidden.RAM"],
  ] as const)("denial %s", async (denial, status, Code) => {
    set({ denial, deniedActions: ["CreateOrUpdateDingTalk"] });
    expect(await client.put({ SendUrl: "" })).toMatchObject({ status, json: { Code } });
    expect((await client.call("DescribeDingTalk")).status).toBe(200);
    set({ deniedActions: ["*"] });
    expect((await client.call("DescribeDingTalk")).status).toBe(status);
  });

  test("requestsPerSecond", async () => {
    emulator.clock.freeze("2026-01-02T03:04:05.300Z");
    set({ requestsPerSecond: 2 });
    const codes = [];
    for (let i = 0; i < 3; i += 1) {
      codes.push((await client.call("DescribeDingTalk")).json.Code);
    }
    const { headers } = await client.put({ SendUrl: WEBHOOK });
    emulator.clock.advance(700);
    codes.push((await client.call("DescribeDingTalk")).json.Code);
    expect([codes, headers["x-acs-retry-after"], site().robots.size]).toEqual([
      [undefined, undefined, "Throttling.User", undefined],
      "700",
      0,
    ]);
  });
});
