import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { createEngineProject, ENGINE_TEST_TIMEOUT_MS, EngineError, type EngineProject } from "./harness";
import { until } from "./support/lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

/** A complete dynamic provider in one string; its "cloud" is a JSON file. */
const STUB = `
const fs = require("fs");
const file = process.env.CLOUD;
const all = () => (fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : {});
const save = (objects) => fs.writeFileSync(file, JSON.stringify(objects));
exports.handler = () => ({
  check: async (olds, news) => ({ inputs: news }),
  diff: async (id, olds, news) => ({ changes: olds.name === news.name && olds.token === news.token ? false : undefined }),
  create: async (inputs) => {
    if (inputs.name === "slow") {
      fs.writeFileSync(file + ".slow", "");
      await new Promise((resolve) => setTimeout(resolve, 60000));
    }
    save({ ...all(), o1: { name: inputs.name } });
    return { id: "o1", outs: inputs };
  },
  read: async (id, props) => {
    const found = all()[id];
    if (!found) return {};
    const inputs = { name: found.name, token: props.token };
    return { id, props: inputs, inputs };
  },
  update: async (id, olds, news) => { save({ ...all(), [id]: { name: news.name } }); return { outs: news }; },
  delete: async (id) => { const objects = all(); delete objects[id]; save(objects); },
});`;

const program = (name: string) => `
const pulumi = require("@pulumi/pulumi");
const config = new pulumi.Config();
class Thing extends pulumi.CustomResource {
  constructor(name, args) {
    super("pulumi-nodejs:dynamic/harness:Thing", name, { ...args, __provider: ${JSON.stringify(STUB)} });
  }
}
exports.id = new Thing("thing", { name: ${JSON.stringify(name)}, token: config.requireSecret("token") }).id;
exports.plain = config.require("plain");
`;

describe("engine harness", () => {
  let project: EngineProject;
  let cloud: string;
  beforeAll(async () => {
    cloud = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "harness-cloud-")), "cloud.json");
    project = await createEngineProject({
      program: program("one"),
      install: "none",
      env: { CLOUD: cloud },
      config: { "engine-test:plain": "p", "engine-test:token": { secret: "t0ken" } },
    });
  });
  afterAll(async () => {
    await project.dispose();
    fs.rmSync(path.dirname(cloud), { recursive: true, force: true });
  });

  const objects = () => JSON.parse(fs.readFileSync(cloud, "utf8")) as Record<string, { name: string }>;

  test("up creates, reports its steps, keeps secrets encrypted in state and gives outputs", async () => {
    const up = await project.up([], { grpc: true });
    expect(up.step("thing")).toMatchObject({ op: "create", planned: false, failed: false });
    expect(up.changes).toEqual({ create: 2 });
    expect(up.grpc.some(({ method }) => method === "/pulumirpc.ResourceProvider/Create")).toBe(true);
    expect(objects()).toEqual({ o1: { name: "one" } });
    expect(await project.outputs()).toEqual({ id: "o1", plain: "p" });
    expect((await project.resource("thing")).inputs?.["token"]).toMatchObject({
      ciphertext: expect.any(String) as string,
    });
    expect((await project.resource("thing", { showSecrets: true })).inputs?.["token"]).toMatchObject({
      plaintext: '"t0ken"',
    });
  });

  test("drift ends with exit code 7, names the property and is repaired", async () => {
    fs.writeFileSync(cloud, JSON.stringify({ o1: { name: "moved" } }));
    const drift = await project.refresh(["--preview-only", "--expect-no-changes", "--diff"], {
      expectExit: 7,
    });
    expect(drift.step("thing")).toMatchObject({ planned: true, diffs: ["name"] });
    expect(drift.text).toMatch(/~ name: "one" => "moved"/);
    const repair = await project.up(["--refresh"]);
    expect(repair.step("thing")).toMatchObject({
      op: "update",
      detailedDiff: { name: { kind: "update", inputDiff: true } },
    });
    expect(objects()).toEqual({ o1: { name: "one" } });
  });

  test("an exit code that was not expected is an error with the whole output", async () => {
    const failing = project.preview(["--expect-no-changes"], { expectExit: 7 });
    await expect(failing).rejects.toThrow(EngineError);
    await expect(failing).rejects.toThrow(
      /pulumi preview .*: exit code 0, expected exit code 7[\s\S]*Previewing update/,
    );
  });

  test("a killed command leaves processes that dispose() would end, and its lock can be cancelled", async () => {
    project.writeProgram(program("slow").replace('"thing"', '"second"'));
    const command = project.start(["up", "--yes", "--skip-preview"]);
    // Not before: the CLI writes its state until then, and a write that is killed leaves half a file.
    await until(() => fs.existsSync(`${cloud}.slow`));
    expect(project.processes().length).toBeGreaterThanOrEqual(3);
    command.signal("SIGKILL");
    expect(await command.ended).toMatchObject({ exitCode: undefined, signal: "SIGKILL" });
    expect(project.processes().length).toBeGreaterThan(0);
    const other = await createEngineProject({ program: "", install: "none" });
    await other.dispose();
    expect(fs.existsSync(other.folder)).toBe(false);
    await project.pulumi(["cancel", "--yes"]);
    project.writeProgram(program("one"));
  });

  test("destroy removes the object", async () => {
    const destroy = await project.destroy();
    expect(destroy.step("thing")).toMatchObject({ op: "delete" });
    expect(objects()).toEqual({});
  });

  test("dispose ends every process and removes the folder", async () => {
    expect(project.processes().length).toBeGreaterThan(0);
    await project.dispose();
    expect(project.processes()).toEqual([]);
    expect(fs.existsSync(project.folder)).toBe(false);
  });
});
