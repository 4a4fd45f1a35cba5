import { ENGINE_TEST_TIMEOUT_MS } from "./harness";
import { connectionOf, endpoint, idOf, phone, shownOf, viewOf as endpointOf } from "./support/lab";
import { GROUP_A, GROUP_B, robot, RobotLab } from "./support/robot-lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

/** Property paths with a position or a key in them: the engine applies them before it asks the provider. */

let lab: RobotLab;
beforeAll(async () => {
  lab = await RobotLab.create();
  const env = connectionOf(lab.emulator);
  await lab.project.setConfig({
    "zstack:endpoint": env["ZSTACK_ENDPOINT"] ?? "",
    "zstack:accountName": env["ZSTACK_ACCOUNT_NAME"] ?? "",
    "zstack:accountPassword": { secret: env["ZSTACK_ACCOUNT_PASSWORD"] ?? "" },
  });
});
afterAll(() => lab.dispose());

const SUSPICIOUS = { type: "suspicious", conditions: { item_level: ["serious", "suspicious"] } };
const BASELINE = { type: "hc", conditions: { item_level: ["high"] } };

describe("what a program ignores by position", () => {
  const statements = (order: "given" | "turned") => {
    const turn = <T>(list: T[]): T[] => (order === "given" ? list : [...list].reverse());
    return [
      robot(
        "member",
        { alertRules: turn([SUSPICIOUS, BASELINE]) },
        `{ ignoreChanges: ["alertRules[0].conditions"] }`,
      ),
      robot("rule", { alertRules: turn([SUSPICIOUS, BASELINE]) }, `{ ignoreChanges: ["alertRules[1]"] }`),
      robot(
        "value",
        { alertRules: turn([SUSPICIOUS, BASELINE]) },
        `{ ignoreChanges: ["alertRules[0].conditions.item_level[0]"] }`,
      ),
      robot("group", { assetGroupIds: turn([GROUP_B, GROUP_A]) }, `{ ignoreChanges: ["assetGroupIds[0]"] }`),
      endpoint("tag", { userTags: turn(["b", "a"]) }, `{ ignoreChanges: ["userTags[0]"] }`),
    ];
  };
  const NAMES = ["member", "rule", "value", "group", "tag"];
  const ids: Record<string, string> = {};
  const held = () => [
    ...["member", "rule", "value"].map((name) => lab.view(ids[name] ?? "").alertRules),
    lab.view(ids["group"] ?? "").assetGroupIds,
    endpointOf(lab.emulator, ids["tag"] ?? "").userTags,
  ];
  const RULES = { suspicious: { item_level: ["serious", "suspicious"] }, hc: { item_level: ["high"] } };
  const AS_DECLARED = [RULES, RULES, RULES, [GROUP_A, GROUP_B].sort(), ["a", "b"]];

  test("changes nothing in the next up of the same program, nor when the order is another one", async () => {
    const created = await lab.up(statements("given"));
    for (const name of NAMES) {
      ids[name] = idOf(created, name);
    }
    expect(held()).toEqual(AS_DECLARED);
    for (const order of ["given", "turned", "given"] as const) {
      const up = await lab.up(statements(order));
      expect(NAMES.map((name) => [name, up.step(name)?.op])).toEqual(NAMES.map((name) => [name, "same"]));
      expect(lab.emulator.journal.changing()).toEqual([]);
    }
  });

  test("is left as somebody else made it, and only that", async () => {
    const { robots } = lab.site;
    const rules = (suspicious: string[], baseline: string[]) =>
      [
        { type: "suspicious", values: suspicious },
        { type: "hc", values: baseline },
      ].map(({ type, values }) => ({
        type: `sas_analysis_online-sas-operation-log-sas-event-${type}`,
        configItemList: [{ key: "item_level", valueList: values }],
      }));
    robots.edit(ids["member"] ?? "", { configList: rules(["remind"], ["low"]) });
    robots.edit(ids["rule"] ?? "", { configList: rules(["remind"], ["low"]) });
    const up = await lab.up(statements("given"), ["--refresh"]);
    expect(up.exitCode).toBe(0);
    expect(held()[0]).toEqual({ suspicious: { item_level: ["remind"] }, hc: { item_level: ["high"] } });
    expect(held()[1]).toEqual({
      suspicious: { item_level: ["serious", "suspicious"] },
      hc: { item_level: ["low"] },
    });
  });

  test("gives no rule the values of another after one was taken away on the server", async () => {
    lab.site.robots.edit(ids["member"] ?? "", {
      configList: [
        {
          type: "sas_analysis_online-sas-operation-log-sas-event-hc",
          configItemList: [{ key: "item_level", valueList: ["high"] }],
        },
      ],
    });
    await lab.up(statements("given"), ["--refresh"]);
    expect(held()[0]).toEqual(RULES);
  });
});

