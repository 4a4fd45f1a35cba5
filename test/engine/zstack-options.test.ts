import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import { declare, endpoint, errorOf, idOf, Lab, phone, uuid, WEBHOOK } from "./support/lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const CREATE = "CreateSNSDingTalkEndpoint";
const UPDATE = "UpdateSNSDingTalkEndpoint";
const ABSENT = uuid("c");

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
});
afterAll(() => lab.dispose());

const urnOf = async (name: string): Promise<string> => (await lab.project.resource(name)).urn;
const emptyStack = async (): Promise<void> => {
  await lab.project.destroy();
  for (const id of lab.uuids) {
    lab.zstack.endpoints.remove(id);
  }
};

describe("static get", () => {
  let there: string;
  beforeAll(() => {
    there = lab.zstack.endpoints.add({
      name: "Theirs",
      type: "DingTalk",
      url: WEBHOOK,
      secret: "SEC-canary-of-theirs",
      description: "not ours",
    }).uuid;
    lab.zstack.persons.add({ endpointUuid: there, phoneNumber: phone(1), remark: "Ann" });
  });
  afterAll(emptyStack);

  const read = (id: string): string[] => [
    `const theirs = zstack.DingTalkEndpoint.get("theirs", ${JSON.stringify(id)});`,
    `exports.seen = { uuid: theirs.uuid, name: theirs.name, description: theirs.description, atPersons: theirs.atPersons, enabled: theirs.enabled, is: zstack.DingTalkEndpoint.isInstance(theirs) };`,
  ];

  test("shows an existing endpoint, secrets encrypted, and never changes or deletes it", async () => {
    const up = await lab.up(read(there), [], { preview: true });
    expect(up.step("theirs")?.op).toBe("read");
    expect((await lab.project.outputs())["seen"]).toEqual({
      uuid: there,
      name: "Theirs",
      description: "not ours",
      atPersons: { [phone(1)]: "Ann" },
      enabled: true,
      is: true,
    });
    expect(up.text + JSON.stringify(await lab.project.export())).not.toMatch(/canary/);
    await lab.project.refresh();
    await lab.project.destroy();
    expect(lab.changes).toEqual([]);
    expect(lab.theOnly()).toMatchObject({ uuid: there });
  });

  test("of a missing endpoint fails and says where it looked", async () => {
    const missing = await lab.up(read(ABSENT), [], { expectExit: 1 });
    expect(missing.text).toContain(`There is no DingTalk endpoint with the id ${ABSENT}.`);
    expect(missing.text).toContain(`Looked in: ${lab.emulator.url}/zstack`);
    expect(missing.text).toContain("Check the id, and that this account may see the object.");
  });
});

describe("names and parents", () => {
  afterAll(emptyStack);

  test("aliases, a move into a component and pulumi state rename keep the endpoint, its uuid and its automatic name", async () => {
    const first = await lab.up([endpoint("old"), endpoint("moving")]);
    const [old, moving] = [idOf(first, "old"), idOf(first, "moving")];
    const names = [lab.view(old).name, lab.view(moving).name];

    const second = await lab.up([
      endpoint("renamed", {}, `{ aliases: [{ name: "old" }] }`),
      `const group = new pulumi.ComponentResource("test:Group", "group");`,
      endpoint("moving", {}, `{ parent: group, aliases: [{ parent: pulumi.rootStackResource }] }`),
    ]);
    expect(second.steps.filter(({ type }) => type !== "test:Group").map(({ op }) => op)).toEqual([
      "same",
      "same",
    ]);

    await lab.project.pulumi(["state", "rename", await urnOf("renamed"), "third", "--yes"]);
    const third = await lab.up([
      endpoint("third"),
      `const group = new pulumi.ComponentResource("test:Group", "group");`,
      endpoint("moving", {}, "{ parent: group }"),
    ]);
    expect(third.changes).toEqual({ same: 4 });
    expect(lab.changes).toEqual([]);
    expect([lab.view(old).name, lab.view(moving).name]).toEqual(names);
  });

  test("siblings of a component may wait for each other, and get keys of their own", async () => {
    const up = await lab.up([
      `class Team extends pulumi.ComponentResource {
        constructor(name) {
          super("test:Team", name);
          const first = new zstack.DingTalkEndpoint("child", { webhookUrl: ${JSON.stringify(WEBHOOK)} }, { parent: this });
          const second = new zstack.DingTalkEndpoint(name + "-second", { webhookUrl: ${JSON.stringify(WEBHOOK)}, description: first.name }, { parent: this, dependsOn: first });
          this.registerOutputs({ second });
        }
      }
      new Team("a");`,
      endpoint("child"),
    ]);
    const children = up.steps.filter(({ name }) => name === "child").map((step) => step.new?.id ?? "");
    expect(new Set(children.map((id) => lab.view(id).name)).size).toBe(2);
    expect(children.map((id) => lab.view(id).name)).toContain(lab.view(idOf(up, "a-second")).description);
    const inTeam = up.steps.filter(({ urn }) => urn.includes("test:Team$")).map(({ name }) => name);
    expect(inTeam).toEqual(["child", "a-second"]);
  });
});

