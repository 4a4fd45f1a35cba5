// @ts-check
// `npm run bench`: what this package costs in time, calls and bytes, beside a provider that does nothing and one written by hand. Everything is
// measured in one run and in turns, on the real Pulumi CLI and the emulators, so that ratios hold on any machine.

import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import prettier from "prettier";
import { Laboratory } from "./bench/laboratory.mjs";
import { measureProcesses, measureStacks, Notebook } from "./bench/measuring.mjs";
import { CONTENDERS } from "./bench/programs.mjs";
import { chart, page, PARTS, textTable } from "./bench/report.cjs";
import { duration, onInterrupt, runMain, say, UserError } from "./processes.mjs";
import { ensurePulumi } from "./pulumi-cli.mjs";
import { ROOT, setUp } from "./setup.mjs";

const require = createRequire(import.meta.url);
const { makeScratch } = /** @type {typeof import("./scratch.cjs")} */ (require("./scratch.cjs"));

/** @typedef {import("./bench/measuring.mjs").Plan} Plan */
/** @typedef {import("./bench/report.cjs").Report} Report */

const LATENCY = { answerMs: 5, jobMs: 5 };
const SIZES = [10, 100, 300];
const LARGE_SIZES = [10, 100, 300, 1000];
const ROUNDS = 3;
const LIMIT_MS = 5 * 60_000;
const LARGE_LIMIT_MS = 60 * 60_000;
const PAGE = path.join(ROOT, "docs", "benchmark.md");
const CHART = path.join(ROOT, "docs", "benchmark.svg");

const HELP = `npm run bench -- [options]

Compares ${CONTENDERS.map(({ title }) => title).join(", ")}; the first does nothing and is the floor.

  --only PARTS    some of ${Object.keys(PARTS).join(",")}
  --sizes N,N     numbers of endpoints; ${SIZES.join(",")} by default
  --rounds N      how often everything is measured; ${ROUNDS} by default
  --large         up to ${LARGE_SIZES.at(-1)} resources, and nothing is left out because it takes long: more than an hour
  --json FILE     writes all figures, those of every round, too
  --write         writes ${path.relative(ROOT, PAGE)} and ${path.relative(ROOT, CHART)}
  --help          shows this`;

runMain(async () => {
  const options = optionsOf(process.argv.slice(2));
  if (options === undefined) {
    say(HELP);
    return;
  }
  const { plan, json, write } = options;
  const began = Date.now();
  await setUp();
  const cli = await ensurePulumi();
  const scratch = makeScratch("pulumi-dingtalk-bench");
  onInterrupt(() => scratch.dispose());
  const notebook = new Notebook();
  const conditions = conditionsOf(plan, cli.version);
  const show = () => {
    const report = reportOf(notebook, conditions);
    say(`\n${textTable(report)}\n\nMeasured in ${duration(Date.now() - began)}.`);
    if (json !== undefined) {
      fs.writeFileSync(json, `${JSON.stringify({ ...report, operations: notebook.operations }, null, 2)}\n`);
      say(`Wrote ${json}.`);
    }
    return report;
  };
  // What was measured so far is better than nothing.
  const forget = onInterrupt(() => {
    if (notebook.figures.length > 0) {
      show();
    }
  });

  const limitMs = plan.large ? LARGE_LIMIT_MS : LIMIT_MS;
  const surroundings = { bin: cli.bin, scratch, latency: LATENCY, limitMs };
  /** @type {Laboratory[]} */
  const laboratories = [];
  try {
    for (const contender of CONTENDERS) {
      laboratories.push(await Laboratory.open(contender, surroundings));
    }
    if (plan.parts.has("process") || plan.parts.has("program")) {
      await measureProcesses(laboratories, plan, notebook);
    }
    await measureStacks(laboratories, plan, notebook);
  } finally {
    await Promise.all(laboratories.map((laboratory) => laboratory.close()));
    await scratch.dispose();
  }
  forget();
  const report = show();
  if (write) {
    await writeDocumentation(report);
  }
});

/**
 * @param {Notebook} notebook
 * @param {Report["conditions"]} conditions
 * @returns {Report}
 */
function reportOf({ figures, remarks }, conditions) {
  return { contenders: CONTENDERS.map(({ id, title }) => ({ id, title })), conditions, figures, remarks };
}

/**
 * @param {string[]} args
 * @returns {{ plan: Plan, json: string | undefined, write: boolean } | undefined} nothing when only help is wanted
 */
function optionsOf(args) {
  const { values } = parsed(args);
  if (values.help) {
    return undefined;
  }
  const parts = values.only?.split(",") ?? Object.keys(PARTS);
  const unknown = parts.find((part) => !Object.hasOwn(PARTS, part));
  if (unknown !== undefined) {
    throw new UserError(`--only: no part "${unknown}". There are: ${Object.keys(PARTS).join(", ")}.`);
  }
  const large = values.large === true;
  const sizes = values.sizes?.split(",").map((text) => positive("--sizes", text));
  return {
    plan: {
      parts: new Set(parts),
      sizes: [...new Set(sizes ?? (large ? LARGE_SIZES : SIZES))].sort((a, b) => a - b),
      rounds: values.rounds === undefined ? ROUNDS : positive("--rounds", values.rounds),
      large,
    },
    json: values.json,
    write: values.write === true,
  };
}

/** @param {string[]} args */
function parsed(args) {
  try {
    return parseArgs({
      args,
      options: {
        only: { type: "string" },
        sizes: { type: "string" },
        rounds: { type: "string" },
        large: { type: "boolean" },
        json: { type: "string" },
        write: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

/**
 * @param {string} option
 * @param {string} text
 */
function positive(option, text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) {
    throw new UserError(`${option}: ${text} is no number of at least 1.`);
  }
  return number;
}

/**
 * @param {Plan} plan
 * @param {string} cliVersion
 * @returns {Report["conditions"]}
 */
function conditionsOf({ rounds }, cliVersion) {
  const version = (/** @type {string} */ file) => String(require(path.join(ROOT, file)).version);
  const [cpu] = os.cpus();
  return {
    Machine: `${os.cpus().length} × ${cpu?.model.trim() ?? "unknown"}, ${os.platform()} ${os.arch()}`,
    Node: process.version,
    "Pulumi CLI": cliVersion,
    "@pulumi/pulumi": version("node_modules/@pulumi/pulumi/package.json"),
    "pulumi-dingtalk": version("package.json"),
    Emulators: `${LATENCY.answerMs} ms for each answer, ${LATENCY.jobMs} ms for each job of ZStack`,
    Rounds: rounds,
  };
}

/** @param {Report} report */
async function writeDocumentation(report) {
  const drawn = chart(report);
  const text = page(report, drawn === undefined ? undefined : path.basename(CHART));
  const config = await prettier.resolveConfig(PAGE);
  fs.writeFileSync(PAGE, await prettier.format(text, { ...config, filepath: PAGE }));
  if (drawn !== undefined) {
    fs.writeFileSync(CHART, drawn);
  }
  say(`Wrote ${path.relative(ROOT, PAGE)}.`);
}