describe("what a program ignores by key", () => {
  const [DUTY, BOSS] = [phone(1), phone(2)];
  const bare = (number: string) => number.replace("+86-", "");
  const FORMS: Record<string, [string, string]> = {
    bareMap: [`{ ${JSON.stringify(bare(DUTY))}: "duty" }`, `atPersons["${DUTY}"]`],
    list: [`[${JSON.stringify(bare(DUTY))}, ${JSON.stringify(BOSS)}]`, `atPersons["${DUTY}"]`],
    barePath: [`{ ${JSON.stringify(DUTY)}: "duty" }`, `atPersons["${bare(DUTY)}"]`],
    position: [`[${JSON.stringify(bare(DUTY))}, ${JSON.stringify(BOSS)}]`, "atPersons[0]"],
    late: [`pulumi.output([${JSON.stringify(bare(DUTY))}])`, `atPersons["${DUTY}"]`],
  };
  const statements = Object.entries(FORMS).map(
    ([name, [atPersons, path]]) =>
      `new zstack.DingTalkEndpoint(${JSON.stringify(name)}, { webhookUrl: "https://oapi.dingtalk.com/robot/send?access_token=${"ab".repeat(32)}", atPersons: ${atPersons} }, { ignoreChanges: [${JSON.stringify(path)}] });`,
  );

  test("is the same person in every form of the list, the map and the path", async () => {
    const created = await lab.up(statements);
    const again = await lab.up(statements);
    expect(again.changes).toMatchObject({ same: Object.keys(FORMS).length + 1 });
    for (const name of Object.keys(FORMS)) {
      const uuid = idOf(created, name);
      lab.emulator.zstack.persons
        .list()
        .filter(({ endpointUuid, phoneNumber }) => endpointUuid === uuid && phoneNumber === DUTY)
        .forEach(({ uuid: person }) => lab.emulator.zstack.persons.edit(person, { remark: "changed" }));
    }
    const repaired = await lab.up(statements, ["--refresh"]);
    expect(lab.emulator.journal.changing()).toEqual([]);
    expect(repaired.text).not.toContain("cannot ignore changes");
  });
});

test("a diff shows what has changed and nothing that describes nothing, also after a rename", async () => {
  const before = [
    endpoint("old", { name: "shown", description: "one", adopt: "byName" }),
    robot("oldRobot", { name: "shown", language: "zh", adopt: "byName" }),
  ];
  const created = await lab.up(before);
  lab.emulator.zstack.endpoints.edit(idOf(created, "old"), { description: "drifted" });
  lab.site.robots.edit(idOf(created, "oldRobot"), { dingTalkLang: "en" });
  const after = [
    endpoint("renamed", { name: "shown", description: "one" }, `{ aliases: [{ name: "old" }] }`),
    robot("renamedRobot", { name: "shown", language: "zh" }, `{ aliases: [{ name: "oldRobot" }] }`),
  ];
  const up = await lab.up(after, ["--refresh"]);
  expect(shownOf(up, "renamed")).toEqual({ description: "update" });
  expect(shownOf(up, "renamedRobot")).toEqual({ language: "update" });
});
