import { start, type Emulator } from "../../emulator";
import * as api from "../../provider/zstack/api";
import { uuidFromKey } from "../../provider/zstack/uuids";
import { benchFor, WEBHOOK, type Bench } from "../support/zstack";

/** What each action looks like on the wire, as the emulator's journal shows it. */

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

test.each<[operation: string, method: string, path: string, call: Call, body: unknown]>([
  ["GetVersion", "PUT", "/zstack/v1/management-nodes/actions", (c) => api.getVersion(c), { getVersion: {} }],
  [
    "GetCurrentTime",
    "PUT",
    "/zstack/v1/management-nodes/actions",
    (c) => api.getCurrentTime(c),
    { getCurrentTime: {} },
  ],
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
    "UpdateSNSDingTalkEndpoint",
    "PUT",
    `${BASE}/ding-talk/${UUID}/actions`,
    (c) => api.updateSNSDingTalkEndpoint(c, UUID, { atAll: true }),
    { updateSNSDingTalkEndpoint: { atAll: true } },
  ],
  [
    "UpdateSNSApplicationEndpoint",
    "PUT",
    `${BASE}/${UUID}/actions`,
    (c) => api.updateSNSApplicationEndpoint(c, UUID, { description: "" }),
    { updateSNSApplicationEndpoint: { description: "" } },
  ],
  [
    "ChangeSNSApplicationEndpointState",
    "PUT",
    `${BASE}/${UUID}/actions`,
    (c) => api.changeSNSApplicationEndpointState(c, UUID, "disable"),
    { changeSNSApplicationEndpointState: { stateEvent: "disable" } },
  ],
  [
    "DeleteSNSApplicationEndpoint",
    "DELETE",
    `${BASE}/${UUID}`,
    (c) => api.deleteSNSApplicationEndpoint(c, UUID),
    undefined,
  ],
  [
    "AddSNSDingTalkAtPerson",
    "POST",
    `${BASE}/ding-talk/at-persons`,
    (c) => api.addSNSDingTalkAtPerson(c, { endpointUuid: UUID, phoneNumber: PHONE }),
    { params: { endpointUuid: UUID, phoneNumber: PHONE } },
  ],
  [
    "RemoveSNSDingTalkAtPerson",
    "DELETE",
    `${BASE}/ding-talk/${UUID}/at-persons/%2B86-13800000000`,
    (c) => api.removeSNSDingTalkAtPerson(c, UUID, PHONE),
    undefined,
  ],
  [
    "CreateUserTag",
    "POST",
    "/zstack/v1/user-tags",
    (c) => api.createUserTag(c, { resourceType: "SNSApplicationEndpointVO", resourceUuid: UUID, tag: "a" }),
    { params: { resourceType: "SNSApplicationEndpointVO", resourceUuid: UUID, tag: "a" } },
  ],
  [
    "AttachTagToResources",
    "POST",
    `/zstack/v1/tags/${PATTERN}/resources`,
    (c) => api.attachTagToResources(c, PATTERN, UUID),
    { params: { resourceUuids: [UUID] } },
  ],
  [
    "DetachTagFromResources",
    "DELETE",
    `/zstack/v1/tags/${PATTERN}/resources`,
    (c) => api.detachTagFromResources(c, PATTERN, UUID),
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

test("one tag is removed by its own uuid", async () => {
  const tag = emulator.zstack.tags.add({ resourceUuid: UUID, tag: "a" });
  await api.deleteTag(bench.connection.client, tag.uuid);
  expect(emulator.zstack.tags.list()).toEqual([]);
});

test("queries name their limit, their start and an order", async () => {
  await api.dingTalkEndpointsByUuid.query(bench.connection.client, [UUID, PATTERN]);
  expect(emulator.journal.filter({ operation: "QuerySNSDingTalkEndpoint" })[0]?.query).toEqual({
    q: [`uuid?=${UUID},${PATTERN}`],
    limit: ["1000"],
    start: ["0"],
    sort: ["uuid"],
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
    if (decoy !== name) emulator.zstack.endpoints.add({ name: decoy, url: WEBHOOK });
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
