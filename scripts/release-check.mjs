// @ts-check
// Before `npm publish`: refuses while nobody could find the repository. With --write, puts what is known of it into package.json.

import fs from "node:fs";
import path from "node:path";
import { runMain, say, UserError } from "./processes.mjs";
import { REPOSITORY, repositoryFields } from "./repository.mjs";
import { ROOT } from "./setup.mjs";

const FILE = path.join(ROOT, "package.json");
const NAMES = /** @type {const} */ (["homepage", "bugs", "repository"]);

runMain(async () => {
  const manifest = JSON.parse(fs.readFileSync(FILE, "utf8"));
  const wanted = repositoryFields(REPOSITORY);
  const wrong = NAMES.filter((name) => JSON.stringify(manifest[name]) !== JSON.stringify(wanted[name]));
  if (process.argv.includes("--write")) {
    for (const name of NAMES) {
      delete manifest[name];
    }
    fs.writeFileSync(FILE, `${JSON.stringify({ ...manifest, ...wanted }, undefined, 2)}\n`);
    say(`package.json says where the repository is: ${REPOSITORY || "nowhere yet"}.`);
    return 0;
  }
  if (REPOSITORY === "") {
    throw new UserError(
      "Not released: nobody knows where the repository is. Say so in scripts/repository.mjs, then run: node scripts/release-check.mjs --write",
    );
  }
  if (wrong.length > 0) {
    throw new UserError(
      `package.json does not say the same as scripts/repository.mjs (${wrong.join(", ")}). Run: node scripts/release-check.mjs --write`,
    );
  }
  say("The package says where its repository is.");
  return 0;
});
