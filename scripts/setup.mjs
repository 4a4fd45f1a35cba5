// @ts-check
// What has to be there before anything runs: the npm packages and the compiled package in dist/.
// Uses nothing but Node itself, because on a fresh clone there is no node_modules.

import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";
import { duration, run, runNpm, say, UserError, withLock, withProgress } from "./processes.mjs";

export const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const DIST = path.join(ROOT, "dist");
/** What the compiler writes, file by file; `npm run docs` reads the tables there. */
const COMPILED = path.join(ROOT, "build");
const BUILD_STAMP = path.join(DIST, ".sources.sha256");
/** Folders that the package is compiled from, and the settings it is compiled with. */
export const SOURCE_FOLDERS = ["provider", "emulator", "cli"];
const BUILD_SETTINGS = ["package.json", "tsconfig.json", "tsconfig.build.json", "scripts/bundle.mjs"];
const LOCKS = path.join(ROOT, ".scratch");

const MIN_NODE = [20, 19];

/** Refuses a Node that is too old, with one sentence instead of a syntax error later. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [minMajor = 0, minMinor = 0] = MIN_NODE;
  if (major > minMajor || (major === minMajor && minor >= minMinor)) {
    return;
  }
  throw new UserError(
    `This project needs Node ${MIN_NODE.join(".")} or newer; this is ${process.version} (${process.execPath}).`,
  );
}

/**
 * Installs the npm packages of a folder when they are missing or are not the ones that its package-lock.json names.
 * @param {string} [folder]
 */
export async function ensureDependencies(folder = ROOT) {
  checkNode();
  if (missingDependency(folder) === undefined) {
    return;
  }
  const relative = path.relative(ROOT, folder);
  const lock = path.join(LOCKS, `npm-${relative.replaceAll(path.sep, "-") || "root"}.lock`);
  await withLock(lock, "Another set-up is installing the npm packages: waiting for it.", async () => {
    const reason = missingDependency(folder);
    if (reason === undefined) {
      return;
    }
    say(`Installing the npm packages${relative && ` of ${relative}`} (${reason}) ...`);
    const began = Date.now();
    // Without install scripts: nothing here needs them, and the build is a step of its own (below).
    const result = await withProgress(
      (elapsed) => `npm ci: ${elapsed}`,
      () => runNpm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder }),
    );
    if (result.exitCode !== 0) {
      throw new UserError(
        `${result.output.trimEnd()}\n\nnpm ci failed (exit code ${result.exitCode}), so nothing else can run.`,
      );
    }
    say(`Installed the npm packages in ${duration(Date.now() - began)}.`);
  });
}

/**
 * Compares package-lock.json with the list npm keeps of what it installed. By content, not by date: a checkout touches
 * dates, and a needless `npm ci` would pull node_modules from under everybody who is using it.
 * @param {string} folder
 * @returns {string | undefined} why an installation is needed
 */
function missingDependency(folder) {
  const wanted = readPackages(path.join(folder, "package-lock.json"));
  if (wanted === undefined) {
    throw new UserError(`There is no package-lock.json in ${folder}.`);
  }
  const installed = readPackages(path.join(folder, "node_modules", ".package-lock.json"));
  if (installed === undefined) {
    return "node_modules is missing";
  }
  for (const [name, entry] of Object.entries(wanted)) {
    if (!name.startsWith("node_modules/")) {
      continue;
    }
    const present = installed[name];
    // Optional packages are those of other platforms, too.
    if (present === undefined && !entry.optional) {
      return `${name} is missing`;
    }
    if (present !== undefined && present.version !== entry.version) {
      return `${name} has another version`;
    }
  }
  return undefined;
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | undefined}
 */
function readPackages(file) {
  if (!fs.existsSync(file)) {
    return undefined;
  }
  return JSON.parse(fs.readFileSync(file, "utf8")).packages;
}

/**
 * Compiles the package into dist/ unless dist/ already is what the sources give.
 * @returns {Promise<{ ok: boolean, output: string }>} `ok: false` when the compiler reported errors; `dist/` then stays as it was.
 */
export async function ensureBuild() {
  if (isBuilt()) {
    return { ok: true, output: "" };
  }
  return withLock(
    path.join(LOCKS, "build.lock"),
    "Another set-up is compiling the package: waiting for it.",
    async () => {
      if (isBuilt()) {
        return { ok: true, output: "" };
      }
      const began = Date.now();
      const stamp = sourcesHash();
      const sources = sourceFiles();
      // A compile that fails leaves dist/ as it was, which belongs to other sources.
      fs.rmSync(BUILD_STAMP, { force: true });
      removeOrphans(sources);
      const result = await run(
        process.execPath,
        [path.join(ROOT, "node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.build.json"],
        { cwd: ROOT },
      );
      if (result.exitCode !== 0) {
        return { ok: false, output: result.output.trimEnd() };
      }
      fs.mkdirSync(DIST, { recursive: true });
      await bundle(COMPILED, DIST);
      fs.chmodSync(path.join(DIST, "cli", "index.js"), 0o755);
      fs.writeFileSync(BUILD_STAMP, stamp);
      say(`Compiled the package in ${duration(Date.now() - began)}.`);
      return { ok: true, output: "" };
    },
  );
}

function isBuilt() {
  return fs.existsSync(BUILD_STAMP) && fs.readFileSync(BUILD_STAMP, "utf8") === sourcesHash();
}

/** @returns {string[]} relative paths, sorted */
function sourceFiles() {
  const files = [];
  for (const folder of SOURCE_FOLDERS) {
    const absolute = path.join(ROOT, folder);
    if (!fs.existsSync(absolute)) {
      continue;
    }
    for (const entry of fs.readdirSync(absolute, { recursive: true, encoding: "utf8" })) {
      if (entry.endsWith(".ts")) {
        files.push(path.join(folder, entry));
      }
    }
  }
  return files.sort();
}

function sourcesHash() {
  const hash = crypto.createHash("sha256");
  for (const file of [...BUILD_SETTINGS, ...sourceFiles()]) {
    hash
      .update(`${file}\0`)
      .update(fs.readFileSync(path.join(ROOT, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/**
 * Removes compiled files whose source is gone, which would otherwise be read.
 * @param {string[]} sources
 */
function removeOrphans(sources) {
  const expected = new Set(sources.map((file) => path.join(COMPILED, file.slice(0, -".ts".length))));
  for (const folder of SOURCE_FOLDERS) {
    const absolute = path.join(COMPILED, folder);
    if (!fs.existsSync(absolute)) {
      continue;
    }
    for (const entry of fs.readdirSync(absolute, { recursive: true, encoding: "utf8" })) {
      const match = /^(.*?)(\.d\.ts|\.js\.map|\.js)$/.exec(path.join(absolute, entry));
      if (match?.[1] !== undefined && !expected.has(match[1])) {
        fs.rmSync(path.join(absolute, entry));
        // The compiler would not write the rest again if it still believed that all of it is there.
        fs.rmSync(path.join(COMPILED, ".tsbuildinfo"), { force: true });
      }
    }
  }
}

/** Packages and dist/, in this order; compiler errors end it. */
export async function setUp() {
  await ensureDependencies();
  const build = await ensureBuild();
  if (!build.ok) {
    throw new UserError(`${build.output}\n\nThe package does not compile.`);
  }
}
