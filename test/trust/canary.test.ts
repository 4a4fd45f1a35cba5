import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "../engine/harness";
import { connectionOf, endpoint } from "../engine/support/lab";
import { provider, robot, RobotLab } from "../engine/support/robot-lab";
import { publishFigures } from "./report";
import { echoOf, Planted } from "./support/planted";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const token = (n: string): string => `c4n4ry${createHash("sha256").update(n).digest("hex")}`;
const planted = new Planted();
const webhook = (n: string): string =>
  planted.plant(`webhook ${n}`, `https://oapi.dingtalk.com/robot/send?access_token=${token(n)}`, token(n));
const relay = (n: string): string =>
  planted.plant(`relay ${n}`, `https://relay.corp.example/hooks/${token(n)}?to=duty`, token(n));
const signing = (n: string): string =>
  planted.plant(`signing secret ${n}`, `SEC${createHash("sha256").update(`signing ${n}`).digest("hex")}`);

const PASSWORD = planted.plant("account password", `pa"ss/${token("password").slice(0, 24)} &=+`);
const ZSTACK_KEY = planted.plant("ZStack access key secret", token("zstack key").slice(0, 40));
const CLOUD_KEY = planted.plant("Alibaba Cloud access key secret", token("cloud key").slice(0, 30));
const [FIRST, SECOND, OUTSIDE] = [webhook("first"), relay("second"), webhook("set by somebody else")];
const [SIGN, SIGN_2, SIGN_3] = [signing("first"), signing("second"), signing("set by somebody else")];
const MALFORMED = planted.plant(
  "malformed webhook",
  `https://oapi.dingtalk.com/ ${token("bad")}`,
  token("bad"),
);

let lab: RobotLab;
const results: Record<string, EngineResult> = {};
/** Everything that can be read of the stack afterwards, by the name of the place. */
const stored: Record<string, string> = {};
let inClear = "";

const ok = { name: "ok", webhookUrl: FIRST, secret: SIGN };
const program = (args: { webhookUrl: string; secret: string }, more: string[] = []): string[] => [
  provider("cloud", lab.emulator, stsKeys),
  `const dc = new Provider("dc", { zstack: ${JSON.stringify({
    endpoint: lab.emulator.url,
    accessKeyId: lab.emulator.zstack.accessKeyId,
    accessKeySecret: ZSTACK_KEY,
    timezone: "Asia/Shanghai",
  })} });`,
  endpoint("ok", { ...ok, ...args }),
  endpoint("elsewhere", { name: "elsewhere", ...args }, "{ provider: dc }"),
  robot("watch", { name: "watch", webhookUrl: args.webhookUrl }, "{ provider: cloud }"),
  `exports.shown = { ok: ok.webhookUrl, secret: ok.secret, watch: watch.webhookUrl };`,
  ...more,
];
let stsKeys: object;

