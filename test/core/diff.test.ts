import { canonicalise } from "../../provider/core/fields/check";
import { definitions } from "../../provider/zstack/definitions";
import { diff, isSameValue } from "../../provider/core/fields/diff";
import { setOf, text } from "../../provider/core/fields/field-types";
import { defineFields } from "../../provider/core/fields/fields";
import { UNKNOWN } from "../../provider/core/fields/unknown";

const { fields } = definitions.DingTalkEndpoint;
const ID = "917f2b0c4d8e4f6a8b1c2d3e4f5a6b7c";
const OTHER_ID = "a17f2b0c4d8e4f6a8b1c2d3e4f5a6b7c";
const WEBHOOK = "https://oapi.dingtalk.com/robot/send?access_token=t";
const LONG_WEBHOOK = WEBHOOK + "x".repeat(257 - WEBHOOK.length);
const LONGEST_UPDATABLE = WEBHOOK + "x".repeat(256 - WEBHOOK.length);

const STATE = {
  name: "ops",
  webhookUrl: WEBHOOK,
  secret: "SECx",
  description: "d",
  atAll: false,
  atPersons: { "+86-13800000000": "a", "+86-13900000000": "" },
  enabled: true,
  userTags: ["t1", "t2"],
  tagUuids: [OTHER_ID],
  adopt: "never",
};

type Values = Record<string, unknown>;
type Row = [change: string, given: Values, changed: string[], replaces?: string[]];

function without(name: keyof typeof STATE): Values {
  return Object.fromEntries(Object.entries(STATE).filter(([key]) => key !== name));
}

test.each<Row>([
  ["nothing", {}, []],
  ["a short webhook", { webhookUrl: `${WEBHOOK}2` }, ["webhookUrl"]],
  ["the longest webhook that an update takes", { webhookUrl: LONGEST_UPDATABLE }, ["webhookUrl"]],
  ["a longer webhook", { webhookUrl: LONG_WEBHOOK }, ["webhookUrl"], ["webhookUrl"]],
  ["an unknown webhook", { webhookUrl: UNKNOWN }, ["webhookUrl"]],
  ["a remark", { atPersons: { ...STATE.atPersons, "+86-13800000000": "b" } }, ["atPersons"]],
  ["a person more", { atPersons: { ...STATE.atPersons, "+86-13700000000": "" } }, ["atPersons"]],
  ["a person less", { atPersons: { "+86-13800000000": "a" } }, ["atPersons"]],
  ["an unknown remark", { atPersons: { ...STATE.atPersons, "+86-13800000000": UNKNOWN } }, ["atPersons"]],
  ["a tag more", { userTags: ["t1", "t2", "t3"] }, ["userTags"]],
  ["a tag less", { userTags: ["t1"] }, ["userTags"]],
  ["unknown tags", { userTags: UNKNOWN }, ["userTags"]],
  ["the id itself as resourceUuid", { resourceUuid: ID }, []],
  ["the id in capitals and with dashes", { resourceUuid: "917F2B0C-4D8E-4F6A-8B1C-2D3E4F5A6B7C" }, []],
  ["another resourceUuid", { resourceUuid: OTHER_ID }, ["resourceUuid"], ["resourceUuid"]],
  ["an unknown resourceUuid", { resourceUuid: UNKNOWN }, ["resourceUuid"], ["resourceUuid"]],
  ["adopt", { adopt: "byName" }, []],
  ["adopt with an id", { adopt: { id: OTHER_ID } }, []],
  ["unknown adopt", { adopt: UNKNOWN }, []],
  [
    "several at once",
    { webhookUrl: LONG_WEBHOOK, atAll: true, name: UNKNOWN },
    ["name", "webhookUrl", "atAll"],
    ["webhookUrl"],
  ],
])("diff of %s", (_change, given, changed, replaces = []) => {
  expect(diff(fields, STATE, { ...STATE, ...given }, ID)).toEqual({ changed, replaces });
});

test.each(["secret", "description", "atPersons", "userTags", "tagUuids"] as const)(
  "leaving %s out is a change of it alone",
  (name) => {
    expect(diff(fields, STATE, without(name), ID)).toEqual({ changed: [name], replaces: [] });
    expect(diff(fields, without(name), STATE, ID)).toEqual({ changed: [name], replaces: [] });
  },
);

