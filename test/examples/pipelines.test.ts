/** The shell script of the example pipelines, run on the real engine against the emulator, and the files that call it. */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { start } from "../../emulator";
import { makeScratch } from "../../scripts/scratch.cjs";
import { cliRoot, ENGINE_TEST_TIMEOUT_MS } from "../engine/harness";
import { installPackage, ROOT } from "../engine/layout";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const FOLDER = path.join(ROOT, "examples", "pipelines");

test.each(["github-actions.yml", "gitlab-ci.yml"])("%s can be read, and runs each job", (name) => {
  const said = JSON.stringify(parse(fs.readFileSync(path.join(FOLDER, name), "utf8")));
  for (const job of ["preview", "up", "drift"]) {
    expect(said).toContain(`"sh check.sh ${job} prod"`);
  }
});

test("check.sh previews, updates, and tells a group of drift", async () => {
  const scratch = makeScratch("pulumi-dingtalk-pipeline");
  const emulator = await start();
  try {
    const { folder } = scratch;
    const group = emulator.dingtalk.addGroup({ name: "on call" });
    installPackage(folder, {});
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: pipeline\nruntime: nodejs\nmain: index.js\n");
    fs.writeFileSync(path.join(folder, "package.json"), '{ "private": true }');
    fs.writeFileSync(
      path.join(folder, "index.js"),
      `new (require("pulumi-dingtalk").zstack.DingTalkEndpoint)("duty", { webhookUrl: "https://oapi.dingtalk.com/robot/send?access_token=${"5eed".repeat(16)}" });`,
    );
    const env = {
      ...scratch.marker,
      PATH: [path.join(cliRoot(), "bin"), path.dirname(process.execPath), process.env["PATH"]].join(":"),
      HOME: folder,
      PULUMI_HOME: path.join(folder, ".pulumi-home"),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "of the pipeline",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
      ZSTACK_ENDPOINT: emulator.zstack.url,
      ZSTACK_ACCOUNT_NAME: emulator.zstack.accountName,
      ZSTACK_ACCOUNT_PASSWORD: emulator.zstack.accountPassword,
      DRIFT_WEBHOOK: `${emulator.dingtalk.url}/robot/send${new URL(group.webhook).search}`,
    };
    const run = (command: string, args: string[]): Promise<number> =>
      new Promise((resolve, reject) => {
        execFile(command, args, { cwd: folder, env }, (error) => {
          const code = error === null ? 0 : error.code;
          if (typeof code === "number") {
            resolve(code);
          } else {
            reject(error ?? new Error("no exit code"));
          }
        });
      });
    const check = (job: string): Promise<number> => run("sh", [path.join(FOLDER, "check.sh"), job, "prod"]);

    expect(await run("pulumi", ["stack", "init", "prod", "--non-interactive"])).toBe(0);
    expect(await check("preview")).toBe(0);
    expect(await check("up")).toBe(0);
    expect(await check("drift")).toBe(0);
    expect(group.messages).toEqual([]);

    const [endpoint] = emulator.zstack.endpoints.list().filter(({ type }) => type === "DingTalk");
    emulator.zstack.endpoints.edit(String(endpoint?.uuid), { name: "changed by somebody" });
    expect(await check("drift")).toBe(7);
    expect(group.messages.map(({ text }) => text)).toEqual(["Drift: the servers differ from stack prod."]);
  } finally {
    await emulator.close();
    await scratch.dispose();
  }
});
