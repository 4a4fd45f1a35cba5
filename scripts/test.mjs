// @ts-check
// `npm test`: does its own set-up, runs every test (those on the real engine, too) and ends with "N passed, M failed".
// Arguments go to jest: `npm test -- test/core`.

import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { onInterrupt, run, runMain, say } from "./processes.mjs";
import { ensurePulumi } from "./pulumi-cli.mjs";
import { ensureBuild, ensureDependencies, ROOT } from "./setup.mjs";

/** Tests start processes that are busy themselves (engine, language host, provider); more workers only slow each other down. */
const WORKERS = 2;

/** Settings of the developer's own clouds, proxies and stacks: tests must neither use nor notice them. */
const DEVELOPER_SETTINGS = [
  /^ALIBABA_CLOUD_/,
  /^ALIBABACLOUD_/,
  /^ALICLOUD_/,
  /^ALIYUN_/,
  /^SECURITYCENTER_/,
  /^ZSTACK_/,
  /^PULUMI_/,
  /^(https?|all|no)_proxy$/i,
  /^NODE_(OPTIONS|EXTRA_CA_CERTS|TLS_REJECT_UNAUTHORIZED)$/,
];

runMain(async () => {
  await ensureDependencies();
  await ensureDependencies(path.join(ROOT, "test", "engine", "sdks"));
  const build = await ensureBuild();
  if (!build.ok) {
    say(head(build.output, 20));
    say(
      "The package does not compile without errors: this counts as one failure. The tests run with what was written.",
    );
  }
  const cli = await ensurePulumi();

  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dingtalk-test-"));
  const remove = () => fs.rmSync(scratch, { recursive: true, force: true });
  onInterrupt(remove);
  try {
    const counts = path.join(scratch, "counts.json");
    const config = path.join(scratch, "jest.config.json");
    fs.writeFileSync(config, JSON.stringify(jestConfig(counts)));
    const jest = path.join(ROOT, "node_modules", "jest", "bin", "jest.js");
    const args = [jest, "--config", config, `--maxWorkers=${WORKERS}`, ...process.argv.slice(2)];
    const result = await run(process.execPath, args, {
      cwd: ROOT,
      env: testEnvironment(path.join(scratch, "home"), cli),
      inherit: true,
    });
    const { passed, failed } = count(counts, result.exitCode);
    const failures = failed + (build.ok ? 0 : 1);
    say("");
    say(`${passed} passed, ${failures} failed`);
    return failures === 0 ? 0 : 1;
  } finally {
    remove();
  }
});

/**
 * @param {string} text
 * @param {number} lines
 */
function head(text, lines) {
  const all = text.split("\n");
  return all.length <= lines
    ? text
    : [...all.slice(0, lines), `... and ${all.length - lines} more lines`].join("\n");
}

/**
 * @param {string} home
 * @param {import("./pulumi-cli.mjs").PulumiCli} cli
 * @returns {NodeJS.ProcessEnv}
 */
function testEnvironment(home, { root, bin }) {
  fs.mkdirSync(home);
  /** @type {NodeJS.ProcessEnv} */
  const env = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!DEVELOPER_SETTINGS.some((pattern) => pattern.test(name))) env[name] = value;
  }
  return {
    ...env,
    // The credential chain of Alibaba Cloud looks into the home folder and asks the metadata service of the machine.
    HOME: home,
    USERPROFILE: home,
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
    PULUMI_DINGTALK_CLI_ROOT: root,
    // Tests of the examples are what users write: they take the CLI that is there.
    PATH: [bin, env["PATH"]].join(path.delimiter),
  };
}

/**
 * The project's own configuration with one more reporter: options of a reporter cannot be given on the command line.
 * @param {string} file where the reporter leaves its counts
 */
function jestConfig(file) {
  const config = createRequire(import.meta.url)("../jest.config.cjs");
  const reporters = ["default", [path.join(ROOT, "scripts", "jest-count.cjs"), { file }]];
  return { ...config, rootDir: ROOT, reporters };
}

/**
 * @param {string} file
 * @param {number} exitCode
 * @returns {{ passed: number, failed: number }}
 */
function count(file, exitCode) {
  if (!fs.existsSync(file)) {
    say(`jest ended with exit code ${exitCode} and without a result.`);
    return { passed: 0, failed: 1 };
  }
  const counts = JSON.parse(fs.readFileSync(file, "utf8"));
  if (counts.failed > 0 || exitCode === 0) return counts;
  say(`jest ended with exit code ${exitCode} although no test failed.`);
  return { ...counts, failed: 1 };
}
