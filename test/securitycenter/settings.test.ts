import { ConfigError } from "../../provider/core/errors";
import {
  readSecurityCenterSettings,
  secretsOf,
  type SecurityCenterSettings,
} from "../../provider/securitycenter/settings/settings";

type Values = Record<string, string>;

const HINT = `Set one of these:
- stack config: \`pulumi config set alicloud:region cn-hangzhou\` (or \`securitycenter:site china\`), then \`pulumi config set --secret alicloud:accessKey\` and \`pulumi config set --secret alicloud:secretKey\`, or \`alicloud:profile\`;
- environment: ALIBABA_CLOUD_REGION (or ALICLOUD_REGION, ALIBABACLOUD_REGION, SECURITYCENTER_SITE), then ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (or ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY, ALIBABACLOUD_ACCESS_KEY_ID and ALIBABACLOUD_ACCESS_KEY_SECRET), or ALIBABA_CLOUD_PROFILE (or ALICLOUD_PROFILE), or any other source of Alibaba Cloud's default credential chain;
- in the program: \`new Provider("name", { securitycenter: { site: "china" } })\` and the resource option \`provider\`.`;

/** Every secret that these tests give; none may ever be quoted. */
const SECRETS = ["config-secret", "config-token", "env-secret", "env-token", "LTAI-config", "LTAI-env"];

function read(config: Values, environment: Values = {}): SecurityCenterSettings {
  return readSecurityCenterSettings((key) => config[key], environment);
}

function problems(config: Values, environment: Values = {}): string {
  try {
    read(config, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const { message } = error as Error;
    for (const secret of SECRETS) {
      expect(message).not.toContain(secret);
    }
    const [first = "", ...rest] = message.split("\n");
    expect(rest.join("\n")).toBe(HINT);
    return first.replace("The connection to Security Center is not set up: ", "");
  }
  throw new Error("the settings were taken");
}

const KEYS = { "alicloud:accessKey": "LTAI-config", "alicloud:secretKey": "config-secret" };
const CHINA = { "securitycenter:site": "china" };
const ALIBABA_CLOUD = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAI-env",
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: "env-secret",
};
const ALICLOUD = { ALICLOUD_ACCESS_KEY: "LTAI-env-2", ALICLOUD_SECRET_KEY: "env-secret-2" };
const ALIBABACLOUD = {
  ALIBABACLOUD_ACCESS_KEY_ID: "LTAI-env-3",
  ALIBABACLOUD_ACCESS_KEY_SECRET: "env-secret-3",
};

const ARN = "acs:ram::1234567890123456:role/security-admin";
const PROVIDER = "acs:ram::1234567890123456:oidc-provider/ack";

const keys = (accessKeyId: string, accessKeySecret: string, securityToken?: string): object => ({
  kind: "keys",
  keys: { accessKeyId, accessKeySecret, securityToken },
});

test("the defaults are those that the documentation names", () => {
  expect(read({ ...CHINA, ...KEYS })).toEqual({
    site: "china",
    endpoint: "https://tds.cn-shanghai.aliyuncs.com",
    credentials: keys("LTAI-config", "config-secret"),
    transport: { requestTimeoutMs: 30_000, maxConcurrentRequests: 10, insecureSkipVerify: false },
  });
});

test("every setting is read from stack config", () => {
  const config = {
    ...KEYS,
    "alicloud:securityToken": "config-token",
    "alicloud:region": "cn-hangzhou",
    "securitycenter:site": "international",
    "securitycenter:endpoint": "https://tds-intl.vpc-proxy.aliyuncs.com:8443/",
    "securitycenter:requestTimeoutSeconds": "5",
    "securitycenter:maxConcurrentRequests": "3",
    "securitycenter:insecureSkipVerify": "true",
    "securitycenter:caFile": "ca.pem",
    "securitycenter:proxy": "http://p:3128",
  };
  expect(read(config)).toEqual({
    site: "international",
    endpoint: "https://tds-intl.vpc-proxy.aliyuncs.com:8443",
    credentials: keys("LTAI-config", "config-secret", "config-token"),
    transport: {
      requestTimeoutMs: 5_000,
      maxConcurrentRequests: 3,
      insecureSkipVerify: true,
      caFile: "ca.pem",
      proxy: "http://p:3128",
    },
  });
});

