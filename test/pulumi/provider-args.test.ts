import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { Provider, type ProviderArgs } from "../../provider";

const register = jest.spyOn(MockMonitor.prototype, "registerResource");
const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

beforeEach(async () => {
  register.mockClear();
  pulumi.runtime.setAllConfig({});
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ inputs }) => ({ id: "p", state: inputs }),
  });
});

/** What the engine is told of the provider `dc2`; nothing that was sent as nothing. */
async function configOf(args: object): Promise<{ type: string; config: unknown }> {
  const provider = new Provider("dc2", args);
  await new Promise((resolve) => provider.urn.apply(resolve));
  const request = register.mock.calls.at(-1)?.[0] as RegisterResourceRequest;
  const sent = Object.entries(request.getObject()?.toJavaScript() ?? {});
  return { type: request.getType(), config: Object.fromEntries(sent.filter(([, value]) => value !== null)) };
}

const ENDPOINT = "http://10.0.0.5:8080";
const ROLE = "acs:ram::1:role/pulumi";

function nothing(): pulumi.Output<undefined> {
  return pulumi.output(undefined);
}

test("a provider is one of Pulumi's dynamic resources, with its settings as text and its secrets as such", async () => {
  const zstack = {
    endpoint: pulumi.output(ENDPOINT),
    accountName: "admin",
    accountPassword: "pass",
    insecureSkipVerify: false,
    jobTimeoutSeconds: 60,
    proxy: "http://u:p@proxy:3128",
    timezone: undefined,
    caFile: "",
  };
  expect(await configOf({ zstack })).toEqual({
    type: "pulumi:providers:pulumi-nodejs",
    config: {
      "zstack:endpoint": ENDPOINT,
      "zstack:accountName": "admin",
      "zstack:accountPassword": secret("pass"),
      "zstack:insecureSkipVerify": "false",
      "zstack:jobTimeoutSeconds": "60",
      "zstack:proxy": secret("http://u:p@proxy:3128"),
    },
  });
});

test("a cloud that is left out is as the stack config says", async () => {
  pulumi.runtime.setAllConfig(
    {
      "zstack:endpoint": ENDPOINT,
      "zstack:accessKeyId": "id",
      "zstack:accessKeySecret": "key",
      "zstack:other": "x",
    },
    ["zstack:accessKeySecret"],
  );
  expect((await configOf({})).config).toEqual({
    "zstack:endpoint": ENDPOINT,
    "zstack:accessKeyId": "id",
    "zstack:accessKeySecret": secret("key"),
  });
});

test("what the stack config has encrypted stays it, whatever it is", async () => {
  pulumi.runtime.setAllConfig(
    {
      "zstack:endpoint": ENDPOINT,
      "zstack:accountName": "admin",
      "zstack:accountPassword": "pass",
      "zstack:caFile": "ca.pem",
      "zstack:timezone": "UTC",
      "zstack:endpont": "x",
      "alicloud:profile": "p",
      "alicloud:accessKey": "id",
      "alicloud:assumeRole": "{}",
    },
    [
      "zstack:endpoint",
      "zstack:accountName",
      "zstack:caFile",
      "zstack:endpont",
      "alicloud:profile",
      "alicloud:assumeRole",
    ],
  );
  expect((await configOf({})).config).toEqual({
    "zstack:endpoint": secret(ENDPOINT),
    "zstack:accountName": secret("admin"),
    "zstack:accountPassword": secret("pass"),
    "zstack:caFile": secret("ca.pem"),
    "zstack:timezone": "UTC",
    "zstack:endpont": secret("x"),
    "alicloud:profile": secret("p"),
    "alicloud:accessKey": secret("id"),
    "alicloud:assumeRole": secret("{}"),
  });
});

test("what may have been meant for a setting of the stack config is handed on, so that its process says so", async () => {
  const config = { "zstack:endpont": ENDPOINT, "alicloud:endpoints": "[]", "alicloud:accountId": "1" };
  pulumi.runtime.setAllConfig({ ...config, "zstack:mine": "x" });
  expect((await configOf({})).config).toEqual({ "zstack:endpont": ENDPOINT, "alicloud:endpoints": "[]" });
});

test("an argument that is given as a secret stays one, and its name is told, so that no message shows it", async () => {
  const zstack = {
    endpoint: pulumi.secret(ENDPOINT),
    accountName: pulumi.secret("admin"),
    accountPassword: pulumi.output("pass"),
    timezone: pulumi.output("UTC"),
    requestTimeoutSeconds: pulumi.secret(5),
  };
  expect((await configOf({ zstack })).config).toEqual({
    "zstack:endpoint": secret(ENDPOINT),
    "zstack:accountName": secret("admin"),
    "zstack:accountPassword": secret("pass"),
    "zstack:timezone": "UTC",
    "zstack:requestTimeoutSeconds": secret("5"),
    "zstack:secretSettings": "zstack:endpoint,zstack:accountName,zstack:requestTimeoutSeconds",
  });
});

test.each([undefined, null])("an output of %s is nothing, not a word", async (nothing) => {
  const securitycenter = {
    site: "china",
    accessKey: pulumi.output("id"),
    secretKey: pulumi.output("key"),
    securityToken: pulumi.output(nothing),
    proxy: pulumi.output(nothing),
    caFile: pulumi.output(nothing),
    requestTimeoutSeconds: pulumi.output(nothing),
  };
  expect((await configOf({ securitycenter })).config).toEqual({
    "securitycenter:site": "china",
    "alicloud:accessKey": secret("id"),
    "alicloud:secretKey": secret("key"),
  });
});

