import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import { declare, endpoint, idOf, Lab, uuid, WEBHOOK } from "./support/lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

/** Resources that get another name without an alias: the new one takes the object over while the old one is still in the stack. */

const [TOPIC, OTHER, ALARM, ENDPOINT] = [uuid("1"), uuid("2"), uuid("3"), uuid("4")];

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
});
afterAll(() => lab.dispose());
beforeEach(() => {
  lab.emulator.reset();
  lab.zstack.topics.add({ uuid: TOPIC, name: "theirs" });
  lab.zstack.topics.add({ uuid: OTHER, name: "other" });
  lab.zstack.alarms.add({ uuid: ALARM, name: "cpu" });
  lab.zstack.endpoints.add({ uuid: ENDPOINT, type: "DingTalk", name: "duty", url: WEBHOOK });
});
afterEach(async () => {
  await lab.project.destroy();
});

/** Everything that can be taken over, under names that end in `suffix`. */
const everything = (suffix: string): string[] => [
  declare("Topic", `topic${suffix}`, { name: "theirs", adopt: { id: TOPIC } }),
  endpoint(`duty${suffix}`, { name: "duty", adopt: { id: ENDPOINT } }),
  declare("TopicSubscription", `told${suffix}`, { topicUuid: OTHER, endpointUuid: ENDPOINT }),
  declare("AlarmAction", `cpu${suffix}`, { alarmUuid: ALARM, topicUuid: OTHER }),
];
/** Fails in its create: the uuid belongs to a topic. */
const FAILING = endpoint("failing", { resourceUuid: TOPIC });
const LINKS = [`${OTHER}/${ENDPOINT}`, `${ALARM}/${OTHER}`].sort();

const left = () => ({
  links: lab.links,
  topic: lab.zstack.topics.get(TOPIC) !== undefined,
  endpoint: lab.zstack.endpoints.get(ENDPOINT) !== undefined,
});
const ALL = { links: LINKS, topic: true, endpoint: true };
const deletes = () => lab.changes.filter((name) => /^(Delete|Remove|Unsubscribe)/.test(name));
const namesIn = async () => (await lab.project.resources()).map(({ urn }) => urn.split("::").at(-1)).sort();

test("an up that fails elsewhere leaves both names in the stack, and the next one deletes nothing", async () => {
  await lab.up(everything("Old"));
  await lab.up([...everything("New"), FAILING], [], { expectExit: 1 });
  expect((await namesIn()).length).toBe(8);
  const up = await lab.up(everything("New"));
  expect(await namesIn()).toEqual(["cpuNew", "dutyNew", "toldNew", "topicNew"]);
  expect([deletes(), left()]).toEqual([[], ALL]);
  expect(up.text).toContain(
    `The topic ${TOPIC} is left alone: another resource of this stack stands for it, too.`,
  );
  expect((await lab.up(everything("New"), ["--refresh", "--expect-no-changes"])).changes).toMatchObject({
    same: 5,
  });
});

test("with --refresh, which reads both names first, the same holds, and a new name takes over at once", async () => {
  await lab.up(everything("Old"));
  await lab.up(everything("New"), ["--refresh"]);
  expect(await namesIn()).toEqual(["cpuNew", "dutyNew", "toldNew", "topicNew"]);
  await lab.up([...everything("Newer"), FAILING], ["--refresh"], { expectExit: 1 });
  await lab.up(everything("Newer"), ["--refresh"]);
  expect(await namesIn()).toEqual(["cpuNewer", "dutyNewer", "toldNewer", "topicNewer"]);
  expect([deletes(), left()]).toEqual([[], ALL]);
});

test("the key of a channel's alarm can be changed with and without --refresh", async () => {
  const channel = (key: string) => [
    `new zstack.NotificationChannel("ops", { topic: ${JSON.stringify(OTHER)}, endpoints: { duty: ${JSON.stringify(ENDPOINT)} }, alarms: { ${key}: ${JSON.stringify(ALARM)} } });`,
  ];
  await lab.up(channel("one"));
  await lab.up(channel("two"), ["--refresh"]);
  await lab.up(channel("three"));
  expect(lab.links).toEqual(LINKS);
  await lab.up([...channel("four"), FAILING], [], { expectExit: 1 });
  await lab.up(channel("four"));
  expect(lab.links).toEqual(LINKS);
  expect(deletes()).toEqual([]);
});

test("a stack with both names is destroyed with everything in it, refreshed before or not", async () => {
  for (const flags of [[], ["--refresh"]]) {
    await lab.up(everything("Old"));
    await lab.up([...everything("New"), FAILING], [], { expectExit: 1 });
    await lab.project.destroy(flags);
    expect(await namesIn()).toEqual([]);
    expect(left()).toEqual({ links: [], topic: false, endpoint: false });
    lab.zstack.topics.add({ uuid: TOPIC, name: "theirs" });
    lab.zstack.endpoints.add({ uuid: ENDPOINT, type: "DingTalk", name: "duty", url: WEBHOOK });
  }
});

test("where only the old name is looked at, a shared object is not deleted without a word", async () => {
  await lab.up(everything("Old"));
  await lab.up([...everything("New"), FAILING], [], { expectExit: 1 });
  const { urn } = await lab.project.resource("toldOld");
  const destroyed: EngineResult = await lab.project.destroy(["--target", urn]);
  expect(destroyed.text).toContain("Deletes without having seen the whole program.");
  const repaired = await lab.up(everything("New"), ["--refresh"]);
  expect(idOf(repaired, "toldNew")).toBe(`${OTHER}/${ENDPOINT}`);
  expect(left()).toEqual(ALL);
});

test("two resources of one program for one object are refused, whichever is compared first", async () => {
  await lab.up([declare("Topic", "a", { name: "theirs", adopt: { id: TOPIC } })]);
  const both = [
    declare("Topic", "a", { name: "theirs", adopt: { id: TOPIC } }),
    declare("Topic", "b", { name: "theirs", adopt: { id: TOPIC } }, "{ dependsOn: a }"),
  ];
  for (const flags of [[], ["--refresh"]]) {
    const up = await lab.up(both, flags, { expectExit: 1 });
    expect(up.text).toContain("One object can be managed by one resource only.");
  }
  expect(lab.zstack.topics.get(TOPIC)).toBeDefined();
});
