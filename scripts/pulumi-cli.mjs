// @ts-check
// Finds or makes a Pulumi CLI: three executables in one folder.
//
//   pulumi                         the command and the engine
//   pulumi-language-nodejs         runs Node programs
//   pulumi-resource-pulumi-nodejs  starts the process of dynamic providers; a small shell script out of @pulumi/pulumi
//
// Tried in this order: a new enough one on PATH, our own cache, the official installer, a build from Go modules.

import crypto from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { duration, onInterrupt, run, say, UserError, withLock, withProgress } from "./processes.mjs";
import { ROOT } from "./setup.mjs";

/** @typedef {{ root: string, bin: string, version: string, source: string }} PulumiCli `root` is what PulumiCommand.get takes. */
/** @typedef {"path" | "cache" | "download" | "build"} Source */

const MODULES = path.join(ROOT, "scripts", "pulumi-cli");
const SDK = path.join(ROOT, "node_modules", "@pulumi", "pulumi");
/** Older ones know no exit code 7 for "changes where none were expected". */
const MIN_MINOR = 227;

const PROBE_LIMIT_MS = 4_000;
const DOWNLOAD_LIMIT_MS = 180_000;
const VERSION_LIMIT_MS = 30_000;
const ABANDONED_MS = 24 * 3600_000;

const EXE = process.platform === "win32" ? ".exe" : "";
const ENGINE = `pulumi${EXE}`;
const LANGUAGE_HOST = `pulumi-language-nodejs${EXE}`;
const PROVIDER_SCRIPT =
  process.platform === "win32" ? "pulumi-resource-pulumi-nodejs.cmd" : "pulumi-resource-pulumi-nodejs";

/**
 * Gives a folder with the three executables and says on one line where they come from. Needs node_modules.
 * @param {{ sources?: Source[], log?: (line: string) => void }} [options] `sources`: only for trying a single way.
 * @returns {Promise<PulumiCli>}
 */
export async function ensurePulumi(options = {}) {
  const sources = options.sources ?? ["path", "cache", "download", "build"];
  const log = options.log ?? say;
  const cli = await find(sources, log);
  log(`Pulumi CLI ${cli.version}: ${cli.source} (${cli.bin})`);
  return cli;
}

/**
 * @param {Source[]} sources
 * @param {(line: string) => void} log
 * @returns {Promise<PulumiCli>}
 */
async function find(sources, log) {
  if (sources.includes("path")) {
    const own = await fromPath();
    if (own) {
      return own;
    }
  }
  const version = pinnedVersion();
  const entry = `${version}-${process.platform}-${process.arch}`;
  if (sources.includes("cache")) {
    for (const folder of cacheFolders()) {
      const cached = await fromFolder(path.join(folder, entry), "from the cache");
      if (cached) {
        return cached;
      }
    }
  }
  const cache = writableCache();
  const target = path.join(cache, entry);
  return withLock(`${target}.lock`, "Another set-up is getting the Pulumi CLI: waiting for it.", async () => {
    if (sources.includes("cache")) {
      const meanwhile = await fromFolder(target, "from the cache");
      if (meanwhile) {
        return meanwhile;
      }
    }
    removeAbandoned(cache);
    /** @type {string[]} */
    const reasons = [];
    for (const [name, get, label] of /** @type {const} */ ([
      ["download", download, "from the official download"],
      ["build", build, "built from Go modules"],
    ])) {
      if (!sources.includes(name)) {
        continue;
      }
      const made = await intoPlace(target, (folder) => get(folder, version, log), reasons);
      const cli = made ? await fromFolder(target, label) : undefined;
      if (cli) {
        return cli;
      }
    }
    throw new UserError(noCli(reasons));
  });
}

/** @param {string[]} reasons */
function noCli(reasons) {
  return [
    "No Pulumi CLI could be found or made.",
    ...reasons.map((reason) => `  - ${reason}`),
    "Any one of these helps:",
    `  - install the Pulumi CLI 3.${MIN_MINOR} or newer and put it on PATH (https://www.pulumi.com/docs/install/)`,
    "  - install Go 1.26 or newer (https://go.dev/dl/): the CLI is then built from its published modules, once",
  ].join("\n");
}

