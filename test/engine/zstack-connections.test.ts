import type { Emulator } from "../../emulator";
import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import {
  connectionOf,
  endpoint,
  errorOf,
  idOf,
  Lab,
  PASSWORD,
  startEmulator,
  viewOf,
  WEBHOOK,
} from "./support/lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const LOGIN = "LogInByAccount";
const NEW_PASSWORD = "canary-rotated-password";

const account = ({ url, zstack }: Emulator, accountPassword = zstack.accountPassword): string =>
  JSON.stringify({ endpoint: url, accountName: zstack.accountName, accountPassword });

const names = (emulator: Emulator): string[] =>
  emulator.zstack.endpoints
    .list()
    .map(({ name }) => name)
    .sort();

describe("an explicit provider", () => {
  let lab: Lab;
  let other: Emulator;
  let rotated: Emulator;
  beforeAll(async () => {
    lab = await Lab.create();
    other = await startEmulator();
    // A management node whose password is another one: where a rotation leads, without a second set of objects.
    rotated = await startEmulator({ zstack: { accountPassword: NEW_PASSWORD } });
  });
  afterAll(async () => {
    await lab.dispose();
    await other.close();
    await rotated.close();
  });

  test("connects its resources, and those of its components, to another installation", async () => {
    await lab.up([
      `const dc2 = new Provider("dc2", { zstack: ${account(other)} });`,
      endpoint("here", { name: "here" }),
      endpoint("there", { name: "there" }, "{ provider: dc2 }"),
      `const group = new pulumi.ComponentResource("test:Group", "group", {}, { providers: [dc2] });`,
      endpoint("below", { name: "below" }, "{ parent: group }"),
    ]);
    expect(names(lab.emulator)).toEqual(["here"]);
    expect(names(other)).toEqual(["below", "there"]);
    for (const { zstack } of [lab.emulator, other]) {
      expect(zstack.sessions.list()).toEqual([]);
    }
    expect(JSON.stringify(await lab.project.export())).not.toMatch(/canary/);
    await lab.project.destroy();
    expect([...names(lab.emulator), ...names(other)]).toEqual([]);
  });

  test("whose account turns out to be nothing is refused, and takes no other to its endpoint", async () => {
    other.journal.clear();
    const refused = await lab.up(
      [
        "const nothing = pulumi.output(undefined);",
        `const dc2 = new Provider("dc2", { zstack: { endpoint: "${other.url}", accountName: nothing, accountPassword: pulumi.secret(nothing), proxy: nothing } });`,
        endpoint("there", { name: "there" }, "{ provider: dc2 }"),
      ],
      [],
      { expectExit: 1 },
    );
    expect(refused.text).toMatch(/outputs without a value for accountName, accountPassword\./);
    expect(other.journal.entries).toEqual([]);
  });

  test("given secrets shows and stores none of them, whatever they are", async () => {
    await lab.up([
      `const dc2 = new Provider("dc2", { zstack: { ...${account(other)}, timezone: pulumi.secret("Asia/Shanghai"), caFile: pulumi.secret("canary.pem").apply(() => undefined) } });`,
      endpoint("there", { name: "there" }, "{ provider: dc2 }"),
    ]);
    const { deployment } = await lab.project.export();
    const inputs = deployment.resources?.find(({ urn }) => urn.endsWith("::dc2"))?.inputs;
    expect(JSON.stringify(inputs)).not.toMatch(/canary|Shanghai/);
    await lab.project.destroy();
    const program = [
      `const dc2 = new Provider("dc2", { zstack: { ...${account(other)}, caFile: pulumi.secret("/canary/ca.pem") } });`,
      endpoint("there", { name: "there" }, "{ provider: dc2 }"),
    ];
    const refused = await lab.up(program, [], { expectExit: 1 });
    expect(refused.text).toMatch(/The file named by the setting caFile cannot be read/);
    expect(refused.text).not.toMatch(/canary/);
  });

  test("is told in its constructor what it lacks, all at once", async () => {
    const refused = await lab.up(
      [`new Provider("half", { zstack: { endpoin: "x", accountName: "admin" } });`],
      [],
      { expectExit: 1 },
    );
    expect(refused.text).toMatch(
      /Provider "half", zstack: endpoin is not a setting\. Did you mean .*endpoint.*endpoint is required\. credentials are required/,
    );
  });
});

