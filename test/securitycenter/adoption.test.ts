import { start, type Emulator } from "../../emulator";
import type { Tenancy } from "../../provider/core/lifecycle/tenancy";
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
    seed: 15,
    realTime: () => (bench as Bench | undefined)?.clock.now() ?? Date.now(),
  });
});
afterEach(() => emulator.close());
beforeEach(() => {
  bench = benchFor(emulator);
});
afterEach(() => bench.connection.close());

/** Makes a robot as a program would, and forgets having made it. */
async function madeBefore(given: Record<string, unknown> = {}): Promise<string> {
  const other = benchFor(emulator);
  const { id } = await other.create(inputsOf(given));
  await other.connection.close();
  emulator.journal.clear();
  return id;
}

const TAKEN_IDENTICAL =
  "Takes over the existing DingTalk robot 1001, which already is as declared: an earlier run that was cut off made it, or somebody else did. Destroying this resource will delete it.";
const TAKEN = "Takes over the existing DingTalk robot 1001. Destroying this resource will delete it.";
const REFUSED =
  'Security Center already has a DingTalk robot of this name: 1001.\nTake it over with `adopt: { id }` (or `adopt: "byName"`) if it is as declared, or have it changed with `adopt: { id, overwrite: true }`; else declare another name: two robots of one name could not be told apart.';
/** What a refused adoption says, around its lines of differences. */
const notAsDeclared = (lines: string[], byName: boolean): string =>
  [
    "adopt: the DingTalk robot 1001 is not as declared, so it is not taken over. Nothing was changed.",
    ...lines,
    `Correct the program so that it declares what is there. Or have it overwritten, which loses what is there: \`adopt: { id: "1001", overwrite: true }\`${byName ? " or `adopt: { byName: true, overwrite: true }`" : ""}.`,
  ].join("\n");

/** The rules of a robot as `inputsOf` declares them, as the service holds them. */
const HC = [
  {
    type: "sas_analysis_online-sas-operation-log-sas-event-hc",
    configItemList: [{ key: "item_level", valueList: ["high", "medium"] }],
  },
];

/** Another resource of the program. */
const ANOTHER = { identity: { key: "f".repeat(64), name: "another" } };

