import { start, type Emulator, type SecurityCenterSwitches } from "../../emulator";
import { RULES, SecurityCenterClient, TYPE, WEBHOOK, type Answer } from "./securitycenter-client";

describe("DescribeDingTalk", () => {
  let emulator: Emulator;
  let client: SecurityCenterClient;
  beforeEach(async () => {
    emulator = await start({ seed: 1 });
    client = new SecurityCenterClient(emulator);
  });
  afterEach(() => emulator.close());

  const site = () => emulator.securitycenter.china;
  const idsOf = ({ ActionList }: Answer["json"]): number[] =>
    (ActionList as { Id: number }[]).map(({ Id }) => Id);

  test("pages from the first page of 20, and counts all matches", async () => {
    for (let i = 0; i < 25; i += 1) {
      site().robots.add({ actionName: `robot ${String(i)}` });
    }
    const first = await client.list();
    expect(first.PageInfo).toEqual({ CurrentPage: 1, PageSize: 20, TotalCount: 25 });
    expect(idsOf(first)).toHaveLength(20);
    expect(idsOf(await client.list({ CurrentPage: "2" }))).toEqual([1005, 1004, 1003, 1002, 1001]);
    expect((await client.list({ CurrentPage: "3" })).ActionList).toEqual([]);
    const filtered = await client.list({ RuleActionName: "robot 1", PageSize: "5", CurrentPage: "3" });
    expect(filtered.PageInfo).toEqual({ CurrentPage: 3, PageSize: 5, TotalCount: 11 });
    expect(idsOf(filtered)).toEqual([1002]);
  });

  test("lowers or refuses large pages", async () => {
    for (let i = 0; i < 4; i += 1) {
      site().robots.add({});
    }
    site().switches.maxPageSize = 3;
    const lowered = await client.list({ PageSize: "500" });
    expect([lowered.PageInfo.PageSize, lowered.ActionList.length]).toEqual([3, 3]);
    site().switches.pageSizeOverflow = "refused";
    expect((await client.call("DescribeDingTalk", { PageSize: "4" })).json.Code).toBe("IllegalParam");
    expect((await client.list({ PageSize: "3" })).ActionList).toHaveLength(3);
  });

  test.each([
    ["silent", [[1005, 1004, 1003], [1002, 1001], []]],
    ["cut", [[1005, 1004, 1003], [1001], []]],
  ] as const)("serves fewer rows than it says with pageSizeOverflow %s", async (pageSizeOverflow, pages) => {
    for (let i = 0; i < 5; i += 1) {
      site().robots.add({});
    }
    Object.assign(site().switches, { maxPageSize: 3, pageSizeOverflow });
    for (const [index, expected] of pages.entries()) {
      const page = await client.list({ PageSize: "4", CurrentPage: String(index + 1) });
      expect(page.PageInfo).toEqual({ CurrentPage: index + 1, PageSize: 4, TotalCount: 5 });
      expect(idsOf(page)).toEqual(expected);
    }
  });

  test.each([
    [true, "alert", ["alert", "prod alerts"]],
    [true, "ALERT", []],
    [true, "", ["alert", "prod alerts", "x"]],
    [false, "alert", ["alert"]],
    [false, "prod", []],
  ])("filterFuzzy %s finds by %j: %j", async (filterFuzzy, name, expected) => {
    site().switches.filterFuzzy = filterFuzzy;
    for (const actionName of ["alert", "prod alerts", "x"]) {
      site().robots.add({ actionName });
    }
    const { ActionList } = await client.list({ RuleActionName: name });
    expect((ActionList as { ActionName: string }[]).map(({ ActionName }) => ActionName).sort()).toEqual(
      expected,
    );
  });

  test.each([
    ["newestFirst", [1003, 1002, 1001]],
    ["oldestFirst", [1001, 1002, 1003]],
    ["lastModifiedFirst", [1002, 1003, 1001]],
  ] as const)("listOrder %s", async (listOrder, expected) => {
    emulator.clock.freeze(0);
    for (let i = 0; i < 3; i += 1) {
      site().robots.add({ gmtCreate: i });
    }
    emulator.clock.set(100);
    site().robots.edit("1002", { intervalTime: 1 });
    emulator.clock.reset();
    site().switches.listOrder = listOrder;
    expect(idsOf(await client.list())).toEqual(expected);
  });

  const PLAIN = JSON.stringify(RULES);
  const ECHOES: readonly [Partial<SecurityCenterSwitches>, string, unknown][] = [
    [{ configListEncoding: "plain" }, "ConfigList", PLAIN],
    [{ configListEncoding: "escaped" }, "ConfigList", PLAIN.replaceAll('"', '\\"')],
    [
      { configListEncoding: "scalarValues" },
      "ConfigList",
      PLAIN.replace('["Webshell"]', '"Webshell"').replace('["high"]', '"high"'),
    ],
    [{ eventTypeEcho: "zh" }, "ConfigList", PLAIN.replace("Webshell", "网站后门")],
    [{ eventTypeEcho: "en" }, "ConfigList", PLAIN],
    [
      { typePrefix: "onlineSh", typePrefixEcho: "site" },
      "ConfigList",
      PLAIN.replaceAll(TYPE, "sas_analysis_online-sas-operation-log-sh-sas-event-"),
    ],
    [{ typePrefix: "pre" }, "ConfigList", PLAIN],
    [{ groupIdListEncoding: "json" }, "GroupIdList", '["10417151","10417152"]'],
    [{ groupIdListEncoding: "jsonNumbers" }, "GroupIdList", "[10417151,10417152]"],
    [{ groupIdListEncoding: "quotedCsv" }, "GroupIdList", '"10417151,10417152"'],
    [{ groupIdListEncoding: "csv" }, "GroupIdList", "10417151,10417152"],
    [{ groupIdListEncoding: "null" }, "GroupIdList", null],
    [{ listEchoOrder: "reversed" }, "GroupIdList", '["10417152","10417151"]'],
    [{ maskUrl: "none" }, "Url", WEBHOOK],
    [{ maskUrl: "cut" }, "Url", "https://oapi.dingtalk.com/robot/send"],
    [{ maskUrl: "masked" }, "Url", "https://oapi.dingtalk.com/robot/send?access_token=0123****"],
    [{ nameTrailingNewline: true }, "ActionName", "prod alerts\n"],
    [{ intervalTimeEcho: "secondsToMinutes" }, "IntervalTime", 2],
    [{ intervalTimeEcho: "minutesToSeconds" }, "IntervalTime", 7200],
    [{ newBotStatus: 0 }, "Status", 0],
  ];
  test.each(ECHOES)("with %j shows %s as %j", async (switches, member, expected) => {
    Object.assign(site().switches, switches);
    await client.put({ ConfigList: PLAIN, GroupIdList: '["10417151","10417152"]', IntervalTime: "120" });
    expect((await client.only())[member]).toEqual(expected);
    expect(site().robots.list()).toMatchObject([{ url: WEBHOOK, configList: RULES, intervalTime: 120 }]);
  });

  test("reverses everything inside of ConfigList too", async () => {
    site().switches.listEchoOrder = "reversed";
    await client.put({ ConfigList: PLAIN });
    const shown = JSON.parse((await client.only()).ConfigList as string) as typeof RULES;
    expect(shown[0]).toEqual(RULES[1]);
    expect(shown[1]?.configItemList[1]).toEqual({ key: "item_level", valueList: ["suspicious", "serious"] });
  });

  test.each([
    ["[]", "[]"],
    ["emptyText", ""],
    ["null", null],
    ["absent", undefined],
  ] as const)("emptyListEcho %s shows what is not there as %j", async (emptyListEcho, expected) => {
    site().switches.emptyListEcho = emptyListEcho;
    await client.put({ ConfigList: "[]" });
    const { ConfigList, GroupIdList } = await client.only();
    expect([ConfigList, GroupIdList]).toEqual([expected, expected]);
  });

  test.each([1, 3])("listLagCalls hides changes for %i calls", async (listLagCalls) => {
    site().robots.add({});
    site().switches.listLagCalls = listLagCalls;
    await client.put();
    await client.call("DeleteDingTalk", { Ids: "1001" });
    for (let i = 0; i < listLagCalls; i += 1) {
      expect(idsOf(await client.list())).toEqual([1001]);
    }
    expect(idsOf(await client.list())).toEqual([1002]);
  });

  test("listLagMs hides changes until the clock says so", async () => {
    emulator.clock.freeze();
    site().switches.listLagMs = 2000;
    await client.put();
    expect(idsOf(await client.list())).toEqual([]);
    emulator.clock.advance(1000);
    await client.call("ModifyDingTalkStatus", { Ids: "1001", Status: "0" });
    emulator.clock.advance(1000);
    expect((await client.only()).Status).toBe(1);
    emulator.clock.advance(1000);
    expect((await client.only()).Status).toBe(0);
  });
});
