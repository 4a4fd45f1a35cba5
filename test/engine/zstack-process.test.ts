import type { Emulator } from "../../emulator";
import { NEWEST_SDK, OLDEST_SDK } from "./layout";
import { type Bag, type ProviderProcess, secret, startProviderProcess } from "./provider-process";
import { connectionOf, startEmulator, until, WEBHOOK } from "./support/lab";

jest.setTimeout(60_000);

/** As states of the first release hold it. Not taken from the code under test: it must work for ever. */
const STORED_STUB =
  'exports.handler=()=>{try{return require("pulumi-dingtalk/runtime").resource("zstack:DingTalkEndpoint")}' +
  'catch(e){if(e.code=="MODULE_NOT_FOUND")e.message=e.stack="pulumi-dingtalk must be a direct dependency of this Pulumi project: ' +
  'npm install pulumi-dingtalk";throw e}}';
const HIDDEN = { v: 1, key: "ab".repeat(32), name: "duty" };
const declared = (args: object = {}): Bag => ({
  webhookUrl: secret(WEBHOOK),
  ...args,
  __dingtalk: HIDDEN,
  __provider: STORED_STUB,
});
const CREATE = "CreateSNSDingTalkEndpoint";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

const started: ProviderProcess[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((provider) => provider.dispose()));
});
async function startProvider(
  options: Parameters<typeof startProviderProcess>[0] = {},
): Promise<ProviderProcess> {
  const provider = await startProviderProcess({ env: connectionOf(emulator), ...options });
  started.push(provider);
  return provider;
}

test.each([
  ["oldest", OLDEST_SDK],
  ["newest", NEWEST_SDK],
])("the stub of the first release runs every call on the %s SDK", async (_name, sdk) => {
  const provider = await startProvider({ sdk });
  await provider.configure({});
  const { inputs, failures } = await provider.check({}, declared({ secret: secret("SEC-canary") }));
  expect(failures).toEqual([]);
  expect(inputs).toMatchObject({ name: "duty-abababa", atAll: false, enabled: true, adopt: "never" });
  const { id, properties } = await provider.create(inputs);
  expect(properties).toMatchObject({ uuid: id, webhookUrl: secret(WEBHOOK), secret: secret("SEC-canary") });
  expect(await provider.diff(id, properties, inputs)).toMatchObject({ changes: false });
  const edited = (await provider.check(inputs, declared({ atAll: true }))).inputs;
  expect(await provider.diff(id, properties, edited)).toMatchObject({ changes: undefined, replaces: [] });
  const updated = await provider.update(id, properties, edited);
  expect(updated.properties).toMatchObject({ atAll: true });
  expect(updated.properties).not.toHaveProperty("secret");
  const read = await provider.read(id, updated.properties);
  expect(read.inputs).toMatchObject({ atAll: true, webhookUrl: secret(WEBHOOK) });
  await provider.delete(id, updated.properties);
  expect(await provider.read(id, updated.properties)).toMatchObject({ id: "" });
  expect(provider.stdout + provider.stderr).toBe("");
});

test("a read that comes before configure has ended is answered under the configuration", async () => {
  const provider = await startProvider({ env: {} });
  const { url, zstack } = emulator;
  const { uuid } = zstack.endpoints.add({ type: "DingTalk", url: WEBHOOK });
  const configuring = provider.configure({
    "zstack:endpoint": url,
    "zstack:accountName": zstack.accountName,
    "zstack:accountPassword": zstack.accountPassword,
  });
  const reads = await Promise.all(
    Array.from({ length: 8 }, () => provider.read(uuid, { __dingtalk: HIDDEN, __provider: STORED_STUB })),
  );
  await configuring;
  for (const { id } of reads) {
    expect(id).toBe(uuid);
  }
  expect(emulator.journal.count("LogInByAccount")).toBe(1);
});

test.each<[string, (provider: ProviderProcess) => void]>([
  ["a lost engine", (provider) => provider.loseEngine()],
  ["SIGINT", (provider) => provider.signal("SIGINT")],
  ["SIGTERM", (provider) => provider.signal("SIGTERM")],
  ["SIGHUP", (provider) => provider.signal("SIGHUP")],
])("%s ends the process, which logs out first", async (_name, end) => {
  const provider = await startProvider();
  await provider.configure({});
  await provider.create((await provider.check({}, declared())).inputs);
  expect(emulator.zstack.sessions.size).toBe(1);
  end(provider);
  await provider.exited;
  expect(emulator.zstack.sessions.list()).toEqual([]);
});

test("a process that loses its engine in the middle of a create lets the call on the wire end and starts no other", async () => {
  const provider = await startProvider();
  await provider.configure({});
  const { inputs } = await provider.check({}, declared({ enabled: false, userTags: ["never set"] }));
  emulator.zstack.faults.add({
    operation: CREATE,
    fault: { kind: "slow", ms: 500 },
    then: () => provider.loseEngine(),
  });
  const cut = provider.create(inputs).catch(() => "cut off");
  await until(() => emulator.journal.count(CREATE) > 0);
  await provider.exited;
  expect(await cut).toBe("cut off");
  expect(emulator.journal.changing().map(({ operation }) => operation)).toEqual([CREATE]);
  expect(emulator.zstack.endpoints.size).toBe(1);
  expect(emulator.zstack.sessions.list()).toEqual([]);
});

test("a process whose output nobody reads any more ends instead of looping", async () => {
  const provider = await startProvider();
  await provider.configure({});
  await provider.read("0".repeat(32), declared()).catch(() => undefined);
  provider.closeOutput();
  // The process prints the errors of other packages: the first such line finds the pipe broken.
  const broken = { __provider: "exports.handler=()=>{throw new Error('not ours')}" };
  await provider.read("0".repeat(32), broken).catch(() => undefined);
  await provider.exited;
  expect(emulator.zstack.sessions.list()).toEqual([]);
});
