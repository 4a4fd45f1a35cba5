// @ts-check
// `npm run build`, and before `npm pack` and `npm publish`: installs what is missing, compiles the package into dist/, and removes what an
// older build left there and no source gives any more.

import { runMain } from "./processes.mjs";
import { setUp } from "./setup.mjs";

runMain(setUp);
