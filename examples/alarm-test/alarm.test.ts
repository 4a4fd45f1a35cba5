/**
 * Does the right group get it? A unit test of the program beside it: the real engine, against the emulator that comes with the package.
 * It needs a Pulumi CLI on the PATH, and nothing else: no ZStack, no DingTalk, no network.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { start, type Alarm, type Emulator, type GroupHandle } from "pulumi-dingtalk/emulator";

const STACK = "test";
const SIGNING_SECRET = `SEC${"0123456789abcdef".repeat(4)}`;

jest.setTimeout(240_000);

let emulator: Emulator;
let oncall: GroupHandle;
let leads: GroupHandle;
let poolFull: Alarm;
let folder: string;
let stack: Stack;

beforeAll(async () => {
  emulator = await start();
  oncall = emulator.dingtalk.addGroup({ name: "storage on call", secret: SIGNING_SECRET });
  leads = emulator.dingtalk.addGroup({ name: "team leads" });
  poolFull = emulator.zstack.alarms.add({ name: "Pool is nearly full" });

  folder = mkdtempSync(join(tmpdir(), "alarm-test-"));
  const { url, accountName, accountPassword } = emulator.zstack;
  stack = await LocalWorkspace.createStack(
    { stackName: STACK, workDir: __dirname },
    {
      envVars: {
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        ZSTACK_ENDPOINT: url,
        ZSTACK_ACCOUNT_NAME: accountName,
        ZSTACK_ACCOUNT_PASSWORD: accountPassword,
      },
    },
  );
  await stack.setAllConfig({
    oncallWebhook: { value: oncall.webhook, secret: true },
    oncallSign: { value: SIGNING_SECRET, secret: true },
    leadsWebhook: { value: leads.webhook, secret: true },
    poolFullAlarm: { value: poolFull.uuid },
  });
  await stack.up();
});

afterAll(async () => {
  try {
    await stack.destroy();
    await stack.workspace.removeStack(STACK);
    expect(emulator.zstack.alarmActions.list()).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
    await emulator.close();
  }
});

test("who is on call is told, and called by name", async () => {
  await emulator.zstack.fireAlarm(poolFull.uuid, { value: 97 });

  expect(oncall.messages).toHaveLength(1);
  expect(oncall.messages[0]).toMatchObject({ atMobiles: ["+86-13800000000"], isAtAll: false, signed: true });
  expect(oncall.messages[0]?.text).toContain("Pool is nearly full");
});

test("the leads are left alone until they are switched on", async () => {
  expect(leads.messages).toEqual([]);

  await stack.setConfig("tellLeads", { value: "true" });
  await stack.up();
  await emulator.zstack.fireAlarm(poolFull.uuid);
  expect(leads.messages).toHaveLength(1);
});

test("a wrong signing secret is found out here, and not in an incident", async () => {
  await stack.setConfig("oncallSign", { value: `SEC${"f".repeat(64)}`, secret: true });
  await stack.up();

  const { deliveries } = await emulator.zstack.fireAlarm(poolFull.uuid);
  expect(deliveries).toContainEqual(expect.objectContaining({ outcome: "refused", errcode: 310000 }));
});
