import * as pulumi from "@pulumi/pulumi";
import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { securitycenter, zstack } from "../../provider";
import { stubFor } from "../../provider/pulumi/stub";

/** What the classes of the package hand to the engine, which a mocked monitor stands for. */

const WEBHOOK = "https://oapi.dingtalk.com/robot/send?access_token=t";
const TYPE = "pulumi-nodejs:dynamic/zstack:DingTalkEndpoint";
const UUID = "917f2b0c4d8e4f6a8b1c2d3e4f5a6b7c";

interface Bag {
  readonly v: number;
  readonly key: string;
  readonly name: string;
  readonly urn: string;
  readonly timeouts?: object;
  readonly get?: true;
}

const register = jest.spyOn(MockMonitor.prototype, "registerResource");
const readResource = jest.spyOn(MockMonitor.prototype, "readResource");

async function engine(project = "project", stack = "stack", organization = "org"): Promise<void> {
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ id, inputs }) => ({
        id: id === "" || id === undefined ? UUID : id,
        state: { ...(inputs as object), createdAt: "today" },
      }),
    },
    project,
    stack,
    false,
    organization,
  );
}

beforeEach(async () => {
  register.mockClear();
  readResource.mockClear();
  await engine();
});

const valueOf = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));

interface Registered {
  readonly type: string;
  readonly object: Record<string, unknown> & { __provider: string; __dingtalk: Bag };
  readonly secretOutputs: string[];
  readonly deleteBeforeReplace: boolean;
}

/** What the engine was told of the last resource. */
async function registered(resource: pulumi.CustomResource): Promise<Registered> {
  await valueOf(resource.urn);
  const request = register.mock.calls.at(-1)?.[0] as RegisterResourceRequest;
  return {
    type: request.getType(),
    object: request.getObject()?.toJavaScript() as Registered["object"],
    secretOutputs: request.getAdditionalsecretoutputsList(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
  };
}

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});
const endpoint = (name = "duty", args: object = {}, opts: pulumi.CustomResourceOptions = {}) =>
  new zstack.DingTalkEndpoint(name, { webhookUrl: WEBHOOK, ...args }, opts);
const keyOf = async (resource: pulumi.CustomResource) => (await registered(resource)).object.__dingtalk.key;

test("the stub is the permanent text, and short", () => {
  const stub = stubFor("zstack:DingTalkEndpoint");
  expect(stub).toBe(
    'exports.handler=()=>{try{return require("pulumi-dingtalk/runtime").resource("zstack:DingTalkEndpoint")}' +
      'catch(e){if(e.code=="MODULE_NOT_FOUND")e.message=e.stack="pulumi-dingtalk must be a direct dependency of this Pulumi project: npm install pulumi-dingtalk";throw e}}',
  );
  expect(Buffer.byteLength(stub)).toBeLessThanOrEqual(300);
});

test("a resource is registered under its permanent type, with the stub and its arguments", async () => {
  const { type, object, secretOutputs, deleteBeforeReplace } = await registered(
    endpoint("duty", { secret: "SECx", atPersons: ["13800000000"], description: undefined }),
  );
  expect(type).toBe(TYPE);
  expect(object).toEqual({
    __provider: stubFor("zstack:DingTalkEndpoint"),
    __dingtalk: {
      v: 1,
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      name: "duty",
      urn: `urn:pulumi:stack::project::${TYPE}::duty`,
    },
    webhookUrl: secret(WEBHOOK),
    secret: secret("SECx"),
    atPersons: { "+86-13800000000": "" },
  });
  expect(secretOutputs.sort()).toEqual(["secret", "webhookUrl"]);
  expect(deleteBeforeReplace).toBe(true);
});

test("secret outputs that the program names are kept, and the order of replacing cannot be changed", async () => {
  const { secretOutputs, deleteBeforeReplace } = await registered(
    endpoint("duty", {}, { additionalSecretOutputs: ["name"], deleteBeforeReplace: false }),
  );
  expect(secretOutputs.sort()).toEqual(["name", "secret", "webhookUrl"]);
  expect(deleteBeforeReplace).toBe(true);
});

test("an argument that is a secret or an output already is not wrapped twice", async () => {
  const { object } = await registered(
    endpoint("duty", { webhookUrl: pulumi.secret(WEBHOOK), secret: pulumi.output("s") }),
  );
  expect([object["webhookUrl"], object["secret"]]).toEqual([secret(WEBHOOK), secret("s")]);
});

test.each<[string, unknown, string]>([
  ["a Map", new Map([["13800000000", "x"]]), "a Map"],
  ["a Map that comes late", pulumi.output(null).apply(() => new Map([["13800000000", "x"]])), "a Map"],
  ["a Set", new Set(["13800000000"]), "a Set"],
  ["a Date", new Date(0), "a Date"],
])("persons given as %s reach the check by their name, not as nobody", async (_what, atPersons, kind) => {
  const { object } = await registered(endpoint("duty", { atPersons }));
  expect(object["atPersons"]).toMatchObject({ __dingtalkOddValue: kind });
});

