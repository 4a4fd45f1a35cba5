import { start, type Emulator, type SecurityCenterSwitches } from "../../emulator";
import type { DingTalkRobotInputs } from "../../provider/program/securitycenter";
import {
  benchFor,
  creates,
  driftOf,
  failureOf,
  inputsOf,
  OTHER_WEBHOOK,
  WEBHOOK,
  type Bench,
} from "../support/securitycenter";

let emulator: Emulator;
let bench: Bench;

beforeEach(async () => {
  emulator = await start({
    seed: 4,
    realTime: () => (bench as Bench | undefined)?.clock.now() ?? Date.now(),
  });
});
afterEach(() => emulator.close());
beforeEach(() => {
  bench = benchFor(emulator);
});
afterEach(async () => {
  expect(emulator.journal.count("DingTalkOnlineTest")).toBe(0);
  const nonces = emulator.journal.entries.map((entry) => entry.details?.["nonce"]);
  expect(new Set(nonces).size).toBe(nonces.length);
  await bench.connection.close();
});

const FULL = {
  name: "all fields",
  webhookUrl: WEBHOOK,
  language: "en",
  notificationInterval: 120,
  assetGroupIds: ["10417151", "10417152"],
  alertRules: [
    { type: "suspicious", conditions: { item_level: ["serious"], event_type: ["Webshell", "Others"] } },
    { type: "vul", conditions: { necessity: ["asap"], type: ["all"] } },
  ],
};

/** The life of a robot under one behaviour of the service: no noise, one drift seen, repaired, removed. */
async function live(inputs: DingTalkRobotInputs): Promise<void> {
  const { id, state } = await bench.create(inputs);
  expect(creates(emulator)).toBe(1);
  expect(driftOf(state, inputs, id)).toEqual([]);
  const seen = await bench.read(id, state);
  expect(driftOf(seen, inputs, id)).toEqual([]);
  expect({ ...seen, createdAt: undefined }).toEqual({ ...inputs, robotId: id, createdAt: undefined });

  bench.site.robots.edit(id, { intervalTime: 3600, dingTalkLang: inputs.language === "zh" ? "en" : "zh" });
  const drifted = await bench.read(id, seen);
  expect(driftOf(drifted, inputs, id)).toEqual(["language", "notificationInterval"]);

  const repaired = await bench.update(id, drifted ?? {}, inputs);
  expect(driftOf(repaired, inputs, id)).toEqual([]);
  expect(bench.site.robots.row(id)).toMatchObject({
    intervalTime: inputs.notificationInterval,
    url: inputs.webhookUrl,
  });
  expect(driftOf(await bench.read(id, repaired), inputs, id)).toEqual([]);

  await bench.remove(id);
  expect(bench.site.robots.size).toBe(0);
  expect(await bench.read(id, repaired)).toBeUndefined();
  expect(creates(emulator)).toBe(1);
}

const BARE = { name: "bare", alertRules: undefined };

