import type { Emulator } from "../../emulator";
import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import { errorOf, idOf } from "./support/lab";
import {
  ACCESS_KEY_SECRET,
  keysOf,
  namesOf,
  provider,
  robot,
  RobotLab,
  startSecurityCenter,
  viewOf,
} from "./support/robot-lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const SECOND_ACCOUNT = "2222222222222222";
const keys = ({ accessKeyId, accessKeySecret }: Record<"accessKeyId" | "accessKeySecret", string>) => ({
  ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
});

describe("explicit providers", () => {
  let lab: RobotLab;
  beforeAll(async () => {
    lab = await RobotLab.create();
  });
  afterAll(() => lab.dispose());

  test("hold both sites in one program, one of them with temporary keys, and equal ids are no confusion", async () => {
    const sts = lab.emulator.securitycenter.issueStsToken();
    const temporary = {
      accessKey: sts.accessKeyId,
      secretKey: sts.accessKeySecret,
      securityToken: sts.securityToken,
    };
    const program = (language: string): string[] => [
      provider("abroad", lab.emulator, temporary, "international"),
      robot("here", { name: "here" }),
      robot("there", { name: "there", language }, "{ provider: abroad }"),
      `const group = new pulumi.ComponentResource("test:Group", "group", {}, { providers: [abroad] });`,
      robot("below", { name: "below" }, "{ parent: group, dependsOn: there }"),
    ];
    const first = await lab.up(program("zh"));
    expect(namesOf(lab.emulator)).toEqual(["here"]);
    expect(namesOf(lab.emulator, "international")).toEqual(["below", "there"]);
    expect(idOf(first, "here")).toBe(idOf(first, "there"));

    await lab.up(program("en"));
    expect(lab.changes).toEqual(["update"]);
    expect(viewOf(lab.emulator, idOf(first, "there"), "international")).toMatchObject({ language: "en" });
    expect(lab.view(idOf(first, "here"))).toMatchObject({ language: "zh" });

    const shown = JSON.stringify(await lab.project.export());
    for (const secret of ["canary", sts.accessKeySecret, sts.securityToken]) {
      expect(shown).not.toContain(secret);
    }
    await lab.project.destroy();
    expect([...namesOf(lab.emulator), ...namesOf(lab.emulator, "international")]).toEqual([]);
  });

  test("with rotated keys: plain refresh says what to do, --run-program and up use the new ones", async () => {
    const { accessKeys, accessKeyId } = lab.emulator.securitycenter;
    const program = (key: string, secret: string, language = "zh"): string[] => [
      provider("rotating", lab.emulator, { accessKey: key, secretKey: secret }),
      robot("duty", { name: "duty", language }, "{ provider: rotating }"),
    ];
    await lab.up(program(accessKeyId, ACCESS_KEY_SECRET));
    const { id } = lab.theOnly();
    const fresh = accessKeys.add({ accessKeySecret: "canaryRotatedSecret0123456789a" });
    accessKeys.edit(accessKeyId, { status: "Inactive" });

    lab.declare(...program(fresh.accessKeyId, fresh.accessKeySecret));
    const stale = await lab.project.refresh([], { expectExit: 1 });
    expect(stale.text).toMatch(/the access key does not exist or is disabled/);
    expect(stale.text).toMatch(
      /After a rotation, plain `pulumi refresh` .* run `pulumi up`.*, or add `--run-program`/,
    );
    expect((await lab.project.resource("duty")).id).toBe(id);

    await lab.project.refresh(["--run-program"]);
    await lab.up(program(fresh.accessKeyId, fresh.accessKeySecret, "en"));
    expect(lab.theOnly()).toMatchObject({ id, language: "en" });
    expect(JSON.stringify(await lab.project.export())).not.toMatch(/canary/);
    await lab.project.destroy();
    expect(lab.ids).toEqual([]);
    accessKeys.edit(accessKeyId, { status: "Active" });
  });
});