describe("an existing robot", () => {
  test("is taken over when it is identical, without a write", async () => {
    await madeBefore();
    const { id, state } = await bench.create(inputsOf());
    expect(id).toBe("1001");
    expect(driftOf(state, inputsOf(), id)).toEqual([]);
    expect(bench.warnings).toEqual([TAKEN_IDENTICAL]);
    expect(emulator.journal.changing()).toEqual([]);
  });

  test("is taken over as identical when only its status differs, which is then set", async () => {
    await madeBefore({ enabled: false });
    const { state } = await bench.create(inputsOf());
    expect(state.enabled).toBe(true);
    expect(emulator.journal.changing().map((entry) => entry.operation)).toEqual(["ModifyDingTalkStatus"]);
  });

  test.each(["cut", "masked"] as const)(
    "is taken over as identical when its webhook is %s and fits",
    async (maskUrl) => {
      bench.site.switches.maskUrl = maskUrl;
      await madeBefore();
      await bench.create(inputsOf());
      expect(creates(emulator)).toBe(0);
    },
  );

  test.each([
    ["webhookUrl", { webhookUrl: OTHER_WEBHOOK }],
    ["language", { language: "en" }],
    ["notificationInterval", { notificationInterval: 1 }],
    ["assetGroupIds", { assetGroupIds: ["10417151"] }],
    ["alertRules", { alertRules: [{ type: "hc", conditions: { item_level: ["high"] } }] }],
  ])("is refused when it differs in %s, with both ways out", async (_field, given) => {
    await madeBefore(given);
    expect((await failureOf(bench.create(inputsOf()))).message).toBe(REFUSED);
    expect(emulator.journal.changing()).toEqual([]);
  });

  test('is refused by adopt: "never" even when it is identical', async () => {
    await madeBefore();
    expect((await failureOf(bench.create(inputsOf({ adopt: "never" })))).message).toBe(REFUSED);
  });

  test.each(["byName", { id: "1001" }] as const)(
    "is taken over by adopt: %j when it is as declared, without a write",
    async (adopt) => {
      await madeBefore({ enabled: false, assetGroupIds: ["10417151"] });
      const inputs = inputsOf({ enabled: false, assetGroupIds: ["10417151"], adopt });
      const { id, state } = await bench.create(inputs);
      expect(driftOf(state, inputs, id)).toEqual([]);
      expect(bench.warnings).toEqual([TAKEN]);
      expect(emulator.journal.changing()).toEqual([]);
    },
  );

  test("is left alone by adopt byName and { id } when it is not as declared", async () => {
    await madeBefore({ alertRules: [{ type: "hc", conditions: { item_level: ["high"] } }] });
    const line =
      'alertRules: [ { "type": "hc", "conditions": { "item_level": [ "high" ] } } ] on the server, [ { "type": "hc", "conditions": { "item_level": [ "high", "medium" ] } } ] declared';
    for (const adopt of ["byName", { id: "1001" }] as const) {
      expect((await failureOf(bench.create(inputsOf({ adopt })))).message).toBe(
        notAsDeclared([line], adopt === "byName"),
      );
    }
    expect(emulator.journal.changing()).toEqual([]);
  });

  test.each([
    { byName: true, overwrite: true },
    { id: "1001", overwrite: true },
  ] as const)(
    "is changed in place by adopt: %j, only where it differs, and after it was said",
    async (adopt) => {
      await madeBefore({ language: "en", webhookUrl: OTHER_WEBHOOK });
      let saidBefore: string[] = [];
      bench.site.faults.add({
        operation: "CreateOrUpdateDingTalk",
        before: () => void (saidBefore = [...bench.warnings]),
      });
      const { id, state } = await bench.create(inputsOf({ adopt }));
      expect(id).toBe("1001");
      expect(driftOf(state, inputsOf(), id)).toEqual([]);
      expect(bench.site.robots.row(id)).toMatchObject({ url: WEBHOOK, dingTalkLang: "zh" });
      expect(saidBefore).toEqual([
        TAKEN,
        "Overwrites the DingTalk robot 1001. webhookUrl: differs.",
        'Overwrites the DingTalk robot 1001. language: "en" on the server, "zh" declared.',
      ]);
      expect(creates(emulator)).toBe(0);
    },
  );

  test('that a cut-off create of its own left enabled is switched off by adopt: "byName"', async () => {
    await madeBefore();
    const inputs = inputsOf({ adopt: "byName", enabled: false });
    const { id, state } = await bench.create(inputs);
    expect(driftOf(state, inputs, id)).toEqual([]);
    expect(emulator.journal.changing().map((entry) => entry.operation)).toEqual(["ModifyDingTalkStatus"]);
    expect(bench.warnings).toEqual([
      "Takes over the existing DingTalk robot 1001, which an earlier run that was cut off seems to have left unfinished. Destroying this resource will delete it.",
    ]);
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["it is the disabled one", { enabled: false }, { adopt: "byName" }],
    ["it differs otherwise, too", { language: "en" }, { adopt: "byName", enabled: false }],
    ["it is named by its id", {}, { adopt: { id: "1001" }, enabled: false }],
  ])("is not taken for one that was left unfinished when %s", async (_what, there, given) => {
    await madeBefore(there);
    expect((await failureOf(bench.create(inputsOf(given)))).message).toContain("is not as declared");
    expect(emulator.journal.changing()).toEqual([]);
  });

  test("is found by adopt: { id } under another name, and renamed where that is said", async () => {
    await madeBefore({ name: "an older name" });
    expect((await failureOf(bench.create(inputsOf({ adopt: { id: "1001" } })))).message).toBe(
      notAsDeclared(['name: "an older name" on the server, "alerts" declared'], false),
    );
    const { id } = await bench.create(inputsOf({ adopt: { id: "1001", overwrite: true } }));
    expect(bench.site.robots.row(id)?.actionName).toBe("alerts");
    expect(creates(emulator)).toBe(0);
  });

  test.each(["byName", { id: "1001" }] as const)(
    "counts as declared for adopt: %j where the list shows too little to tell",
    async (adopt) => {
      bench.site.switches.maskUrl = "cut";
      await madeBefore({ webhookUrl: OTHER_WEBHOOK });
      const { state } = await bench.create(inputsOf({ adopt }));
      expect(state.webhookUrl).toBe(WEBHOOK);
      expect(emulator.journal.changing()).toEqual([]);
    },
  );

  test.each([
    { byName: true, overwrite: true },
    { id: "1001", overwrite: true },
  ] as const)(
    "gets the declared webhook by adopt: %j even where the list shows too little to tell",
    async (adopt) => {
      bench.site.switches.maskUrl = "cut";
      await madeBefore({ webhookUrl: OTHER_WEBHOOK });
      const { id, state } = await bench.create(inputsOf({ adopt }));
      expect(bench.site.robots.row(id)?.url).toBe(WEBHOOK);
      expect(state.webhookUrl).toBe(WEBHOOK);
      expect(bench.warnings).toEqual([
        TAKEN,
        "Overwrites the DingTalk robot 1001. webhookUrl: is not shown in full, and may differ.",
      ]);
    },
  );

  test.each([
    ["begins with the name", "alerts of the night"],
    ["ends with the name", "all alerts"],
    ["differs in case", "Alerts"],
    ["differs in inner spaces", "al erts"],
  ])("is another one when its name %s", async (_label, actionName) => {
    bench.site.robots.add({ actionName, url: WEBHOOK });
    const { id } = await bench.create(inputsOf());
    expect(id).toBe("1002");
    expect(bench.warnings).toEqual([]);
  });

  test("is the one when its name ends with a line feed", async () => {
    bench.site.switches.nameTrailingNewline = true;
    await madeBefore();
    await bench.create(inputsOf());
    expect(bench.warnings).toEqual([TAKEN_IDENTICAL]);
  });

  test("whose alert rules nobody can read is not identical, and can be deleted", async () => {
    await madeBefore();
    bench.site.faults.add({
      operation: "DescribeDingTalk",
      times: "always",
      fault: {
        kind: "status",
        status: 200,
        body: JSON.stringify({
          PageInfo: { CurrentPage: 1, PageSize: 50, TotalCount: 1 },
          ActionList: [{ Id: 1001, ActionName: "alerts", Url: WEBHOOK, ConfigList: "type=hc", Status: 1 }],
        }),
      },
    });
    expect((await failureOf(bench.create(inputsOf()))).message).toBe(REFUSED);
    expect((await failureOf(bench.read("1001"))).message).toBe(
      "Robot 1001 has alert rules in a form that this release does not know.\nPlease report this, with the ConfigList that DescribeDingTalk answers.",
    );
    expect((await failureOf(bench.remove("1001"))).message).toBe(
      "The DingTalk robot 1001 was deleted, but the list still shows it.\nRun the command again in a minute: the list may be late. If it stays, look for the robot in the console.",
    );
    expect(bench.site.robots.size).toBe(0);
  });
});