describe("a robot is found, quiet, repaired and removed", () => {
  const BEHAVIOURS: readonly (readonly [
    string,
    Partial<SecurityCenterSwitches>,
    Record<string, unknown>?,
  ])[] = [
    ["everything is plain", {}],
    ["nothing is declared but name and webhook", {}, BARE],
    ["names must be unique", { duplicateNames: false }],
    ["the name filter is exact", { filterFuzzy: false }],
    ["the name filter is fuzzy", { filterFuzzy: true }],
    ["an update keeps what it does not name", { updateMerges: true }],
    ["an update enables", { statusResetOnUpdate: true }, { ...FULL, enabled: false }],
    ["an update disables", { statusResetOnUpdate: true, newBotStatus: 0 }],
    ["a new robot is disabled", { newBotStatus: 0 }],
    ["a new robot is disabled, as declared", { newBotStatus: 0 }, { ...FULL, enabled: false }],
    ["a new robot is enabled, other than declared", {}, { ...FULL, enabled: false }],
    ["the list is late by milliseconds", { listLagMs: 900 }],
    ["the list is late by calls", { listLagCalls: 2 }],
    [
      "the list is late and an update enables",
      { listLagCalls: 1, statusResetOnUpdate: true },
      { ...FULL, enabled: false },
    ],
    ["the list begins with the oldest", { listOrder: "oldestFirst" }],
    ["the list begins with the last modified", { listOrder: "lastModifiedFirst" }],
    ["pages are lowered", { maxPageSize: 1 }],
    ["pages are lowered without a word", { maxPageSize: 1, pageSizeOverflow: "silent" }],
    ["pages are cut", { maxPageSize: 1, pageSizeOverflow: "cut" }],
    ["large pages are refused as bad input", { maxPageSize: 20, pageSizeOverflow: "refused" }],
    [
      "large pages are refused as its own failure",
      { maxPageSize: 20, pageSizeOverflow: "refused", badInputCode: "ServerError" },
    ],
    ["rules come escaped once more", { configListEncoding: "escaped" }],
    ["rules come with scalars", { configListEncoding: "scalarValues" }],
    ["group ids come as numbers", { groupIdListEncoding: "jsonNumbers" }],
    ["group ids come as quoted CSV", { groupIdListEncoding: "quotedCsv" }],
    ["group ids come as CSV", { groupIdListEncoding: "csv" }],
    [
      "group ids never come, and none are declared",
      { groupIdListEncoding: "null" },
      { ...FULL, assetGroupIds: undefined },
    ],
    ["empty lists come as []", { emptyListEcho: "[]" }, BARE],
    ["empty lists come as empty text", { emptyListEcho: "emptyText" }, BARE],
    ["empty lists come as null", { emptyListEcho: "null" }, BARE],
    ["empty lists do not come", { emptyListEcho: "absent" }, BARE],
    ["lists come in reverse", { listEchoOrder: "reversed" }],
    ["event types come in Chinese", { eventTypeEcho: "zh" }],
    ["event types come in English", { eventTypeEcho: "en" }],
    [
      "event types are declared in Chinese and come in English",
      { eventTypeEcho: "en" },
      { ...FULL, alertRules: [{ type: "suspicious", conditions: { event_type: ["网站后门"] } }] },
    ],
    ["the site has another prefix", { typePrefix: "pre" }],
    ["the site has a prefix nobody documented", { typePrefix: "onlineSh" }],
    ["the site answers with its own prefix", { typePrefix: "pre", typePrefixEcho: "site" }],
    ["types must be the site's", { typePrefix: "pre", unknownAlertTypes: "refused" }],
    ["groups must exist", { unknownGroupIds: "refused" }],
    ["webhooks are cut", { maskUrl: "cut" }],
    ["webhooks are masked", { maskUrl: "masked" }],
    ["names end with a line feed", { nameTrailingNewline: true }],
    ["clearing is ignored, and nothing is cleared", { clearing: "ignored" }],
    ["clearing chooses everything, and nothing is cleared", { clearing: "all" }],
    ["no group means all of them, and some are declared", { omittedGroupIdList: "all" }],
    [
      "no group means all of them, and none are declared",
      { omittedGroupIdList: "all" },
      { ...FULL, assetGroupIds: undefined },
    ],
    ["the default language is English", { defaultLanguage: "en" }],
    ["an unknown id makes a new robot", { unknownIdUpdate: "create" }],
    ["an unknown id is ignored", { unknownIdUpdate: "ignore" }],
    ["the status of an unknown id fails", { unknownIdStatus: "ServerError" }],
    ["deleting an unknown id fails", { deleteMissing: "ServerError" }],
    ["the edition is Enterprise", { edition: 3 }],
    ["the edition is one of several", { edition: 8, highestEdition: 7 }],
    ["there is a limit of calls", { requestsPerSecond: 5 }],
  ];
  const rows = BEHAVIOURS.map(([label, switches, given = FULL]) => [label, switches, given] as const);
  test.each(rows)("where %s", async (_label, switches, given) => {
    Object.assign(bench.site.switches, switches);
    await live(inputsOf(given));
  });
});

