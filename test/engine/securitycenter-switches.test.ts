import type { Emulator, Robot, SecurityCenterSwitches } from "../../emulator";
import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import { idOf, shownOf } from "./support/lab";
import {
  changesAt,
  GROUP_A,
  GROUP_B,
  HIGH_RISK,
  namesOf,
  provider,
  robot,
  RobotLab,
  startSecurityCenter,
  viewOf,
  type RobotView,
} from "./support/robot-lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

/** A service that behaves in one of the ways nobody could rule out, and what somebody changes there. */
interface Service {
  switches: Partial<SecurityCenterSwitches>;
  declared: object;
  edit: Partial<Robot>;
  shown: Record<string, string>;
  repair: string[];
}

const SERVICES: Record<string, Service> = {
  escaped: {
    switches: { configListEncoding: "escaped", eventTypeEcho: "zh" },
    declared: { alertRules: [HIGH_RISK, { type: "suspicious", conditions: { event_type: ["Webshell"] } }] },
    edit: { configList: [] },
    shown: { alertRules: "delete" },
    repair: ["update"],
  },
  quotedCsv: {
    switches: { groupIdListEncoding: "quotedCsv" },
    declared: { assetGroupIds: [GROUP_A, GROUP_B] },
    edit: { groupIdList: [GROUP_B] },
    shown: { "assetGroupIds[0]": "update", "assetGroupIds[1]": "delete" },
    repair: ["update"],
  },
  masked: {
    switches: { maskUrl: "masked" },
    declared: {},
    // A token that begins and ends otherwise shows through the mask.
    edit: { url: "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef" },
    shown: { webhookUrl: "update" },
    repair: ["update"],
  },
  statusReset: {
    switches: { statusResetOnUpdate: true },
    declared: { enabled: false },
    edit: { dingTalkLang: "en" },
    shown: { language: "update" },
    repair: ["update", "status"],
  },
  lagging: {
    switches: { listLagCalls: 2 },
    declared: {},
    edit: { intervalTime: 60 },
    shown: { notificationInterval: "update" },
    repair: ["update"],
  },
};

let lab: RobotLab;
const emulators = new Map<string, Emulator>();
const emulatorOf = (name: string): Emulator => emulators.get(name) ?? lab.emulator;
let program: string[];
let created: EngineResult;
const asDeclared = new Map<string, RobotView>();

const forget = (): void => {
  for (const { journal } of emulators.values()) {
    journal.clear();
  }
};

// One program with a connection to each of the services: every step of the life costs one run for all.
beforeAll(async () => {
  lab = await RobotLab.create();
  for (const [name, { switches }] of Object.entries(SERVICES)) {
    emulators.set(name, await startSecurityCenter({ securitycenter: { china: switches } }));
  }
  program = Object.entries(SERVICES).flatMap(([name, { declared }]) => [
    provider(`${name}Service`, emulatorOf(name)),
    robot(name, declared, `{ provider: ${name}Service }`),
  ]);
  created = await lab.up(program);
  for (const name of Object.keys(SERVICES)) {
    asDeclared.set(name, viewOf(emulatorOf(name), idOf(created, name)));
  }
});
afterAll(async () => {
  await lab.dispose();
  await Promise.all([...emulators.values()].map((one) => one.close()));
});

const EACH = Object.entries(SERVICES).map(([name, service]) => ({ name, ...service }));

describe("a service with one of the behaviours that nobody could rule out", () => {
  test.each(EACH)("$name: up creates one robot", ({ name, declared }) => {
    expect(changesAt(emulatorOf(name)).filter((verb) => verb === "create")).toHaveLength(1);
    expect(asDeclared.get(name)?.enabled).toBe(!("enabled" in declared));
    expect(namesOf(emulatorOf(name))).toHaveLength(1);
  });

  test("a second up changes nothing and writes nothing", async () => {
    forget();
    const again = await lab.up(program);
    expect(again.steps.map(({ op }) => op)).toEqual(EACH.map(() => "same"));
    expect(EACH.flatMap(({ name }) => changesAt(emulatorOf(name)))).toEqual([]);
  });

  describe("after somebody changed something", () => {
    let seen: EngineResult;
    const repairs = new Map<string, string[]>();
    beforeAll(async () => {
      for (const { name, edit } of EACH) {
        emulatorOf(name).securitycenter.china.robots.edit(idOf(created, name), edit);
      }
      seen = await lab.project.refresh(["--preview-only", "--expect-no-changes"], { expectExit: 7 });
      forget();
      await lab.up(program, ["--refresh"]);
      for (const { name } of EACH) {
        repairs.set(name, changesAt(emulatorOf(name)));
      }
    });

    test.each(EACH)("$name: the drift is seen and repaired", ({ name, shown, repair }) => {
      expect(shownOf(seen, name)).toEqual(shown);
      expect(repairs.get(name)).toEqual(repair);
      expect(viewOf(emulatorOf(name), idOf(created, name))).toEqual(asDeclared.get(name));
    });

    test("destroy leaves all of them empty", async () => {
      await lab.project.destroy();
      expect(EACH.flatMap(({ name }) => namesOf(emulatorOf(name)))).toEqual([]);
      expect(await lab.project.resources()).toEqual([]);
    });
  });
});
