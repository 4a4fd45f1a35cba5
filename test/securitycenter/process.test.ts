import { mkdirSync, writeFileSync } from "node:fs";
import { start, type Emulator } from "../../emulator";
import { type Bag, type ProviderProcess, secret, startProviderProcess } from "../engine/provider-process";
import { failureOf, OTHER_WEBHOOK, WEBHOOK } from "../support/securitycenter";

jest.setTimeout(60_000);

/** As states of the first release hold it. Not taken from the code under test: it must work for ever. */
const STORED_STUB =
  'exports.handler=()=>{try{return require("pulumi-dingtalk/runtime").resource("securitycenter:DingTalkRobot")}' +
  'catch(e){if(e.code=="MODULE_NOT_FOUND")e.message=e.stack="pulumi-dingtalk must be a direct dependency of this Pulumi project: ' +
  'npm install pulumi-dingtalk";throw e}}';
const RULES = [{ type: "hc", conditions: { item_level: ["high"] } }];

function declared(args: object = {}): Bag {
  return {
    webhookUrl: secret(WEBHOOK),
    alertRules: RULES,
    ...args,
    __dingtalk: { v: 1, key: "ab".repeat(32), name: "duty" },
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

function config(): Bag {
  const { accessKeyId, accessKeySecret, china } = emulator.securitycenter;
  return {
    "alicloud:accessKey": accessKeyId,
    "alicloud:secretKey": accessKeySecret,
    "securitycenter:site": "china",
    "securitycenter:endpoint": china.url,
  };
}

async function startProvider(settings: Bag = config()): Promise<ProviderProcess> {
  const provider = await startProviderProcess({});
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