beforeAll(async () => {
  lab = await RobotLab.create({
    emulator: {
      zstack: { accountPassword: PASSWORD, accessKeySecret: ZSTACK_KEY },
      securitycenter: { accessKeySecret: CLOUD_KEY },
    },
    config: {
      "alicloud:accessKey": { secret: "LTAIemulatorAccessKey01" },
      "alicloud:secretKey": { secret: CLOUD_KEY },
    },
  });
  const { emulator, project, site } = lab;
  const { zstack } = emulator;
  const env = connectionOf(emulator);
  const { accessKeyId, accessKeySecret, securityToken } = emulator.securitycenter.issueStsToken();
  planted.plant("STS secret", accessKeySecret);
  planted.plant("STS token", securityToken);
  stsKeys = { accessKey: accessKeyId, secretKey: accessKeySecret, securityToken };
  /** Whatever session is ever opened counts as planted. */
  const watchSessions = (): void =>
    void zstack.faults.add({
      times: "always",
      before: () => {
        for (const { uuid } of zstack.sessions.list()) {
          planted.plant("session", uuid);
        }
      },
    });
  // A server repeats what it was sent.
  const failing = (operation: string, said: string, times = 1): void =>
    void zstack.faults.add({
      operation,
      times,
      fault: { kind: "jobFails", code: "SYS.1006", details: said },
    });
  const refusing = (operation: string, said: string, times = 1): void =>
    void site.faults.add({
      operation,
      times,
      fault: { kind: "apiError", code: "IllegalParam", message: said },
    });
  const edit = (url: string, secret: string): void => {
    for (const { uuid } of zstack.endpoints.list()) {
      zstack.endpoints.edit(uuid, { url, secret });
    }
    for (const { id } of site.robots.list()) {
      site.robots.edit(String(id), { url });
    }
  };

  watchSessions();
  results["up"] = await lab.up(program({ webhookUrl: FIRST, secret: SIGN }), [], { env });
  const edited = { webhookUrl: SECOND, secret: SIGN_2 };
  lab.declare(...program(edited));
  results["preview --diff"] = await project.preview(["--diff"], { env });
  results["preview --json"] = await project.preview(["--json"], { env });

  const said = echoOf(FIRST, SECOND, SIGN, SIGN_2);
  failing("UpdateSNSDingTalkEndpoint", said, 2);
  failing("CreateSNSDingTalkEndpoint", said);
  failing("ChangeSNSApplicationEndpointState", said);
  // Whichever object meets it first; the others get as far as their state.
  refusing("CreateOrUpdateDingTalk", echoOf(FIRST, SECOND, securityToken));
  refusing("ModifyDingTalkStatus", echoOf(SECOND, securityToken));
  results["failing create and update, init failure"] = await lab.up(
    program(edited, [
      endpoint("failing", { name: "failing", ...edited, enabled: false }),
      endpoint("half", { name: "half", ...edited, enabled: false }),
      robot("failingRobot", { name: "failing", webhookUrl: SECOND, enabled: false }, "{ provider: cloud }"),
      robot("halfRobot", { name: "half", webhookUrl: SECOND, enabled: false }, "{ provider: cloud }"),
    ]),
    ["--continue-on-error", "--diff"],
    { env, expectExit: 1 },
  );
  zstack.faults.clear();
  site.faults.clear();
  watchSessions();

  results["failing check"] = await lab.up(
    program({ webhookUrl: MALFORMED, secret: SIGN_2.repeat(3) }),
    ["--continue-on-error"],
    { env, expectExit: 1 },
  );
  edit(OUTSIDE, SIGN_3);
  results["drift"] = await project.refresh(["--preview-only", "--diff", "--expect-no-changes"], {
    env,
    expectExit: 7,
  });
  results["refresh of drift"] = await project.refresh(["--diff"], { env });
  results["clean refresh"] = await project.refresh([], { env });
  stored["stack export"] = JSON.stringify(await project.export());
  inClear = JSON.stringify(await project.export({ showSecrets: true }));
  failing("DeleteSNSApplicationEndpoint", echoOf(OUTSIDE, SIGN_3), 2);
  refusing("DeleteDingTalk", echoOf(OUTSIDE, securityToken));
  results["failing destroy"] = await project.destroy(["--continue-on-error"], { env, expectExit: 1 });
  stored["state, backups and history"] = filesBelow(project.stateFolder);
  stored["stack config"] = fs.readFileSync(path.join(project.folder, `Pulumi.${project.stack}.yaml`), "utf8");
  // Debug events are what Pulumi's own SDK and engine log with -v or --debug, in clear by their design.
  stored["event logs"] = filesBelow(path.join(project.folder, "..", "logs"))
    .split("\n")
    .filter((line) => !/"severity":\s*"debug"/.test(line))
    .join("\n");
});
afterAll(() => lab?.dispose());

function filesBelow(folder: string): string {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

test.each([
  "up",
  "preview --diff",
  "preview --json",
  "failing create and update, init failure",
  "failing check",
  "drift",
  "refresh of drift",
  "clean refresh",
  "failing destroy",
])("the output of pulumi holds no planted secret: %s", (name) => {
  const { text = "" } = results[name] ?? {};
  expect(text.length).toBeGreaterThan(0);
  expect(planted.foundIn(text)).toEqual([]);
});

test.each(["stack export", "state, backups and history", "stack config", "event logs"])(
  "what is stored holds no planted secret: %s",
  (name) => {
    const text = stored[name] ?? "";
    expect(text.length).toBeGreaterThan(100);
    expect(planted.foundIn(text)).toEqual([]);
  },
);

test("the failures were those that were meant, and what the servers repeated was masked", () => {
  const { text = "" } = results["failing create and update, init failure"] ?? {};
  const masked = (what: string): boolean => new RegExp(`${what} failed[\\s\\S]*\\[redacted\\]`).test(text);
  for (const operation of [
    "CreateSNSDingTalkEndpoint",
    "UpdateSNSDingTalkEndpoint",
    "ChangeSNSApplicationEndpointState",
    "CreateOrUpdateDingTalk",
    "ModifyDingTalkStatus",
  ]) {
    expect([operation, masked(operation)]).toEqual([operation, true]);
  }
  expect((results["failing check"]?.text ?? "").includes("webhookUrl: must not contain white space")).toBe(
    true,
  );
  expect(results["drift"]?.step("ok")?.diffs.sort()).toEqual(["secret", "webhookUrl"]);
  expect(results["drift"]?.step("watch")?.diffs).toEqual(["webhookUrl"]);
});

test("the same search finds what is there when secrets are asked for in clear", () => {
  const names = planted.foundIn(inClear).map((found) => found.split(":")[0]);
  for (const name of [
    "webhook set by somebody else",
    "signing secret set by somebody else",
    "ZStack access key secret",
    "Alibaba Cloud access key secret",
    "STS secret",
    "STS token",
  ]) {
    expect(names).toContain(name);
  }
});

test("sessions were opened, and each was looked for", () => {
  expect(lab.emulator.journal.count("LogInByAccount")).toBeGreaterThan(0);
  expect(planted.has("session")).toBe(true);
});

test("nowhere is a secret in clear", () => {
  const texts = [...Object.values(results).map(({ text }) => text), ...Object.values(stored)];
  expect(texts.flatMap((text) => planted.foundIn(text))).toEqual([]);
  publishFigures("canary", { secrets: planted.size, places: texts.length });
});
