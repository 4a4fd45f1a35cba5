import type { Caller, Context } from "./context";
import type { Dated, Endpoint, Person, Subscription, Tag } from "./entities";
import {
  accessKeyInventory,
  dingTalkPerson,
  fullEndpoint,
  platformInventory,
  subscriberInventory,
  tagInventory,
  tagPatternInventory,
  topicInventory,
  type Inventory,
} from "./inventory";
import type { Getter, QueryTarget } from "./query";
import { subscriptionKey } from "./store";
import { alarmInventory, eventSubscriptionInventory } from "./zwatch-inventory";

/** Builds a target whose plain fields are members of the row. */
function target<Row extends Dated>(options: {
  rows(context: Context, caller: Caller): readonly Row[];
  /** Members of the row that conditions may name. */
  members: readonly (keyof Row & string)[];
  /** Other names. */
  more?: Readonly<Record<string, Getter<Row>>>;
  primitives?: Readonly<Record<string, unknown>>;
  key(row: Row): string;
  render(row: Row, context: Context): Inventory;
}): QueryTarget {
  const fields = new Map<string, Getter<Row>>(Object.entries(options.more ?? {}));
  for (const name of options.members) {
    fields.set(name, (row) => present(row[name]));
  }
  fields.set("createDate", (row) => present(row.createdMs));
  fields.set("lastOpDate", (row) => present(row.lastOpMs));
  const { rows, key, render } = options;
  return {
    rows,
    field: (name) => fields.get(name) as Getter<object> | undefined,
    primitives: options.primitives ?? {},
    key: key,
    render: render,
  };
}

function present(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value];
}

function owned<Row extends { accountUuid: string }>(rows: Row[], caller: Caller): Row[] {
  return caller.admin ? rows : rows.filter((row) => row.accountUuid === caller.accountUuid);
}

const TAG_FIELDS: Readonly<Record<string, Getter<{ uuid: string }>>> = {
  __userTag__: ({ uuid }, { store }) => tagsOf(uuid, store.tags.rows(), "User").map((tag) => tag.tag),
  __systemTag__: ({ uuid }, { store }) => tagsOf(uuid, store.tags.rows(), "System").map((tag) => tag.tag),
  __tagUuid__: ({ uuid }, { store }) =>
    tagsOf(uuid, store.tags.rows(), "User").flatMap((tag) => present(tag.tagPatternUuid)),
};

function tagsOf(uuid: string, tags: readonly Tag[], kind: Tag["kind"]): Tag[] {
  return tags.filter((tag) => tag.resourceUuid === uuid && tag.kind === kind);
}

const ENDPOINT_FIELDS: Readonly<Record<string, Getter<Endpoint>>> = {
  ...TAG_FIELDS,
  connectionStatus: () => [],
  // Declared by the server, but no reliable filter (section 7): it finds nothing.
  atPersonPhoneNumbers: () => [],
  ...Object.fromEntries(
    (["uuid", "name", "type", "state", "description"] as const).map((name) => [
      `platform.${name}`,
      (row: Endpoint, { store }: Context) => present(store.platforms.row(row.platformUuid)?.[name]),
    ]),
  ),
  ...Object.fromEntries(
    (["uuid", "name", "state", "description"] as const).map((name) => [
      `topics.${name}`,
      (row: Endpoint, { store }: Context) =>
        store.subscriptions
          .rows()
          .filter((link) => link.endpointUuid === row.uuid)
          .flatMap((link) => present(store.topics.row(link.topicUuid)?.[name])),
    ]),
  ),
};

/** Endpoints of one kind, or of all kinds. */
export function endpointTarget(type?: string): QueryTarget {
  return target<Endpoint>({
    rows: ({ store, switches }, caller) =>
      owned(store.endpoints.rows(), caller).filter(
        (row) =>
          (type === undefined || row.type === type) &&
          (switches.hiddenListed || row.state !== switches.hiddenStateName),
      ),
    members: [
      ...(["uuid", "name", "description", "type", "state", "platformUuid"] as const),
      ...(type === "DingTalk" ? (["url", "atAll", "secret"] as const) : []),
      ...(type === "WeCom" ? (["url", "atAll"] as const) : []),
      ...(type === "HTTP" ? (["url", "username"] as const) : []),
    ],
    more: ENDPOINT_FIELDS,
    primitives: { atAll: false },
    key: (row) => row.uuid,
    render: (row, context) => fullEndpoint(row, context),
  });
}

/** Persons of DingTalk endpoints. */
export const personTarget = target<Person>({
  rows: ({ store }, caller) =>
    store.persons.rows().filter((row) => {
      const endpoint = store.endpoints.row(row.endpointUuid);
      return endpoint?.type === "DingTalk" && owned([endpoint], caller).length === 1;
    }),
  members: ["uuid", "phoneNumber", "endpointUuid", "remark"],
  more: TAG_FIELDS,
  key: (row) => row.uuid,
  render: (row, context) =>
    dingTalkPerson(row, context, context.switches.personDatesAfterCreate === "missing"),
});

