import { start, type Emulator } from "../../emulator";
import * as api from "../../provider/zstack/api";
import { uuidFromKey } from "../../provider/zstack/fields/uuids";
import { benchFor, WEBHOOK, type Bench } from "../support/zstack";

/** What actions look like on the wire, as the emulator's journal shows it, and what queries find. */

const UUID = uuidFromKey("api", 0);
const PATTERN = uuidFromKey("api", 1);
const PHONE = "+86-13800000000";
const BASE = "/zstack/v1/sns/application-endpoints";

// Nothing here waits; a busy machine may still be slow.
jest.setTimeout(30_000);

let emulator: Emulator;
let bench: Bench;

beforeAll(async () => {
  emulator = await start({ seed: 2, zstack: { pollsBeforeDone: 0, locale: "en_US" } });
});
afterAll(() => emulator.close());
beforeEach(() => {
  bench = benchFor(emulator);
  emulator.zstack.endpoints.add({ uuid: UUID, name: "ops", url: WEBHOOK });
  emulator.zstack.tagPatterns.add({ uuid: PATTERN, name: "t" });
});
afterEach(async () => {
  await bench.connection.close();
  emulator.reset();
});

type Call = (client: Bench["connection"]["client"]) => Promise<unknown>;

// That the emulator takes each of the others is proved by the lifecycles, which name them.
test.each<[operation: string, method: string, path: string, call: Call, body: unknown]>([
  [
    "CreateSNSDingTalkEndpoint",
    "POST",
    `${BASE}/ding-talk`,
    (c) =>
      api.createSNSDingTalkEndpoint(c, {
        name: "n",
        url: "http://h/?x",
        atAll: false,
        atPersonList: { [PHONE]: "boss" },
        resourceUuid: uuidFromKey("api", 2),
      }),
    {
      params: {
        name: "n",
        url: expect.any(String),
        atAll: false,
        atPersonList: { [PHONE]: "boss" },
        resourceUuid: uuidFromKey("api", 2),
      },
    },
  ],
  [
    "RemoveSNSDingTalkAtPerson",
    "DELETE",
    `${BASE}/ding-talk/${UUID}/at-persons/%2B86-13800000000`,
    (c) => api.removeSNSDingTalkAtPerson(c, UUID, PHONE),
    undefined,
  ],
])("%s is %s %s", async (operation, method, path, call, body) => {
  await call(bench.connection.client);
  const [entry, ...more] = emulator.journal.filter({ operation });
  expect(more).toEqual([]);
  expect({ method: entry?.method, path: entry?.path, body: entry?.body }).toEqual({ method, path, body });
  expect(emulator.journal.entries.every(({ status }) => status === 200 || status === 202)).toBe(true);
});

test("a remark is changed without the number, which would be refused", async () => {
  const person = emulator.zstack.persons.add({ endpointUuid: UUID, phoneNumber: PHONE, remark: "a" });
  const { client } = bench.connection;
  await api.updateAtPersonOfAtDingTalkEndpoint(client, person.uuid, { endpointUuid: UUID, remark: "" });
  expect(emulator.zstack.persons.get(person.uuid)?.remark).toBe("");
  expect(emulator.journal.filter({ operation: "UpdateAtPersonOfAtDingTalkEndpoint" })[0]?.body).toEqual({
    updateAtPersonOfAtDingTalkEndpoint: { endpointUuid: UUID, remark: "" },
  });
});

test("queries name their limit, their start and an order", async () => {
  await api.dingTalkEndpointsByUuid.query(bench.connection.client, [UUID, PATTERN]);
  expect(emulator.journal.filter({ operation: "QuerySNSDingTalkEndpoint" })[0]?.query).toEqual({
    q: [`uuid?=${UUID},${PATTERN}`],
    limit: ["1000"],
    start: ["0"],
    sort: ["uuid"],
    replyWithCount: ["true"],
  });
});