describe("what keeps a connection from working", () => {
  let lab: RobotLab;
  const emulators: Emulator[] = [];
  beforeAll(async () => {
    lab = await RobotLab.create({ config: { "securitycenter:site": undefined } });
  });
  afterAll(async () => {
    await lab.dispose();
    await Promise.all(emulators.map((one) => one.close()));
  });

  test.each([
    [
      "half a pair of keys beside a whole pair of another family",
      {
        ALIBABA_CLOUD_REGION: "cn-hangzhou",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: undefined,
        ALICLOUD_ACCESS_KEY: "LTAIemulatorAccessKey01",
        ALICLOUD_SECRET_KEY: ACCESS_KEY_SECRET,
      },
      /ALIBABA_CLOUD_ACCESS_KEY_ID is set without ALIBABA_CLOUD_ACCESS_KEY_SECRET\./,
    ],
    ["no site and no region", {}, /Neither a site nor a region is given\./],
  ])("%s is an error before any call", async (_what, env, says) => {
    const refused = await lab.up([robot("a")], [], { expectExit: 1, env });
    expect(errorOf(refused, "a")).toMatch(says);
    expect(errorOf(refused, "a")).toMatch(/Set one of these/);
    expect(lab.emulator.journal.entries).toEqual([]);
    expect(refused.text).not.toMatch(/canary/);
  });

  describe("each in its own sentence", () => {
    interface Failing {
      what: string;
      settings?: object;
      given?: (emulator: Emulator) => void;
      says: RegExp;
      next: RegExp;
    }
    const FAILING: Record<string, Failing> = {
      wrongSecret: {
        what: "a wrong secret",
        settings: { secretKey: "canaryWrong" },
        says: /the signature does not match/,
        next: /Check alicloud:secretKey/,
      },
      unknownKey: {
        what: "an unknown key",
        settings: { accessKey: "LTAInobodysKey" },
        says: /the access key does not exist or is disabled/,
        next: /Check alicloud:accessKey/,
      },
      denied: {
        what: "a missing RAM permission",
        given: ({ securitycenter }) => {
          securitycenter.china.switches.deniedActions = ["CreateOrUpdateDingTalk"];
        },
        says: /CreateOrUpdateDingTalk failed: this identity may not call it/,
        next: /Grant the RAM action yundun-sas:CreateOrUpdateDingTalk/,
      },
      edition: {
        what: "an edition that is too low",
        given: ({ securitycenter }) => {
          securitycenter.china.switches.edition = 1;
        },
        says: /the account's edition of Security Center is too low/,
        next: /need the Enterprise or Ultimate edition/,
      },
      clock: {
        what: "a clock that is an hour off",
        given: ({ clock }) => {
          clock.advance(3_600_000);
        },
        says: /the request's time is more than 15 minutes off/,
        next: /Check the clock of this machine/,
      },
    };
    let up: EngineResult;

    beforeAll(async () => {
      const program = await Promise.all(
        Object.entries(FAILING).map(async ([name, { settings, given }]) => {
          const emulator = await startSecurityCenter();
          emulators.push(emulator);
          given?.(emulator);
          return `${provider(`${name}Provider`, emulator, settings)}\n${robot(name, {}, `{ provider: ${name}Provider }`)}`;
        }),
      );
      up = await lab.up(program, ["--continue-on-error"], { expectExit: 1 });
    });

    test.each(Object.entries(FAILING).map(([name, failing]) => ({ name, ...failing })))(
      "$what ($name)",
      ({ name, says, next }) => {
        expect(errorOf(up, name)).toMatch(says);
        expect(errorOf(up, name)).toMatch(next);
      },
    );

    test("nothing is created, and no secret is shown", () => {
      expect(emulators.flatMap((one) => namesOf(one))).toEqual([]);
      expect(up.text).not.toMatch(/canary/);
    });
  });
});