test.each<[string, object, string]>([
  ["a whole account", { accountName: nothing(), accountPassword: nothing() }, "accountName,accountPassword"],
  ["half of one", { accountName: "admin", accountPassword: nothing() }, "accountPassword"],
  ["the endpoint", { endpoint: nothing(), accountName: "admin", accountPassword: "pass" }, "endpoint"],
])(
  "of %s that turns out to be nothing the process is told, so that it takes no other",
  async (_what, given, missing) => {
    const { config } = await configOf({ zstack: { endpoint: ENDPOINT, ...given } });
    expect(config).toMatchObject({ "zstack:missingSettings": missing });
  },
);

test("nothing is told of outputs that hold something, or whose place another pair takes", async () => {
  const account = { accountName: pulumi.output("admin"), accountPassword: pulumi.secret("pass") };
  const key = { accessKeyId: nothing(), accessKeySecret: nothing() };
  const { config } = await configOf({ zstack: { endpoint: pulumi.output(ENDPOINT), ...account, ...key } });
  expect(config).toEqual({
    "zstack:endpoint": ENDPOINT,
    "zstack:accountName": "admin",
    "zstack:accountPassword": secret("pass"),
  });
});

test("roles go to the process as stack config holds them", async () => {
  const assumeRole = {
    roleArn: pulumi.output(ROLE),
    sessionExpiration: 900,
    policy: pulumi.output(undefined),
  };
  expect((await configOf({ securitycenter: { site: "china", profile: "p", assumeRole } })).config).toEqual({
    "securitycenter:site": "china",
    "alicloud:profile": "p",
    "alicloud:assumeRole": JSON.stringify({ roleArn: ROLE, sessionExpiration: 900 }),
  });
});

test("a cloud that is given takes nothing from the stack config", async () => {
  pulumi.runtime.setAllConfig({ "zstack:timezone": "UTC", "zstack:accountPassword": "other" });
  const zstack = { endpoint: ENDPOINT, accessKeyId: "id", accessKeySecret: "key" };
  expect((await configOf({ zstack })).config).toEqual({
    "zstack:endpoint": ENDPOINT,
    "zstack:accessKeyId": "id",
    "zstack:accessKeySecret": secret("key"),
  });
});

const CREDENTIALS =
  "credentials are required: accessKeyId and accessKeySecret, or accountName and accountPassword.";

test.each<[string, object, string]>([
  [
    "an unknown cloud",
    { zstak: {} },
    'Provider "dc2": zstak is not a cloud of this package. Did you mean "zstack"?',
  ],
  ["nothing", { zstack: {} }, `Provider "dc2", zstack: endpoint is required. ${CREDENTIALS}`],
  ["no credentials", { zstack: { endpoint: ENDPOINT } }, `Provider "dc2", zstack: ${CREDENTIALS}`],
  [
    "half a pair",
    { zstack: { endpoint: ENDPOINT, accessKeyId: "id" } },
    `Provider "dc2", zstack: ${CREDENTIALS}`,
  ],
  [
    "a pair of two families",
    { zstack: { endpoint: ENDPOINT, accessKeyId: "id", accountPassword: "p" } },
    `Provider "dc2", zstack: ${CREDENTIALS}`,
  ],
  [
    "an unknown setting",
    { zstack: { endpoint: ENDPOINT, accessKeyId: "id", accesKeySecret: "cAnArY" } },
    `Provider "dc2", zstack: accesKeySecret is not a setting. Did you mean "accessKeySecret"? ${CREDENTIALS}`,
  ],
  [
    "blank values",
    { zstack: { endpoint: "", accessKeyId: "id", accessKeySecret: null } },
    `Provider "dc2", zstack: endpoint is required. ${CREDENTIALS}`,
  ],
  [
    "no object",
    { zstack: "http://10.0.0.5" },
    `Provider "dc2", zstack: must be an object with the settings.`,
  ],
  // What each setting refuses is a row of test/trust/support/bad-settings.ts; here it is that a program is told in its constructor.
  [
    "a list for a secret, and a number for a flag",
    { zstack: { endpoint: ENDPOINT, accessKeyId: "id", accessKeySecret: ["cAnArY"], insecureSkipVerify: 1 } },
    'Provider "dc2", zstack: accessKeySecret must be a string. insecureSkipVerify must be a boolean.',
  ],
  [
    "a number that is none",
    { zstack: { endpoint: ENDPOINT, accessKeyId: "id", accessKeySecret: "key", maxConcurrentRequests: NaN } },
    'Provider "dc2", zstack: maxConcurrentRequests holds the text "NaN", which a program makes of something that is no text: leave the setting out where there is no value.',
  ],
  [
    "a site that is none",
    { securitycenter: { site: "chna" } },
    'Provider "dc2", securitycenter: site must be china or international. Did you mean "china"?',
  ],
  [
    "half a set of keys",
    { securitycenter: { site: "china", accessKey: pulumi.output("id") } },
    'Provider "dc2", securitycenter: credentials are required: accessKey and secretKey.',
  ],
  [
    "a role that is none",
    { securitycenter: { site: "china", assumeRole: { roleArn: "pulumi" } } },
    'Provider "dc2", securitycenter: assumeRole must name the role as roleArn: acs:ram::<account>:role/<name>.',
  ],
  [
    "a role as text",
    { securitycenter: { site: "china", assumeRole: ROLE } },
    'Provider "dc2", securitycenter: assumeRole must be an object.',
  ],
])("a provider of %s is refused with everything that is wrong", (_what, args, message) => {
  expect(() => new Provider("dc2", args as ProviderArgs)).toThrow(new Error(message));
});
