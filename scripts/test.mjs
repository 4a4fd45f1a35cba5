// @ts-check
// `npm test`: does its own set-up, runs every test (those on the real engine, too) and ends with "N passed, M failed".
// Arguments go to jest: `npm test -- test/core`.

import fs from "node:fs";
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
  /^ZSTACK_/,
  /^PULUMI_/,
  /^(https?|all|no)_proxy$/i,
  /^NODE_(OPTIONS|EXTRA_CA_CERTS|TLS_REJECT_UNAUTHORIZED)$/,
];

runMain(async () => {
  await ensureDependencies();
  const build = await ensureBuild();
  if (!build.ok) {
    say(build.output);
    say(
      "The package does not compile without errors: this counts as one failure. The tests run with what was written.",
    );
  }
  const cli = await ensurePulumi();

  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dingtalk-test-"));
  const remove = () => fs.rmSync(scratch, { recursive: true, force: true });
  onInterrupt(remove);
  try {
    const report = path.join(scratch, "report.json");
    const jest = path.join(ROOT, "node_modules", "jest", "bin", "jest.js");
    const args = [
      jest,
      `--maxWorkers=${WORKERS}`,
      "--json",
      `--outputFile=${report}`,
      ...process.argv.slice(2),
    ];
    const result = await run(process.execPath, args, {
      cwd: ROOT,
      env: testEnvironment(path.join(scratch, "home"), cli.root),
      inherit: true,
    });
    const { passed, failed } = count(report, result.exitCode);
    const failures = failed + (build.ok ? 0 : 1);
    say("");
    say(`${passed} passed, ${failures} failed`);
    return failures === 0 ? 0 : 1;
  } finally {
    remove();
  }
});

/**
 * @param {string} home
 * @param {string} cliRoot
 * @returns {NodeJS.ProcessEnv}
 */
function testEnvironment(home, cliRoot) {
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
    PULUMI_DINGTALK_CLI_ROOT: cliRoot,
  };
}

/**
 * Counts tests. A suite that fails outside its tests (it does not load, a hook fails) is at least one failure.
 * @param {string} report
 * @param {number} exitCode
 */
function count(report, exitCode) {
  if (!fs.existsSync(report)) {
    say(`jest ended with exit code ${exitCode} and without a report.`);
    return { passed: 0, failed: 1 };
  }
  /** @type {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  const { testResults } = JSON.parse(fs.readFileSync(report, "utf8"));
  let passed = 0;
  let failed = 0;
  for (const suite of testResults) {
    const inSuite = suite.assertionResults.filter((test) => test.status === "failed").length;
    passed += suite.assertionResults.filter((test) => test.status === "passed").length;
    failed += suite.status === "failed" ? Math.max(inSuite, 1) : inSuite;
  }
  if (failed === 0 && exitCode !== 0) {
    say(`jest ended with exit code ${exitCode} although no test failed.`);
    failed = 1;
  }
  return { passed, failed };
}