/** Topics. */
export const topicTarget = target({
  rows: ({ store }, caller) => owned(store.topics.rows(), caller),
  members: ["uuid", "name", "description", "state", "locale"],
  more: {
    ...TAG_FIELDS,
    "endpoints.uuid": (row, { store }) =>
      store.subscriptions
        .rows()
        .filter((link) => link.topicUuid === row.uuid)
        .map((link) => link.endpointUuid),
    "endpoints.name": (row, { store }) =>
      store.subscriptions
        .rows()
        .filter((link) => link.topicUuid === row.uuid)
        .flatMap((link) => present(store.endpoints.row(link.endpointUuid)?.name)),
  },
  key: (row) => row.uuid,
  render: topicInventory,
});

/** Subscriptions; they have no uuid (section 6.2). */
export const subscriberTarget = target<Subscription>({
  rows: ({ store }) => store.subscriptions.rows(),
  members: ["topicUuid", "endpointUuid"],
  key: subscriptionKey,
  render: subscriberInventory,
});

/** Alarms; by member too: `actions.actionUuid` finds those that publish to a topic. */
export const alarmTarget = target({
  rows: ({ store }, caller) => owned(store.alarms.rows(), caller),
  members: [
    ...(["uuid", "name", "description", "namespace", "metricName", "comparisonOperator"] as const),
    ...(["threshold", "period", "repeatInterval", "repeatCount", "enableRecovery"] as const),
    ...(["emergencyLevel", "status", "state"] as const),
  ],
  more: { ...TAG_FIELDS, ...actionFields(({ uuid }, { store }) => store.actionsOfAlarm(uuid)) },
  primitives: { enableRecovery: false },
  key: (row) => row.uuid,
  render: alarmInventory,
});

/** Event subscriptions; by member too. */
export const eventSubscriptionTarget = target({
  rows: ({ store }, caller) => owned(store.eventSubscriptions.rows(), caller),
  members: ["uuid", "name", "namespace", "eventName", "emergencyLevel", "state"],
  more: { ...TAG_FIELDS, ...actionFields(({ uuid }, { store }) => store.actionsOfEventSubscription(uuid)) },
  key: (row) => row.uuid,
  render: eventSubscriptionInventory,
});

function actionFields(
  actionsOf: (row: { uuid: string }, context: Context) => { actionUuid: string; actionType: string }[],
): Readonly<Record<string, Getter<{ uuid: string }>>> {
  return {
    "actions.actionUuid": (row, context) => actionsOf(row, context).map((action) => action.actionUuid),
    "actions.actionType": (row, context) => actionsOf(row, context).map((action) => action.actionType),
  };
}

/** Application platforms; the system platform is seen by everybody. */
export const platformTarget = target({
  rows: ({ store }, caller) =>
    store.platforms.rows().filter((row) => row.type === "system" || owned([row], caller).length > 0),
  members: ["uuid", "name", "description", "state", "type"],
  more: TAG_FIELDS,
  key: (row) => row.uuid,
  render: platformInventory,
});

/** Tag patterns. */
export const tagPatternTarget = target({
  rows: ({ store }, caller) => owned(store.tagPatterns.rows(), caller),
  members: ["uuid", "name", "value", "description", "color", "type"],
  key: (row) => row.uuid,
  render: tagPatternInventory,
});

/** Tags on resources, of users or of the system. */
export function tagTarget(kind: Tag["kind"]): QueryTarget {
  return target<Tag>({
    rows: ({ store }) => store.tags.rows().filter((row) => row.kind === kind),
    members: [
      "uuid",
      "resourceUuid",
      "resourceType",
      "tag",
      ...(kind === "User" ? (["tagPatternUuid"] as const) : []),
    ],
    more: {
      type: (row) => [row.kind],
      ...(kind === "User"
        ? {
            "tagPattern.uuid": (row: Tag) => present(row.tagPatternUuid),
            "tagPattern.name": (row: Tag, { store }: Context) =>
              present(
                row.tagPatternUuid === undefined
                  ? undefined
                  : store.tagPatterns.row(row.tagPatternUuid)?.name,
              ),
          }
        : { inherent: () => [false] }),
    },
    primitives: kind === "System" ? { inherent: false } : {},
    key: (row) => row.uuid,
    render: tagInventory,
  });
}

/** Access keys. */
export const accessKeyTarget = target({
  rows: ({ store }, caller) => owned(store.accessKeys.rows(), caller),
  members: ["uuid", "description", "accountUuid", "userUuid", "state"],
  more: { AccessKeyID: (row) => [row.accessKeyId] },
  key: (row) => row.uuid,
  render: accessKeyInventory,
});
