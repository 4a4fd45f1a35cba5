import { mkdirSync, writeFileSync } from "node:fs";
import { start, type Emulator } from "../../emulator";
import {
  type Bag,
  type ProviderProcess,
  secret,
  startProviderProcess,
  UNKNOWN,
} from "../engine/provider-process";
import { until } from "../engine/support/lab";
import { failureOf, OTHER_WEBHOOK, WEBHOOK } from "../support/securitycenter";

jest.setTimeout(60_000);

/** As states of the first release hold it. Not taken from the code under test: it must work for ever. */
const STORED_STUB =
  'exports.handler=()=>{try{return require("pulumi-dingtalk/runtime").resource("securitycenter:DingTalkRobot")}' +
  'catch(e){if(e.code=="MODULE_NOT_FOUND")e.message=e.stack="pulumi-dingtalk must be a direct dependency of this Pulumi project: ' +
  'npm install pulumi-dingtalk";throw e}}';
const RULES = [{ type: "hc", conditions: { item_level: ["high"] } }];

function declared(args: object = {}, key = "ab"): Bag {
  return {
    webhookUrl: secret(WEBHOOK),
    alertRules: RULES,
    ...args,
    __dingtalk: { v: 1, key: key.repeat(32), name: "duty" },
    __provider: STORED_STUB,
  };
}

let emulator: Emulator;
const started: ProviderProcess[] = [];
beforeEach(async () => {
  emulator = await start({ seed: 9 });
});
afterEach(() => emulator.close());
afterEach(async () => {
  await Promise.all(started.splice(0).map((provider) => provider.dispose()));
});

function config(site: "china" | "international" = "china"): Bag {
  const { accessKeyId, accessKeySecret } = emulator.securitycenter;
  return {
    "alicloud:accessKey": accessKeyId,
    "alicloud:secretKey": accessKeySecret,
    "securitycenter:site": site,
    "securitycenter:endpoint": emulator.securitycenter[site].url,
  };
}

async function startProvider(
  settings: Bag = config(),
  env: Record<string, string> = {},
): Promise<ProviderProcess> {
  const provider = await startProviderProcess({ env });
  started.push(provider);
  await provider.configure(settings);
  return provider;
}

async function checked(provider: ProviderProcess, news: Bag, olds: Bag = {}): Promise<Bag> {
  const { inputs, failures } = await provider.check(olds, news);
  expect(failures).toEqual([]);
  return inputs;
}

test("a robot lives through every call, its webhook in an envelope throughout", async () => {
  const provider = await startProvider();
  const inputs = await checked(provider, declared());
  expect(inputs).toMatchObject({ name: "duty-abababa", language: "zh", enabled: true, adopt: "identical" });
  const { id, properties } = await provider.create(inputs);
  expect(id).toBe("1001");
  expect(properties).toMatchObject({
    robotId: "1001",
    webhookUrl: secret(WEBHOOK),
    __dingtalk: { tenancy: { site: "china", account: emulator.securitycenter.accountId } },
  });
  expect(await provider.diff(id, properties, inputs)).toMatchObject({ changes: false });

  const edited = await checked(
    provider,
    declared({ language: "en", webhookUrl: secret(OTHER_WEBHOOK) }),
    inputs,
  );
  expect(await provider.diff(id, properties, edited)).toMatchObject({ changes: undefined, replaces: [] });
  const updated = await provider.update(id, properties, edited);
  expect(updated.properties).toMatchObject({ language: "en", webhookUrl: secret(OTHER_WEBHOOK) });

  emulator.securitycenter.china.robots.edit(id, { url: WEBHOOK, status: 0 });
  const drifted = await provider.read(id, updated.properties);
  expect(drifted.inputs).toMatchObject({ webhookUrl: secret(WEBHOOK), enabled: false, alertRules: RULES });
  expect(await provider.diff(id, drifted.properties, edited)).toMatchObject({ changes: undefined });
  const repaired = await provider.update(id, drifted.properties, edited);
  expect(await provider.diff(id, repaired.properties, edited)).toMatchObject({ changes: false });

  await provider.delete(id, repaired.properties);
  expect(await provider.read(id, repaired.properties)).toMatchObject({ id: "" });
  expect(provider.stdout + provider.stderr).toBe("");
});

test("a preview with unknown values is checked as far as they are known", async () => {
  const provider = await startProvider();
  const { inputs, failures } = await provider.check({}, declared({ webhookUrl: UNKNOWN, language: "de" }));
  expect(failures).toEqual([{ property: "", reason: 'language: must be "zh" or "en".' }]);
  expect(inputs["webhookUrl"]).toBe(UNKNOWN);
  expect(emulator.journal.count()).toBe(0);
});