describe("ids that look alike", () => {
  test("are told apart", async () => {
    for (const id of [1, 11, 111]) {
      bench.site.robots.add({ id, actionName: `robot ${id}`, url: WEBHOOK });
    }
    expect((await bench.read("11"))?.name).toBe("robot 11");
    await bench.remove("1");
    expect(bench.site.robots.rows().map(({ id }) => id)).toEqual([11, 111]);
    expect(await bench.read("1")).toBeUndefined();
  });
});

describe("a create beside a concurrent writer", () => {
  test.each(["before", "after"] as const)(
    "finds its own robot among namesakes made just %s it",
    async (when) => {
      bench.site.faults.add({
        operation: "CreateOrUpdateDingTalk",
        fault: { kind: "twin", when, url: OTHER_WEBHOOK },
      });
      const { id } = await bench.create(inputsOf());
      expect(bench.site.robots.row(id)?.url).toBe(WEBHOOK);
      expect(bench.site.robots.size).toBe(2);
      expect(creates(emulator)).toBe(1);
    },
  );

  test.each(["before", "after"] as const)(
    "names the candidates when an identical one appears just %s it",
    async (when) => {
      bench.site.faults.add({ operation: "CreateOrUpdateDingTalk", fault: { kind: "twin", when } });
      expect((await failureOf(bench.create(inputsOf()))).message).toBe(
        "Which robot is the new one cannot be told: 1002, 1001 appeared with its name.\nAction: DescribeDingTalk\nCode: Ambiguous\nLook at them in the console, delete what is too many, and take the right one over with `adopt: { id }`, or with `adopt: { id, overwrite: true }` if it is not as declared.",
      );
      expect(creates(emulator)).toBe(1);
      // One list before the create, three after it: more looks cannot tell two of the same apart.
      expect(emulator.journal.count("DescribeDingTalk")).toBe(4);
    },
  );

  test("names the candidates when webhooks are cut, so that nothing tells them apart", async () => {
    bench.site.switches.maskUrl = "cut";
    bench.site.faults.add({
      operation: "CreateOrUpdateDingTalk",
      fault: { kind: "twin", url: OTHER_WEBHOOK },
    });
    expect(await failureOf(bench.create(inputsOf()))).toMatchObject({ apiCode: "Ambiguous" });
    expect(creates(emulator)).toBe(1);
  });
});

