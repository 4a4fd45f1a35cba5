// @ts-check
// `npm run test:mutants`: makes small deliberate faults, one by one, in copies of the project, and expects the tests to notice each.
// Arguments select faults by a part of their text or file: `npm run test:mutants -- redact`.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { FAULTS } from "../test/mutants/faults.cjs";
import { onInterrupt, run, runMain, say } from "./processes.mjs";
import { ensureDependencies, ROOT } from "./setup.mjs";

/** @typedef {import("../test/mutants/faults.cjs").Fault} Fault */

const COPIES = 2;
/** How long the tests of one fault may take. */
const TIMEOUT_MS = 300_000;
const COPIED = [
  "provider",
  "emulator",
  "cli",
  "test",
  "scripts",
  "package.json",
  "tsconfig.json",
  "jest.config.cjs",
];
const NOT_COPIED = [path.join("test", "engine", "sdks"), path.join("test", "trust", "results")];

runMain(async () => {
  await ensureDependencies();
  const wanted = process.argv.slice(2);
  const queue = FAULTS.filter(({ fault, file }) =>
    wanted.length === 0 ? true : wanted.some((word) => fault.includes(word) || file.includes(word)),
  );
  const scratch = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "pulumi-dingtalk-mutants-"));
  const remove = () => fs.rmSync(scratch, { recursive: true, force: true });
  onInterrupt(remove);
  let caught = 0;
  let missed = 0;
  try {
    const work = async (/** @type {number} */ worker) => {
      const copy = makeCopy(path.join(scratch, String(worker)));
      for (let fault = queue.shift(); fault !== undefined; fault = queue.shift()) {
        const problem = await tryOut(copy, fault);
        if (problem === undefined) {
          caught += 1;
        } else {
          missed += 1;
        }
        say(
          `${problem === undefined ? "noticed" : "MISSED "}  ${fault.fault}${problem === undefined ? "" : ` (${problem})`}`,
        );
      }
    };
    await Promise.all(Array.from({ length: COPIES }, (_, worker) => work(worker)));
  } finally {
    remove();
  }
  say("");
  say(`${caught} passed, ${missed} failed`);
  return missed === 0 ? 0 : 1;
});

/**
 * @param {string} folder
 * @returns {string} the folder
 */
function makeCopy(folder) {
  fs.mkdirSync(folder, { recursive: true });
  for (const name of COPIED) {
    fs.cpSync(path.join(ROOT, name), path.join(folder, name), {
      recursive: true,
      filter: (source) =>
        !NOT_COPIED.includes(path.relative(ROOT, source)) && path.basename(source) !== "node_modules",
    });
  }
  fs.mkdirSync(path.join(folder, "examples"));
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"), "junction");
  return folder;
}

/**
 * @param {string} copy
 * @param {Fault} fault
 * @returns {Promise<string | undefined>} what went wrong; nothing when a test noticed the fault
 */
async function tryOut(copy, { file, find, put, tests }) {
  const target = path.join(copy, file);
  const before = fs.existsSync(target) ? fs.readFileSync(target, "utf8") : "";
  if (before.split(find).length !== 2) {
    return "its text is not in the file exactly once";
  }
  fs.writeFileSync(
    target,
    before.replace(find, () => put),
  );
  try {
    const output = path.join(copy, "result.json");
    fs.rmSync(output, { force: true });
    const jest = path.join(ROOT, "node_modules", "jest", "bin", "jest.js");
    await run(
      process.execPath,
      [
        jest,
        "--rootDir",
        copy,
        "--config",
        path.join(copy, "jest.config.cjs"),
        "--runInBand",
        // A fault may leave sockets open.
        "--forceExit",
        "--silent",
        "--json",
        "--outputFile",
        output,
        ...tests,
      ],
      {
        cwd: copy,
        timeoutMs: TIMEOUT_MS,
        env: { ...process.env, HOME: copy, ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true" },
      },
    );
    if (!fs.existsSync(output)) {
      return "the tests could not be run";
    }
    const { numFailedTests, numTotalTests, numRuntimeErrorTestSuites } = JSON.parse(
      fs.readFileSync(output, "utf8"),
    );
    if (numTotalTests === 0 || numRuntimeErrorTestSuites > 0) {
      return "the tests could not be loaded";
    }
    return numFailedTests > 0 ? undefined : "no test failed";
  } finally {
    fs.writeFileSync(target, before);
  }
}
