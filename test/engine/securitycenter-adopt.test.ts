import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import { errorOf, idOf, OTHER_WEBHOOK } from "./support/lab";
import { robot, RobotLab } from "./support/robot-lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

let lab: RobotLab;
beforeAll(async () => {
  lab = await RobotLab.create();
});
afterAll(() => lab.dispose());

describe("adopt of what is there", () => {
  const ids: Record<string, string> = {};
  let up: EngineResult;
  let program: string[];
  let left: { result: EngineResult; changes: string[] };

  beforeAll(async () => {
    ids["byDefault"] = lab.existing("ByDefault");
    ids["off"] = lab.existing("Off", { status: 0 });
    ids["masked"] = lab.existing("Masked\n");
    ids["byName"] = lab.existing("ByName", { dingTalkLang: "en", url: OTHER_WEBHOOK });
    ids["asDeclared"] = lab.existing("AsDeclared");
    ids["byId"] = lab.existing("ById");
    program = [
      robot("byDefault", { name: "ByDefault" }),
      robot("off", { name: "Off", adopt: "identical" }),
      robot("masked", { name: "Masked" }),
      robot("byName", { name: "ByName", adopt: { byName: true, overwrite: true } }),
      robot("asDeclared", { name: "AsDeclared", adopt: "byName" }),
      robot("byNameNone", { name: "Nobody has this", adopt: "byName" }),
      robot("byId", {
        name: "Renamed",
        notificationInterval: 60,
        adopt: { id: ids["byId"], overwrite: true },
      }),
      robot("never", { name: "Never", adopt: "never" }),
    ];
    lab.site.switches.maskUrl = "masked";
    up = await lab.up(program);
    lab.site.switches.maskUrl = "none";
  });

  test.each([
    ["byDefault", "takes the identical robot over and writes nothing", []],
    ["off", "takes the identical robot over, then enables it", ["status"]],
    ["masked", "takes a robot over whose name ends with a line feed", []],
    ["asDeclared", "takes the robot of that name over, which is as declared, and writes nothing", []],
    ["byName", "takes the robot of that name over and changes the difference", ["update"]],
    ["byId", "takes that very robot over and changes the difference", ["update"]],
  ])("%s %s, while webhooks are masked", (name, _does, calls) => {
    expect(idOf(up, name)).toBe(ids[name]);
    expect(lab.changesOf(ids[name] ?? "")).toEqual(calls);
  });

  test("what nobody has is created, and the server has what was declared", () => {
    expect(lab.creates).toBe(2);
    expect(lab.ids).toHaveLength(8);
    expect(lab.view(idOf(up, "byNameNone"))).toMatchObject({ name: "Nobody has this" });
    expect(lab.view(ids["byName"] ?? "")).toMatchObject({ language: "zh" });
    expect(lab.view(ids["byName"] ?? "").webhookUrl).not.toBe(OTHER_WEBHOOK);
    expect(lab.view(ids["byId"] ?? "")).toMatchObject({ name: "Renamed", notificationInterval: 60 });
    expect(lab.view(ids["off"] ?? "")).toMatchObject({ enabled: true });
  });

  test("taking over warns that destroy will delete the robot", () => {
    const warned = up.diagnostics.filter(({ severity }) => severity === "warning");
    for (const name of Object.keys(ids)) {
      expect(warned.map(({ message }) => message).join("\n")).toMatch(
        new RegExp(
          `Takes over the existing DingTalk robot ${ids[name]}[.,][^\\n]* Destroying this resource will delete it\\.`,
        ),
      );
    }
  });

  test("a later change of adopt is no change, and adopted robots are deleted like any others", async () => {
    const without = program.map((line) => line.replace(/,"adopt":("\w+"|\{[^}]*\})/, ""));
    expect(without.join()).not.toMatch(/adopt/);
    left = { result: await lab.up(without), changes: lab.changes };
    expect(left.result.changes).toEqual({ same: 9 });
    expect(left.changes).toEqual([]);
    await lab.project.destroy();
    expect(lab.ids).toEqual([]);
  });
});

describe("adopt of what is not as it should be", () => {
  const ids: Record<string, string> = {};
  let up: EngineResult;
  beforeAll(async () => {
    ids["differs"] = lab.existing("Differs", { url: OTHER_WEBHOOK });
    ids["never"] = lab.existing("Never");
    ids["one"] = lab.existing("Twins");
    ids["two"] = lab.existing("Twins");
    ids["lookalike"] = lab.existing("alert");
    ids["shared"] = lab.existing("Shared");
    up = await lab.up(
      [
        robot("differs", { name: "Differs" }),
        robot("never", { name: "Never", adopt: "never" }),
        robot("twoIdentical", { name: "Twins" }),
        robot("twoNamesakes", { name: "Twins", language: "en", adopt: "byName" }),
        robot("absent", { adopt: { id: "999" } }),
        robot("alert", { name: "Alert" }),
        robot("alertTwo", { name: "alert 2", adopt: "byName" }),
        robot("first", { name: "Shared", adopt: { id: ids["shared"] } }),
        robot("second", { name: "Shared", adopt: { id: ids["shared"] } }, "{ dependsOn: first }"),
      ],
      ["--continue-on-error"],
      { expectExit: 1 },
    );
  });

  test.each([
    [
      "differs",
      "a namesake that differs",
      () => [ids["differs"], "adopt: { id }", 'adopt: "byName"', "declare another name"],
    ],
    ["never", "an identical robot with never", () => [ids["never"], "adopt: { id }", "declare another name"]],
    [
      "twoIdentical",
      "two identical ones",
      () => [`${ids["two"]}, ${ids["one"]}`, "Say which one with `adopt: { id }`"],
    ],
    [
      "twoNamesakes",
      "two of that name",
      () => [`${ids["two"]}, ${ids["one"]}`, "Say which one with `adopt: { id }`"],
    ],
    ["absent", "an id that nothing has", () => ["there is no DingTalk robot 999"]],
    [
      "second",
      "a robot that another resource has",
      () => [`${ids["shared"]} already belongs to another resource`],
    ],
  ])("%s: %s is refused, naming what is there and the way out", (name, _what, said) => {
    expect(up.step(name)).toMatchObject({ op: "create", failed: true });
    for (const part of said()) {
      expect(errorOf(up, name)).toContain(part);
    }
  });

  test("names that only look alike are other names", () => {
    expect(idOf(up, "alert")).not.toBe(ids["lookalike"]);
    expect(idOf(up, "alertTwo")).not.toBe(ids["lookalike"]);
    expect(lab.changes).toEqual(["create", "create"]);
    expect(lab.view(ids["lookalike"] ?? "")).toMatchObject({ name: "alert" });
  });

  test("no refused robot is in the state, and none of them was touched", async () => {
    const recorded = (await lab.project.resources()).map(({ urn }) => urn.split("::").at(-1)).sort();
    expect(recorded).toEqual(["alert", "alertTwo", "first"]);
    expect(lab.ids).toEqual(expect.arrayContaining(Object.values(ids)));
    await lab.project.destroy();
    expect(lab.names).toEqual(["Differs", "Never", "Twins", "Twins", "alert"]);
  });
});