describe("options of a resource", () => {
  afterAll(emptyStack);
  const URNS: Record<string, string> = {};
  const IDS: Record<string, string> = {};
  let deleted: EngineResult;

  const before = { description: "one", atPersons: { [phone(1)]: "Ann", [phone(2)]: "Bob" } };
  const after = { description: "two", atPersons: { [phone(1)]: "Anna", [phone(2)]: "Robert" } };
  const OPTIONS: Record<string, string> = {
    ignored: `{ ignoreChanges: ["description", "atPersons"] }`,
    ignoredPath: `{ ignoreChanges: ['atPersons["${phone(1)}"]'] }`,
    replacing: `{ replaceOnChanges: ["description"] }`,
    protectedOne: "{ protect: true }",
    retained: "{ retainOnDelete: true }",
    whole: "{}",
    part: "{ deletedWith: whole }",
  };
  const program = (args: object): string[] =>
    Object.entries(OPTIONS).map(([name, opts]) => endpoint(name, { name, ...args }, opts));

  beforeAll(async () => {
    const up = await lab.up(program(before));
    for (const name of Object.keys(OPTIONS)) {
      IDS[name] = idOf(up, name);
      URNS[name] = up.step(name)?.urn ?? "";
    }
  });

  test("ignoreChanges, of an argument or of one person, and replaceOnChanges are honoured", async () => {
    const up = await lab.up(program(after));
    expect(up.step("ignored")?.op).toBe("same");
    expect(lab.view(IDS["ignored"] ?? "")).toMatchObject(before);
    expect(lab.view(IDS["ignoredPath"] ?? "")).toMatchObject({
      description: "two",
      atPersons: { [phone(1)]: "Ann", [phone(2)]: "Robert" },
    });
    expect(up.steps.filter(({ name }) => name === "replacing").map(({ op }) => op)).toEqual([
      "delete-replaced",
      "replace",
      "create-replacement",
    ]);
    IDS["replacing"] = idOf(up, "replacing");
    expect(lab.view(IDS["replacing"])).toMatchObject(after);
    expect(lab.uuids).toHaveLength(Object.keys(OPTIONS).length);
  });

  test("protect refuses to delete, retainOnDelete and deletedWith delete without a call", async () => {
    const refused = await lab.up([], [], { expectExit: "any" });
    expect(refused.exitCode).not.toBe(0);
    expect(refused.text).toMatch(/protectedOne.*cannot be deleted\s+because it is protected/s);
    await lab.project.pulumi(["state", "unprotect", URNS["protectedOne"] ?? "", "--yes"]);
    lab.emulator.journal.clear();
    deleted = await lab.project.destroy();
    expect(deleted.exitCode).toBe(0);
    expect(lab.uuids.sort()).toEqual([IDS["retained"], IDS["part"]].sort());
    expect(await lab.project.resources()).toEqual([]);
  });
});

