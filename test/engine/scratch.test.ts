import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { makeScratch } from "../../scripts/scratch.cjs";

const SCRATCH = path.resolve(__dirname, "../../scripts/scratch.cjs");

/** Starts a process that starts a process of its own in another group, and leaves it behind. */
const ORPHAN_MAKER = `
const { spawn } = require("child_process");
const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
child.unref();
process.stdout.write(String(child.pid));`;

test("dispose ends also the orphans of a scratch folder, and may be called twice", async () => {
  const scratch = makeScratch("scratch-test");
  const child = spawn(process.execPath, ["-e", ORPHAN_MAKER], { env: { ...process.env, ...scratch.marker } });
  await once(child, "exit");
  expect(scratch.processes()).toHaveLength(1);
  await scratch.dispose();
  await scratch.dispose();
  expect(scratch.processes()).toEqual([]);
  expect(fs.existsSync(scratch.folder)).toBe(false);
});

test("when the owner is killed, its processes end and its folder goes", async () => {
  const owner = spawn(process.execPath, [
    "-e",
    `const { spawn } = require("child_process");
     const scratch = require(${JSON.stringify(SCRATCH)}).makeScratch("scratch-test");
     const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, env: { ...process.env, ...scratch.marker } });
     process.stdout.write(child.pid + " " + scratch.folder);
     setInterval(() => {}, 1000);`,
  ]);
  const [told] = (await once(owner.stdout, "data")) as [Buffer];
  const [pid = "", folder = ""] = told.toString().split(" ");
  expect(isAlive(Number(pid))).toBe(true);
  owner.kill("SIGKILL");
  await until(() => !isAlive(Number(pid)) && !fs.existsSync(folder));
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") {
      return false;
    }
    throw error;
  }
}

/** Another process does the work, so there is no event to wait for; jest's own limit ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
