// @ts-check
// Completes package-lock.json after `npm install`, or with --check says what is missing.
//
// A registry (often a mirror) that does not offer the binaries of all platforms makes npm leave those of other platforms out of the
// lock file, and then `npm ci` refuses it everywhere: "Missing: … from lock file". The entries are known without
// the registry: the version stands in the package that wants them, the platform in their name. They get no integrity;
// npm adds it where it can.

import fs from "node:fs";
import path from "node:path";
import { runMain, say } from "./processes.mjs";
import { ROOT } from "./setup.mjs";

/** @typedef {{ version?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[], optionalDependencies?: Record<string, string> }} Entry */

const FILE = path.join(ROOT, "package-lock.json");
const OS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const CPU = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];

runMain(async () => {
  const lock = JSON.parse(fs.readFileSync(FILE, "utf8"));
  /** @type {Record<string, Entry>} */
  const packages = lock.packages;
  /** @type {string[]} */
  const added = [];
  for (const [where, wanting] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(wanting.optionalDependencies ?? {})) {
      if (isLocked(packages, where, name) || !/^\d+\.\d+\.\d+/.test(version)) {
        continue;
      }
      packages[`node_modules/${name}`] = {
        version,
        ...(wanting.dev && { dev: true }),
        optional: true,
        ...platformOf(name),
      };
      added.push(`${name}@${version}`);
    }
  }
  if (added.length === 0) {
    return 0;
  }
  if (process.argv.includes("--check")) {
    say(
      `package-lock.json lacks ${added.length} packages of other platforms, so npm ci refuses it: ${added.join(", ")}`,
    );
    say("Run: node scripts/complete-lock.mjs");
    return 1;
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  fs.writeFileSync(
    FILE,
    `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, undefined, 2)}\n`,
  );
  say(`Added ${added.length} packages of other platforms to package-lock.json.`);
  return 0;
});

/**
 * Looks where Node would: beside the wanting package, then in every node_modules above it.
 * @param {Record<string, Entry>} packages
 * @param {string} where
 * @param {string} name
 */
function isLocked(packages, where, name) {
  for (
    let folder = where;
    folder !== "";
    folder = folder.slice(0, Math.max(folder.lastIndexOf("/node_modules/"), 0))
  ) {
    if (packages[`${folder}/node_modules/${name}`]) {
      return true;
    }
  }
  return packages[`node_modules/${name}`] !== undefined;
}

/**
 * `@scope/binding-linux-arm64-musl` → os linux, cpu arm64, libc musl.
 * @param {string} name
 * @returns {Entry}
 */
function platformOf(name) {
  const parts = name.split("-");
  const os = OS.find((one) => parts.includes(one));
  const cpu = CPU.find((one) => parts.includes(one));
  const libc = parts.some((part) => part.startsWith("musl"))
    ? "musl"
    : parts.some((part) => part.startsWith("gnu"))
      ? "glibc"
      : undefined;
  return {
    ...(os && { os: [os] }),
    ...(cpu && { cpu: [cpu] }),
    ...(os === "linux" && libc && { libc: [libc] }),
  };
}