describe("what the service does not keep or show", () => {
  test("is an incomplete update where the interval comes back in another unit", async () => {
    bench.site.switches.intervalTimeEcho = "secondsToMinutes";
    const failure = await failureOf(bench.create(inputsOf({ notificationInterval: 120 })));
    expect(failure).toMatchObject({
      name: "IncompleteError",
      id: "1001",
      reasons: [
        "notificationInterval: Security Center accepted the change, but still has another value. Run the command again; if it stays, Security Center does not keep what is declared: declare what it has.",
      ],
      state: { notificationInterval: 2 },
    });
    expect(creates(emulator)).toBe(1);
  });

  test.each(["ignored", "all"] as const)("is an incomplete update where clearing is %s", async (clearing) => {
    bench.site.switches.clearing = clearing;
    const { id, state } = await bench.create(inputsOf(FULL));
    const failure = await failureOf(
      bench.update(id, state, inputsOf({ ...FULL, assetGroupIds: undefined, alertRules: undefined })),
    );
    expect(failure).toMatchObject({
      name: "IncompleteError",
      reasons: [
        "assetGroupIds: Security Center accepted the change, but still has another value. Run the command again; if it stays, Security Center does not keep what is declared: declare what it has.",
        "alertRules: Security Center accepted the change, but still has another value. Run the command again; if it stays, Security Center does not keep what is declared: declare what it has.",
      ],
    });
  });

  test("is a changed webhook where webhooks are cut: it cannot be seen", async () => {
    bench.site.switches.maskUrl = "cut";
    const inputs = inputsOf();
    const { id, state } = await bench.create(inputs);
    bench.site.robots.edit(id, { url: OTHER_WEBHOOK });
    expect(driftOf(await bench.read(id, state), inputs, id)).toEqual([]);
  });

  test("is seen as far as it is shown where webhooks are masked", async () => {
    bench.site.switches.maskUrl = "masked";
    const inputs = inputsOf();
    const { id, state } = await bench.create(inputs);
    bench.site.robots.edit(id, { url: OTHER_WEBHOOK });
    const drifted = await bench.read(id, state);
    expect(driftOf(drifted, inputs, id)).toEqual(["webhookUrl"]);
    const repaired = await bench.update(id, drifted ?? {}, inputs);
    expect(bench.site.robots.row(id)?.url).toBe(WEBHOOK);
    expect(repaired.webhookUrl).toBe(WEBHOOK);
  });

  test.each(["cut", "masked"] as const)(
    "is no obstacle to a new webhook where webhooks are %s",
    async (maskUrl) => {
      bench.site.switches.maskUrl = maskUrl;
      const { id, state } = await bench.create(inputsOf());
      const updated = await bench.update(id, state, inputsOf({ webhookUrl: OTHER_WEBHOOK }));
      expect(bench.site.robots.row(id)?.url).toBe(OTHER_WEBHOOK);
      expect(updated.webhookUrl).toBe(OTHER_WEBHOOK);
    },
  );

  test("is a prefix that the site does not use: the full string is kept, and the difference reported", async () => {
    Object.assign(bench.site.switches, { typePrefix: "pre", typePrefixEcho: "site" });
    const full = "sas_analysis_online-sas-operation-log-sas-event-hc";
    const failure = await failureOf(bench.create(inputsOf({ alertRules: [{ type: full }] })));
    expect(failure).toMatchObject({
      name: "IncompleteError",
      reasons: [
        "alertRules: Security Center accepted the change, but still has another value. Run the command again; if it stays, Security Center does not keep what is declared: declare what it has.",
      ],
      state: { alertRules: [{ type: "sas_analysis_pre-sas-operation-log-sas-event-hc", conditions: {} }] },
    });
  });
});

describe("a real change", () => {
  const CHANGES: readonly (readonly [string, Record<string, unknown>])[] = [
    ["name", { actionName: "renamed outside" }],
    ["webhookUrl", { url: OTHER_WEBHOOK }],
    ["language", { dingTalkLang: "zh" }],
    ["notificationInterval", { intervalTime: 121 }],
    ["assetGroupIds", { groupIdList: ["10417151"] }],
    ["assetGroupIds", { groupIdList: undefined }],
    ["alertRules", { configList: [] }],
    ["alertRules", { configList: undefined }],
    ["enabled", { status: 0 }],
  ];
  test.each(CHANGES)("of %s outside is seen and repaired: %j", async (field, edit) => {
    const inputs = inputsOf(FULL);
    const { id, state } = await bench.create(inputs);
    bench.site.robots.edit(id, edit);
    const seen = await bench.read(id, state);
    expect(driftOf(seen, inputs, id)).toEqual([field]);
    const repaired = await bench.update(id, seen ?? {}, inputs);
    expect(driftOf(repaired, inputs, id)).toEqual([]);
    expect(driftOf(await bench.read(id, repaired), inputs, id)).toEqual([]);
    expect(creates(emulator)).toBe(1);
  });

  test("of one value in one rule is seen", async () => {
    const inputs = inputsOf(FULL);
    const { id, state } = await bench.create(inputs);
    const [first, ...rest] = bench.site.robots.row(id)?.configList ?? [];
    bench.site.robots.edit(id, {
      configList: [
        { type: first?.type ?? "", configItemList: [...(first?.configItemList ?? []).slice(1)] },
        ...rest,
      ],
    });
    expect(driftOf(await bench.read(id, state), inputs, id)).toEqual(["alertRules"]);
  });

  test("of only the status is made without overwriting anything else", async () => {
    const { id, state } = await bench.create(inputsOf());
    emulator.journal.clear();
    const disabled = await bench.update(id, state, inputsOf({ enabled: false }));
    expect(disabled.enabled).toBe(false);
    expect(emulator.journal.operations()).toEqual([
      "DescribeDingTalk",
      "ModifyDingTalkStatus",
      "DescribeDingTalk",
    ]);
  });
});