describe("what cannot work", () => {
  afterAll(emptyStack);

  test("import is refused with the way that works", async () => {
    const refused = await lab.up([endpoint("taken", {}, `{ import: "${ABSENT}" }`)], [], { expectExit: 1 });
    expect(refused.text).toMatch(
      /Pulumi cannot import this DingTalk endpoint: the resource option "import" does not work for dynamic resources\. Remove it, and give the argument adopt: \{ id: "…" \}/,
    );
    expect(lab.emulator.journal.entries).toEqual([]);
  });

  test("a locale cannot be taken back: refused before anything is done, and possible in a replacement", async () => {
    const created = await lab.up([declare("Topic", "told", { locale: "zh_CN" })]);
    const refused = await lab.up([declare("Topic", "told")], [], { expectExit: 1 });
    expect(errorOf(refused, "told")).toContain(
      "locale: cannot be taken back once it was given. Give a value, or make the object anew: run `pulumi up --replace` with the URN of this resource.",
    );
    expect(lab.changes).toEqual([]);
    const replaced = await lab.up([declare("Topic", "told")], ["--replace", await urnOf("told")]);
    expect(idOf(replaced, "told")).not.toBe(idOf(created, "told"));
    expect(lab.topicUuids).toEqual([idOf(replaced, "told")]);
    expect(lab.zstack.topics.get(idOf(replaced, "told"))?.locale).toBeUndefined();
  });

  test("everything wrong is said in preview, at once, before any call and without a secret", async () => {
    lab.declare(
      endpoint("wrong", {
        webhookUrl: "ftp://canary.example/robot",
        secret: "SEC-canary".repeat(20),
        descripton: "typo",
      }),
    );
    lab.emulator.journal.clear();
    const refused = await lab.project.preview([], { expectExit: "any" });
    expect(refused.exitCode).not.toBe(0);
    const said = errorOf(refused, "wrong");
    for (const part of [
      "webhookUrl: must start with https:// or http://",
      "secret: must be at most 128 characters long, but has 200",
      "descripton: is not an argument of this resource. Did you mean",
    ]) {
      expect(said).toContain(part);
    }
    expect(refused.text).not.toMatch(/canary/);
    expect(lab.emulator.journal.entries).toEqual([]);
  });
});

describe("values that are unknown in preview", () => {
  afterAll(emptyStack);

  test("pass, and are checked once they are known", async () => {
    const program = [
      endpoint("source", { name: "source" }),
      `const made = source.createdAt.apply((at) => "made " + at.length);
      const target = new zstack.DingTalkEndpoint("target", {
        name: made,
        webhookUrl: made.apply((text) => ${JSON.stringify(WEBHOOK)} + text.length),
        secret: made.apply(() => "SEC-canary"),
        description: made,
        atAll: made.apply(() => true),
        enabled: made.apply(() => false),
        atPersons: made.apply((text) => ({ "${phone(1)}": text })),
        userTags: [made],
      });
      exports.uuid = target.uuid;`,
    ];
    lab.declare(...program);
    const planned = await lab.project.preview();
    expect(planned.steps.map(({ op }) => op)).toEqual(["create", "create"]);
    const up = await lab.up(program);
    const view = lab.view(idOf(up, "target"));
    expect(view).toMatchObject({ atAll: true, enabled: false, atPersons: { [phone(1)]: view.name } });
    expect(view.userTags).toEqual([view.name]);

    // The uuid stays known in the preview of an update; the other outputs of `source` do not.
    const edited = [endpoint("source", { name: "renamed" }), ...program.slice(1)];
    lab.declare(...edited);
    const preview = await lab.project.preview(["--diff"]);
    expect(preview.step("source")?.op).toBe("update");
    expect(preview.text).not.toMatch(/canary/);
    const second = await lab.up(edited);
    expect(second.step("target")?.op).toBe("same");
    expect(lab.changes).toEqual([UPDATE]);
    expect(lab.emulator.journal.count(CREATE)).toBe(0);
    expect(second.text + JSON.stringify(await lab.project.export())).not.toMatch(/canary/);
  });
});
