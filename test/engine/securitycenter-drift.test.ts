import type { Robot } from "../../emulator";
import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import { idOf, OTHER_WEBHOOK } from "./support/lab";
import { GROUP_A, GROUP_B, HIGH_RISK, pathsOf, robot, RobotLab, type RobotView } from "./support/robot-lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const EXPECT_CLEAN = ["--preview-only", "--expect-no-changes"];
const stored = (
  kind: string,
  conditions: Record<string, string[]>,
): NonNullable<Robot["configList"]>[number] => ({
  type: `sas_analysis_online-sas-operation-log-sas-event-${kind}`,
  configItemList: Object.entries(conditions).map(([key, valueList]) => ({ key, valueList })),
});
const HIGH = stored("hc", { item_level: ["high"] });

/** What somebody else does to a robot, how it must show, and the calls that undo it. */
interface Drift {
  declared: object;
  edit: Partial<Robot>;
  /** Seen from the stack: `add` is something that the server has and the stack has not. */
  shown: Record<string, "add" | "update" | "delete">;
  repair: string[];
}

const DRIFTS: Record<string, Drift> = {
  name: { declared: {}, edit: { actionName: "drifted" }, shown: { name: "update" }, repair: ["update"] },
  webhook: {
    declared: {},
    edit: { url: OTHER_WEBHOOK },
    shown: { webhookUrl: "update" },
    repair: ["update"],
  },
  language: { declared: {}, edit: { dingTalkLang: "en" }, shown: { language: "update" }, repair: ["update"] },
  interval: {
    declared: { notificationInterval: 60 },
    edit: { intervalTime: 3600 },
    shown: { notificationInterval: "update" },
    repair: ["update"],
  },
  groupsAdded: {
    declared: {},
    edit: { groupIdList: [GROUP_A] },
    shown: { assetGroupIds: "add" },
    repair: ["update"],
  },
  groupSwapped: {
    declared: { assetGroupIds: [GROUP_A] },
    edit: { groupIdList: [GROUP_B] },
    shown: { "assetGroupIds[0]": "update" },
    repair: ["update"],
  },
  groupsRemoved: {
    declared: { assetGroupIds: [GROUP_A, GROUP_B] },
    edit: { groupIdList: [] },
    shown: { assetGroupIds: "delete" },
    repair: ["update"],
  },
  ruleAdded: {
    declared: {},
    edit: { configList: [HIGH, stored("rasp", { item_level: ["low"] })] },
    shown: { "alertRules[1]": "add" },
    repair: ["update"],
  },
  rulesRemoved: {
    declared: {},
    edit: { configList: [] },
    shown: { alertRules: "delete" },
    repair: ["update"],
  },
  valueChanged: {
    declared: {
      alertRules: [HIGH_RISK, { type: "suspicious", conditions: { event_type: ["Webshell", "Exception"] } }],
    },
    edit: { configList: [HIGH, stored("suspicious", { event_type: ["网站后门", "异常登录"] })] },
    shown: { "alertRules[1].conditions.event_type[1]": "update" },
    repair: ["update"],
  },
  disabled: { declared: {}, edit: { status: 0 }, shown: { enabled: "update" }, repair: ["status"] },
  enabled: {
    declared: { enabled: false },
    edit: { status: 1 },
    shown: { enabled: "update" },
    repair: ["status"],
  },
};
const PROGRAM = Object.entries(DRIFTS).map(([name, { declared }]) => robot(name, declared));

let lab: RobotLab;
const ids = new Map<string, string>();
const idFor = (name: string): string => ids.get(name) ?? "";
const asDeclared = new Map<string, RobotView>();

beforeAll(async () => {
  lab = await RobotLab.create();
  const up = await lab.up(PROGRAM);
  for (const name of Object.keys(DRIFTS)) {
    ids.set(name, idOf(up, name));
    asDeclared.set(name, lab.view(idFor(name)));
  }
});
afterAll(() => lab.dispose());

test.each([
  [
    "escaped lists, Chinese event types, a line feed, a masked webhook and another order",
    {
      configListEncoding: "escaped",
      groupIdListEncoding: "csv",
      eventTypeEcho: "zh",
      nameTrailingNewline: true,
      maskUrl: "masked",
      listEchoOrder: "reversed",
      listOrder: "lastModifiedFirst",
    },
  ],
  [
    "scalars for lists, another type prefix, a webhook without its token and pages of five",
    {
      configListEncoding: "scalarValues",
      groupIdListEncoding: "quotedCsv",
      typePrefix: "pre",
      typePrefixEcho: "site",
      emptyListEcho: "emptyText",
      maskUrl: "cut",
      maxPageSize: 5,
    },
  ],
] as const)("an answer with %s is no drift", async (_what, switches) => {
  const usual = { ...lab.site.switches };
  Object.assign(lab.site.switches, switches);
  const clean = await lab.project.refresh(EXPECT_CLEAN);
  Object.assign(lab.site.switches, usual);
  expect(clean.changes).toEqual({ same: Object.keys(DRIFTS).length + 1 });
});

