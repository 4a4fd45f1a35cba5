import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { createCredentials } from "../../provider/securitycenter/credentials/credentials";
import { failureOf } from "../support/securitycenter";

/** What the vendor's library was about to send. Nothing of it leaves this process: its way out is replaced. */
interface Sent {
  readonly url: string;
  readonly method: string;
  readonly form: Record<string, string> | undefined;
  readonly headers: Record<string, string>;
}
interface VendorRequest {
  readonly method: string;
  readonly bodyForm?: Record<string, string>;
  readonly headers: Record<string, string>;
  toRequestURL(): string;
}
const mockSent: Sent[] = [];
let mockAnswer: (sent: Sent) => { status?: number; body: unknown };
jest.mock("@alicloud/credentials/dist/src/providers/http", () => ({
  ...jest.requireActual<object>("@alicloud/credentials/dist/src/providers/http"),
  doRequest: (request: VendorRequest) => {
    const { method, headers, bodyForm: form } = request;
    const sent = { url: request.toRequestURL(), method, form, headers };
    mockSent.push(sent);
    const { status: statusCode = 200, body } = mockAnswer(sent);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return Promise.resolve({ statusCode, headers: {}, body: Buffer.from(text) });
  },
}));

let home: string;
const saved = { ...process.env };
beforeEach(() => {
  mockSent.length = 0;
  home = fs.mkdtempSync(path.join(os.tmpdir(), "securitycenter-roles-"));
  jest.spyOn(jest.requireActual<typeof os>("node:os"), "homedir").mockReturnValue(home);
  for (const name of Object.keys(process.env).filter((one) => /^(ALIBABA|ALICLOUD)/.test(one))) {
    delete process.env[name];
  }
  process.env["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "true";
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(home, { recursive: true, force: true });
  process.env = { ...saved };
});

const HOUR_MS = 3_600_000;
const until = (ms: number): string => new Date(Date.now() + ms).toISOString().replace(/\.\d{3}Z$/, "Z");
let issued = 0;
const session = (ms = HOUR_MS): Record<string, string> => ({
  AccessKeyId: `STS.${(issued += 1)}`,
  AccessKeySecret: "sessionSecret",
  SecurityToken: "sessionToken",
  Expiration: until(ms),
});
const config = (profiles: object[]): void => {
  fs.mkdirSync(path.join(home, ".aliyun"));
  fs.writeFileSync(path.join(home, ".aliyun", "config.json"), JSON.stringify({ current: "one", profiles }));
};
const TEMPORARY = { accessKeySecret: "sessionSecret", securityToken: "sessionToken" };

describe("RRSA", () => {
  beforeEach(() => {
    process.env["ALIBABA_CLOUD_ROLE_ARN"] = "acs:ram::1:role/pulumi";
    process.env["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"] = "acs:ram::1:oidc-provider/ack";
    process.env["ALIBABA_CLOUD_OIDC_TOKEN_FILE"] = path.join(home, "token");
    process.env["ALIBABA_CLOUD_STS_REGION"] = "cn-hangzhou";
    fs.writeFileSync(path.join(home, "token"), "oidc-token");
  });

  test("turns the token of the pod into keys of the role", async () => {
    mockAnswer = () => ({ body: { Credentials: session() } });
    const secrets: string[] = [];
    const credentials = createCredentials({ kind: "chain" }, { onSecret: (value) => secrets.push(value) });
    expect(await credentials.get()).toMatchObject(TEMPORARY);
    expect(mockSent).toHaveLength(1);
    expect(mockSent[0]?.url).toMatch(
      /^https:\/\/sts\.cn-hangzhou\.aliyuncs\.com\/\?.*Action=AssumeRoleWithOIDC/,
    );
    expect(mockSent[0]?.form).toMatchObject({ OIDCToken: "oidc-token" });
    expect(secrets).toEqual(["sessionSecret", "sessionToken"]);
  });

  test("opens one session for many calls, and another before the first expires", async () => {
    mockAnswer = () => ({ body: { Credentials: session() } });
    const credentials = createCredentials({ kind: "chain" });
    const first = await credentials.get();
    expect(await credentials.get()).toEqual(first);
    const now = Date.now();
    jest.spyOn(Date, "now").mockReturnValue(now + HOUR_MS - 14 * 60_000);
    expect((await credentials.get()).accessKeyId).not.toBe(first.accessKeyId);
    expect(mockSent).toHaveLength(2);
  });

  test("says by its code why the session was refused, and nothing of the answer", async () => {
    mockAnswer = () => ({
      status: 400,
      body: { Code: "AuthenticationFail.OIDCToken.Expired", Message: "leaked", RequestId: "1" },
    });
    const failure = await failureOf(createCredentials({ kind: "chain" }).get());
    expect(failure.message).toContain("AuthenticationFail.OIDCToken.Expired …");
    expect(failure.message).not.toContain("leaked");
  });
});

describe("a profile", () => {
  test("of mode RamRoleArn assumes the role with its own keys", async () => {
    config([
      {
        name: "one",
        mode: "RamRoleArn",
        access_key_id: "LTAIone",
        access_key_secret: "oneSecret",
        ram_role_arn: "acs:ram::1:role/pulumi",
        ram_session_name: "pulumi",
        sts_region: "cn-hangzhou",
      },
    ]);
    mockAnswer = () => ({ body: { Credentials: session() } });
    expect(await createCredentials({ kind: "chain", profile: "one" }).get()).toMatchObject(TEMPORARY);
    expect(mockSent[0]?.url).toContain("https://sts.cn-hangzhou.aliyuncs.com/");
    expect(mockSent[0]?.url).toContain("Action=AssumeRole");
  });

  test("whose role may not be assumed is an error by its code", async () => {
    config([
      {
        name: "one",
        mode: "RamRoleArn",
        access_key_id: "LTAIone",
        access_key_secret: "oneSecret",
        ram_role_arn: "acs:ram::1:role/pulumi",
        ram_session_name: "pulumi",
      },
    ]);
    mockAnswer = () => ({ status: 403, body: { Code: "NoPermission", Message: "leaked" } });
    const failure = await failureOf(createCredentials({ kind: "chain", profile: "one" }).get());
    expect(failure.message).toContain("NoPermission …");
    expect(failure.message).not.toContain("leaked");
  });
});

describe("the role of an instance", () => {
  test("is asked for with a token, and not at all where that is turned off", async () => {
    mockAnswer = ({ url }) =>
      url.endsWith("/api/token")
        ? { body: "imds-token" }
        : url.endsWith("/security-credentials/")
          ? { body: "pulumi-role" }
          : { body: { Code: "Success", ...session() } };
    await failureOf(createCredentials({ kind: "chain" }).get());
    expect(mockSent).toEqual([]);

    delete process.env["ALIBABA_CLOUD_ECS_METADATA_DISABLED"];
    expect(await createCredentials({ kind: "chain" }).get()).toMatchObject(TEMPORARY);
    expect(mockSent.map(({ method }) => method)).toEqual(["PUT", "GET", "PUT", "GET"]);
    expect(mockSent.at(-1)?.url).toMatch(/security-credentials\/pulumi-role$/);
    expect(mockSent.at(-1)?.headers).toMatchObject({ "x-aliyun-ecs-metadata-token": "imds-token" });
  });
});

const ARN = "acs:ram::1234567890123456:role/security-admin";
const KEYS = { kind: "keys", keys: { accessKeyId: "LTAIbase", accessKeySecret: "baseSecret" } } as const;

describe("a role that the settings name", () => {
  beforeEach(() => {
    mockAnswer = () => ({ body: { Credentials: session() } });
  });

  test("is assumed with the keys of the settings, for the time and under the name they say", async () => {
    const secrets: string[] = [];
    const role = { arn: ARN, sessionName: "ci", sessionSeconds: 900, policy: "{}", externalId: "x-1" };
    const credentials = createCredentials(
      { kind: "role", role, base: KEYS },
      { onSecret: (value) => secrets.push(value) },
    );
    expect(await credentials.get()).toMatchObject(TEMPORARY);
    expect(mockSent).toHaveLength(1);
    expect(mockSent[0]?.url).toMatch(
      /^https:\/\/sts\.aliyuncs\.com\/\?.*Action=AssumeRole.*AccessKeyId=LTAIbase/,
    );
    expect(mockSent[0]?.form).toEqual({
      RoleArn: ARN,
      RoleSessionName: "ci",
      DurationSeconds: "900",
      Policy: "{}",
      ExternalId: "x-1",
    });
    expect(secrets).toEqual(["sessionSecret", "sessionToken"]);
  });

  test("is assumed with temporary keys, in the region that the environment names, under this package's name", async () => {
    process.env["ALIBABA_CLOUD_STS_REGION"] = "cn-hangzhou";
    const base = { ...KEYS, keys: { ...KEYS.keys, securityToken: "baseToken" } };
    await createCredentials({ kind: "role", role: { arn: ARN }, base }).get();
    expect(mockSent[0]?.url).toContain("https://sts.cn-hangzhou.aliyuncs.com/");
    expect(mockSent[0]?.url).toContain("SecurityToken=baseToken");
    expect(mockSent[0]?.form).toMatchObject({ RoleSessionName: "pulumi-dingtalk", DurationSeconds: "3600" });
  });

  test("is assumed with the keys of a profile", async () => {
    config([{ name: "one", mode: "AK", access_key_id: "LTAIone", access_key_secret: "oneSecret" }]);
    const base = { kind: "chain", profile: "one" } as const;
    expect(await createCredentials({ kind: "role", role: { arn: ARN }, base }).get()).toMatchObject(
      TEMPORARY,
    );
    expect(mockSent[0]?.url).toContain("AccessKeyId=LTAIone");
  });

  test("that may not be assumed is an error by its code, and never gives way to the keys themselves", async () => {
    mockAnswer = () => ({ status: 403, body: { Code: "NoPermission", Message: "leaked" } });
    const credentials = createCredentials({ kind: "role", role: { arn: ARN }, base: KEYS });
    const failure = await failureOf(credentials.get());
    expect(failure.message).toMatch(
      /^The RAM role acs:ram::1234567890123456:role\/security-admin could not be assumed\.\nDetails: .*NoPermission …\nCheck the role's ARN/,
    );
    expect(failure.message).not.toContain("leaked");
    expect(credentials.latest).toBeUndefined();
  });

  test("is assumed with the token in a file, without keys", async () => {
    const tokenFile = path.join(home, "token");
    fs.writeFileSync(tokenFile, "oidc-token");
    const providerArn = "acs:ram::1234567890123456:oidc-provider/ack";
    const role = { arn: ARN, providerArn, tokenFile, sessionSeconds: 1800 };
    expect(await createCredentials({ kind: "oidc", role }).get()).toMatchObject(TEMPORARY);
    expect(mockSent[0]?.url).toContain("Action=AssumeRoleWithOIDC");
    expect(mockSent[0]?.form).toEqual({
      OIDCProviderArn: providerArn,
      OIDCToken: "oidc-token",
      RoleArn: ARN,
      RoleSessionName: "pulumi-dingtalk",
      DurationSeconds: "1800",
    });
  });
});

describe("keys of other places that the settings name", () => {
  test("are those of the one role of an instance", async () => {
    delete process.env["ALIBABA_CLOUD_ECS_METADATA_DISABLED"];
    mockAnswer = ({ url }) =>
      url.endsWith("/api/token") ? { body: "imds-token" } : { body: { Code: "Success", ...session() } };
    expect(await createCredentials({ kind: "instance", roleName: "mine" }).get()).toMatchObject(TEMPORARY);
    expect(mockSent.at(-1)?.url).toMatch(/security-credentials\/mine$/);
  });

  test("are those of an address", async () => {
    mockAnswer = () => ({ body: session() });
    const uri = "http://127.0.0.1:1/keys";
    expect(await createCredentials({ kind: "uri", uri }).get()).toMatchObject(TEMPORARY);
    expect(mockSent.map(({ url }) => url)).toEqual([uri]);
  });
});

describe("what can be told before anybody is asked", () => {
  type Source = Parameters<typeof createCredentials>[0];
  const oidc = (tokenFile: string): Source => ({
    kind: "oidc",
    role: { arn: ARN, providerArn: "acs:ram::1:oidc-provider/ack", tokenFile },
  });

  test("is nothing of a source that may work", () => {
    config([{ name: "one", mode: "AK" }]);
    fs.mkdirSync(path.join(home, ".alibabacloud"));
    fs.writeFileSync(path.join(home, ".alibabacloud", "credentials"), "[ini]\ntype=access_key\n");
    fs.writeFileSync(path.join(home, "token"), "");
    const working: Source[] = [
      KEYS,
      { kind: "chain" },
      { kind: "chain", profile: "one" },
      { kind: "chain", profile: "ini" },
      { kind: "chain", profilesFile: "~/.aliyun/config.json" },
      { kind: "uri", uri: "http://127.0.0.1:1" },
      oidc(path.join(home, "token")),
      { kind: "role", role: { arn: ARN }, base: { kind: "chain", profile: "one" } },
    ];
    for (const source of working) {
      expect(() => createCredentials(source).verify()).not.toThrow();
    }
    expect(mockSent).toEqual([]);
  });

  test.each<[string, Source, string]>([
    ["a profile that nobody has", { kind: "chain", profile: "absent" }, "holds such a profile"],
    [
      "a file of profiles that is not there",
      { kind: "chain", profilesFile: "absent.json" },
      "absent.json cannot be read",
    ],
    [
      "a profile that such a file does not have",
      { kind: "chain", profilesFile: "~/.aliyun/config.json", profile: "absent" },
      "holds no such profile",
    ],
    [
      "a token file that is not there",
      oidc("absent-token"),
      `${path.resolve("absent-token")} cannot be read`,
    ],
    [
      "a role of an instance where that is turned off",
      { kind: "instance", roleName: "mine" },
      "are turned off",
    ],
    [
      "a role on top of any of these",
      { kind: "role", role: { arn: ARN }, base: { kind: "chain", profile: "absent" } },
      "holds such a profile",
    ],
  ])("is %s", (_what, source, details) => {
    config([{ name: "one", mode: "AK" }]);
    const verify = (): void => createCredentials(source).verify();
    expect(verify).toThrow(expect.objectContaining({ name: "ConfigError" }));
    expect(verify).toThrow(details);
    expect(mockSent).toEqual([]);
  });
});
