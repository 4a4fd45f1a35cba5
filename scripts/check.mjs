// @ts-check
// `npm run check`: everything that can be said about the code without running it. All checks run, also after a failure, two at a time.
// `npm run check -- lint types` runs only those.
//
// Formatter, linter and compiler keep what they have found out of unchanged files. The linter's rules may look into the types of other
// files, which its cache does not know of; CI starts without one.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { duration, onInterrupt, run, runMain, runNpm, say, UserError } from "./processes.mjs";
import { ensureBuild, ensureDependencies, ROOT } from "./setup.mjs";

/** @typedef {{ exitCode: number, output: string }} Outcome */
/** @typedef {{ name: string, what: string, run: () => Promise<Outcome> }} Check */

const CACHE = path.join(ROOT, "node_modules", ".cache", "pulumi-dingtalk");
const AT_ONCE = 2;

/** @type {Check[]} The longest first. */
const CHECKS = [
  {
    name: "lint",
    what: "lint (eslint)",
    run: () =>
      tool("eslint", "eslint", [
        "--max-warnings=0",
        "--cache",
        "--cache-strategy=content",
        `--cache-location=${path.join(CACHE, "eslint")}`,
      ]),
  },
  {
    name: "types",
    what: "types (tsc)",
    run: () =>
      tool("typescript", "tsc", [
        "--noEmit",
        "--pretty",
        "false",
        "--incremental",
        "--tsBuildInfoFile",
        path.join(CACHE, "check.tsbuildinfo"),
      ]),
  },
  {
    name: "format",
    what: "formatting (prettier)",
    run: () =>
      tool("prettier", "prettier", [
        "--check",
        "--log-level=warn",
        "--cache",
        "--cache-strategy=content",
        `--cache-location=${path.join(CACHE, "prettier")}`,
        ".",
      ]),
  },
  { name: "layers", what: "import layers (dependency-cruiser)", run: layers },
  {
    name: "unused",
    what: "unused files, exports, dependencies (knip)",
    run: () => tool("knip", "knip", ["--no-progress"]),
  },
  { name: "lock", what: "package-lock.json is complete", run: () => script("complete-lock.mjs", "--check") },
  { name: "docs", what: "generated documentation is current", run: docs },
  { name: "package", what: "published package (publint, attw)", run: publishedPackage },
];

runMain(async () => {
  await ensureDependencies();
  const only = process.argv.slice(2);
  const unknown = only.find((name) => !CHECKS.some((check) => check.name === name));
  if (unknown !== undefined) {
    throw new UserError(`No check "${unknown}". There are: ${CHECKS.map(({ name }) => name).join(", ")}.`);
  }
  // The example imports the package by its name, so its types are those in dist/. Compiler errors are told by "types".
  await ensureBuild();
  /** @type {string[]} */
  const failed = [];
  const queue = CHECKS.filter(({ name }) => only.length === 0 || only.includes(name));
  const work = async () => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      const began = Date.now();
      const { exitCode, output } = await check.run();
      const ok = exitCode === 0;
      say(`${ok ? "ok    " : "FAILED"}  ${check.what}, ${duration(Date.now() - began)}`);
      if (ok) {
        continue;
      }
      failed.push(check.name);
      say(output.trimEnd().replace(/^/gm, "    "));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  say("");
  say(failed.length === 0 ? "All checks passed." : `Failed: ${failed.join(", ")}.`);
  return failed.length === 0 ? 0 : 1;
});

/**
 * Runs the command of a package with this Node.
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 */
function tool(name, command, args) {
  const folder = path.join(ROOT, "node_modules", name);
  const { bin } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
  const script = typeof bin === "string" ? bin : bin[command];
  return run(process.execPath, [path.join(folder, script), ...args], { cwd: ROOT });
}

function layers() {
  const folders = ["provider", "emulator", "cli"].filter((folder) => fs.existsSync(path.join(ROOT, folder)));
  return tool("dependency-cruiser", "depcruise", ["--config", ".dependency-cruiser.cjs", ...folders]);
}

/**
 * @param {string} name
 * @param {string[]} args
 */
function script(name, ...args) {
  return run(process.execPath, [path.join(ROOT, "scripts", name), ...args], { cwd: ROOT });
}

/** @returns {Promise<Outcome>} */
async function docs() {
  if (!fs.existsSync(path.join(ROOT, "scripts", "docs.mjs"))) {
    return { exitCode: 0, output: "" };
  }
  const build = await ensureBuild();
  return build.ok ? script("docs.mjs", "--check") : { exitCode: 1, output: build.output };
}

/**
 * Looks at the very file that would be published.
 * @returns {Promise<Outcome>}
 */
async function publishedPackage() {
  const build = await ensureBuild();
  if (!build.ok) {
    return { exitCode: 1, output: build.output };
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dingtalk-pack-"));
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  const forget = onInterrupt(remove);
  try {
    // Without scripts: dist/ is current, and "prepack" would only build it again.
    const packed = await runNpm(["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: ROOT });
    const file = fs.readdirSync(folder).find((name) => name.endsWith(".tgz"));
    if (packed.exitCode !== 0 || file === undefined) {
      return { exitCode: 1, output: packed.output };
    }
    const archive = path.join(folder, file);
    const lint = await tool("publint", "publint", ["run", archive, "--strict"]);
    const types = await tool("@arethetypeswrong/cli", "attw", [archive, "--no-emoji", "--no-color"]);
    return { exitCode: lint.exitCode || types.exitCode, output: `${lint.output}\n${types.output}` };
  } finally {
    forget();
    remove();
  }
}