test("a policy pack recognises a resource by its type alone, with the function alone", () => {
  const { isInstance, __pulumiType } = zstack.DingTalkEndpoint as typeof zstack.DingTalkEndpoint & {
    __pulumiType: string;
  };

  expect([
    isInstance({ __pulumiType }),
    isInstance({ __pulumiType: "other" }),
    isInstance(undefined),
  ]).toEqual([true, false, false]);
});

test("arguments that nobody knows reach the check, which names them", async () => {
  const { object } = await registered(endpoint("duty", { webhookURL: "x" }));
  expect(object["webhookURL"]).toBe("x");
});

test("the outputs are the arguments and what the server makes; uuid is the id", async () => {
  const resource = endpoint("duty", { description: "d" });
  expect(resource.uuid).toBe(resource.id);
  expect(await valueOf(resource.uuid)).toBe(UUID);
  expect(await valueOf(resource.description)).toBe("d");
  expect(await valueOf(resource.createdAt)).toBe("today");
  expect(await pulumi.isSecret(resource.webhookUrl)).toBe(true);
  for (const name of [
    "name",
    "secret",
    "atAll",
    "atPersons",
    "enabled",
    "userTags",
    "tagUuids",
    "adopt",
  ] as const) {
    expect(pulumi.Output.isInstance(resource[name])).toBe(true);
  }
});

describe("the key of a resource", () => {
  test("is the same for the same organization and URN", async () => {
    const first = await keyOf(endpoint());
    await engine();
    expect(await keyOf(endpoint())).toBe(first);
  });

  test("is another for every organization, project, stack, name and parent", async () => {
    class Component extends pulumi.ComponentResource {
      constructor(name: string) {
        super("test:index:Component", name);
      }
    }
    class OtherComponent extends pulumi.ComponentResource {
      constructor(name: string) {
        super("test:index:Other", name);
      }
    }
    const keys = [await keyOf(endpoint()), await keyOf(endpoint("other"))];
    keys.push(await keyOf(endpoint("duty", {}, { parent: new Component("a") })));
    keys.push(await keyOf(endpoint("duty", {}, { parent: new OtherComponent("a") })));
    for (const where of [["p2"], ["project", "s2"], ["project", "stack", "o2"]] as const) {
      await engine(...(where as [string]));
      keys.push(await keyOf(endpoint()));
    }
    expect(new Set(keys).size).toBe(7);
  });

  test("depends on no argument", async () => {
    const first = await keyOf(endpoint("duty", { name: "a" }));
    expect(await keyOf(endpoint("duty", { name: "b", secret: "s" }))).toBe(first);
  });
});

test("customTimeouts travel in the bag, in seconds", async () => {
  const { object } = await registered(
    endpoint("duty", {}, { customTimeouts: { create: "1m30s", delete: "2h", update: "nonsense" } }),
  );
  expect(object.__dingtalk.timeouts).toEqual({ create: 90, delete: 7_200 });
});

test("the option import is refused with the way that works", () => {
  expect(() => endpoint("duty", {}, { import: UUID })).toThrow(
    'Pulumi cannot import this DingTalk endpoint: the resource option "import" does not work for dynamic resources. ' +
      'Remove it, and give the argument adopt: { id: "…" } instead, which takes the existing object over if it is as declared.',
  );
  expect(register).not.toHaveBeenCalled();
});

test("get reads an existing endpoint, with nothing but stub and bag", async () => {
  const resource = zstack.DingTalkEndpoint.get("there", UUID);
  await valueOf(resource.urn);
  expect(register).not.toHaveBeenCalled();
  const request = readResource.mock.calls.at(-1)?.[0] as ReadResourceRequest;
  expect(request.getId()).toBe(UUID);
  expect(request.getType()).toBe(TYPE);
  const { __dingtalk: bag, ...others } = request.getProperties()?.toJavaScript() as Registered["object"];
  expect(others).toEqual({ __provider: stubFor("zstack:DingTalkEndpoint") });
  expect(bag).toMatchObject({ v: 1, name: "there", get: true });
  expect(request.getAdditionalsecretoutputsList().sort()).toEqual(["secret", "webhookUrl"]);
});

const OTHER = "0c1d2e3f4a5b4c6d8e7f9a8b7c6d5e4f";
const dashed = UUID.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-").toUpperCase();
type Get = (name: string, id: pulumi.Input<string>) => pulumi.CustomResource;
const GETS: readonly (readonly [what: string, get: Get, given: unknown, canonical: string])[] = [
  ["an endpoint", (...args) => zstack.DingTalkEndpoint.get(...args), ` ${dashed}\n`, UUID],
  ["a topic", (...args) => zstack.Topic.get(...args), dashed, UUID],
  [
    "a subscription",
    (...args) => zstack.TopicSubscription.get(...args),
    `${dashed} / ${OTHER}\n`,
    `${UUID}/${OTHER}`,
  ],
  ["an alarm action", (...args) => zstack.AlarmAction.get(...args), `${OTHER}/${dashed}`, `${OTHER}/${UUID}`],
  [
    "an event action",
    (...args) => zstack.EventSubscriptionAction.get(...args),
    `${dashed}/${OTHER}`,
    `${UUID}/${OTHER}`,
  ],
  ["a robot", (...args) => securitycenter.DingTalkRobot.get(...args), " 001001\n", "1001"],
  ["a robot by number", (...args) => securitycenter.DingTalkRobot.get(...args), 1001, "1001"],
];