/** The version that the Go build pins; the download takes the same one. */
function pinnedVersion() {
  const text = fs.readFileSync(path.join(MODULES, "engine", "go.mod"), "utf8");
  const version = /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\d+\.\d+\.\d+)/.exec(text)?.[1];
  if (version === undefined) {
    throw new Error("scripts/pulumi-cli/engine/go.mod does not pin github.com/pulumi/pulumi/pkg/v3");
  }
  return version;
}

// ── PATH ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** @returns {Promise<PulumiCli | undefined>} */
async function fromPath() {
  const engine = onPath(ENGINE);
  if (engine === undefined) {
    return undefined;
  }
  const version = await versionOf(engine);
  const [major, minor = 0] = (version ?? "0").split(".").map(Number);
  if (version === undefined || major !== 3 || minor < MIN_MINOR) {
    return undefined;
  }
  const real = path.dirname(fs.realpathSync(engine));
  const beside = [path.dirname(engine), real]
    .map((folder) => path.join(folder, LANGUAGE_HOST))
    .find(isExecutable);
  const host = beside ?? onPath(LANGUAGE_HOST);
  if (host === undefined) {
    return undefined;
  }
  // The three rarely lie together and the folder need not be ours to write to, so links make one.
  const key = crypto.createHash("sha256").update(`${engine}\0${host}`).digest("hex").slice(0, 12);
  const root = path.join(writableCache(), `path-${key}`);
  const bin = path.join(root, "bin");
  fs.mkdirSync(bin, { recursive: true });
  link(engine, path.join(bin, ENGINE));
  link(host, path.join(bin, LANGUAGE_HOST));
  placeProviderScript(bin);
  return { root, bin, version, source: `your own, ${engine}` };
}

/**
 * @param {string} target
 * @param {string} file
 */
function link(target, file) {
  if (fs.existsSync(file) && fs.realpathSync(file) === fs.realpathSync(target)) {
    return;
  }
  const temporary = `${file}.${process.pid}`;
  fs.symlinkSync(target, temporary);
  fs.renameSync(temporary, file);
}

/** @param {string} name */
function onPath(name) {
  return (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => path.join(folder, name))
    .find(isExecutable);
}

// ── Cache ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Where a CLI may already be: the user's cache, else a temporary folder of this user. */
function cacheFolders() {
  const folders = [];
  const xdg = process.env["XDG_CACHE_HOME"];
  const own = home();
  if (xdg !== undefined && path.isAbsolute(xdg)) {
    folders.push(path.join(xdg, "pulumi-dingtalk"));
  } else if (own !== undefined) {
    folders.push(path.join(own, ".cache", "pulumi-dingtalk"));
  }
  const user = typeof process.getuid === "function" ? process.getuid() : os.userInfo().username;
  const shared = path.join(os.tmpdir(), `pulumi-dingtalk-${user}`);
  if (isOurs(shared)) {
    folders.push(shared);
  }
  return folders.map((folder) => path.join(folder, "pulumi-cli"));
}

/** @returns {string | undefined} */
function home() {
  try {
    const folder = process.env["HOME"] || os.homedir();
    return path.isAbsolute(folder) ? folder : undefined;
  } catch {
    // No HOME and no entry in the list of users, as in some containers.
    return undefined;
  }
}

/**
 * A folder that somebody else made in a shared temporary directory must not decide what we execute.
 * @param {string} folder
 */
function isOurs(folder) {
  if (typeof process.getuid !== "function") {
    return true;
  }
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  return stat === undefined || (stat.isDirectory() && stat.uid === process.getuid());
}