test("a role that the stack config names for @pulumi/alicloud is read as it arrives, and refused when it is none", async () => {
  const lab = await RobotLab.create();
  const refused = await lab.up(
    [robot("a")],
    [
      "--config-path",
      "--config",
      "alicloud:assumeRole.roleArn=admin",
      "--config",
      "alicloud:region=cn-hangzhou",
    ],
    { expectExit: 1 },
  );
  expect(errorOf(refused, "a")).toMatch(/alicloud:assumeRole must name the role as roleArn: acs:ram::/);
  expect(lab.emulator.journal.entries).toEqual([]);
  await lab.dispose();
});

describe("a connection that now points elsewhere", () => {
  let lab: RobotLab;
  let id: string;
  const CHINA = { ALIBABA_CLOUD_REGION: "cn-hangzhou" };
  beforeAll(async () => {
    lab = await RobotLab.create({ config: { "securitycenter:site": undefined }, env: CHINA });
    id = idOf(await lab.up([robot("duty", { name: "duty" })]), "duty");
  });
  afterAll(() => lab.dispose());

  const COMMANDS: Record<string, (env: Record<string, string>) => Promise<EngineResult>> = {
    refresh: (env) => lab.project.refresh([], { expectExit: 1, env }),
    update: (env) => lab.up([robot("duty", { name: "other" })], [], { expectExit: 1, env }),
    destroy: (env) => lab.project.destroy([], { expectExit: 1, env }),
  };
  const RECORDED = "china (account 1234567890123456)";
  const emptyAccount = () => keys(lab.emulator.securitycenter.accessKeys.add({ accountId: SECOND_ACCOUNT }));
  const OTHERS: Record<string, { env: () => Record<string, string>; says: string[] }> = {
    "another site": {
      env: () => ({ ALIBABA_CLOUD_REGION: "ap-southeast-1" }),
      says: [
        "lives at another site of Security Center",
        `Recorded in: ${RECORDED}`,
        "Connected to: international",
      ],
    },
    "an account without robots": {
      env: emptyAccount,
      says: ["was not found, but this connection uses other keys", `Recorded in: ${RECORDED}`],
    },
    "another account": {
      env: () => {
        lab.existing("theirs", { aliUid: Number(SECOND_ACCOUNT) });
        return emptyAccount();
      },
      says: [
        "belongs to another account",
        `Recorded in: ${RECORDED}`,
        `Connected to: china (account ${SECOND_ACCOUNT})`,
      ],
    },
  };

  // Each kind of elsewhere meets another command, and the last one all three.
  test.each([
    ["refresh", "another site"],
    ["update", "another site"],
    ["destroy", "an account without robots"],
    ["refresh", "another account"],
    ["update", "another account"],
    ["destroy", "another account"],
  ])(
    "%s at %s refuses, naming where the robot lives, and the robot stays in stack and server",
    async (command, where) => {
      const { env, says } = OTHERS[where] ?? { env: () => ({}), says: [] };
      const recorded = await lab.recorded();
      lab.emulator.journal.clear();
      const refused = await COMMANDS[command]?.(env());
      for (const part of [`DingTalk robot ${id} `, ...says]) {
        expect(refused?.text).toContain(part);
      }
      expect(await lab.recorded()).toEqual(recorded);
      expect(lab.view(id)).toMatchObject({ name: "duty" });
      expect(lab.changes).toEqual([]);
    },
  );

  test("other keys and another address of the same account and site are fine", async () => {
    const fresh = keys(lab.emulator.securitycenter.accessKeys.add({}));
    await lab.project.setConfig({
      "securitycenter:endpoint": lab.site.url.replace("127.0.0.1", "localhost"),
    });
    await lab.up([robot("duty", { name: "renamed" })], [], { env: fresh });
    expect(lab.view(id)).toMatchObject({ name: "renamed" });
    await lab.project.destroy([], { env: { ...keysOf(lab.emulator) } });
    expect(lab.names).toEqual(expect.not.arrayContaining(["renamed"]));
  });
});
