import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { promisify } from "node:util";

// What is published: `npm test` compiles it before the tests run.
const COMMAND = path.join(__dirname, "../../dist/cli/index.js");

/** Runs the command until it says how to end it. */
async function started(...args: string[]) {
  const child = spawn(process.execPath, [COMMAND, "emulator", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      if (printed.includes("Ctrl-C ends it.")) {
        resolve();
      }
    });
    child.on("exit", () => reject(new Error(`it ended too early:\n${printed}`)));
  });
  const ended = once(child, "exit");
  return { child, printed, ended };
}

test("the command prints what a program needs for both clouds, serves them, and ends with Ctrl-C", async () => {
  const { child, printed, ended } = await started("--port", "0", "--account", "ops", "--password", "s3cret");
  const url = /export ZSTACK_ENDPOINT=(\S+)/.exec(printed)?.[1] ?? "";
  const china = /china at (\S+),/.exec(printed)?.[1] ?? "";
  expect(printed).toContain("export ZSTACK_ACCOUNT_NAME=ops ZSTACK_ACCOUNT_PASSWORD=s3cret");
  expect(printed).toMatch(/export ALIBABA_CLOUD_ACCESS_KEY_ID=\S+ ALIBABA_CLOUD_ACCESS_KEY_SECRET=\S+/);
  expect(printed).toContain(`pulumi config set securitycenter:endpoint ${china}`);

  const version = await fetch(`${url}/zstack/v1/management-nodes/actions`, {
    method: "PUT",
    body: '{"getVersion":{}}',
  });
  expect(version.status).toBe(200);
  expect((await fetch(`${china}/?Action=Nothing`)).status).toBe(404);
  expect((await fetch(`${url}/_emulator/`)).status).toBe(200);

  child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
});

test("the command makes a group with a robot, whose webhook a program may say and whose messages it shows", async () => {
  const { child, printed, ended } = await started(
    "--port",
    "0",
    "--robot-token",
    "t0",
    "--robot-secret",
    "SEC1",
  );
  const found = (label: string): string => new RegExp(`${label} +(http\\S+)`).exec(printed)?.[1] ?? "";
  expect(found("webhook")).toBe("https://oapi.dingtalk.com/robot/send?access_token=t0");
  const refused = await fetch(found("local"), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: '{"msgtype":"text","text":{"content":"unsigned"}}',
  });
  expect(await refused.json()).toMatchObject({ errcode: 310000 });
  expect(await (await fetch(found("messages"))).json()).toEqual([]);

  child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
});

test.each([
  [["--port", "x"], "a port is a number from 0 to 65535."],
  [["--switch", "nonsense=1"], "there is no switch nonsense; --switches lists them."],
])("the command refuses %j", async (args, reason) => {
  const failed = promisify(execFile)(process.execPath, [COMMAND, "emulator", ...args]);
  await expect(failed).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(reason) as unknown });
});

test("the command lists the switches of ZStack with their meaning", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, "emulator", "--switches"]);
  expect(stdout).toMatch(/^serverVersion = "5\.2\.1"\n {4}\S/m);
});

describe("under npx", () => {
  // As npx does it: a Node process, a shell between the two that is not replaced by the command, and these variables.
  const NPX = `
    const { spawn } = require("node:child_process");
    const shell = spawn("sh", ["-c", '"$NODE" "$COMMAND" emulator --port 0; exit $?'], { stdio: "inherit" });
    process.on("SIGTERM", () => shell.kill("SIGTERM"));
    shell.on("exit", () => process.exit());
  `;
  const VARIABLES = { npm_command: "exec", npm_lifecycle_script: "'pulumi-dingtalk'" };

  test.each(["SIGTERM", "SIGKILL", "SIGHUP"] as const)(
    "the emulator ends with the npx that gets %s, although no signal reaches it",
    async (signal) => {
      const npx = spawn(process.execPath, ["-e", NPX], {
        stdio: ["ignore", "pipe", "ignore"],
        env: { ...process.env, ...VARIABLES, NODE: process.execPath, COMMAND },
      });
      // Open for as long as any of the three lives.
      const allEnded = once(npx.stdout, "close");
      let printed = "";
      await new Promise<void>((resolve) => {
        npx.stdout.setEncoding("utf8").on("data", (text: string) => {
          printed += text;
          if (printed.includes("Ctrl-C ends it.")) {
            resolve();
          }
        });
      });
      npx.kill(signal);
      await allEnded;
      const url = /export ZSTACK_ENDPOINT=(\S+)/.exec(printed)?.[1] ?? "";
      await expect(fetch(url)).rejects.toThrow();
    },
  );
});

test("the command tells its version", async () => {
  const { version } = jest.requireActual<{ version: string }>("../../package.json");
  const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, "--version"]);
  expect(stdout).toBe(`${version}\n`);
});
