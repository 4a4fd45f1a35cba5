// @ts-check
// `npm run emulator -- --port 8080`: gets the package ready and runs its emulator until Ctrl-C.

import path from "node:path";
import { run, runMain } from "./processes.mjs";
import { ROOT, setUp } from "./setup.mjs";

runMain(async () => {
  await setUp();
  const command = path.join(ROOT, "dist", "cli", "index.js");
  const { exitCode } = await run(process.execPath, [command, "emulator", ...process.argv.slice(2)], {
    cwd: ROOT,
    inherit: true,
  });
  return exitCode;
});