test.each(GETS)(
  "get takes the id of %s as an argument does, and so does one that comes later",
  async (_what, get, given, canonical) => {
    const now = get("now", given as string);
    const later = get("later", pulumi.output(given as string));
    const soon = get("soon", Promise.resolve(given as string));
    expect(await Promise.all([now.id, later.id, soon.id].map(valueOf))).toEqual([
      canonical,
      canonical,
      canonical,
    ]);
    const asked = readResource.mock.calls.map(([request]) => (request as ReadResourceRequest).getId());
    expect(asked).toEqual([canonical, canonical, canonical]);
  },
);

test("get leaves what cannot be an id to the read, which says so", async () => {
  await valueOf(zstack.DingTalkEndpoint.get("there", "abc").urn);
  expect((readResource.mock.calls.at(-1)?.[0] as ReadResourceRequest).getId()).toBe("abc");
});

test.each([undefined, null, "", " \n"])(
  "get without an id (%j) is refused: Pulumi would make a new object",
  (id) => {
    expect(() => zstack.Topic.get("there", id as unknown as string)).toThrow(
      "The id of the topic to get is missing. Give the id of one that exists.",
    );
    expect(register).not.toHaveBeenCalled();
  },
);

test("isInstance knows its own, also of another copy of the package, and nothing else", () => {
  class Copy extends pulumi.CustomResource {}
  const check = (value: unknown): boolean => zstack.DingTalkEndpoint.isInstance(value);
  const other = new Copy(TYPE, "copy", {});
  expect(check(endpoint())).toBe(true);
  expect(check(other)).toBe(true);
  expect(check(new Copy("pulumi-nodejs:dynamic/x:Y", "y", {}))).toBe(false);
  for (const value of [
    undefined,
    null,
    {},
    "x",
    new zstack.DingTalkEndpoint("z", { webhookUrl: WEBHOOK }).urn,
  ]) {
    expect(check(value)).toBe(false);
  }
});

describe("transformations", () => {
  /** A group whose transformation adds to each of its members. */
  class Group extends pulumi.ComponentResource {
    constructor(name: string, props: object, opts: pulumi.CustomResourceOptions = {}) {
      super(
        "test:index:Group",
        name,
        {},
        {
          transformations: [
            (given) => ({
              props: { ...(given.props as object), ...props },
              opts: pulumi.mergeOptions(given.opts, opts),
            }),
          ],
        },
      );
    }
  }

  test("what one of a parent adds is treated like what the program wrote", async () => {
    const parent = new Group(
      "group",
      {
        description: pulumi.secret("hidden"),
        atPersons: new Map([["13900000000", "duty"]]),
        userTags: ["b", "a"],
      },
      { ignoreChanges: ["userTags[0]", 'atPersons["13900000000"]'], deleteBeforeReplace: false },
    );
    const { object, deleteBeforeReplace } = await registered(endpoint("duty", {}, { parent }));
    const request = register.mock.calls.at(-1)?.[0] as RegisterResourceRequest;
    expect(request.getIgnorechangesList()).toEqual(['atPersons["+86-13900000000"]']);
    expect(object.__dingtalk).toMatchObject({ ignored: ["userTags[0]"], secrets: ["description"] });
    expect(object["atPersons"]).toMatchObject({ __dingtalkOddValue: expect.any(String) });
    expect(deleteBeforeReplace).toBe(true);
  });

  test("see the arguments as the program wrote them, for each resource once, children included", async () => {
    const seen: [string, unknown][] = [];
    const see: pulumi.ResourceTransformation = ({ name, props, opts }) => {
      seen.push([name, props]);
      return { props, opts };
    };
    const parent = endpoint("duty", { atPersons: ["13900000000"] }, { transformations: [see] });
    const { object } = await registered(endpoint("child", {}, { parent }));
    expect(seen).toEqual([
      ["duty", { webhookUrl: WEBHOOK, atPersons: ["13900000000"] }],
      ["child", { webhookUrl: WEBHOOK }],
    ]);
    expect(object.__dingtalk.name).toBe("child");
  });

  test("an import that one adds is refused, too", () => {
    const parent = new Group("group", {}, { import: UUID });
    expect(() => endpoint("duty", {}, { parent })).toThrow("Pulumi cannot import this DingTalk endpoint");
  });
});
