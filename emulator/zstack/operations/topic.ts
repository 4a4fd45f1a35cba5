import { API_TOPIC_UUID, SYSTEM_ALARM_TOPIC_UUID, type Topic } from "../entities";
import { internal, refused } from "../errors";
import { topicInventory } from "../inventory";
import { query, requiredText, textOf, type Command, type Field, type Operation } from "../operation";
import { subscriptionKey } from "../store";
import { subscriberTarget, topicTarget } from "../targets";
import { SINCE } from "../version";
import { DELETE_MODE, refuseBuiltIn } from "./checks";
import { applyNameAndDescription, DESCRIPTION, Kind, NAME, REQUIRED_NAME } from "./kind";

const BASE = "/sns/topics";
const BUILT_IN: ReadonlySet<string> = new Set([API_TOPIC_UUID, SYSTEM_ALARM_TOPIC_UUID]);
const LOCALE: Field = {
  name: "locale",
  type: "string",
  values: ["zh_CN", "en_US"],
  since: SINCE.topicLocale,
};

const topic = new Kind<Topic>({
  type: "SNSTopicVO",
  module: "sns",
  table: (store) => store.topics,
  inventory: topicInventory,
});

/** Section 6.1. */
const create = topic.create(
  { name: "CreateSNSTopic", path: BASE },
  [REQUIRED_NAME, DESCRIPTION, LOCALE],
  ({ params }) => ({
    name: requiredText(params, "name"),
    description: textOf(params, "description"),
    locale: textOf(params, "locale"),
  }),
);

const update = topic.update(
  { name: "UpdateSNSTopic", path: `${BASE}/{uuid}/actions`, wrapper: "updateSNSTopic" },
  [NAME, DESCRIPTION, LOCALE],
  (row, call) => {
    applyNameAndDescription(row, call);
    row.locale = textOf(call.params, "locale") ?? row.locale;
  },
);

/** Lives under /zwatch, unlike everything else about topics (section 6.1). */
const changeState = topic.changeState(
  { name: "ChangeSNSTopicState", path: "/zwatch/topics/{uuid}/actions", wrapper: "changeSNSTopicState" },
  (row, state) => {
    row.state = state;
  },
);

/** Takes subscriptions along, and the actions of alarms and events without a word (section 6.1). */
const remove = topic.remove({ name: "DeleteSNSTopic", path: `${BASE}/{uuid}` }, (row) => {
  if (BUILT_IN.has(row.uuid)) {
    refuseBuiltIn(`topic[${row.name}]`);
  }
});

const LINK_PATH = `${BASE}/{topicUuid}/endpoints/{endpointUuid}`;
const LINK_FIELDS: readonly Field[] = [
  topic.reference("topicUuid"),
  { name: "endpointUuid", type: "string", required: true, refersTo: "SNSApplicationEndpointVO" },
];

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
    if (link.topicUuid === API_TOPIC_UUID && store.endpoints.row(link.endpointUuid)?.type !== "HTTP") {
      refused("topic[api] accepts HTTP endpoints only", "主题[api]只接受HTTP终端");
    }
    const key = subscriptionKey(link);
    if (store.subscriptions.row(key) !== undefined) {
      internal(`Duplicate entry '${key}' for key 'PRIMARY'`);
    }
    store.subscriptions.add(link);
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
    store.subscriptions.remove(
      subscriptionKey({ topicUuid, endpointUuid: requiredText(params, "endpointUuid") }),
    );
    return {};
  },
};

export const topicOperations: readonly Operation[] = [
  create,
  update,
  changeState,
  remove,
  subscribe,
  unsubscribe,
  query("QuerySNSTopic", BASE, topicTarget, { module: "sns" }),
  query("QuerySNSTopicSubscriber", `${BASE}/subscribers`, subscriberTarget, { module: "sns" }),
];
