import { ENGINE_TEST_TIMEOUT_MS } from "./harness";
import { errorOf, idOf } from "./support/lab";
import { GROUP_A, robot, RobotLab } from "./support/robot-lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

let lab: RobotLab;
beforeAll(async () => {
  lab = await RobotLab.create();
});
afterAll(() => lab.dispose());

describe("static get", () => {
  const read = (id: string): string[] => [
    `const theirs = securitycenter.DingTalkRobot.get("theirs", ${JSON.stringify(id)});`,
    `exports.seen = { robotId: theirs.robotId, name: theirs.name, alertRules: theirs.alertRules, assetGroupIds: theirs.assetGroupIds, enabled: theirs.enabled, is: securitycenter.DingTalkRobot.isInstance(theirs) };`,
  ];

  test("shows an existing robot, its webhook encrypted, and never changes or deletes it", async () => {
    const there = lab.existing("Theirs", { groupIdList: [GROUP_A], status: 0 });
    const up = await lab.up(read(there));
    expect(up.step("theirs")?.op).toBe("read");
    expect((await lab.project.outputs())["seen"]).toEqual({
      robotId: there,
      name: "Theirs",
      alertRules: [{ type: "hc", conditions: { item_level: ["high"] } }],
      assetGroupIds: [GROUP_A],
      enabled: false,
      is: true,
    });
    expect(up.text + JSON.stringify(await lab.project.export())).not.toMatch(/canary/);
    await lab.project.refresh();
    await lab.project.destroy();
    expect(lab.changes).toEqual([]);
    expect(lab.theOnly()).toMatchObject({ id: there });
    lab.site.robots.remove(there);
  });

  test("of a missing robot fails and says where it looked", async () => {
    const missing = await lab.up(read("999"), [], { expectExit: 1 });
    expect(missing.text).toContain("There is no DingTalk robot with the id 999.");
    expect(missing.text).toContain("Looked in: china");
  });
});

describe("options of a resource", () => {
  const OPTIONS: Record<string, string> = {
    ignored: `{ ignoreChanges: ["language", "alertRules"] }`,
    protectedOne: "{ protect: true }",
    retained: "{ retainOnDelete: true }",
    old: "{}",
  };
  const program = (args: object): string[] =>
    Object.entries(OPTIONS).map(([name, opts]) => robot(name, args, opts));
  const ids: Record<string, string> = {};
  const names: Record<string, string> = {};

  beforeAll(async () => {
    const up = await lab.up(program({}));
    for (const name of Object.keys(OPTIONS)) {
      ids[name] = idOf(up, name);
      names[name] = lab.view(ids[name]).name;
    }
  });

  test("ignoreChanges keeps what the server has, and aliases and pulumi state rename keep the robot with its automatic name", async () => {
    const urn = (await lab.project.resource("retained")).urn;
    await lab.project.pulumi(["state", "rename", urn, "kept", "--yes"]);
    OPTIONS["kept"] = OPTIONS["retained"] ?? "";
    OPTIONS["renamed"] = `{ aliases: [{ name: "old" }] }`;
    delete OPTIONS["retained"];
    delete OPTIONS["old"];
    const changed = { alertRules: [{ type: "rasp" }], language: "en" };
    const up = await lab.up([robot("ignored", changed, OPTIONS["ignored"]), ...program({}).slice(1)]);
    expect(up.steps.map(({ op }) => op)).toEqual(["same", "same", "same", "same"]);
    expect(lab.changes).toEqual([]);
    expect([idOf(up, "kept"), idOf(up, "renamed")]).toEqual([ids["retained"], ids["old"]]);
    expect(lab.view(ids["ignored"] ?? "")).toMatchObject({ language: "zh" });
    expect(lab.names).toEqual(Object.values(names).sort());
  });

  test("protect refuses to delete, retainOnDelete deletes without a call", async () => {
    const refused = await lab.project.destroy([], { expectExit: "any" });
    expect(refused.exitCode).not.toBe(0);
    expect(refused.text).toMatch(/protectedOne.*cannot be deleted\s+because it is protected/s);
    expect(lab.ids).toContain(ids["protectedOne"]);
    await lab.project.pulumi(["state", "unprotect", "--all", "--yes"]);
    await lab.project.destroy();
    expect(lab.ids).toEqual([ids["retained"]]);
    expect(await lab.project.resources()).toEqual([]);
  });
});

test("everything wrong is said in preview, at once, before any call and without a secret", async () => {
  lab.declare(
    robot("wrong", {
      name: "x",
      webhookUrl: "ftp://canary.example/robot",
      language: "fr",
      notificationInterval: 1.5,
      assetGroupIds: [],
      alertRules: [{ type: "hc", condition: {} }, { type: "vul" }, { type: "vul" }, { type: "hk" }],
      enabled: "yes",
      secret: "canary",
      sendUrl: "canary",
      adopt: "byname",
    }),
  );
  lab.emulator.journal.clear();
  const refused = await lab.project.preview([], { expectExit: "any" });
  expect(refused.exitCode).not.toBe(0);
  for (const part of [
    "name: must be at least 2 characters long",
    "webhookUrl: must start with https:// or http://",
    'language: must be "zh" or "en"',
    "notificationInterval: must be",
    "assetGroupIds: ",
    "alertRules[0].condition: is not a member of a rule. Did you mean",
    "alertRules[2].type: is the type of another rule, too",
    "enabled: must be true or false, but is a string",
    "secret: is not offered: Security Center cannot sign",
    "sendUrl: is called webhookUrl here",
    'adopt: must be "never"',
  ]) {
    expect(errorOf(refused, "wrong")).toContain(part);
  }
  expect(refused.text).not.toMatch(/canary/);
  expect(lab.emulator.journal.entries).toEqual([]);
});

test("values that are unknown in preview pass, and the id is known in the preview of an update", async () => {
  const program = (name: string): string[] => [
    robot("source", { name }),
    `const made = source.createdAt.apply((at) => "made " + at.length);
    const target = new securitycenter.DingTalkRobot("target", {
      name: made,
      webhookUrl: made.apply((text) => "https://oapi.dingtalk.com/robot/send?access_token=canary" + text.length),
      language: made.apply(() => "en"),
      notificationInterval: made.apply((text) => text.length),
      assetGroupIds: made.apply(() => ["${GROUP_A}"]),
      alertRules: [{ type: "suspicious", conditions: { event_type: [made.apply(() => "Webshell")] } }],
      enabled: made.apply(() => false),
    });
    exports.robotId = target.robotId;`,
  ];
  lab.declare(...program("source"));
  const planned = await lab.project.preview();
  expect(planned.changes).toEqual({ create: 3 });
  const up = await lab.up(program("source"));
  expect(lab.view(idOf(up, "target"))).toMatchObject({
    name: "made 24",
    language: "en",
    notificationInterval: 7,
    assetGroupIds: [GROUP_A],
    alertRules: { suspicious: { event_type: ["Webshell"] } },
    enabled: false,
  });

  lab.declare(...program("renamed"));
  const preview = await lab.project.preview(["--diff"]);
  expect(preview.step("source")?.op).toBe("update");
  expect(preview.text).not.toMatch(/canary/);
  const second = await lab.up(program("renamed"));
  expect(second.step("target")?.op).toBe("same");
  expect(lab.changes).toEqual(["update"]);
});
