/**
 * Stacks that releases left behind, under the package of today. `npm run test:states` writes those of this release, once, when it is made.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { ENGINE_TEST_TIMEOUT_MS, type EngineResult, type StateResource } from "../engine/harness";
import { connectionOf, idOf } from "../engine/support/lab";
import { RobotLab } from "../engine/support/robot-lab";
import { RELEASE_STACKS, type StackName } from "./support/release-stacks";
import { allDefinitions } from "./support/all-definitions";
import {
  nameOf,
  resourcesOf,
  restore,
  store,
  type StoredStack,
  storedVersions,
  VERSION,
} from "./support/stored-stack";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const IS_WRITING = process.env["npm_lifecycle_event"] === "test:states";
/** Makes the ids in stored stacks the same in every run. */
const EMULATOR = { seed: 1 };

/** What stands in a stored stack: a name, and no code that could be run in the place of the installed package. */
const STUB =
  /^exports\.handler=\(\)=>\{try\{return require\("pulumi-dingtalk\/runtime"\)\.resource\("[\w:]+"\)\}catch/;

const labs: RobotLab[] = [];
afterAll(() => Promise.all(labs.map((lab) => lab.dispose())));

async function newLab(): Promise<RobotLab> {
  const lab = await RobotLab.create({ emulator: EMULATOR });
  labs.push(lab);
  return lab;
}

/** Installs a newer release in the place of the package: today's code, which notes every call that it gets. */
function upgrade(lab: RobotLab): () => string[] {
  const installed = path.join(lab.project.folder, "node_modules", "pulumi-dingtalk");
  const notes = path.join(lab.project.folder, "calls.txt");
  const manifestFile = path.join(installed, "package.json");
  const manifest = JSON.parse(fs.readFileSync(manifestFile, "utf8")) as object;
  fs.writeFileSync(manifestFile, JSON.stringify({ ...manifest, version: "99.0.0" }));
  fs.writeFileSync(notes, "");
  fs.appendFileSync(
    path.join(installed, "dist", "provider", "runtime.js"),
    `
{
  const { appendFileSync } = require("node:fs");
  const { version } = require("../../package.json");
  const byRelease = module.exports.resource;
  const resource = (token) => new Proxy(byRelease(token), {
    get: (front, name) => typeof front[name] !== "function" ? front[name] : (...args) => {
      appendFileSync(${JSON.stringify(notes)}, [version, token, name].join(" ") + "\\n");
      return front[name](...args);
    },
  });
  module.exports = { resource };
}
`,
  );
  return () => {
    const lines = fs.readFileSync(notes, "utf8").split("\n").filter(Boolean);
    fs.writeFileSync(notes, "");
    return lines;
  };
}

/** How often the newer release got a call. */
function countOf(calls: readonly string[], method: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const call of calls) {
    const [version, token = "", called] = call.split(" ");
    if (version === "99.0.0" && called === method) {
      counts[token] = (counts[token] ?? 0) + 1;
    }
  }
  return counts;
}

const isOnlyRead = (one: StateResource): boolean => one["external"] === true;
const opsOf = (result: EngineResult): Record<string, string> =>
  Object.fromEntries(result.steps.map(({ name, op }) => [name, op]));

if (IS_WRITING) {
  test.each(Object.keys(RELEASE_STACKS) as StackName[])(
    `the stack "%s" of ${VERSION} is written`,
    async (name) => {
      const lab = await newLab();
      const { program, deployment } = await RELEASE_STACKS[name](lab, connectionOf(lab.emulator));
      store(name, program, deployment, lab.emulator);
    },
  );
}

test("this release keeps stacks of itself, with every kind of resource", async () => {
  expect(storedVersions()).toContain(VERSION);
  const lab = await newLab();
  const kept = resourcesOf(restore(VERSION, "finished", lab.emulator)).map(({ type }) => type.split("/")[1]);
  // If a kind is missing: declare it in support/release-stacks.ts, and see "Releases and stored state" in CONTRIBUTING.md.
  expect([...new Set(kept)].sort()).toEqual(allDefinitions().map(({ token }) => token));
});

