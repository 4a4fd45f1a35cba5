import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { ENGINE_TEST_TIMEOUT_MS } from "./harness";
import { DEFAULT_SDK, NEWEST_SDK, OLDEST_SDK, ROOT } from "./layout";
import { endpoint, Lab, program } from "./support/lab";

jest.setTimeout(2 * ENGINE_TEST_TIMEOUT_MS);

const MAX_STUB_BYTES = 300;
const run = promisify(execFile);
const CHANGED = { name: "changed by somebody" };
const EXPECT_CLEAN = ["--preview-only", "--expect-no-changes"];

/** The root of this repository as `pulumi up` sees it. */
const QUICKSTART = {
  projectFile: "main: examples/quickstart",
  program: Object.fromEntries(
    ["index.ts", "package.json"].map((file) => {
      const name = `examples/quickstart/${file}`;
      return [name, fs.readFileSync(path.join(ROOT, name), "utf8")];
    }),
  ),
};

/** The endpoint of the quickstart. */
const OFFICERS = "duty-officers";
/** The stack, the channel, and its topic, endpoint and subscription: without an alarm nothing sends. */
const QUICKSTART_RESOURCES = 5;

/** up, no-op, drift and repair, each seen from the server. */
async function expectLoop(lab: Lab, resource: string, resources: number): Promise<void> {
  await lab.project.up();
  const declared = lab.theOnly();
  lab.emulator.journal.clear();
  expect((await lab.project.up()).changes).toEqual({ same: resources });
  expect(lab.changes).toEqual([]);

  lab.zstack.endpoints.edit(declared.uuid, CHANGED);
  const drift = await lab.project.refresh(EXPECT_CLEAN, { expectExit: 7 });
  expect(drift.step(resource)?.diffs).toEqual(["name"]);
  await lab.project.up(["--refresh"]);
  expect(lab.theOnly()).toEqual(declared);
}

async function expectEmptyAfterDestroy(lab: Lab): Promise<void> {
  await lab.project.destroy();
  expect(lab.uuids).toEqual([]);
  expect(lab.zstack.sessions.list()).toEqual([]);
}

test("the packed package, installed with npm into an empty project, runs the quickstart", async () => {
  const tarballs = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dingtalk-pack-"));
  const lab = await Lab.create({ ...QUICKSTART, install: "none" });
  try {
    // What is packed is what was built before the tests began.
    await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", tarballs], { cwd: ROOT });
    const [tarball = ""] = fs.readdirSync(tarballs);
    const { version } = JSON.parse(fs.readFileSync(path.join(DEFAULT_SDK, "package.json"), "utf8")) as {
      version: string;
    };
    fs.rmSync(path.join(lab.project.folder, "node_modules"), { recursive: true });
    const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
    const packages = [path.join(tarballs, tarball), `@pulumi/pulumi@${version}`];
    await run("npm", ["install", ...quiet, ...packages], { cwd: lab.project.folder });

    await expectLoop(lab, OFFICERS, QUICKSTART_RESOURCES);
    expect(await lab.project.outputs()).toEqual({ dutyUuid: lab.theOnly().uuid });
    await expectEmptyAfterDestroy(lab);
  } finally {
    fs.rmSync(tarballs, { recursive: true });
    await lab.dispose();
  }
});

test("the package behind a workspace link runs the quickstart, and says in one sentence when it is missing", async () => {
  const lab = await Lab.create({ ...QUICKSTART, install: "link" });
  try {
    await expectLoop(lab, OFFICERS, QUICKSTART_RESOURCES);
    const { inputs, outputs } = await lab.project.resource(OFFICERS);
    expect(Buffer.byteLength(String(inputs?.["__provider"]))).toBeLessThanOrEqual(MAX_STUB_BYTES);
    expect(outputs?.["__provider"]).toBe(inputs?.["__provider"]);

    const link = path.join(lab.project.folder, "node_modules", "pulumi-dingtalk");
    fs.unlinkSync(link);
    const missing = await lab.project.destroy([], { expectExit: "any" });
    expect(missing.exitCode).not.toBe(0);
    expect(missing.text).toContain(
      "pulumi-dingtalk must be a direct dependency of this Pulumi project: npm install pulumi-dingtalk",
    );
    expect(missing.text).not.toMatch(/^\s+at /m);
    fs.symlinkSync(ROOT, link, "dir");
    await expectEmptyAfterDestroy(lab);
  } finally {
    await lab.dispose();
  }
});

test.each([
  ["oldest", OLDEST_SDK],
  ["newest", NEWEST_SDK],
])("the %s SDK takes an endpoint through its whole life", async (_name, sdk) => {
  const lab = await Lab.create({
    sdk,
    program: program(endpoint("duty", { name: "duty", secret: "SEC-canary" })),
  });
  try {
    await expectLoop(lab, "duty", 2);
    const updated = await lab.up([endpoint("duty", { name: "duty", description: "told" })]);
    expect(updated.step("duty")).toMatchObject({ op: "update", diffs: ["description", "secret"] });
    expect(lab.theOnly()).toMatchObject({ description: "told", secret: undefined });
    expect(JSON.stringify(await lab.project.export())).not.toMatch(/canary/);
    await expectEmptyAfterDestroy(lab);
  } finally {
    await lab.dispose();
  }
});