test.each([
  "plain",
  "UPPER and lower",
  "it's",
  'say "x"',
  "a=b",
  "a!=b",
  "a>b",
  "~?=",
  "50%_",
  "a,b",
  "back\\slash",
  "告警 钉钉",
  "🔔 bell",
  "this null",
  "is null",
  "a+b & c",
])("an endpoint named %p is found by its name, and no other", async (name) => {
  for (const decoy of [
    "decoy",
    name.toUpperCase() + "x",
    `${name}2`,
    name.toLowerCase() === name ? name.toUpperCase() : name.toLowerCase(),
  ]) {
    if (decoy !== name) {
      emulator.zstack.endpoints.add({ name: decoy, url: WEBHOOK });
    }
  }
  const { uuid } = emulator.zstack.endpoints.add({ name, url: WEBHOOK });
  emulator.zstack.endpoints.add({ name, type: "WeCom", url: WEBHOOK });
  const found = await api.querySNSDingTalkEndpointByName(bench.connection.client, name);
  expect(found.map((endpoint) => endpoint.uuid)).toEqual([uuid]);
});

test("a query reads every page", async () => {
  for (let i = 0; i < 2_003; i++) {
    emulator.zstack.endpoints.add({ name: i % 2 === 0 ? "it's even" : "it's odd", url: WEBHOOK });
  }
  const found = await api.querySNSDingTalkEndpointByName(bench.connection.client, "it's even");
  expect(new Set(found.map(({ uuid }) => uuid)).size).toBe(1_002);
  expect(
    emulator.journal.filter({ operation: "QuerySNSDingTalkEndpoint" }).map(({ query }) => query["start"]),
  ).toEqual([["0"], ["1000"], ["2000"]]);
});

describe("a server that gives fewer rows than are asked for", () => {
  const TOPIC = uuidFromKey("topic", 0);
  const many = Array.from({ length: 7 }, (_, n) => uuidFromKey("many", n));
  const others = Array.from({ length: 3 }, (_, n) => uuidFromKey("topic", n));
  const starts = (operation: string) =>
    emulator.journal.filter({ operation }).map(({ query }) => Number(query["start"]?.[0]));

  beforeEach(() => {
    for (const uuid of many) {
      emulator.zstack.endpoints.add({ uuid, name: "many", url: WEBHOOK });
      emulator.zstack.tags.add({ resourceUuid: UUID, tag: uuid });
    }
    emulator.zstack.switches.maxPageRows = 2;
  });

  test.each<[boolean, number[]]>([
    [true, [0, 2, 4, 6]],
    [false, [0, 2, 4, 6, 7]],
  ])("has every page read, counted or not: %s", async (replyWithCount, expected) => {
    emulator.zstack.switches.replyWithCount = replyWithCount;
    const found = await api.querySNSDingTalkEndpointByName(bench.connection.client, "many");
    expect(found.map(({ uuid }) => uuid).sort()).toEqual([...many].sort());
    expect(starts("QuerySNSDingTalkEndpoint")).toEqual(expected);
  });

  test.each<[string, string[], boolean, number]>([
    ["those that are there", many, true, 4],
    ["those that are there", many, false, 4],
    ["one that is not among them", [...many, PATTERN], true, 4],
    ["one that is not among them", [...many, PATTERN], false, 5],
  ])("is asked for uuids until all are there, or it says so: %s", async (_what, uuids, counts, calls) => {
    emulator.zstack.switches.replyWithCount = counts;
    const found = await api.dingTalkEndpointsByUuid.query(bench.connection.client, uuids);
    expect(found).toHaveLength(many.length);
    expect(starts("QuerySNSDingTalkEndpoint")).toHaveLength(calls);
  });

  test("has all tags of a resource read", async () => {
    expect(await api.tagsByResource.query(bench.connection.client, [UUID])).toHaveLength(7);
  });

  test.each([true, false])(
    "has all alarms read before it is said which send to a topic: %s",
    async (counts) => {
      emulator.zstack.switches.replyWithCount = counts;
      const { alarms, alarmActions, topics } = emulator.zstack;
      topics.add({ uuid: TOPIC });
      for (const uuid of many) {
        alarms.add({ uuid });
        alarmActions.add({ alarmUuid: uuid, actionUuid: TOPIC });
      }
      expect(await api.alarmLookups.byTopic.query(bench.connection.client, [TOPIC])).toHaveLength(7);
    },
  );

  test.each(["uuid", "shuffled"] as const)(
    "misses no subscription, although no property orders them: %s",
    async (queryOrder) => {
      emulator.zstack.switches.queryOrder = queryOrder;
      for (const topicUuid of others) {
        emulator.zstack.topics.add({ uuid: topicUuid });
        for (const endpointUuid of many) {
          emulator.zstack.subscriptions.add({ topicUuid, endpointUuid });
        }
      }
      const all = others.flatMap((topic) => many.map((endpoint) => `${topic}/${endpoint}`));
      const pairsOf = (rows: { topicUuid: string; endpointUuid: string }[]): string[] =>
        [...new Set(rows.map((row) => `${row.topicUuid}/${row.endpointUuid}`))].sort();
      const { client } = bench.connection;
      for (const counts of [true, false]) {
        emulator.zstack.switches.replyWithCount = counts;
        expect(pairsOf(await api.subscribersByPair.query(client, all))).toEqual([...all].sort());
        expect(pairsOf(await api.subscribersByTopic.query(client, others))).toEqual([...all].sort());
        expect(pairsOf(await api.subscribersByEndpoint.query(client, many))).toEqual([...all].sort());
      }
    },
  );
});