for (const version of IS_WRITING ? [] : storedVersions()) {
  describe(`a stack of ${version}, under a newer release:`, () => {
    interface Upgraded {
      lab: RobotLab;
      stored: StoredStack;
      env: { env: Record<string, string> };
      /** What the newer release was called for since the last time. */
      calls(): string[];
    }

    async function upgraded(name: StackName): Promise<Upgraded> {
      const lab = await newLab();
      const stored = restore(version, name, lab.emulator);
      lab.project.writeProgram(stored.program);
      await lab.project.import(stored.deployment);
      const calls = upgrade(lab);
      lab.emulator.journal.clear();
      return { lab, stored, calls, env: { env: connectionOf(lab.emulator) } };
    }
    const changing = (lab: RobotLab): (string | undefined)[] =>
      lab.emulator.journal
        .changing()
        .map(({ operation }) => operation)
        .sort();

    test("up changes nothing, and refresh and destroy run the newer code", async () => {
      const { lab, stored, calls, env } = await upgraded("finished");
      const { project, emulator } = lab;
      const resources = resourcesOf(stored);
      const byToken = (of: typeof resources): Record<string, number> => {
        const counts: Record<string, number> = {};
        for (const { type } of of) {
          const token = type.split("/")[1] ?? "";
          counts[token] = (counts[token] ?? 0) + 1;
        }
        return counts;
      };
      for (const { inputs } of resources) {
        expect(inputs?.["__provider"]).toMatch(STUB);
      }
      const unchanged = Object.fromEntries(
        resources.map((one) => [nameOf(one), isOnlyRead(one) ? "read" : "same"]),
      );

      const planned = await project.preview(["--diff"], env);
      expect(opsOf(planned)).toEqual(unchanged);
      expect(planned.diagnostics.filter(({ severity }) => severity !== "info")).toEqual([]);
      expect(calls()).not.toEqual([]);
      expect(opsOf(await project.up([], env))).toEqual(unchanged);
      calls();
      await project.refresh(["--preview-only", "--expect-no-changes"], env);
      calls();
      await project.refresh([], env);
      expect(countOf(calls(), "read")).toEqual(byToken(resources));
      expect(changing(lab)).toEqual([]);

      await project.destroy([], env);
      const managed = resources.filter((one) => !isOnlyRead(one));
      expect(managed.length).toBeLessThan(resources.length);
      expect(countOf(calls(), "delete")).toEqual(byToken(managed));
      expect(emulator.zstack.endpoints.list().map(({ name }) => name)).toEqual(["watched"]);
      expect(lab.names).toEqual(["watched"]);
    });

    test("what was not finished is finished by the next up, and only that", async () => {
      const { lab, stored, env } = await upgraded("unfinished");
      const { project, emulator } = lab;
      const half = resourcesOf(stored).filter(({ initErrors }) => initErrors !== undefined);
      expect(half.map(nameOf).sort()).toEqual(["half", "halfRobot", "halfTopic"]);
      const done = await project.up([], env);
      expect(opsOf(done)).toEqual({
        whole: "same",
        wholeRobot: "same",
        half: "update",
        halfRobot: "update",
        halfTopic: "update",
      });
      expect(changing(lab)).toEqual([
        "ChangeSNSApplicationEndpointState",
        "ChangeSNSTopicState",
        "ModifyDingTalkStatus",
      ]);
      expect(emulator.zstack.endpoints.get(idOf(done, "half"))).toMatchObject({ state: "Disabled" });
      expect(lab.view(idOf(done, "halfRobot"))).toMatchObject({ enabled: false });
      expect((await project.up([], env)).changes).toEqual({ same: 6 });
      expect((await project.resources()).filter(({ initErrors }) => initErrors)).toEqual([]);
    });

    test("what was not finished is destroyed by the newer code", async () => {
      const { lab, calls, env } = await upgraded("unfinished");
      await lab.project.destroy([], env);
      expect(countOf(calls(), "delete")).toEqual({
        "zstack:DingTalkEndpoint": 2,
        "zstack:Topic": 1,
        "securitycenter:DingTalkRobot": 2,
      });
      expect([lab.ids, lab.emulator.zstack.endpoints.list()]).toEqual([[], []]);
    });

    test("a replacement that was interrupted between delete and create is completed once", async () => {
      const { lab, stored, calls, env } = await upgraded("interrupted");
      const { project, emulator } = lab;
      const pending = resourcesOf(stored).filter((one) => one["pendingReplacement"] === true);
      expect(pending.map(nameOf).sort()).toEqual(["moved", "movedRobot"]);
      const done = await project.up([], env);
      expect(emulator.zstack.endpoints.list()).toMatchObject([{ uuid: idOf(done, "moved"), name: "after" }]);
      expect(lab.site.robots.list()).toMatchObject([{ actionName: "after" }]);
      expect(lab.ids).toEqual([idOf(done, "movedRobot")]);
      expect(changing(lab)).toEqual(["CreateOrUpdateDingTalk", "CreateSNSDingTalkEndpoint"]);
      expect(Object.values(countOf(calls(), "create"))).toEqual([1, 1]);
      await project.refresh(["--preview-only", "--expect-no-changes"], env);
      expect((await project.up([], env)).changes).toEqual({ same: 3 });
      await project.destroy([], env);
      expect([lab.ids, emulator.zstack.endpoints.list()]).toEqual([[], []]);
    });
  });
}
