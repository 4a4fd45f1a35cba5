import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import { idOf, shownOf, WEBHOOK } from "./support/lab";
import { GROUP_A, GROUP_B, HIGH_RISK, robot, RobotLab, type RobotView } from "./support/robot-lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

/**
 * One robot whose declaration changes once. Without `calls` the engine must not even call it a change. That every field travels is proved
 * in `test/trust/every-field`; here it is what the engine makes of each form of a change.
 */
interface Change {
  what: string;
  before: object;
  after: object;
  /** The exact paths and kinds that the engine must show. */
  shown: Record<string, "add" | "update" | "delete">;
  calls: string[];
  server: Partial<RobotView>;
}

const SAME = { shown: {}, calls: [], server: {} } satisfies Partial<Change>;
const rule = (type: string, conditions: object = {}): object => ({ type, conditions });
const suspicious = (...eventTypes: string[]): object => rule("suspicious", { event_type: eventTypes });

const CHANGES: Record<string, Change> = {
  languageDefault: {
    what: "the language left out again",
    before: { language: "en" },
    after: {},
    shown: { language: "update" },
    calls: ["update"],
    server: { language: "zh" },
  },
  groupAdded: {
    what: "one more asset group",
    before: { assetGroupIds: [GROUP_A] },
    after: { assetGroupIds: [GROUP_A, GROUP_B] },
    shown: { "assetGroupIds[1]": "add" },
    calls: ["update"],
    server: { assetGroupIds: [GROUP_A, GROUP_B] },
  },
  valueChanged: {
    what: "another value of one condition",
    before: { alertRules: [HIGH_RISK, rule("vul", { type: ["cms", "oval"] })] },
    after: { alertRules: [HIGH_RISK, rule("vul", { type: ["cms", "sys"] })] },
    shown: { "alertRules[1].conditions.type[1]": "update" },
    calls: ["update"],
    server: { alertRules: { hc: { item_level: ["high"] }, vul: { type: ["cms", "sys"] } } },
  },
  conditionCleared: {
    what: "one condition less",
    before: { alertRules: [rule("vul", { type: ["cms"], necessity: ["asap"] })] },
    after: { alertRules: [rule("vul", { type: ["cms"] })] },
    shown: { "alertRules[0].conditions.necessity": "delete" },
    calls: ["update"],
    server: { alertRules: { vul: { type: ["cms"] } } },
  },
  rulesCleared: {
    what: "no rules any more",
    before: {},
    after: { alertRules: undefined },
    shown: { alertRules: "delete" },
    calls: ["update"],
    server: { alertRules: {} },
  },
  disabled: {
    what: "enabled: false",
    before: {},
    after: { enabled: false },
    shown: { enabled: "update" },
    calls: ["status"],
    server: { enabled: false },
  },
  reordered: {
    what: "rules, values and asset groups in another order, and numbers for ids",
    before: {
      alertRules: [HIGH_RISK, rule("vul", { type: ["cms", "sys"], necessity: ["asap"] })],
      assetGroupIds: [GROUP_A, GROUP_B],
    },
    after: {
      alertRules: [rule("vul", { necessity: ["asap"], type: ["sys", "cms"] }), HIGH_RISK],
      assetGroupIds: [Number(GROUP_B), Number(GROUP_A)],
    },
    ...SAME,
  },
  chinese: {
    what: "the Chinese literals of the same event types",
    before: { alertRules: [suspicious("Webshell", "Malicious process (cloud threat detection)")] },
    after: { alertRules: [suspicious("恶意进程（云查杀）", "网站后门")] },
    ...SAME,
  },
  writtenOut: {
    what: "the service's own string in the place of a short kind",
    before: {},
    after: { alertRules: [{ ...HIGH_RISK, type: "sas_analysis_online-sas-operation-log-sas-event-hc" }] },
    ...SAME,
  },
  emptyIsAbsent: {
    what: "empty values in the place of absent ones, and a name with white space",
    before: { name: "plain", alertRules: undefined },
    after: { name: " plain\n", alertRules: [] },
    ...SAME,
  },
};

const declared = (when: "before" | "after"): string[] =>
  Object.entries(CHANGES).map(([name, change]) => robot(name, change[when]));

