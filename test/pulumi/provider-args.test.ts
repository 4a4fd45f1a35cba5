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

async function configOf(args: object): Promise<{ type: string; config: unknown }> {
  const provider = new Provider("dc2", args);
  await new Promise((resolve) => provider.urn.apply(resolve));
  const request = register.mock.calls.at(-1)?.[0] as RegisterResourceRequest;
  return { type: request.getType(), config: request.getObject()?.toJavaScript() };
}

const ENDPOINT = "http://10.0.0.5:8080";

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
])("a provider of %s is refused with everything that is wrong", (_what, args, message) => {
  expect(() => new Provider("dc2", args as ProviderArgs)).toThrow(new Error(message));
});