describe("the site", () => {
  test.each([
    ["cn-hangzhou", "china"],
    ["cn-shanghai", "china"],
    ["cn-beijing-finance-1", "china"],
    ["cn-hongkong", "china"],
    ["cn-somewhere-new", "china"],
    ["ap-southeast-1", "international"],
    ["ap-northeast-2", "international"],
    ["eu-central-1", "international"],
    ["us-west-1", "international"],
    ["me-central-1", "international"],
    ["zz-somewhere-new-9", "international"],
  ] as const)("of the region %s is %s", (region, site) => {
    const { endpoint, ...settings } = read({ ...KEYS, "alicloud:region": region });
    expect(settings.site).toBe(site);
    expect(endpoint).toBe(
      site === "china" ? "https://tds.cn-shanghai.aliyuncs.com" : "https://tds.ap-southeast-1.aliyuncs.com",
    );
  });

  test.each([["ALIBABA_CLOUD_REGION"], ["ALICLOUD_REGION"], ["ALIBABACLOUD_REGION"]])(
    "comes from %s when nothing is configured",
    (variable) => {
      expect(read(KEYS, { [variable]: "ap-southeast-1" }).site).toBe("international");
    },
  );

  test.each<[string, Values, Values, string]>([
    ["site over region", { ...CHINA, "alicloud:region": "us-west-1" }, {}, "china"],
    ["site over environment", CHINA, { ALIBABA_CLOUD_REGION: "us-west-1" }, "china"],
    [
      "configured region over environment",
      { "alicloud:region": "cn-hangzhou" },
      { ALIBABA_CLOUD_REGION: "us-west-1" },
      "china",
    ],
    [
      "a site of the environment over a region of it",
      {},
      { SECURITYCENTER_SITE: "china", ALIBABA_CLOUD_REGION: "us-west-1" },
      "china",
    ],
    [
      "a configured region over a site of the environment",
      { "alicloud:region": "cn-hangzhou" },
      { SECURITYCENTER_SITE: "international" },
      "china",
    ],
    [
      "ALIBABA_CLOUD over ALICLOUD",
      {},
      { ALIBABA_CLOUD_REGION: "cn-hangzhou", ALICLOUD_REGION: "us-west-1" },
      "china",
    ],
    [
      "ALICLOUD over ALIBABACLOUD",
      {},
      { ALICLOUD_REGION: "cn-hangzhou", ALIBABACLOUD_REGION: "us-west-1" },
      "china",
    ],
    [
      "what is set over what is blank",
      { "alicloud:region": "  " },
      { ALIBABA_CLOUD_REGION: "", ALICLOUD_REGION: "cn-hangzhou" },
      "china",
    ],
  ])("prefers %s", (_label, config, environment, site) => {
    expect(read({ ...KEYS, ...config }, environment).site).toBe(site);
  });

  test("is refused with another word, without a guess where none is near", () => {
    expect(problems({ ...KEYS, "securitycenter:site": "moon" })).toBe(
      "securitycenter:site must be china or international.",
    );
  });
});