describe("creates side by side", () => {
  test("of twenty names stay attributable, each made once", async () => {
    const inputs = Array.from({ length: 20 }, (_, index) =>
      inputsOf({ name: `robot ${index}`, webhookUrl: `${WEBHOOK}${index}` }),
    );
    const made = await Promise.all(inputs.map((one) => bench.create(one)));
    made.forEach(({ id }, index) => {
      expect(bench.site.robots.row(id)).toMatchObject({
        actionName: `robot ${index}`,
        url: `${WEBHOOK}${index}`,
      });
    });
    expect(new Set(made.map(({ id }) => id)).size).toBe(20);
    expect(creates(emulator)).toBe(20);
    expect(emulator.journal.count("DescribeDingTalk")).toBeLessThan(30);
  });

  test("of names that contain each other stay attributable under list lag", async () => {
    bench.site.switches.listLagCalls = 1;
    const names = ["ops", "ops-1", "ops-11", "dev-ops", "ops "];
    const made = await Promise.all(
      ["ops", "ops-1", "ops-11", "dev-ops"].map((name) => bench.create(inputsOf({ name }))),
    );
    made.forEach(({ id }, index) => {
      expect(bench.site.robots.row(id)?.actionName).toBe(names[index]);
    });
  });

  test.each(["identical", "never", "byName"] as const)(
    "of one name make one robot and refuse the second resource: %s",
    async (adopt) => {
      const inputs = inputsOf({ adopt, enabled: false });
      const results = await Promise.allSettled([bench.create(inputs), bench.create(inputs, ANOTHER)]);
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      expect(creates(emulator)).toBe(1);
      expect(bench.site.robots.size).toBe(1);
    },
  );

  test("of one name follow one another, also after the first has failed", async () => {
    bench.site.faults.add({
      operation: "CreateOrUpdateDingTalk",
      fault: { kind: "apiError", code: "IllegalParam" },
    });
    const results = await Promise.allSettled([bench.create(inputsOf()), bench.create(inputsOf())]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(creates(emulator)).toBe(2);
    expect(bench.site.robots.size).toBe(1);
  });

  test.each([1, "always"] as const)(
    "of a name whose robot this process has just deleted do not find it in late lists: %s",
    async (times) => {
      const { id } = await bench.create(inputsOf());
      const gmtCreate = bench.site.robots.row(id)?.gmtCreate ?? 0;
      await bench.remove(id);
      await bench.clock.sleep(1_000);
      bench.site.faults.add({
        operation: "DescribeDingTalk",
        times,
        before: () =>
          void bench.site.robots.add({
            id: 1001,
            actionName: "alerts",
            url: WEBHOOK,
            configList: HC,
            gmtCreate,
          }),
        then: () => void bench.site.robots.remove("1001"),
      });
      const second = await bench.create(inputsOf());
      expect(second.id).toBe("1002");
      expect(bench.warnings).toEqual([]);
    },
  );
});

describe("a replacement of a robot that was once taken over by its id", () => {
  test.each([false, true])("makes a new one, with the old one shown once more: %s", async (isLate) => {
    await madeBefore();
    const inputs = inputsOf({ adopt: { id: "1001" } });
    bench.ids.release("1001", "0".repeat(64));
    const gmtCreate = bench.site.robots.row("1001")?.gmtCreate ?? 0;
    await bench.remove("1001");
    if (isLate) {
      bench.site.faults.add({
        operation: "DescribeDingTalk",
        before: () => void bench.site.robots.add({ id: 1001, actionName: "alerts", url: WEBHOOK, gmtCreate }),
        then: () => void bench.site.robots.remove("1001"),
        times: 1,
      });
    }
    const { id } = await bench.create(inputs);
    expect(id).toBe("1002");
  });
});

describe("a service that gives the id of a robot that is gone to a new one", () => {
  /** Lets the next create get this id. */
  const reuse = (id: number): void => {
    bench.site.faults.add({
      operation: "CreateOrUpdateDingTalk",
      then: () => {
        const made = bench.site.robots.rows().find((row) => row.id !== id && row.actionName === "alerts");
        if (made === undefined) {
          throw new Error("no robot was made");
        }
        bench.site.robots.remove(String(made.id));
        bench.site.robots.add({ ...made, id });
      },
    });
  };
  const later = () => bench.clock.sleep(60_000);

  test("has its new robot recognised after a reset, although this process has met the id", async () => {
    const { id } = await bench.create(inputsOf());
    bench.ids.meet(id, "0".repeat(64));
    bench.site.robots.remove(id);
    await later();
    expect(await bench.read(id)).toBeUndefined();
    reuse(Number(id));
    const sleptBefore = bench.clock.slept.length;
    expect((await bench.create(inputsOf())).id).toBe(id);
    expect(bench.clock.slept.slice(sleptBefore).reduce((sum, ms) => sum + ms, 0)).toBeLessThan(1_000);
    expect(creates(emulator)).toBe(2);
  });

  test("has it recognised where only the state of an earlier run names the id", async () => {
    bench.ids.meet("1001", "0".repeat(64));
    expect((await bench.create(inputsOf())).id).toBe("1001");
  });

  test("has the robots of a program recognised in whatever order they get their ids", async () => {
    for (const id of ["1001", "1002"]) {
      bench.ids.meet(id, "0".repeat(64));
    }
    const one = await bench.create(inputsOf({ name: "one" }), {
      identity: { key: "1".repeat(64), name: "one" },
    });
    const two = await bench.create(inputsOf({ name: "two" }), {
      identity: { key: "2".repeat(64), name: "two" },
    });
    expect([one.id, two.id]).toEqual(["1001", "1002"]);
    expect(bench.site.robots.size).toBe(2);
  });

  test("has a replacement recognised under the id of its predecessor, which this process has deleted", async () => {
    const { id } = await bench.create(inputsOf());
    bench.ids.meet(id, "0".repeat(64));
    await bench.remove(id);
    await later();
    reuse(Number(id));
    const { state } = await bench.create(inputsOf());
    expect(state.robotId).toBe(id);
    await bench.remove(id);
    expect(bench.site.robots.size).toBe(0);
  });

  test("never has a predecessor taken for the new robot that a late list shows once more after the create", async () => {
    const { id } = await bench.create(inputsOf());
    const old = bench.site.robots.row(id);
    bench.ids.meet(id, "0".repeat(64));
    await bench.remove(id);
    await later();
    bench.site.faults.add({
      operation: "DescribeDingTalk",
      after: 1,
      times: 2,
      before: () => void bench.site.robots.add({ ...old }),
      then: () => void bench.site.robots.remove(id),
    });
    expect((await bench.create(inputsOf())).id).toBe("1002");
  });
});

describe("a service that serves fewer rows than it says", () => {
  const POSITIONS = (["silent", "cut"] as const).flatMap((how) =>
    [1, 2, 3].map((most) => [how, most] as const),
  );

  test.each(POSITIONS)("has all robots read: %s, %d", async (pageSizeOverflow, maxPageSize) => {
    for (let index = 0; index < 7; index++) {
      bench.site.robots.add({ actionName: `robot ${index}`, url: `${WEBHOOK}${index}` });
    }
    Object.assign(bench.site.switches, { pageSizeOverflow, maxPageSize });
    const scan = await bench.connection.robotsAnew({});
    expect(scan.isClean).toBe(true);
    expect(scan.rows).toHaveLength(7);
    // What was learnt once is not asked for again.
    emulator.journal.clear();
    await bench.connection.robotsAnew({});
    expect(emulator.journal.count("DescribeDingTalk")).toBe(Math.ceil(7 / maxPageSize));
  });

  test.each(POSITIONS)("makes no twin of a robot that is beyond a page: %s, %d", async (how, maxPageSize) => {
    await madeBefore();
    for (let index = 0; index < 4; index++) {
      bench.site.robots.add({ actionName: `robot ${index}` });
    }
    Object.assign(bench.site.switches, { pageSizeOverflow: how, maxPageSize });
    const { id } = await bench.create(inputsOf());
    expect(id).toBe("1001");
    expect(creates(emulator)).toBe(0);
    await bench.remove(id);
    expect(await bench.read(id)).toBeUndefined();
    expect(bench.site.robots.size).toBe(4);
  });
});

describe("a hundred robots on pages of twenty", () => {
  beforeEach(() => {
    bench.site.switches.maxPageSize = 20;
    for (let index = 0; index < 100; index++) {
      bench.site.robots.add({ actionName: `robot ${index}`, url: `${WEBHOOK}${index}` });
    }
  });

  test("are read in five calls", async () => {
    expect(await bench.read("1001")).toMatchObject({ name: "robot 0" });
    expect(await bench.read("1100")).toMatchObject({ name: "robot 99" });
    expect(emulator.journal.count("DescribeDingTalk")).toBe(10);
    expect(emulator.journal.entries.map((entry) => entry.query["CurrentPage"]?.[0])).toEqual([
      ..."12345",
      ..."12345",
    ]);
  });

  test.each(["insert", "remove", "reorder"] as const)(
    "are all found while rows move between pages once: %s",
    async (by) => {
      bench.site.faults.add({ operation: "DescribeDingTalk", after: 2, fault: { kind: "rowsMove", by } });
      const ids = bench.site.robots.rows().map(({ id }) => String(id));
      const states = await Promise.all(ids.map((id) => bench.read(id)));
      const missing = ids.filter((_id, index) => states[index] === undefined);
      expect(missing).toEqual(ids.filter((id) => bench.site.robots.row(id) === undefined));
    },
  );

  test.each(["insert", "reorder"] as const)("lose nobody while rows move all the time: %s", async (by) => {
    bench.site.faults.add({ operation: "DescribeDingTalk", every: 5, fault: { kind: "rowsMove", by } });
    expect(await bench.read("1099")).toMatchObject({ name: "robot 98" });
    expect(await bench.read("1050")).toMatchObject({ name: "robot 49" });
    const failure = await failureOf(bench.read("9999"));
    expect(failure.message).toBe(
      "The list of robots changed while it was read, so whether robot 9999 is gone cannot be told.\nRun the command again when nobody else changes robots.",
    );
  });

  test("take a new one, found on whatever page it is", async () => {
    bench.site.switches.listOrder = "oldestFirst";
    bench.site.faults.add({
      operation: "DescribeDingTalk",
      after: 7,
      fault: { kind: "rowsMove", by: "remove", id: 1003 },
    });
    const { id } = await bench.create(inputsOf());
    expect(bench.site.robots.row(id)?.actionName).toBe("alerts");
    expect(creates(emulator)).toBe(1);
  });

  test("hide a robot in a list that looks clean once, and do not make it gone", async () => {
    // Oldest first: one goes from the first page and one is added at the end, so that a row slips through with the total unchanged.
    bench.site.switches.listOrder = "oldestFirst";
    bench.site.faults.add({
      operation: "DescribeDingTalk",
      after: 1,
      before: () => {
        bench.site.robots.remove("1001");
        bench.site.robots.add({ actionName: "late" });
      },
    });
    expect(await bench.read("1021")).toMatchObject({ name: "robot 20" });
    expect(emulator.journal.count("DescribeDingTalk")).toBe(10);
  });
});

describe("a robot of another place", () => {
  const CHINA: Tenancy = { site: "china", account: "1234567890123456" };

  test.each(["read", "update", "delete"] as const)(
    "is refused at the other site, before any call: %s",
    async (kind) => {
      const context = { recordedTenancy: { site: "international", account: "1234567890123456" } };
      const work = {
        read: () => bench.read("1001", {}, context),
        update: () => bench.update("1001", {}, inputsOf(), context),
        delete: () => bench.remove("1001", context),
      }[kind];
      const failure = await failureOf(work());
      expect(failure).toMatchObject({ name: "WrongTenancyError" });
      expect(failure.message).toBe(
        "The DingTalk robot 1001 lives at another site of Security Center than this connection.\nRecorded in: international (account 1234567890123456)\nConnected to: china\nNothing was changed. Set securitycenter:site or the region back. Moving a robot means destroying it there and creating it here.",
      );
      expect(emulator.journal.changing()).toEqual([]);
    },
  );

  test.each(["read", "update", "delete"] as const)(
    "is refused under another account that has one of this id: %s",
    async (kind) => {
      bench.site.robots.add({ id: 1001, actionName: "theirs", url: OTHER_WEBHOOK });
      const context = { recordedTenancy: { site: "china", account: "999" } };
      const work = {
        read: () => bench.read("1001", {}, context),
        update: () => bench.update("1001", {}, inputsOf(), context),
        delete: () => bench.remove("1001", context),
      }[kind];
      expect((await failureOf(work())).message).toBe(
        "The DingTalk robot 1001 belongs to another account than this connection.\nRecorded in: china (account 999)\nConnected to: china (account 1234567890123456)\nNothing was changed. Use the credentials of that account. Moving a robot means destroying it there and creating it here.",
      );
      expect(emulator.journal.changing()).toEqual([]);
    },
  );

  test("is refused under another account that has others but not this one", async () => {
    bench.site.robots.add({ id: 1002, actionName: "theirs", url: OTHER_WEBHOOK });
    const failure = await failureOf(
      bench.read("1001", {}, { recordedTenancy: { site: "china", account: "999" } }),
    );
    expect(failure.message).toContain("belongs to another account than this connection.");
  });

  const NO_ROBOTS =
    "The DingTalk robot 1001 was not found, but this connection uses other keys, and their account has no robots at all.\nRecorded in: china (account 1234567890123456)\nNothing was changed. Check that the keys belong to that account; if they do and the robot really is gone, remove it from the stack with `pulumi state delete`.";

  test("is not gone when other permanent keys find no robots at all", async () => {
    const recordedTenancy = { ...CHINA, principal: "0123456789abcdef" };
    expect((await failureOf(bench.read("1001", {}, { recordedTenancy }))).message).toBe(NO_ROBOTS);
    expect((await failureOf(bench.remove("1001", { recordedTenancy }))).message).toBe(NO_ROBOTS);
  });

  test("is gone when the keys it was made with find no robots at all", async () => {
    const recordedTenancy = { ...CHINA, ...(await bench.connection.tenancy()) };
    expect(recordedTenancy.principal).toMatch(/^[0-9a-f]{16}$/);
    expect(await bench.read("1001", {}, { recordedTenancy })).toBeUndefined();
    await bench.remove("1001", { recordedTenancy });
  });

  test("is not gone when temporary keys find no robots at all: they prove nothing", async () => {
    const keys = emulator.securitycenter.issueStsToken();
    const temporary = benchFor(emulator, "china", { credentials: { kind: "keys", keys } });
    const recordedTenancy = { ...CHINA, ...(await bench.connection.tenancy()) };
    expect((await failureOf(temporary.read("1001", {}, { recordedTenancy }))).message).toBe(NO_ROBOTS);
    expect(await temporary.connection.tenancy()).toEqual({ site: "china" });
    await temporary.connection.close();
  });

  test("is gone when temporary keys of the same account find other robots", async () => {
    const keys = emulator.securitycenter.issueStsToken();
    bench.site.robots.add({ id: 1002, actionName: "ours" });
    const temporary = benchFor(emulator, "china", { credentials: { kind: "keys", keys } });
    expect(await temporary.read("1001", {}, { recordedTenancy: CHINA })).toBeUndefined();
    expect(await temporary.connection.tenancy()).toEqual(CHINA);
    await temporary.connection.close();
  });

  test("is invisible to a second account at the same site", async () => {
    const key = emulator.securitycenter.accessKeys.add({ accountId: "2222222222222222" });
    const theirs = benchFor(emulator, "china", { credentials: { kind: "keys", keys: key } });
    const { id } = await bench.create(inputsOf());
    const other = await theirs.create(inputsOf());
    expect(other.id).not.toBe(id);
    const recordedTenancy = await bench.connection.tenancy();
    const failure = await failureOf(theirs.remove(id, { recordedTenancy }));
    expect(failure.message).toContain("belongs to another account than this connection.");
    expect(bench.site.robots.size).toBe(2);
    await theirs.connection.close();
  });

  test("lives at both sites under one id, one program for both", async () => {
    const abroad = benchFor(emulator, "international");
    const [here, there] = await Promise.all([
      bench.create(inputsOf()),
      abroad.create(inputsOf({ language: "en" })),
    ]);
    expect([here.id, there.id]).toEqual(["1001", "1001"]);
    await bench.remove("1001");
    expect(await abroad.read("1001")).toMatchObject({ language: "en" });
    await abroad.connection.close();
  });
});