test("a process killed right after the create is executed leaves a robot that the next one takes over", async () => {
  const { faults, robots } = emulator.securitycenter.china;
  const first = await startProvider();
  const inputs = await checked(first, declared());
  faults.add({ operation: "CreateOrUpdateDingTalk", then: () => first.signal("SIGKILL") });
  await failureOf(first.create(inputs));
  expect(await first.exited).toEqual({ code: null, signal: "SIGKILL" });
  expect(robots.size).toBe(1);

  const second = await startProvider();
  const { id } = await second.create(await checked(second, declared()));
  expect(id).toBe("1001");
  expect(robots.size).toBe(1);
  await until(() => second.logs.some(({ severity }) => severity === "warning"));
  expect(second.logs.filter(({ severity }) => severity === "warning").map(({ message }) => message)).toEqual([
    "Takes over the existing DingTalk robot 1001, which already is as declared: an earlier run that was cut off made it, or somebody else did. Destroying this resource will delete it.",
  ]);
});

test("a robot that is not as declared after its create is kept, with what the service holds", async () => {
  const { switches } = emulator.securitycenter.china;
  switches.deniedActions = ["ModifyDingTalkStatus"];
  const provider = await startProvider();
  const inputs = await checked(provider, declared({ enabled: false }));
  const failure = await failureOf(provider.create(inputs));
  expect(failure["initFailed"]).toMatchObject({
    id: "1001",
    properties: { enabled: true, webhookUrl: secret(WEBHOOK), __provider: STORED_STUB },
    reasons: [expect.stringContaining("Grant the RAM action yundun-sas:ModifyDingTalkStatus")],
  });
});

test("a robot of the other site is refused, and not gone", async () => {
  const here = await startProvider();
  const { id, properties } = await here.create(await checked(here, declared()));
  const abroad = await startProvider(config("international"));
  const refused = /lives at another site of Security Center than this connection/;
  await expect(abroad.read(id, properties)).rejects.toThrow(refused);
  await expect(abroad.delete(id, properties)).rejects.toThrow(refused);
  expect(emulator.securitycenter.china.robots.size).toBe(1);
});

test("a resource that got another name takes its robot along: deleting the old one leaves it alone", async () => {
  const provider = await startProvider();
  const old = await provider.create(await checked(provider, declared({ name: "shared" })));
  const next = await startProvider();
  const renamed = await next.create(await checked(next, declared({ name: "shared" }, "cd")));
  expect(renamed.id).toBe(old.id);
  await next.delete(old.id, old.properties);
  expect(emulator.securitycenter.china.robots.size).toBe(1);
  await until(() => next.logs.some(({ message }) => message.includes("left alone")));
  expect(next.logs.at(-1)).toMatchObject({
    severity: "warning",
    message: "The DingTalk robot 1001 is left alone: another resource of this stack stands for it, too.",
  });
  await next.delete(renamed.id, renamed.properties);
  expect(emulator.securitycenter.china.robots.size).toBe(0);
});

test("no secret comes out with a failure: neither keys, nor the webhook, nor what a profile holds", async () => {
  const { faults } = emulator.securitycenter.china;
  faults.add({
    operation: "CreateOrUpdateDingTalk",
    fault: {
      kind: "apiError",
      code: "IllegalParam",
      message: `bad ${WEBHOOK} ${encodeURIComponent(WEBHOOK)}`,
    },
  });
  const { accessKeyId, accessKeySecret } = emulator.securitycenter;
  const credentials = `[default]\ntype=access_key\naccess_key_id=${accessKeyId}\naccess_key_secret=${accessKeySecret}\n`;
  const { "securitycenter:site": site, "securitycenter:endpoint": endpoint } = config();
  const provider = await startProvider({ "securitycenter:site": site, "securitycenter:endpoint": endpoint });
  const home = `${provider.folder}/../home/.alibabacloud`;
  mkdirSync(home, { recursive: true });
  writeFileSync(`${home}/credentials`, credentials);
  const inputs = await checked(provider, declared());
  const failure = await failureOf(provider.create(inputs));
  faults.add({
    operation: "DescribeDingTalk",
    fault: { kind: "apiError", code: "NotBuy", message: `signed with ${accessKeySecret}` },
  });
  const second = await failureOf(provider.create(inputs));
  const shown = failure.message + second.message + provider.stderr + JSON.stringify(provider.logs);
  expect(shown).toContain("IllegalParam");
  expect(shown).toContain("[redacted]");
  expect(shown).not.toContain(accessKeySecret);
  expect(shown).not.toContain("0123456789abcdef0123456789abcdef");
});
