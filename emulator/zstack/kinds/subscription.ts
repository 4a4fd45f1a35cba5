import { text } from "../../frame/value";
import { DELETE_MODE } from "../rest/checks";
import type { Context } from "../rest/context";
import { internal, refused } from "../rest/errors";
import { dates, type Inventory } from "../rest/inventory";
import { query, reference, requiredText, type Command, type Field } from "../rest/operation";
import { part } from "../rest/part";
import { present, queryTarget } from "../rest/query-target";
import { datedTable, type Dated, type Getter, type Join } from "../rest/store";
import { ofClass } from "../rest/wire";
import { endpoints, type EndpointBase } from "./endpoint-form";
import { API_TOPIC_UUID, topics, type Topic } from "./topic";

const BASE = "/sns/topics";
const LINK_PATH = `${BASE}/{topicUuid}/endpoints/{endpointUuid}`;
const LINK_FIELDS: readonly Field[] = [reference(topics, "topicUuid"), reference(endpoints, "endpointUuid")];

/** A link between a topic and an endpoint; it has no uuid of its own (section 6.2). */
export interface Subscription extends Dated {
  topicUuid: string;
  endpointUuid: string;
}

const keyOf = (row: { topicUuid: string; endpointUuid: string }): string =>
  `${row.topicUuid}/${row.endpointUuid}`;

export const subscriptions = datedTable<"subscriptions", Subscription>("subscriptions", {
  noun: "subscription",
  key: keyOf,
  hangsOn: ["topicUuid", "endpointUuid"],
  members: {
    topicUuid: text("The topic."),
    endpointUuid: text("The endpoint that gets what is published to it."),
  },
  defaults: () => ({ topicUuid: "", endpointUuid: "" }),
});

function subscriberInventory(row: Subscription, context: Context): Inventory {
  const { topicUuid, endpointUuid } = row;
  return ofClass("org.zstack.sns.SNSSubscriberInventory", {
    topicUuid,
    endpointUuid,
    ...dates(row, context),
  });
}

/** Section 6.2: not idempotent, the second time is a clash of primary keys. */
const subscribe: Command = {
  name: "SubscribeSNSTopic",
  method: "POST",
  paths: [LINK_PATH],
  kind: "async",
  wrapper: "params",
  changing: true,
  module: "sns",
  fields: LINK_FIELDS,
  run: ({ params, context: { store } }) => {
    const link = {
      topicUuid: requiredText(params, "topicUuid"),
      endpointUuid: requiredText(params, "endpointUuid"),
    };
    if (link.topicUuid === API_TOPIC_UUID && store.of(endpoints).row(link.endpointUuid)?.type !== "HTTP") {
      refused("topic[api] accepts HTTP endpoints only", "主题[api]只接受HTTP终端");
    }
    const key = keyOf(link);
    const table = store.of(subscriptions);
    if (table.row(key) !== undefined) {
      internal(`Duplicate entry '${key}' for key 'PRIMARY'`);
    }
    table.add(link);
    return {};
  },
};

const unsubscribe: Command = {
  name: "UnsubscribeSNSTopic",
  method: "DELETE",
  paths: [LINK_PATH],
  kind: "async",
  changing: true,
  module: "sns",
  fields: [...LINK_FIELDS, DELETE_MODE],
  run: ({ params, context: { store } }) => {
    const topicUuid = requiredText(params, "topicUuid");
    const endpointUuid = requiredText(params, "endpointUuid");
    store.of(subscriptions).remove(keyOf({ topicUuid, endpointUuid }));
    return {};
  },
};

const subscribers = queryTarget<Subscription>({
  table: subscriptions,
  members: ["topicUuid", "endpointUuid"],
  key: keyOf,
  render: subscriberInventory,
});

/** Topics can be found by the endpoints that they have. */
const endpointField =
  (name: "uuid" | "name"): Getter<Topic> =>
  ({ uuid }, store) => {
    const links = store.of(subscriptions).rows();
    return links.flatMap(({ topicUuid, endpointUuid }) => {
      if (topicUuid !== uuid) {
        return [];
      }
      return name === "uuid" ? [endpointUuid] : present(store.of(endpoints).row(endpointUuid)?.name);
    });
  };

/** Endpoints can be found by the topics that they are subscribed to. */
const topicField =
  (name: "uuid" | "name" | "state" | "description"): Getter<EndpointBase> =>
  ({ uuid }, store) => {
    const links = store.of(subscriptions).rows();
    return links.flatMap(({ topicUuid, endpointUuid }) =>
      endpointUuid === uuid ? present(store.of(topics).row(topicUuid)?.[name]) : [],
    );
  };

const joins: readonly Join[] = [
  {
    to: topics,
    fields: { "endpoints.uuid": endpointField("uuid"), "endpoints.name": endpointField("name") },
  },
  {
    to: endpoints,
    fields: {
      "topics.uuid": topicField("uuid"),
      "topics.name": topicField("name"),
      "topics.state": topicField("state"),
      "topics.description": topicField("description"),
    },
  },
];

export const subscription = part({
  tables: [subscriptions],
  operations: [
    subscribe,
    unsubscribe,
    query("QuerySNSTopicSubscriber", `${BASE}/subscribers`, subscribers, { module: "sns" }),
  ],
  joins,
});