describe("a list that changes while its pages are read", () => {
  const many = Array.from({ length: 6 }, (_, n) => uuidFromKey("many", n)).sort();
  const query = () => api.querySNSDingTalkEndpointByName(bench.connection.client, "many");
  const first = many[0] ?? "";

  beforeEach(() => {
    for (const uuid of many) {
      emulator.zstack.endpoints.add({ uuid, name: "many", url: WEBHOOK });
    }
    emulator.zstack.switches.maxPageRows = 2;
  });

  test("is read again, so that nobody is passed over", async () => {
    emulator.zstack.faults.add({
      operation: "QuerySNSDingTalkEndpoint",
      after: 1,
      before: () => void emulator.zstack.endpoints.remove(first),
    });
    expect((await query()).map(({ uuid }) => uuid)).toEqual(many.slice(1));
  });

  test("all the time is an error, and not a list with gaps", async () => {
    emulator.zstack.faults.add({
      operation: "QuerySNSDingTalkEndpoint",
      times: "always",
      before: () => {
        if (emulator.zstack.endpoints.get(first) === undefined) {
          emulator.zstack.endpoints.add({ uuid: first, name: "many", url: WEBHOOK });
        } else {
          emulator.zstack.endpoints.remove(first);
        }
      },
    });
    await expect(query()).rejects.toMatchObject({
      name: "NetworkError",
      message:
        "QuerySNSDingTalkEndpoint gave other objects every time it was asked for the next ones.\nRun the command again when nobody else changes these objects.",
    });
  });
});

test("a session that could not stand in a header is not taken", async () => {
  emulator.zstack.faults.add({
    operation: "LogInByAccount",
    fault: { kind: "status", status: 200, body: JSON.stringify({ inventory: { uuid: "a b\r\nX: 1" } }) },
  });
  await expect(api.logInByAccount(bench.connection.client, "admin", "x")).rejects.toMatchObject({
    name: "ReplyShapeError",
  });
});

test.each(["java8", "java9", "java20", "epoch"] as const)("dates of %s are taken", async (dateFormat) => {
  emulator.zstack.switches.dateFormat = dateFormat;
  const [endpoint] = await api.dingTalkEndpointsByUuid.query(bench.connection.client, [UUID]);
  expect(typeof endpoint?.createDate).toBe(dateFormat === "epoch" ? "number" : "string");
});

test("an endpoint of any kind is found with its type", async () => {
  const { uuid } = emulator.zstack.endpoints.add({ type: "WeCom", name: "w" });
  expect(await api.querySNSApplicationEndpoint(bench.connection.client, uuid)).toEqual({
    uuid,
    name: "w",
    type: "WeCom",
  });
  expect(
    await api.querySNSApplicationEndpoint(bench.connection.client, uuidFromKey("no", 0)),
  ).toBeUndefined();
});

test("a tag that one resource did not get is a failure, although the call succeeded", async () => {
  const gone = uuidFromKey("gone", 0);
  await expect(api.attachTagToResources(bench.connection.client, PATTERN, gone)).rejects.toThrow(
    new RegExp(`^AttachTagToResources (did not attach tag ${PATTERN}|failed)`),
  );
});