describe("drift of every field", () => {
  let seen: EngineResult;
  let repaired: EngineResult;
  const repairs = new Map<string, string[]>();
  let readingChanged: string[];

  beforeAll(async () => {
    for (const [name, { edit }] of Object.entries(DRIFTS)) {
      lab.site.robots.edit(idFor(name), edit);
    }
    lab.emulator.journal.clear();
    seen = await lab.project.refresh(EXPECT_CLEAN, { expectExit: 7 });
    readingChanged = lab.changes;
    repaired = await lab.up(PROGRAM, ["--refresh"]);
    for (const name of Object.keys(DRIFTS)) {
      repairs.set(name, lab.changesOf(idFor(name)));
    }
  });

  test.each(Object.entries(DRIFTS).map(([name, drift]) => ({ name, ...drift })))(
    "$name is seen under its exact path and repaired with one call",
    ({ name, shown, repair }) => {
      expect(pathsOf(seen, name)).toEqual(shown);
      expect(repairs.get(name)).toEqual(repair);
      expect(lab.view(idFor(name))).toEqual(asDeclared.get(name));
    },
  );

  test("a look at drift changes nothing, and no secret is shown or stored, not even somebody else's", async () => {
    expect(readingChanged).toEqual([]);
    expect(seen.text + repaired.text + JSON.stringify(await lab.project.export())).not.toMatch(/canary/);
  });
});

test("a deleted robot is named by up, dropped by refresh and made again", async () => {
  const gone = idFor("name");
  lab.site.robots.remove(gone);
  const edited = [robot("name", { language: "en" }), ...PROGRAM.slice(1)];
  const refused = await lab.up(edited, [], { expectExit: 1 });
  expect(refused.text).toMatch(new RegExp(`DingTalk robot ${gone} was deleted outside Pulumi`));
  expect(refused.text).toMatch(/Run `pulumi refresh`/);
  expect(lab.changes).toEqual([]);

  const missing = await lab.project.refresh(EXPECT_CLEAN, { expectExit: 7 });
  expect(missing.step("name")).toMatchObject({ old: { id: gone }, new: undefined });

  const again = await lab.up(edited, ["--refresh"]);
  expect(again.step("name")).toMatchObject({ op: "create" });
  expect(lab.changes).toEqual(["create"]);
  expect(lab.view(idOf(again, "name"))).toMatchObject({ language: "en" });
});

interface Trouble {
  what: string;
  given?: () => void;
  env?: Record<string, string>;
  says: RegExp;
}
const LIST = "DescribeDingTalk";
const TROUBLES: Trouble[] = [
  {
    what: "the keys are wrong",
    env: { ALIBABA_CLOUD_ACCESS_KEY_SECRET: "canaryWrongSecret" },
    says: /DescribeDingTalk failed: the signature does not match/,
  },
  {
    what: "a web page answers",
    given: () => {
      const body = "<html><title>Log in</title></html>";
      lab.site.faults.add({ operation: LIST, times: "always", fault: { kind: "status", status: 200, body } });
    },
    says: /does not answer like Alibaba Cloud/,
  },
  {
    what: "the service is throttled for long",
    given: () => {
      lab.site.faults.add({
        operation: LIST,
        times: "always",
        fault: { kind: "throttled", retryAfterMs: 1 },
      });
    },
    says: /DescribeDingTalk failed: too many requests/,
  },
];

test.each(TROUBLES)(
  "when $what, a refresh fails: it looks neither clean nor like drift and loses nothing",
  async ({ given, env = {}, says }) => {
    const before = await lab.recorded();
    given?.();
    const failed = await lab.project.refresh(EXPECT_CLEAN, { expectExit: "any", env });
    lab.site.faults.clear();
    expect([0, 7]).not.toContain(failed.exitCode);
    expect(failed.text).toMatch(says);
    expect(failed.text).not.toMatch(/canary/i);
    expect(await lab.recorded()).toEqual(before);
  },
);

test("when the server is down, a refresh fails and loses nothing", async () => {
  const before = await lab.recorded();
  const { urn } = await lab.project.resource("webhook");
  await lab.emulator.close();
  const failed = await lab.project.refresh(["--target", urn], { expectExit: "any" });
  expect([0, 7]).not.toContain(failed.exitCode);
  expect(failed.text).toMatch(/No answer from .*: the connection was refused/);
  expect(await lab.recorded()).toEqual(before);
});