describe("a rotated password", () => {
  let lab: Lab;
  let rotated: Emulator;
  beforeAll(async () => {
    lab = await Lab.create({ connected: false });
  });
  afterAll(async () => {
    await lab.dispose();
    await rotated?.close();
  });

  const withPassword = (password: string, more: object = {}): string[] => [
    `const dc = new Provider("dc", { zstack: ${account(lab.emulator, password)} });`,
    endpoint("duty", { name: "duty", ...more }, "{ provider: dc }"),
  ];

  test("fails a plain refresh with the way out, works with --run-program, and up uses the new one", async () => {
    const { uuid } = await lab.up(withPassword(PASSWORD)).then(() => lab.theOnly());
    await lab.emulator.close();
    const port = Number(new URL(lab.emulator.url).port);
    rotated = await startEmulator({ port, zstack: { accountPassword: NEW_PASSWORD } });
    rotated.zstack.endpoints.add({ ...lab.zstack.endpoints.get(uuid), uuid });

    lab.declare(...withPassword(NEW_PASSWORD));
    const stale = await lab.project.refresh([], { expectExit: 1 });
    expect(stale.text).toMatch(/account name or password is wrong/);
    expect(stale.text).toMatch(
      /After a rotation, plain `pulumi refresh` .* run `pulumi up`.*, or add `--run-program`/,
    );
    expect(rotated.journal.count(LOGIN)).toBe(1);
    expect(await lab.project.resources()).toHaveLength(1);

    await lab.project.refresh(["--run-program"]);
    await lab.project.up();
    lab.declare(...withPassword(NEW_PASSWORD, { atAll: true }));
    await lab.project.up();
    expect(viewOf(rotated, uuid)).toMatchObject({ atAll: true });
    await lab.project.destroy();
    expect(names(rotated)).toEqual([]);
    expect(rotated.zstack.sessions.list()).toEqual([]);
  });
});

describe("stack config and environment", () => {
  let lab: Lab;
  let configured: Emulator;
  beforeAll(async () => {
    configured = await startEmulator();
    lab = await Lab.create({
      config: {
        "zstack:endpoint": configured.url,
        "zstack:accountName": { secret: configured.zstack.accountName },
        "zstack:accountPassword": { secret: PASSWORD },
      },
    });
  });
  afterAll(async () => {
    await lab.dispose();
    await configured.close();
  });

  test("stack config wins over the environment, and its password is stored encrypted", async () => {
    await lab.up([endpoint("duty", { name: "duty" })]);
    expect(names(configured)).toEqual(["duty"]);
    expect(lab.emulator.journal.entries).toEqual([]);
    expect(JSON.stringify(await lab.project.export())).not.toMatch(/canary/);
    expect(configured.zstack.sessions.list()).toEqual([]);
    await lab.project.destroy();
  });

  test("what stack config has encrypted stays it in an explicit provider of another cloud", async () => {
    await lab.up([
      `const p = new Provider("p", { securitycenter: { site: "china", accessKey: "LTAI", secretKey: "canary" } });`,
      endpoint("duty", { name: "duty" }, "{ provider: p }"),
    ]);
    expect(names(configured)).toEqual(["duty"]);
    const { deployment } = await lab.project.export();
    const { inputs, outputs } = deployment.resources?.find(({ urn }) => urn.endsWith("::p")) ?? {};
    for (const settings of [inputs, outputs]) {
      expect(settings).toMatchObject({ "zstack:endpoint": configured.url });
      expect(settings?.["zstack:accountName"]).toHaveProperty("ciphertext");
      expect(settings?.["zstack:accountPassword"]).toHaveProperty("ciphertext");
    }
    await lab.project.destroy();
  });

  test("a setting that is misspelt is named before any call", async () => {
    configured.journal.clear();
    const refused = await lab.up(
      [endpoint("duty", { name: "duty" })],
      ["--config", "zstack:requestTimoutSeconds=5", "--config", "zstack:caFile=no/such.pem"],
      { expectExit: 1 },
    );
    expect(refused.text).toMatch(
      /zstack:requestTimoutSeconds is not a setting\. Did you mean .*zstack:requestTimeoutSeconds/,
    );
    expect(configured.journal.entries).toEqual([]);
  });
});