test("a robot that gets the name of another one is warned of", async () => {
  const { id: other } = bench.site.robots.add({ actionName: "taken" });
  const { id, state } = await bench.create(inputsOf());
  await bench.update(id, state, inputsOf({ name: "free" }));
  expect(bench.warnings).toEqual([]);
  await bench.update(id, { ...state, name: "free" }, inputsOf({ name: "taken" }));
  expect(bench.warnings).toEqual([
    `The DingTalk robot ${id} gets the name of another one: ${other}. Two robots of one name cannot be told apart when one has to be made again: give each a name of its own.`,
  ]);
});

describe("the fewest calls that do it", () => {
  test("are three for a create, and one more for short kinds of alerts, once for a process", async () => {
    const full = "sas_analysis_online-sas-operation-log-sas-event-hc";
    await bench.create(inputsOf({ alertRules: [{ type: full }] }));
    expect(emulator.journal.operations()).toEqual([
      "DescribeDingTalk",
      "CreateOrUpdateDingTalk",
      "DescribeDingTalk",
    ]);
    emulator.journal.clear();
    await bench.create(inputsOf({ name: "second" }));
    await bench.create(inputsOf({ name: "third" }));
    expect(emulator.journal.count("DescribeDataSource")).toBe(1);
    expect(emulator.journal.count()).toBe(7);
  });

  test("are three for an update and three for a delete", async () => {
    const { id, state } = await bench.create(inputsOf());
    emulator.journal.clear();
    await bench.update(id, state, inputsOf({ language: "en" }));
    expect(emulator.journal.operations()).toEqual([
      "DescribeDingTalk",
      "CreateOrUpdateDingTalk",
      "DescribeDingTalk",
    ]);
    emulator.journal.clear();
    await bench.remove(id);
    expect(emulator.journal.operations()).toEqual(["DescribeDingTalk", "DeleteDingTalk", "DescribeDingTalk"]);
  });

  test("are one for a refresh of a hundred robots: all reads share one list", async () => {
    for (let index = 0; index < 100; index++) {
      bench.site.robots.add({ actionName: `robot ${index}` });
    }
    const ids = bench.site.robots.rows().map(({ id }) => String(id));
    const states = await Promise.all(ids.map((id) => bench.read(id)));
    expect(states.map((state) => state?.robotId)).toEqual(ids);
    expect(emulator.journal.operations()).toEqual(["DescribeDingTalk"]);
  });

  test("are one for fifty reads at once, those that come while it runs included", async () => {
    const { id: numeric } = bench.site.robots.add({ actionName: "one" });
    const id = String(numeric);
    const late: Promise<unknown>[] = [];
    bench.site.faults.add({
      operation: "DescribeDingTalk",
      before: () => {
        late.push(...Array.from({ length: 5 }, () => bench.read(id)));
      },
    });
    await Promise.all(Array.from({ length: 50 }, () => bench.read(id)));
    await Promise.all(late);
    expect(late).toHaveLength(5);
    expect(emulator.journal.count("DescribeDingTalk")).toBe(1);
  });

  test("are another list for who has changed something while one is read", async () => {
    const { id: numeric } = bench.site.robots.add({ actionName: "one" });
    const id = String(numeric);
    let writer: Promise<unknown> | undefined;
    bench.site.faults.add({
      operation: "DescribeDingTalk",
      before: () => {
        writer = bench.connection.getRobotAnew(bench.context(), id);
      },
    });
    await bench.read(id);
    await writer;
    expect(emulator.journal.count("DescribeDingTalk")).toBe(2);
  });
});
