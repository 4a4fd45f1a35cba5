import { ENGINE_TEST_TIMEOUT_MS } from "./harness";
import { Lab, phone, uuid, viewOf } from "./support/lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

/** What a program calls a secret, or what always is one, whatever becomes of the mark on its way. */

const TOKEN = "canary0".repeat(8);
const WEBHOOK = `https://oapi.dingtalk.com/robot/send?access_token=${TOKEN}`;
const SIGN = `SEC${"canary1".repeat(8)}`;
const text = (value: string) => JSON.stringify(value);

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
});
afterAll(() => lab.dispose());
afterEach(() => lab.project.destroy());

/** Everything that the run printed and what it left in the stack. */
async function shownAndStored(statements: string[], flags: string[] = ["--diff"]): Promise<string> {
  const up = await lab.up(statements, flags, { preview: true });
  const again = await lab.up(statements, flags, { preview: true });
  expect(again.changes).not.toHaveProperty("update");
  const stored = JSON.stringify(await lab.project.export());
  const refreshed = await lab.project.refresh(["--diff"]);
  return up.text + again.text + refreshed.text + stored + JSON.stringify(await lab.project.export());
}

test("a webhook and a signing secret that a transformation sets without a mark are encrypted in both bags and in diffs", async () => {
  const seen = await shownAndStored([
    `pulumi.runtime.registerStackTransformation(({ props, opts }) => ({ opts, props: { ...props, webhookUrl: ${text(WEBHOOK)}, secret: ${text(SIGN)} } }));`,
    `new zstack.DingTalkEndpoint("e", { webhookUrl: pulumi.secret("https://oapi.dingtalk.com/robot/send?access_token=${"a".repeat(64)}") });`,
  ]);
  expect(seen).not.toMatch(/canary[01]/);
  const [uuid = ""] = lab.uuids;
  expect(viewOf(lab.emulator, uuid)).toMatchObject({ webhookUrl: WEBHOOK, secret: SIGN });
});

test("a remark that is a secret is encrypted under every form of its number", async () => {
  const seen = await shownAndStored([
    `new zstack.DingTalkEndpoint("plain", { webhookUrl: ${text(WEBHOOK)}, atPersons: { "13800000001": pulumi.secret("canary2"), "${phone(2)}": pulumi.secret("canary3") } });`,
    `new zstack.DingTalkEndpoint("late", { webhookUrl: ${text(WEBHOOK)}, atPersons: pulumi.output({ "13800000001": pulumi.secret("canary4") }) });`,
    `new zstack.DingTalkEndpoint("list", { webhookUrl: ${text(WEBHOOK)}, atPersons: [pulumi.secret("13800000005")] });`,
    `new zstack.DingTalkEndpoint("transformed", { webhookUrl: ${text(WEBHOOK)} }, { transformations: [({ props, opts }) => ({ opts, props: { ...props, atPersons: { "13800000001": pulumi.secret("canary6") } } })] });`,
  ]);
  expect(seen).not.toMatch(/canary[2-6]|13800000005/);
  expect(lab.zstack.persons.list().map(({ remark }) => remark ?? "")).toEqual(
    expect.arrayContaining(["canary2", "canary3", "canary4", "canary6"]),
  );
});

test("numbers and texts that the program calls secret stand in no refusal and no warning", async () => {
  const refused = await lab.up(
    [
      `new zstack.DingTalkEndpoint("e", { webhookUrl: ${text(WEBHOOK)}, atPersons: pulumi.secret({ "+852-91234567": "boss", "+86 13811116666": "x" }), userTags: pulumi.secret(["canary7", "canary7\\u0007"]) });`,
    ],
    ["--diff"],
    { expectExit: 1, preview: true },
  );
  expect(refused.text).toContain("is no phone number");
  expect(refused.text).not.toMatch(/91234567|13811116666|canary7/);
  const warned = await lab.up(
    [
      `new zstack.DingTalkEndpoint("e", { webhookUrl: ${text(WEBHOOK)}, atPersons: pulumi.secret({ "+852-91234567": "boss" }) });`,
    ],
    [],
    { expectExit: "any" },
  );
  expect(warned.text).toContain("has an unusual form");
  expect(warned.text).not.toContain("91234567");
});

test("a failure of refresh or destroy is printed once, with the resource it belongs to", async () => {
  await lab.up([`new zstack.DingTalkEndpoint("e", { webhookUrl: ${text(WEBHOOK)} });`]);
  lab.zstack.switches.deniedOperations = ["DeleteSNSApplicationEndpoint"];
  const refused = await lab.project.destroy([], { expectExit: 1 });
  const lines = refused.diagnostics.filter(({ message }) => message.includes("may not call"));
  expect(lines.map(({ urn }) => urn?.split("::").at(-1))).toEqual(["e"]);
  lab.zstack.switches.deniedOperations = [];
});

test("an address that the stack config keeps encrypted is stored in clear nowhere", async () => {
  const hidden = await Lab.create({ connected: false });
  try {
    await hidden.project.setConfig({
      "zstack:endpoint": { secret: hidden.emulator.url },
      "zstack:accountName": "admin",
      "zstack:accountPassword": { secret: hidden.emulator.zstack.accountPassword },
    });
    const up = await hidden.up([`new zstack.Topic("t");`, `zstack.Topic.get("g", "${uuid("c")}");`], [], {
      expectExit: 1,
    });
    expect(up.text).toContain("There is no topic with the id");
    const refreshed = await hidden.project.refresh();
    const { host } = new URL(hidden.emulator.url);
    expect(up.text + refreshed.text + JSON.stringify(await hidden.project.export())).not.toContain(host);
    expect((await hidden.up([`new zstack.Topic("t");`], ["--refresh", "--expect-no-changes"])).exitCode).toBe(
      0,
    );
  } finally {
    await hidden.dispose();
  }
});
