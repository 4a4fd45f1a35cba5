// @ts-check
// Child processes of the scripts: every one runs in a process group of its own, and none of them outlives us.

import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, onLine?: (line: string) => void, inherit?: boolean }} RunOptions */
/** @typedef {{ exitCode: number, output: string, timedOut: boolean }} RunResult */

/** How long a child may take to end by itself after a signal, before it is killed. */
const GRACE_MS = 10_000;

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
/** @type {Set<() => void | Promise<void>>} */
const cleanups = new Set();
let ending = false;

/**
 * Registers work that must happen even when the program is interrupted. Returns a function that takes it back.
 * @param {() => void | Promise<void>} work
 */
export function onInterrupt(work) {
  cleanups.add(work);
  return () => cleanups.delete(work);
}

/**
 * Sends a signal to the whole process group of a child.
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
export function signalGroup(child, signal) {
  if (child.pid === undefined) {
    return;
  }
  try {
    if (process.platform === "win32") {
      child.kill(signal);
    } else {
      process.kill(-child.pid, signal);
    }
  } catch (error) {
    // Already gone: exactly what was wanted.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") {
      throw error;
    }
  }
}

/** @param {NodeJS.Signals} signal */
async function interrupted(signal) {
  if (ending) {
    // A second Ctrl-C: no more patience.
    for (const child of running) {
      signalGroup(child, "SIGKILL");
    }
    return;
  }
  ending = true;
  for (const child of running) {
    signalGroup(child, signal === "SIGHUP" ? "SIGTERM" : signal);
  }
  const deadline = Date.now() + GRACE_MS;
  while (running.size > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  for (const child of running) {
    signalGroup(child, "SIGKILL");
  }
  for (const work of cleanups) {
    try {
      await work();
    } catch (error) {
      process.stderr.write(`While ending: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  process.exit(signal === "SIGINT" ? 130 : signal === "SIGHUP" ? 129 : 143);
}

let listening = false;
function listen() {
  if (listening) {
    return;
  }
  listening = true;
  for (const signal of /** @type {NodeJS.Signals[]} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => void interrupted(signal));
  }
  // Nobody reads any more (`npm start | head`): the same as a closed terminal.
  process.stdout.on("error", () => void interrupted("SIGHUP"));
  process.on("exit", () => {
    for (const child of running) {
      signalGroup(child, "SIGKILL");
    }
  });
}

/**
 * Runs a command to its end. A command that cannot be started gives exit code 127, one that is ended by a signal 128 + n.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, options = {}) {
  listen();
  // Whoever asks now is about to be ended, too.
  if (ending) {
    return new Promise(() => {});
  }
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: options.inherit ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    running.add(child);
    let output = "";
    let timedOut = false;
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            signalGroup(child, "SIGKILL");
          }, options.timeoutMs);
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) {
        continue;
      }
      let rest = "";
      stream.setEncoding("utf8");
      stream.on("data", (/** @type {string} */ chunk) => {
        output += chunk;
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        if (options.onLine) {
          for (const line of lines) {
            options.onLine(line.replace(/\r$/, ""));
          }
        }
      });
      stream.on("end", () => {
        if (rest !== "" && options.onLine) {
          options.onLine(rest);
        }
      });
    }
    /** @param {number} exitCode */
    const finish = (exitCode) => {
      clearTimeout(timer);
      running.delete(child);
      // While the program is ending nobody gets an answer any more, so that no next step starts.
      if (!ending) {
        resolve({ exitCode, output, timedOut });
      }
    };
    child.on("error", (error) => {
      output += `${error.message}\n`;
      finish(127);
    });
    child.on("close", (code, signal) => {
      // What the group still holds (a grandchild in the background) ends with its leader.
      signalGroup(child, "SIGKILL");
      finish(code ?? (signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 137));
    });
  });
}

/**
 * Runs npm: the one that started this script, else the one on PATH.
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export function runNpm(args, options = {}) {
  const own = process.env["npm_execpath"];
  if (own !== undefined && path.basename(own) === "npm-cli.js" && fs.existsSync(own)) {
    return run(process.execPath, [own, ...args], options);
  }
  return run(process.platform === "win32" ? "npm.cmd" : "npm", args, options);
}

/**
 * Says every few seconds that something is still going on, for work that prints nothing itself.
 * @template T
 * @param {(elapsed: string) => string} text
 * @param {() => Promise<T>} work
 * @param {number} [everyMs]
 * @returns {Promise<T>}
 */
export async function withProgress(text, work, everyMs = 10_000) {
  const began = Date.now();
  const timer = setInterval(() => say(`  ${text(duration(Date.now() - began))}`), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** How old the sign of life in a lock may be before its owner counts as dead. */
const LOCK_STALE_MS = 30_000;
const LOCK_BEAT_MS = 5_000;

/**
 * Lets one process at a time do the work. The owner touches the lock file while it works, so that the lock of a killed
 * process is taken over after half a minute, also when the two cannot see each other's process ids.
 * @template T
 * @param {string} file
 * @param {string} waitingText said once when somebody else holds the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, waitingText, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (let said = false; ;) {
    try {
      fs.writeFileSync(file, `${process.pid}\n`, { flag: "wx" });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") {
        throw error;
      }
    }
    const age = Date.now() - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > LOCK_STALE_MS) {
      fs.rmSync(file, { force: true });
      continue;
    }
    if (!said) {
      say(waitingText);
    }
    said = true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const beat = setInterval(() => {
    const now = new Date();
    try {
      fs.utimesSync(file, now, now);
    } catch (error) {
      // Somebody took the lock for dead and removed it; the work itself is safe to do twice.
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") {
        throw error;
      }
    }
  }, LOCK_BEAT_MS);
  const release = () => fs.rmSync(file, { force: true });
  const forget = onInterrupt(release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    forget();
    release();
  }
}

/** @param {string} text */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** @param {number} ms */
export function duration(ms) {
  const seconds = ms / 1000;
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  if (seconds < 120) {
    return `${Math.round(seconds)} s`;
  }
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** A failure whose message is all the user needs: printed without a stack. */
export class UserError extends Error {
  /** @override */
  name = "UserError";
}

/**
 * Runs the main function of a script and turns its result into the exit code.
 * @param {() => Promise<number | void>} main
 */
export function runMain(main) {
  listen();
  main().then(
    (code) => {
      if (!ending) {
        process.exit(code ?? 0);
      }
    },
    (error) => {
      if (ending) {
        return;
      }
      process.stderr.write(
        `\n${error instanceof UserError ? error.message : (error?.stack ?? String(error))}\n`,
      );
      process.exit(1);
    },
  );
}
