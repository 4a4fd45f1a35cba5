import { ConfigError } from "../../provider/core/errors";
import { readZStackSettings, secretsOf, type ZStackSettings } from "../../provider/zstack/settings/settings";

type Values = Record<string, string>;

const HINT = `Set one of these:
- stack config: \`pulumi config set zstack:endpoint http://<management-node>:8080\`, then \`zstack:accessKeyId\` and \`pulumi config set --secret zstack:accessKeySecret\`, or \`zstack:accountName\` and \`pulumi config set --secret zstack:accountPassword\`;
- environment: ZSTACK_ENDPOINT (or ZSTACK_HOST and ZSTACK_PORT), then ZSTACK_ACCESS_KEY_ID and ZSTACK_ACCESS_KEY_SECRET, or ZSTACK_ACCOUNT_NAME and ZSTACK_ACCOUNT_PASSWORD;
- in the program: \`new Provider("name", { zstack: { endpoint: "http://10.0.0.5:8080" } })\` and the resource option \`provider\`.`;

/** Keys of `config` are those of the namespace zstack. */
function read(config: Values, environment: Values = {}): ZStackSettings {
  return readZStackSettings((key) => config[key.replace(/^zstack:/, "")], environment);
}

function problems(config: Values, environment: Values = {}): string {
  try {
    read(config, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const [first = "", ...rest] = (error as Error).message.split("\n");
    expect(rest.join("\n")).toBe(HINT);
    return first.replace("The connection to ZStack is not set up: ", "");
  }
  throw new Error("the settings were taken");
}

const KEY = { accessKeyId: "id", accessKeySecret: "key" };
const ACCOUNT = { accountName: "admin", accountPassword: "pass" };
const ENV_KEY = { ZSTACK_ACCESS_KEY_ID: "env-id", ZSTACK_ACCESS_KEY_SECRET: "env-key" };
const ENV_ACCOUNT = { ZSTACK_ACCOUNT_NAME: "env-admin", ZSTACK_ACCOUNT_PASSWORD: "env-pass" };
const AT = { endpoint: "http://10.0.0.5:8080" };

test("the defaults are those that the documentation names", () => {
  expect(read({ ...AT, ...KEY })).toEqual({
    endpoint: "http://10.0.0.5:8080/zstack",
    credentials: { kind: "accessKey", id: "id", secret: "key" },
    timezone: undefined,
    jobTimeoutMs: 300_000,
    transport: { requestTimeoutMs: 30_000, maxConcurrentRequests: 10, insecureSkipVerify: false },
  });
});

test("every setting is read from stack config", () => {
  const config = {
    ...AT,
    ...ACCOUNT,
    timezone: "Asia/Shanghai",
    jobTimeoutSeconds: "60",
    requestTimeoutSeconds: "5",
    maxConcurrentRequests: "3",
    insecureSkipVerify: "true",
    caFile: "ca.pem",
    proxy: "http://p:3128",
  };
  expect(read(config)).toEqual({
    endpoint: "http://10.0.0.5:8080/zstack",
    credentials: { kind: "account", name: "admin", password: "pass" },
    timezone: "Asia/Shanghai",
    jobTimeoutMs: 60_000,
    transport: {
      requestTimeoutMs: 5_000,
      maxConcurrentRequests: 3,
      insecureSkipVerify: true,
      caFile: "ca.pem",
      proxy: "http://p:3128",
    },
  });
});

test.each<[string, Values, Values, object]>([
  ["a key of the config", KEY, {}, { kind: "accessKey", id: "id", secret: "key" }],
  ["an account of the config", ACCOUNT, {}, { kind: "account", name: "admin", password: "pass" }],
  [
    "a key goes before an account",
    { ...ACCOUNT, ...KEY },
    {},
    { kind: "accessKey", id: "id", secret: "key" },
  ],
  ["a key of the environment", {}, ENV_KEY, { kind: "accessKey", id: "env-id", secret: "env-key" }],
  [
    "an account of the environment",
    {},
    ENV_ACCOUNT,
    { kind: "account", name: "env-admin", password: "env-pass" },
  ],
  [
    "a key goes before an account in the environment too",
    {},
    { ...ENV_ACCOUNT, ...ENV_KEY },
    { kind: "accessKey", id: "env-id", secret: "env-key" },
  ],
  [
    "the config goes before the environment, an account of it before a key there",
    ACCOUNT,
    ENV_KEY,
    { kind: "account", name: "admin", password: "pass" },
  ],
  [
    "blank config values are none",
    { accessKeyId: " ", accountName: "" },
    ENV_KEY,
    { kind: "accessKey", id: "env-id", secret: "env-key" },
  ],
  [
    "blank variables are none",
    {},
    { ...ENV_ACCOUNT, ZSTACK_ACCESS_KEY_ID: "" },
    { kind: "account", name: "env-admin", password: "env-pass" },
  ],
  [
    "white space around names is taken away",
    { accessKeyId: " id\n", accessKeySecret: "key" },
    {},
    { kind: "accessKey", id: "id", secret: "key" },
  ],
  [
    "of a secret only the line end of its file is taken away",
    { accessKeyId: "id", accessKeySecret: "\u00a0 key \r\n" },
    {},
    { kind: "accessKey", id: "id", secret: "\u00a0 key " },
  ],
  [
    "of a password only the line end of its file is taken away",
    { accountName: " admin ", accountPassword: " pass\tword \n" },
    {},
    { kind: "account", name: "admin", password: " pass\tword " },
  ],
  [
    "the same in the environment",
    {},
    { ZSTACK_ACCOUNT_NAME: " admin ", ZSTACK_ACCOUNT_PASSWORD: " pass word \n" },
    { kind: "account", name: "admin", password: " pass word " },
  ],
  [
    "a password of nothing but blanks is none",
    { accountPassword: "  \n" },
    ENV_KEY,
    { kind: "accessKey", id: "env-id", secret: "env-key" },
  ],
])("credentials: %s", (_what, config, environment, credentials) => {
  expect(read({ ...AT, ...config }, environment).credentials).toEqual(credentials);
});

// Every other refusal is a row of test/trust/support/bad-settings.ts.
test.each<[string, Values, Values]>([
  ["half a pair is not completed from the environment", { accessKeyId: "id" }, ENV_KEY],
  ["families are not mixed", { accessKeyId: "id", accountPassword: "p" }, {}],
])("credentials that are refused: %s", (_what, config, environment) => {
  expect(problems({ ...AT, ...config }, environment)).toBe(
    "zstack:accessKeyId is set without zstack:accessKeySecret.",
  );
});

test.each<[string, string, string]>([
  ["the context path is added", "http://10.0.0.5:8080", "http://10.0.0.5:8080/zstack"],
  ["a slash is no path", "http://10.0.0.5:8080/", "http://10.0.0.5:8080/zstack"],
  ["the context path may be given", "http://h:8080/zstack/", "http://h:8080/zstack"],
  ["the API prefix is taken away", "http://h:8080/zstack/v1/", "http://h:8080/zstack"],
  ["another path stays", "https://proxy.example/cloud/api", "https://proxy.example/cloud/api"],
  ["a bare API prefix is no path", "http://h:8080/v1", "http://h:8080/zstack"],
  ["the port of the scheme", "https://proxy.example", "https://proxy.example/zstack"],
  ["capitals", "HTTP://Host.Example:8080/ZStack", "http://host.example:8080/ZStack"],
  ["IPv6", "http://[fe80::1]:8080", "http://[fe80::1]:8080/zstack"],
  ["a Chinese name", "http://监控.example:8080", "http://xn--izun04b.example:8080/zstack"],
])("the endpoint: %s", (_what, given, endpoint) => {
  expect(read({ endpoint: given, ...KEY }).endpoint).toBe(endpoint);
  expect(read(KEY, { ZSTACK_ENDPOINT: given }).endpoint).toBe(endpoint);
});

test.each<[string, Values, Values, string]>([
  [
    "the config goes first",
    AT,
    { ZSTACK_ENDPOINT: "http://e", ZSTACK_HOST: "h" },
    "http://10.0.0.5:8080/zstack",
  ],
  [
    "ZSTACK_ENDPOINT goes before ZSTACK_HOST",
    {},
    { ZSTACK_ENDPOINT: "http://e", ZSTACK_HOST: "h" },
    "http://e/zstack",
  ],
  ["ZSTACK_HOST has the vendor's port", {}, { ZSTACK_HOST: "h" }, "http://h:8080/zstack"],
  [
    "ZSTACK_PORT goes with it",
    {},
    { ZSTACK_HOST: "10.0.0.5", ZSTACK_PORT: "9090" },
    "http://10.0.0.5:9090/zstack",
  ],
  ["ZSTACK_HOST may be an IPv6 address", {}, { ZSTACK_HOST: "fe80::1" }, "http://[fe80::1]:8080/zstack"],
  ["also in brackets", {}, { ZSTACK_HOST: "[fe80::1]" }, "http://[fe80::1]:8080/zstack"],
])("the endpoint's source: %s", (_what, config, environment, endpoint) => {
  expect(read({ ...config, ...KEY }, environment).endpoint).toBe(endpoint);
});

test.each([
  ["requestTimeoutSeconds", "1"],
  ["requestTimeoutSeconds", "86400"],
  ["maxConcurrentRequests", "100"],
  ["insecureSkipVerify", "false"],
  ["timezone", "+08:00"],
  ["timezone", "America/New_York"],
  ["timezone", "UTC"],
])("a setting at its limit is taken: %s = %s", (key, value) => {
  expect(() => read({ ...AT, ...KEY, [key]: value })).not.toThrow();
});

test("everything wrong is told at once, and no value with it", () => {
  const canary = "cAnArY";
  const said = problems({
    endpoint: canary,
    accessKeyId: canary,
    timezone: canary,
    requestTimeoutSeconds: canary,
    insecureSkipVerify: canary,
  });
  expect(said).toBe(
    "zstack:endpoint must be a URL with its scheme, such as http://10.0.0.5:8080. " +
      "zstack:accessKeyId is set without zstack:accessKeySecret. " +
      "zstack:timezone must be a time zone such as Asia/Shanghai, or an offset such as +08:00. " +
      "zstack:requestTimeoutSeconds must be a whole number from 1 to 86400. " +
      "zstack:insecureSkipVerify must be true or false.",
  );
});

test("the values to keep out of all texts are those of the credentials", () => {
  expect(secretsOf(read({ ...AT, ...KEY }))).toEqual(["key"]);
  expect(secretsOf(read({ ...AT, ...ACCOUNT, accountPassword: "pa55" }))).toEqual(["pa55"]);
});

test.each<[string, boolean]>([
  ["password", false],
  ["Admin", false],
  ["paSSword", true],
  ["passwords", true],
  ["correcthorsebatterystaple", true],
  ["pass word", true],
  ["pa55word", true],
])("the password %j is kept out of texts: %j", (accountPassword, isKept) => {
  // Masking a short word would tear our own sentences apart.
  expect(secretsOf(read({ ...AT, ...ACCOUNT, accountPassword }))).toEqual(isKept ? [accountPassword] : []);
});