let lab: RobotLab;
beforeAll(async () => {
  lab = await RobotLab.create();
});
afterAll(() => lab.dispose());

describe("the life of robots", () => {
  let created: EngineResult;
  let repeated: { result: EngineResult; changes: string[] };
  let changed: EngineResult;
  let settled: { result: EngineResult; changes: string[] };
  const before = new Map<string, RobotView>();
  const changes = new Map<string, string[]>();

  beforeAll(async () => {
    created = await lab.up(declared("before"));
    for (const name of Object.keys(CHANGES)) {
      before.set(name, lab.view(idOf(created, name)));
    }
    repeated = { result: await lab.up(declared("before")), changes: lab.changes };
    changed = await lab.up(declared("after"));
    for (const name of Object.keys(CHANGES)) {
      changes.set(name, lab.changesOf(idOf(created, name)));
    }
    settled = { result: await lab.up(declared("after")), changes: lab.changes };
  });

  test("up creates every robot once, as declared", () => {
    const count = Object.keys(CHANGES).length;
    expect(created.changes).toEqual({ create: count + 1 });
    expect(lab.ids).toHaveLength(count);
    expect(before.get("disabled")).toEqual({
      name: expect.stringMatching(/^disabled-[0-9a-f]{7}$/) as string,
      webhookUrl: WEBHOOK,
      language: "zh",
      notificationInterval: 0,
      assetGroupIds: [],
      alertRules: { hc: { item_level: ["high"] } },
      enabled: true,
    });
    expect(before.get("languageDefault")).toMatchObject({ language: "en" });
    expect(before.get("groupAdded")).toMatchObject({ assetGroupIds: [GROUP_A] });
    expect(before.get("emptyIsAbsent")).toMatchObject({ alertRules: {} });
  });

  test.each([
    ["a second up", () => repeated],
    ["an up after the updates", () => settled],
  ])("%s changes nothing and writes nothing", (_name, run) => {
    expect(run().result.changes).toEqual({ same: Object.keys(CHANGES).length + 1 });
    expect(run().changes).toEqual([]);
  });

  test.each(Object.entries(CHANGES).map(([name, change]) => ({ name, ...change })))(
    "$what ($name) is one minimal change",
    ({ name, shown, calls, server }) => {
      expect(changed.step(name)?.op).toBe(calls.length === 0 ? "same" : "update");
      expect(shownOf(changed, name)).toEqual(shown);
      expect(changes.get(name)).toEqual(calls);
      expect(lab.view(idOf(created, name))).toEqual({ ...before.get(name), ...server });
    },
  );

  test("destroy empties the server, and a second destroy has nothing to do", async () => {
    await lab.project.destroy();
    expect(lab.ids).toEqual([]);
    lab.emulator.journal.clear();
    const again = await lab.project.destroy();
    expect(again.steps).toEqual([]);
    expect(lab.emulator.journal.entries).toEqual([]);
    expect(await lab.project.resources()).toEqual([]);
  });
});

test("--replace with unchanged and with changed inputs keeps exactly one robot each, under a new id", async () => {
  await lab.up([robot("off", { name: "off", enabled: false }), robot("on", { name: "on" })]);
  const [off, on] = [await lab.project.resource("off"), await lab.project.resource("on")];
  const replaced = await lab.up(
    [robot("off", { name: "off", enabled: false }), robot("on", { name: "on", language: "en" })],
    ["--replace", off.urn, "--replace", on.urn],
  );
  for (const { urn, id } of [off, on]) {
    const name = urn.split("::").at(-1) ?? "";
    expect(replaced.steps.filter((step) => step.name === name).map(({ op }) => op)).toEqual([
      "delete-replaced",
      "replace",
      "create-replacement",
    ]);
    expect(idOf(replaced, name)).not.toBe(id);
  }
  expect(lab.names).toEqual(["off", "on"]);
  expect(lab.view(idOf(replaced, "off"))).toMatchObject({ name: "off", enabled: false });
  expect(lab.view(idOf(replaced, "on"))).toMatchObject({ name: "on", language: "en", enabled: true });
});
