// @ts-check
// `npm run watch`: builds dist/ anew whenever a source changes, until Ctrl-C.

import fs from "node:fs";
import path from "node:path";
import { runMain, say } from "./processes.mjs";
import { ensureBuild, ensureDependencies, ROOT, SOURCE_FOLDERS } from "./setup.mjs";

/** Editors write a file in several steps, and a checkout many files. */
const QUIET_MS = 100;

runMain(async () => {
  await ensureDependencies();
  let build = Promise.resolve();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const rebuild = () => {
    build = build.then(async () => {
      const { ok, output } = await ensureBuild();
      if (!ok) {
        say(output);
      }
    });
  };
  for (const folder of SOURCE_FOLDERS) {
    fs.watch(path.join(ROOT, folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(rebuild, QUIET_MS);
    });
  }
  rebuild();
  await new Promise(() => undefined);
});
