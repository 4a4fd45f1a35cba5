// @ts-check
// What the compiler has written into build/, file by file, as the few files that are published: a program that loads the package, and the
// process that the engine starts for every operation, open a handful of files then instead of a hundred.
//
// An entry and what it shares with another stay apart: `runtime` and `index` may be loaded into one process, and a class is then the same
// for both. So each group of entries is split into shared parts, which esbuild does for ES modules only; those are made CommonJS afterwards.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);

/** @typedef {{ entries: readonly string[], shared: string }} Group */

/** @type {readonly Group[]} Groups share no code: the emulator judges the provider. */
const GROUPS = [
  { entries: ["provider/index", "provider/runtime"], shared: "provider/shared-[hash]" },
  { entries: ["emulator/index", "cli/index"], shared: "emulator/shared-[hash]" },
];
/** Entries that others import, with their types. */
const TYPED = ["provider/index", "provider/runtime", "emulator/index"];

const TARGET = "node20.19";

/**
 * Fills the folder of what is published, and removes from it what no source gives any more.
 * @param {string} compiled folder of the compiler's output
 * @param {string} published
 */
export async function bundle(compiled, published) {
  const written = new Set();
  /**
   * @param {string} file relative
   * @param {string} text
   */
  const write = (file, text) => {
    const target = path.join(published, file);
    written.add(target);
    // A file that somebody is just reading is left alone where nothing changes.
    if (!fs.existsSync(target) || fs.readFileSync(target, "utf8") !== text) {
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, text);
    }
  };
  for (const group of GROUPS) {
    for (const [file, text] of await scripts(compiled, published, group)) {
      write(file, text);
    }
  }
  for (const file of declarations(compiled)) {
    write(file, fs.readFileSync(path.join(compiled, file), "utf8"));
  }
  removeOthers(published, written);
}

/**
 * @param {string} compiled
 * @param {string} published
 * @param {Group} group
 * @returns {Promise<[string, string][]>} files and their texts
 */
async function scripts(compiled, published, { entries, shared }) {
  /** @type {typeof import("esbuild")} */
  const esbuild = require("esbuild");
  const { outputFiles } = await esbuild.build({
    absWorkingDir: path.dirname(compiled),
    entryPoints: entries.map((entry) => ({
      in: path.join(path.dirname(compiled), `${entry}.ts`),
      out: entry,
    })),
    outdir: published,
    chunkNames: shared,
    bundle: true,
    splitting: true,
    write: false,
    format: "esm",
    platform: "node",
    target: TARGET,
    packages: "external",
    logLevel: "silent",
  });
  return Promise.all(
    outputFiles.map(async ({ path: file, text }) => {
      const { code } = await esbuild.transform(text, {
        format: "cjs",
        platform: "node",
        target: TARGET,
        // Lines short enough for a stack trace to point somewhere; names stay those of the sources.
        minifyWhitespace: true,
        lineLimit: 120,
      });
      return /** @type {[string, string]} */ ([path.relative(published, file), code]);
    }),
  );
}

/**
 * The declarations that the typed entries lead to.
 * @param {string} compiled
 */
function declarations(compiled) {
  const found = new Set();
  const queue = TYPED.map((entry) => `${entry}.d.ts`);
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (found.has(file)) {
      continue;
    }
    found.add(file);
    const text = fs.readFileSync(path.join(compiled, file), "utf8");
    for (const [, from = ""] of text.matchAll(/(?:\bfrom |\bimport\(|^import )"(\.{1,2}(?:\/[^"]*)?)"/gm)) {
      const base = path.join(path.dirname(file), from);
      const target = [`${base}.d.ts`, path.join(base, "index.d.ts")].find((one) =>
        fs.existsSync(path.join(compiled, one)),
      );
      if (target === undefined) {
        throw new Error(`${file} imports ${from}, which the compiler has not written`);
      }
      queue.push(target);
    }
  }
  return [...found].sort();
}

/**
 * @param {string} folder
 * @param {ReadonlySet<string>} kept
 */
function removeOthers(folder, kept) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      removeOthers(file, kept);
      if (fs.readdirSync(file).length === 0) {
        fs.rmdirSync(file);
      }
    } else if (!kept.has(file)) {
      fs.rmSync(file);
    }
  }
}
