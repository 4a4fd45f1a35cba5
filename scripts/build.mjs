// @ts-check
// `npm run build`: compiles the package into dist/, and removes what an older build left there and no source gives any more.

import { runMain, UserError } from "./processes.mjs";
import { ensureBuild } from "./setup.mjs";

runMain(async () => {
  const build = await ensureBuild();
  if (!build.ok) throw new UserError(`${build.output}\n\nThe package does not compile.`);
});