describe("credentials", () => {
  let lab: Lab;
  beforeAll(async () => {
    // With a time zone of its own the provider does not measure the clock of the management node.
    lab = await Lab.create({ connected: false, config: { "zstack:timezone": "Asia/Shanghai" } });
  });
  afterAll(() => lab.dispose());

  const [ID, SECRET] = ["canaryKeyId0123456789", "canary-access-key-secret"] as const;
  const keys = (secret: string = SECRET, id: string = ID): Record<string, string> => ({
    ZSTACK_ENDPOINT: lab.emulator.url,
    ZSTACK_ACCESS_KEY_ID: id,
    ZSTACK_ACCESS_KEY_SECRET: secret,
  });

  test("an access key signs every call and opens no session", async () => {
    lab.zstack.accessKeys.add({ accessKeyId: ID, accessKeySecret: SECRET });
    await lab.up([endpoint("signed", { name: "signed" })], [], { env: keys() });
    expect(names(lab.emulator)).toEqual(["signed"]);
    expect(lab.emulator.journal.count(LOGIN)).toBe(0);
    expect(new Set(lab.emulator.journal.changing().map(({ auth }) => auth))).toEqual(new Set(["accessKey"]));
    await lab.project.destroy([], { env: keys() });
    expect(names(lab.emulator)).toEqual([]);
  });

  const THREE_ROBOTS = ["a", "b", "c"].map(
    (name) =>
      `new securitycenter.DingTalkRobot("${name}", { webhookUrl: ${JSON.stringify(WEBHOOK)}, alertRules: [{ type: "hc" }] });`,
  );

  test.each<[string, string[], Record<string, string | undefined>, RegExp]>([
    [
      "nothing at all",
      ["a", "b", "c"].map((name) => endpoint(name)),
      {},
      /The connection to ZStack is not set up: [^]*endpoint is given[^]*credentials are given[^]*pulumi config set zstack:endpoint[^]*ZSTACK_ENDPOINT[^]*new Provider/,
    ],
    [
      "no site of the other cloud",
      THREE_ROBOTS,
      { ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAIx", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "canary-s" },
      /The connection to Security Center is not set up: [^]*Neither a site nor a region is given/i,
    ],
  ])(
    "%s is told in the preview, once at length, before anything is sent",
    async (_what, statements, env, says) => {
      lab.declare(...statements);
      lab.emulator.journal.clear();
      const result = await lab.project.preview([], { expectExit: 1, env });
      expect(result.text).toMatch(says);
      expect(result.text.match(/Set one of these/g)).toHaveLength(1);
      expect(result.text).not.toMatch(/canary-/);
      expect(lab.emulator.journal.count()).toBe(0);
    },
  );

  // What each failure of a connection says is proved in test/zstack/failures and test/zstack/connection.
  test.each<[string, () => Record<string, string>, RegExp, RegExp]>([
    [
      "a wrong password",
      () => ({ ...connectionOf(lab.emulator), ZSTACK_ACCOUNT_PASSWORD: "canary-no-such-password" }),
      /account name or password is wrong/,
      /Check zstack:accountName and zstack:accountPassword/,
    ],
    [
      "a wrong password that is a word of our own sentences",
      () => ({ ...connectionOf(lab.emulator), ZSTACK_ACCOUNT_PASSWORD: "password" }),
      /account name or password is wrong/,
      /still use the password recorded in the stack/,
    ],
    [
      "a wrong access key secret",
      () => keys("canary-another-secret"),
      /the access key secret is wrong/,
      /Check zstack:accessKeySecret/,
    ],
  ])("%s is told with its next step at every resource, and tried once", async (_what, env, says, next) => {
    lab.emulator.journal.clear();
    const names = ["a", "b", "c"];
    const result = await lab.up(
      names.map((name) => endpoint(name)),
      ["--continue-on-error"],
      { expectExit: 1, env: env() },
    );
    for (const name of names) {
      expect(errorOf(result, name)).toMatch(says);
      expect(errorOf(result, name)).toMatch(next);
    }
    expect(result.text).not.toMatch(/canary-/);
    expect(lab.uuids).toEqual([]);
    expect(lab.emulator.journal.count(LOGIN)).toBeLessThanOrEqual(1);
    expect(lab.zstack.sessions.list()).toEqual([]);
  });
});

describe("a connection that now points elsewhere", () => {
  let lab: Lab;
  let empty: Emulator;
  let id: string;
  beforeAll(async () => {
    lab = await Lab.create();
    empty = await startEmulator();
    id = idOf(await lab.up([endpoint("duty", { name: "duty" })]), "duty");
  });
  afterAll(async () => {
    await lab.dispose();
    await empty.close();
  });

  test.each<[string, () => Promise<EngineResult>]>([
    ["refresh", () => lab.project.refresh([], { expectExit: 1, env: connectionOf(empty) })],
    ["destroy", () => lab.project.destroy([], { expectExit: 1, env: connectionOf(empty) })],
    [
      "an update",
      () => lab.up([endpoint("duty", { name: "other" })], [], { expectExit: 1, env: connectionOf(empty) }),
    ],
  ])("%s refuses, naming both places, and the endpoint stays in stack and server", async (_name, run) => {
    const refused = await run();
    expect(refused.text).toContain(
      `DingTalk endpoint ${id} was not found, but this connection is not the one`,
    );
    expect(refused.text).toContain(`Recorded in: ${lab.emulator.url}/zstack`);
    expect(refused.text).toContain(`Connected to: ${empty.url}/zstack`);
    expect((await lab.project.resource("duty")).id).toBe(id);
    expect(lab.theOnly()).toMatchObject({ uuid: id, name: "duty" });
    expect(empty.journal.changing()).toEqual([]);
  });

  test("a new address of the same installation is fine", async () => {
    const alias = {
      ...connectionOf(lab.emulator),
      ZSTACK_ENDPOINT: lab.emulator.url.replace("127.0.0.1", "localhost"),
    };
    await lab.up([endpoint("duty", { name: "renamed" })], [], { env: alias });
    expect(lab.theOnly()).toMatchObject({ uuid: id, name: "renamed" });
    await lab.project.destroy([], { env: alias });
    expect(lab.uuids).toEqual([]);
  });
});