test.each<[string, Values]>([
  ["persons in another order", { atPersons: { "+86-13900000000": "", "+86-13800000000": "a" } }],
  ["bare numbers", { atPersons: { "13900000000": "", "+8613800000000": " a " } }],
  ["tags in another order, one twice", { userTags: ["t2", "t1", "t2"] }],
  [
    "white space around texts",
    { name: " ops ", description: "d\n", secret: "\tSECx", webhookUrl: ` ${WEBHOOK}` },
  ],
  ["a null", { resourceUuid: null }],
])("%s is no difference, whichever side has it", (_form, given) => {
  const other = { ...STATE, ...given };
  expect(diff(fields, STATE, other, ID).changed).toEqual([]);
  expect(diff(fields, other, STATE, ID).changed).toEqual([]);
});

test("empty and absent values are the same on both sides", () => {
  const bare = { name: "ops", webhookUrl: WEBHOOK };
  const empty = { ...bare, secret: "", description: null, atPersons: {}, userTags: [], tagUuids: undefined };
  expect(diff(fields, empty, bare, ID).changed).toEqual([]);
  expect(diff(fields, bare, { ...empty, atPersons: [] }, ID).changed).toEqual([]);
});

test("a state that lacks a field with a default has the default", () => {
  const { name, webhookUrl } = STATE;
  expect(
    diff(fields, { name, webhookUrl }, { name, webhookUrl, atAll: false, enabled: true }, ID).changed,
  ).toEqual([]);
  expect(diff(fields, { name, webhookUrl }, { name, webhookUrl, enabled: false }, ID).changed).toEqual([
    "enabled",
  ]);
});

test("an older release's list of persons equals today's map", () => {
  const old = { ...STATE, atPersons: ["+86-13800000000", "+86-13900000000"] };
  const today = { ...STATE, atPersons: { "+86-13900000000": "", "+86-13800000000": "" } };
  expect(diff(fields, old, today, ID).changed).toEqual([]);
});

test("a recorded value that today's rules refuse is kept for the comparison", () => {
  const strange = { ...STATE, webhookUrl: "ftp://old" };
  expect(diff(fields, strange, strange, ID).changed).toEqual([]);
  expect(diff(fields, strange, STATE, ID).changed).toEqual(["webhookUrl"]);
});

test("a state of no known shape is different, not a failure", () => {
  const { changed } = diff(
    fields,
    { webhookUrl: 7, atPersons: "x", userTags: { a: 1 }, atAll: "yes" },
    STATE,
    ID,
  );
  expect(changed).toEqual([
    "name",
    "webhookUrl",
    "secret",
    "description",
    "atAll",
    "atPersons",
    "userTags",
    "tagUuids",
  ]);
});

test("members of neither table are not looked at", () => {
  expect(diff(fields, { ...STATE, uuid: ID, createdAt: "a", x: 1 }, { ...STATE, y: 2 }, ID).changed).toEqual(
    [],
  );
});

test("removing resourceUuid is no change: the object keeps its id", () => {
  expect(diff(fields, { ...STATE, resourceUuid: ID }, STATE, ID)).toEqual({ changed: [], replaces: [] });
});

test("an unknown value equals nothing, not even another unknown one", () => {
  const field = { type: text(), change: "update" } as const;
  expect(isSameValue(field, UNKNOWN, UNKNOWN)).toBe(false);
  expect(isSameValue(field, undefined, UNKNOWN)).toBe(false);
  expect(isSameValue(field, { a: [UNKNOWN] }, { a: [UNKNOWN] })).toBe(false);
});

test("a type's own equality decides between two values, never between one and none", () => {
  const type = { ...text(), equal: (a: string, b: string) => a.toLowerCase() === b.toLowerCase() };
  const table = defineFields({ host: { type, change: "replace" } });
  expect(diff(table, { host: "A" }, { host: "a" })).toEqual({ changed: [], replaces: [] });
  expect(diff(table, { host: "A" }, {})).toEqual({ changed: ["host"], replaces: ["host"] });
  expect(diff(table, {}, { host: "a" })).toEqual({ changed: ["host"], replaces: ["host"] });
});

test("canonicalising gives defaults, drops what is empty and keeps what it does not understand", () => {
  const table = defineFields({
    on: { type: text(), default: "x", change: "update" },
    tags: { type: setOf(text()), change: "update" },
    odd: { type: text({ maxChars: 2 }), change: "update" },
  });
  expect(canonicalise(table, { tags: [], odd: "too long", more: 1 })).toEqual({ on: "x", odd: "too long" });
  expect(canonicalise(table, { tags: ["b", "a", "b"], on: null })).toEqual({
    on: "x",
    tags: ["b", "a", "b"],
  });
});