function writableCache() {
  const writable = cacheFolders().find(isWritable);
  if (writable !== undefined) {
    return writable;
  }
  return path.join(fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dingtalk-")), "pulumi-cli");
}

/**
 * A finished CLI, or undefined when there is none or it does not run.
 * @param {string} root
 * @param {string} source
 * @returns {Promise<PulumiCli | undefined>}
 */
async function fromFolder(root, source) {
  const bin = path.join(root, "bin");
  if (!isExecutable(path.join(bin, ENGINE)) || !isExecutable(path.join(bin, LANGUAGE_HOST))) {
    return undefined;
  }
  const version = await versionOf(path.join(bin, ENGINE));
  if (version === undefined) {
    return undefined;
  }
  try {
    placeProviderScript(bin);
  } catch (error) {
    // A read-only cache with the script of another SDK: as good as none.
    if (!["EROFS", "EACCES", "EPERM"].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? "")) {
      throw error;
    }
    return undefined;
  }
  return { root, bin, version, source };
}

/**
 * Runs `pulumi version`. Undefined when it does not start, hangs, or says nothing that is a version.
 * @param {string} engine
 */
async function versionOf(engine) {
  const result = await run(engine, ["version"], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeoutMs: VERSION_LIMIT_MS,
  });
  return result.exitCode === 0 ? /^v?(\d+\.\d+\.\d+\S*)\s*$/m.exec(result.output)?.[1] : undefined;
}

/** @param {string} bin */
function placeProviderScript(bin) {
  const file = path.join(bin, PROVIDER_SCRIPT);
  const wanted = fs.readFileSync(path.join(SDK, PROVIDER_SCRIPT));
  if (isExecutable(file) && fs.readFileSync(file).equals(wanted)) {
    return;
  }
  const temporary = `${file}.${process.pid}`;
  fs.writeFileSync(temporary, wanted, { mode: 0o755 });
  fs.renameSync(temporary, file);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    const stat = fs.statSync(file);
    return stat.isFile() && stat.size > 0;
  } catch {
    // Not there, or not for us to run.
    return false;
  }
}

/**
 * Lets `make` fill a temporary folder and moves it to its place only when the CLI in it runs, so that an interrupted
 * run never leaves half a CLI.
 * @param {string} target
 * @param {(folder: string) => Promise<string | undefined>} make gives the reason when it could not
 * @param {string[]} reasons
 */
async function intoPlace(target, make, reasons) {
  const temporary = fs.mkdtempSync(`${target}.tmp-`);
  const remove = () => fs.rmSync(temporary, { recursive: true, force: true });
  const forget = onInterrupt(remove);
  try {
    const reason = await make(temporary);
    if (reason !== undefined) {
      reasons.push(reason);
      return false;
    }
    if ((await fromFolder(temporary, "")) === undefined) {
      reasons.push("what was made does not run");
      return false;
    }
    const broken = `${target}.tmp-old-${process.pid}`;
    if (fs.existsSync(target)) {
      fs.renameSync(target, broken);
    }
    fs.renameSync(temporary, target);
    fs.rmSync(broken, { recursive: true, force: true });
    return true;
  } finally {
    forget();
    remove();
  }
}