describe("the endpoint", () => {
  test.each([
    ["http://127.0.0.1:43212", "http://127.0.0.1:43212"],
    ["https://tds.aliyuncs.com/", "https://tds.aliyuncs.com"],
    ["HTTPS://TDS.aliyuncs.com:443", "https://tds.aliyuncs.com"],
    [" https://tds.aliyuncs.com ", "https://tds.aliyuncs.com"],
  ])("%j is %s", (given, endpoint) => {
    expect(read({ ...CHINA, ...KEYS, "securitycenter:endpoint": given }).endpoint).toBe(endpoint);
  });

  test.each<[string, Values, Values, string]>([
    [
      "of the environment, where the config has none",
      CHINA,
      { SECURITYCENTER_ENDPOINT: "http://127.0.0.1:1/" },
      "http://127.0.0.1:1",
    ],
    [
      "of the environment alone",
      {},
      { SECURITYCENTER_SITE: "international", SECURITYCENTER_ENDPOINT: "http://127.0.0.1:1" },
      "http://127.0.0.1:1",
    ],
    [
      "of the config over the environment",
      { ...CHINA, "securitycenter:endpoint": "http://127.0.0.1:2" },
      { SECURITYCENTER_ENDPOINT: "http://127.0.0.1:1" },
      "http://127.0.0.1:2",
    ],
    [
      "of the site itself, where the environment has that of the other site",
      CHINA,
      { ALIBABA_CLOUD_REGION: "ap-southeast-1", SECURITYCENTER_ENDPOINT: "http://127.0.0.1:1" },
      "https://tds.cn-shanghai.aliyuncs.com",
    ],
  ])("is that %s", (_label, config, environment, endpoint) => {
    expect(read({ ...KEYS, ...config }, environment).endpoint).toBe(endpoint);
  });

  // What is wrong with an address is proved in test/core/address.test.ts.
  test("holds no path", () => {
    expect(problems({ ...CHINA, ...KEYS, "securitycenter:endpoint": "https://tds.aliyuncs.com/path" })).toBe(
      "securitycenter:endpoint must hold scheme, host and port only.",
    );
  });
});

