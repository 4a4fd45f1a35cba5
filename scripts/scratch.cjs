// @ts-check
// Scratch folders whose processes end with their owner, however the owner ends.
//
// The engine puts its plugins into process groups of their own, and a killed engine leaves them behind as orphans, so
// neither a group nor the tree of parents finds everything. What all of them keep is the environment they were started
// with: each process of a scratch folder carries the folder in the variable below and is found by it.
// CommonJS, because both the scripts (ES modules) and the tests (jest) load it.

"use strict";

const { execFileSync, spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const MARKER = "PULUMI_DINGTALK_SCRATCH";
const GONE_WITHIN_MS = 5_000;

/** @typedef {{ folder: string, marker: Record<string, string>, processes: () => RunningProcess[], dispose: () => Promise<void> }} Scratch */
/** @typedef {{ pid: number, command: string }} RunningProcess */

/**
 * Makes a temporary folder. Start processes with the `marker` variables in their environment: `dispose()`, or the death of this
 * process in whatever way, ends them and removes the folder.
 * @param {string} name
 * @returns {Scratch}
 */
function makeScratch(name) {
  // The real path, because a process sees its own folder under that one.
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), `${name}-`));
  const guard = spawn(process.execPath, [__filename, folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    // Without the marker, or the guard would find itself.
    env: { PATH: process.env["PATH"], SystemRoot: process.env["SystemRoot"] },
  });
  guard.unref();
  /** @type {import("node:net").Socket} */ (guard.stdin).unref();
  let disposed = false;
  return {
    folder,
    marker: { [MARKER]: folder },
    processes: () => processesOf(folder),
    dispose: async () => {
      if (disposed) {
        return;
      }
      disposed = true;
      await endAll(folder);
      guard.stdin?.end("done\n");
    },
  };
}

/**
 * @param {string} folder
 * @returns {RunningProcess[]}
 */
function processesOf(folder) {
  const wanted = `${MARKER}=${folder}`;
  return process.platform === "linux" ? fromProc(wanted) : fromPs(wanted);
}

/** @param {string} wanted */
function fromProc(wanted) {
  /** @type {RunningProcess[]} */
  const found = [];
  for (const name of fs.readdirSync("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) {
      continue;
    }
    try {
      if (!fs.readFileSync(`/proc/${name}/environ`, "utf8").split("\0").includes(wanted)) {
        continue;
      }
      const command = fs.readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      found.push({ pid: Number(name), command });
    } catch {
      // Ended meanwhile, or not ours to look into.
      continue;
    }
  }
  return found;
}

/** @param {string} wanted */
function fromPs(wanted) {
  if (process.platform === "win32") {
    return [];
  }
  const list = execFileSync("ps", ["-A", "-E", "-ww", "-o", "pid=,command="], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  return list
    .split("\n")
    .filter((line) => line.includes(wanted))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim() }))
    .filter(({ pid }) => pid !== process.pid);
}

/**
 * Kills every process of the folder, then removes the folder.
 * @param {string} folder
 */
async function endAll(folder) {
  const deadline = Date.now() + GONE_WITHIN_MS;
  for (let left = processesOf(folder); left.length > 0 && Date.now() < deadline; left = processesOf(folder)) {
    for (const { pid } of left) {
      kill(pid);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") {
      throw error;
    }
  }
}

/** The guard: waits until its owner says that all is done, or is gone without a word. */
function guard() {
  const folder = process.argv[2];
  if (folder === undefined) {
    return;
  }
  let told = "";
  process.stdin.on("data", (chunk) => (told += String(chunk)));
  process.stdin.on("close", () => {
    if (told !== "done\n") {
      void endAll(folder);
    }
  });
}

module.exports = { makeScratch };

if (require.main === module) {
  guard();
}