/** @param {string} cache */
function removeAbandoned(cache) {
  for (const name of fs.readdirSync(cache)) {
    const folder = path.join(cache, name);
    if (!name.includes(".tmp-")) {
      continue;
    }
    const stat = fs.statSync(folder, { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > ABANDONED_MS) {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
}

// ── Official download ─────────────────────────────────────────────────────────────────────────────────────────────

/**
 * @param {string} folder
 * @param {string} version
 * @param {(line: string) => void} log
 * @returns {Promise<string | undefined>}
 */
async function download(folder, version, log) {
  const unreachable = "the official download did not work (get.pulumi.com is not reachable from here)";
  try {
    const answer = await fetch("https://get.pulumi.com/install.sh", {
      method: "HEAD",
      signal: AbortSignal.timeout(PROBE_LIMIT_MS),
    });
    if (!answer.ok) {
      return unreachable;
    }
  } catch {
    // Offline is normal; the Go build needs only a module proxy.
    return unreachable;
  }
  log(`Downloading the Pulumi CLI ${version} with its own installer ...`);
  // In a process of its own, because the installer has no time limit.
  const script = `require(process.argv[1]).PulumiCommand.install({ root: process.argv[2], version: process.argv[3] })
    .then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });`;
  const result = await withProgress(
    (elapsed) => `download: ${elapsed}`,
    () =>
      run(process.execPath, ["-e", script, path.join(SDK, "automation"), folder, version], {
        cwd: ROOT,
        env: { ...process.env, HOME: folder, PULUMI_HOME: path.join(folder, "home") },
        timeoutMs: DOWNLOAD_LIMIT_MS,
      }),
  );
  fs.rmSync(path.join(folder, "home"), { recursive: true, force: true });
  if (result.timedOut) {
    return `the official download took longer than ${duration(DOWNLOAD_LIMIT_MS)}`;
  }
  return result.exitCode === 0 ? undefined : "the official installer failed";
}

// ── Go build ──────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * @param {string} folder
 * @param {string} version
 * @param {(line: string) => void} log
 * @returns {Promise<string | undefined>}
 */
async function build(folder, version, log) {
  const go = onPath(`go${EXE}`) ?? ["/usr/local/go/bin/go", "/opt/homebrew/bin/go"].find(isExecutable);
  if (go === undefined) {
    return "there is no Go to build it with";
  }
  log(`Building the Pulumi CLI ${version} from Go modules: this takes a few minutes, once.`);
  const began = Date.now();
  const env = goEnvironment(folder);
  const parts = /** @type {const} */ ([
    ["engine", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", ENGINE],
    ["language-host", "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs", LANGUAGE_HOST],
  ]);
  for (const [part, packagePath, executable] of parts) {
    const flags =
      part === "engine" ? [`-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`] : [];
    const args = [
      "build",
      "-v",
      "-trimpath",
      "-buildvcs=false",
      "-mod=readonly",
      "-tags",
      "osusergo,grpcnotrace",
    ];
    args.push("-ldflags", ["-w", "-s", ...flags].join(" "));
    args.push("-o", path.join(folder, "bin", executable), packagePath);
    let downloaded = 0;
    let compiled = 0;
    const result = await withProgress(
      (elapsed) =>
        `${part}: ${elapsed}, ${downloaded > 0 ? `${downloaded} modules downloaded, ` : ""}${compiled} packages compiled`,
      () =>
        run(go, args, {
          cwd: path.join(MODULES, part),
          env,
          onLine: (line) => {
            if (line.startsWith("go: downloading ")) {
              downloaded++;
            } else if (/^[\w.-]+(\/\S+)*$/.test(line)) {
              compiled++;
            }
          },
        }),
    );
    if (result.exitCode !== 0) {
      const told = result.output
        .split("\n")
        .filter((line) => line.trim() !== "")
        .slice(-5)
        .join("\n      ");
      return `the Go build of the ${part} failed:\n      ${told}`;
    }
  }
  fs.rmSync(path.join(folder, "go"), { recursive: true, force: true });
  log(`Built the Pulumi CLI in ${duration(Date.now() - began)}.`);
  return undefined;
}

/**
 * Go keeps modules below HOME and compiled packages in the cache. Where one cannot be written to, they go beside the build.
 * @param {string} folder
 * @returns {NodeJS.ProcessEnv}
 */
function goEnvironment(folder) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
  const xdg = env["XDG_CACHE_HOME"];
  if (xdg !== undefined && !isWritable(xdg)) {
    delete env["XDG_CACHE_HOME"];
  }
  const own = home();
  if (own !== undefined && isWritable(own)) {
    return { ...env, HOME: own };
  }
  const go = path.join(folder, "go");
  return {
    ...env,
    HOME: folder,
    GOPATH: path.join(go, "path"),
    GOCACHE: path.join(go, "cache"),
    // Else the module cache is read-only, also for its own removal.
    GOFLAGS: `${process.env["GOFLAGS"] ?? ""} -modcacherw`.trim(),
  };
}

/**
 * Whether files can be made in a folder, which is made itself where it is missing.
 * @param {string} folder
 */
function isWritable(folder) {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Access rights alone do not tell of a read-only file system everywhere.
    fs.rmdirSync(fs.mkdtempSync(path.join(folder, ".pulumi-dingtalk-")));
    return true;
  } catch {
    return false;
  }
}
