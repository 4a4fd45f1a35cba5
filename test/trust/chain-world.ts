/** Topics and links in a world: what the links join, what is there of them, and what a declaration of one makes. */
import type { Emulator } from "../../emulator";
import { uuid } from "../engine/support/lab";
import type { Declaration } from "./engine-model";

type Tables = Emulator["zstack"];

/** Objects of somebody else: two of each kind that can be a side of a link. */
export const SIDES = {
  topics: [uuid("1"), uuid("2")],
  endpoints: [uuid("3"), uuid("4")],
  alarms: [uuid("5"), uuid("6")],
  eventSubscriptions: [uuid("7"), uuid("8")],
} as const;

export function topic(name: string, args: object = {}): Declaration {
  return { name, token: "zstack:Topic", args: { ...args } };
}

/** One link of each kind, all to one topic. */
export function linksTo(topicUuid: string, which: 0 | 1 = 0): Declaration[] {
  const [endpointUuid, alarmUuid, subscriptionUuid] = [
    SIDES.endpoints[which],
    SIDES.alarms[which],
    SIDES.eventSubscriptions[which],
  ];
  return [
    { name: "told", token: "zstack:TopicSubscription", args: { topicUuid, endpointUuid } },
    { name: "cpu", token: "zstack:AlarmAction", args: { alarmUuid, topicUuid } },
    { name: "down", token: "zstack:EventSubscriptionAction", args: { subscriptionUuid, topicUuid } },
  ];
}

/** Puts the sides there, links of somebody else between them, and topics with these names. */
export function putChain(zstack: Tables, names: readonly string[]): void {
  for (const kind of ["topics", "alarms", "eventSubscriptions"] as const) {
    for (const one of SIDES[kind]) {
      zstack[kind].add({ uuid: one });
    }
  }
  for (const one of SIDES.endpoints) {
    zstack.endpoints.add({ uuid: one, type: "HTTP" });
  }
  for (const name of names) {
    zstack.topics.add({ name, description: "theirs" });
  }
  const theirs = zstack.topics.add({ name: "theirs" }).uuid;
  for (const endpointUuid of SIDES.endpoints) {
    zstack.subscriptions.add({ topicUuid: theirs, endpointUuid });
  }
  for (const alarmUuid of SIDES.alarms) {
    zstack.alarmActions.add({ alarmUuid, actionUuid: theirs });
  }
  for (const subscriptionUuid of SIDES.eventSubscriptions) {
    zstack.eventSubscriptionActions.add({ subscriptionUuid, actionUuid: theirs });
  }
}

/** Everything there is of topics and links, by id, in the words of a program. A link has no name but its id. */
export function chainViews(zstack: Tables): Map<string, { readonly name: string }> {
  const { topics, tags, subscriptions, alarmActions, eventSubscriptionActions } = zstack;
  const links = [
    ...subscriptions.list().map((row) => `${row.topicUuid}/${row.endpointUuid}`),
    ...alarmActions.list().map((row) => `${row.alarmUuid}/${row.actionUuid}`),
    ...eventSubscriptionActions.list().map((row) => `${row.subscriptionUuid}/${row.actionUuid}`),
  ];
  const views = topics.list().map(({ uuid: id, name, description, locale, state }) => ({
    id,
    view: {
      name,
      description: description === "" ? undefined : description,
      locale,
      enabled: state === "Enabled",
      userTags: tags
        .list()
        .flatMap(({ resourceUuid, tag }) => (resourceUuid === id ? [tag] : []))
        .sort(),
    },
  }));
  return new Map<string, { readonly name: string }>([
    ...views.map(({ id, view }) => [id, view] as const),
    ...links.map((id) => [id, { name: id }] as const),
  ]);
}

/** What a declaration of a topic or a link must have made; `undefined` for other resources. */
export function expectedChainView({ token, args }: Declaration, autoName: string): object | undefined {
  const {
    topicUuid,
    endpointUuid,
    alarmUuid,
    subscriptionUuid,
    resourceUuid: _local,
    ...plain
  } = args as Record<string, string>;
  switch (token) {
    case "zstack:Topic":
      return {
        name: autoName,
        description: undefined,
        locale: undefined,
        enabled: true,
        userTags: [],
        ...plain,
      };
    case "zstack:TopicSubscription":
      return { name: `${topicUuid}/${endpointUuid}` };
    case "zstack:AlarmAction":
      return { name: `${alarmUuid}/${topicUuid}` };
    case "zstack:EventSubscriptionAction":
      return { name: `${subscriptionUuid}/${topicUuid}` };
    default:
      return undefined;
  }
}