describe("credentials", () => {
  test.each<[string, Values, Values, object]>([
    ["stack config over everything", KEYS, ALIBABA_CLOUD, keys("LTAI-config", "config-secret")],
    ["keys over a profile", { ...KEYS, "alicloud:profile": "p" }, {}, keys("LTAI-config", "config-secret")],
    [
      "a configured profile over the environment",
      { "alicloud:profile": "p" },
      ALIBABA_CLOUD,
      { kind: "chain", profile: "p" },
    ],
    ["ALIBABA_CLOUD over ALICLOUD", {}, { ...ALIBABA_CLOUD, ...ALICLOUD }, keys("LTAI-env", "env-secret")],
    ["ALICLOUD over ALIBABACLOUD", {}, { ...ALICLOUD, ...ALIBABACLOUD }, keys("LTAI-env-2", "env-secret-2")],
    [
      "ALIBABACLOUD over profiles",
      {},
      { ...ALIBABACLOUD, ALIBABA_CLOUD_PROFILE: "p" },
      keys("LTAI-env-3", "env-secret-3"),
    ],
    [
      "a token of the same family",
      {},
      { ...ALIBABA_CLOUD, ALIBABA_CLOUD_SECURITY_TOKEN: "env-token" },
      keys("LTAI-env", "env-secret", "env-token"),
    ],
    [
      "no token of another family",
      {},
      { ...ALIBABA_CLOUD, ALICLOUD_SECURITY_TOKEN: "env-token" },
      keys("LTAI-env", "env-secret"),
    ],
    [
      "no token of the environment for configured keys",
      KEYS,
      { ALIBABA_CLOUD_SECURITY_TOKEN: "env-token" },
      keys("LTAI-config", "config-secret"),
    ],
    [
      "ALICLOUD_SECURITY_TOKEN",
      {},
      { ...ALICLOUD, ALICLOUD_SECURITY_TOKEN: "env-token" },
      keys("LTAI-env-2", "env-secret-2", "env-token"),
    ],
    [
      "ALIBABACLOUD_SECURITY_TOKEN",
      {},
      { ...ALIBABACLOUD, ALIBABACLOUD_SECURITY_TOKEN: "env-token" },
      keys("LTAI-env-3", "env-secret-3", "env-token"),
    ],
    [
      "ALIBABA_CLOUD_PROFILE",
      {},
      { ALIBABA_CLOUD_PROFILE: "p", ALICLOUD_PROFILE: "q" },
      { kind: "chain", profile: "p" },
    ],
    ["ALICLOUD_PROFILE", {}, { ALICLOUD_PROFILE: "q" }, { kind: "chain", profile: "q" }],
    [
      "the file of profiles that Terraform reads",
      {},
      { ALICLOUD_SHARED_CREDENTIALS_FILE: "~/p.json" },
      { kind: "chain", profilesFile: "~/p.json" },
    ],
    ["the vendor's chain when nothing is given", {}, {}, { kind: "chain" }],
    [
      "secrets with every blank they have, but for the line end of a file",
      {
        "alicloud:accessKey": " LTAI-config ",
        "alicloud:secretKey": " config-secret \n",
        "alicloud:securityToken": "t \r\n",
      },
      {},
      keys("LTAI-config", " config-secret ", "t "),
    ],
    [
      "a configured file of profiles over the environment",
      { "alicloud:sharedCredentialsFile": "p.json" },
      { ...ALIBABA_CLOUD, ALICLOUD_SHARED_CREDENTIALS_FILE: "q.json" },
      { kind: "chain", profilesFile: "p.json" },
    ],
    [
      "a configured profile of a configured file",
      { "alicloud:sharedCredentialsFile": "p.json", "alicloud:profile": "p" },
      {},
      { kind: "chain", profilesFile: "p.json", profile: "p" },
    ],
    [
      "the role of the instance that the config names",
      { "alicloud:ecsRoleName": "pulumi-role" },
      ALIBABA_CLOUD,
      { kind: "instance", roleName: "pulumi-role" },
    ],
    [
      "the one that Terraform's variable names",
      {},
      { ALICLOUD_ECS_ROLE_NAME: "r" },
      { kind: "instance", roleName: "r" },
    ],
    [
      "the address of keys that the config names",
      { "alicloud:credentialsUri": "http://127.0.0.1:1/keys" },
      ALIBABA_CLOUD,
      { kind: "uri", uri: "http://127.0.0.1:1/keys" },
    ],
    [
      "the one that Terraform's variable names",
      {},
      { ALICLOUD_CREDENTIALS_URI: "http://127.0.0.1:1/keys" },
      { kind: "uri", uri: "http://127.0.0.1:1/keys" },
    ],
    [
      "keys of the environment over Terraform's other ways",
      {},
      { ...ALIBABA_CLOUD, ALICLOUD_ECS_ROLE_NAME: "r", ALICLOUD_CREDENTIALS_URI: "http://127.0.0.1:1/keys" },
      keys("LTAI-env", "env-secret"),
    ],
    [
      "a role by OIDC, with the token file of the environment",
      {
        "alicloud:assumeRoleWithOidc": JSON.stringify({
          roleArn: ARN,
          oidcProviderArn: PROVIDER,
          sessionExpiration: 900,
        }),
      },
      { ...ALIBABA_CLOUD, ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/token" },
      { kind: "oidc", role: { arn: ARN, providerArn: PROVIDER, tokenFile: "/token", sessionSeconds: 900 } },
    ],
    [
      "a role with the keys of the config",
      {
        ...KEYS,
        "alicloud:assumeRole": JSON.stringify({
          roleArn: ARN,
          sessionName: "ci",
          sessionExpiration: 0,
          policy: "{}",
          externalId: "x",
        }),
      },
      {},
      {
        kind: "role",
        role: { arn: ARN, sessionName: "ci", policy: "{}", externalId: "x" },
        base: keys("LTAI-config", "config-secret"),
      },
    ],
    [
      "a role of the config with keys of the environment, as a list of one and as Terraform writes numbers",
      { "alicloud:assumeRole": JSON.stringify([{ roleArn: ARN, sessionExpiration: "1800" }]) },
      ALIBABA_CLOUD,
      { kind: "role", role: { arn: ARN, sessionSeconds: 1800 }, base: keys("LTAI-env", "env-secret") },
    ],
    [
      "a role of the config with the vendor's chain",
      { "alicloud:assumeRole": JSON.stringify({ roleArn: ARN }), "alicloud:profile": "p" },
      {},
      { kind: "role", role: { arn: ARN }, base: { kind: "chain", profile: "p" } },
    ],
    [
      "a role of the environment with keys of the environment",
      {},
      {
        ...ALICLOUD,
        ALICLOUD_ASSUME_ROLE_ARN: ARN,
        ALICLOUD_ASSUME_ROLE_SESSION_NAME: "ci",
        ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION: "900",
      },
      {
        kind: "role",
        role: { arn: ARN, sessionName: "ci", sessionSeconds: 900 },
        base: keys("LTAI-env-2", "env-secret-2"),
      },
    ],
    [
      "a role under the vendor's name, where it is not that of RRSA",
      {},
      { ...ALIBABA_CLOUD, ALIBABA_CLOUD_ROLE_ARN: ARN },
      { kind: "role", role: { arn: ARN }, base: keys("LTAI-env", "env-secret") },
    ],
    [
      "keys over RRSA",
      {},
      {
        ...ALIBABA_CLOUD,
        ALIBABA_CLOUD_ROLE_ARN: ARN,
        ALIBABA_CLOUD_OIDC_PROVIDER_ARN: PROVIDER,
        ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/token",
      },
      keys("LTAI-env", "env-secret"),
    ],
    [
      "no role of the environment for configured keys",
      KEYS,
      { ALICLOUD_ASSUME_ROLE_ARN: ARN },
      keys("LTAI-config", "config-secret"),
    ],
    [
      "what is set over what is blank",
      { "alicloud:accessKey": " " },
      { ...ALICLOUD, ALIBABA_CLOUD_ACCESS_KEY_ID: "" },
      keys("LTAI-env-2", "env-secret-2"),
    ],
  ])("prefer %s", (_label, config, environment, credentials) => {
    expect(read({ ...CHINA, ...config }, environment).credentials).toEqual(credentials);
  });

  test.each<[string, Values, Values]>([
    [
      "alicloud:accessKey and alicloud:securityToken are set without alicloud:secretKey.",
      { "alicloud:accessKey": "LTAI-config", "alicloud:securityToken": "config-token" },
      {},
    ],
    [
      "ALIBABA_CLOUD_ACCESS_KEY_ID is set without ALIBABA_CLOUD_ACCESS_KEY_SECRET.",
      {},
      { ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAI-env", ALICLOUD_SECRET_KEY: "env-secret" },
    ],
  ])("that are half a set are refused, never completed from elsewhere: %s", (text, config, environment) => {
    expect(problems({ ...CHINA, ...config }, environment)).toBe(text);
  });
});

test("everything wrong is said at once", () => {
  expect(
    problems({
      "securitycenter:endpoint": "tds",
      "alicloud:accessKey": "LTAI-config",
      "securitycenter:requestTimeoutSeconds": "0",
    }),
  ).toBe(
    "Neither a site nor a region is given. securitycenter:endpoint must be a URL with its scheme, such as https://tds.cn-shanghai.aliyuncs.com. alicloud:accessKey is set without alicloud:secretKey. securitycenter:requestTimeoutSeconds must be a whole number from 1 to 86400.",
  );
});

test("secrets are the key's secret and the token; the id of a key is none", () => {
  expect(secretsOf(read({ ...CHINA, ...KEYS, "alicloud:securityToken": "config-token" }))).toEqual([
    "config-secret",
    "config-token",
  ]);
  expect(secretsOf(read({ ...CHINA, ...KEYS }))).toEqual(["config-secret"]);
  expect(secretsOf(read(CHINA))).toEqual([]);
  const role = JSON.stringify({ roleArn: ARN, externalId: "told-to-me" });
  expect(secretsOf(read({ ...CHINA, ...KEYS, "alicloud:assumeRole": role }))).toEqual([
    "config-secret",
    "told-to-me",
  ]);
  const uri = "http://127.0.0.1:1/keys?secret=1";
  expect(secretsOf(read({ ...CHINA, "alicloud:credentialsUri": uri }))).toEqual([uri]);
});
