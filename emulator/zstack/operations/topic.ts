import type { Topic } from "../entities";
import { API_TOPIC_UUID, SYSTEM_ALARM_TOPIC_UUID } from "../entities";
import { internal, refused } from "../errors";
import { topicInventory, type Inventory } from "../inventory";
import {
  query,
  requiredText,
  textOf,
  type Call,
  type Command,
  type Field,
  type Operation,
} from "../operation";
import { CREATE_FIELDS } from "../params";
import { subscriptionKey } from "../store";
import { subscriberTarget, topicTarget } from "../targets";
import { SINCE } from "../version";
import {
  attachCreateTags,
  checkCreateTags,
  checkOwner,
  checkResourceUuid,
  DELETE_MODE,
  found,
  newUuid,
  refuseBuiltIn,
  stateAfter,
} from "./checks";

const BASE = "/sns/topics";
const BUILT_IN: ReadonlySet<string> = new Set([API_TOPIC_UUID, SYSTEM_ALARM_TOPIC_UUID]);
const UUID_FIELD: Field = { name: "uuid", type: "string", required: true, refersTo: "SNSTopicVO" };
const LOCALE_FIELD: Field = {
  name: "locale",
  type: "string",
  values: ["zh_CN", "en_US"],
  since: SINCE.topicLocale,
};

/** Section 6.1. */
const create: Command = {
  name: "CreateSNSTopic",
  method: "POST",
  paths: [BASE],
  kind: "async",
  wrapper: "params",
  changing: true,
  module: "sns",
  fields: [
    { name: "name", type: "string", required: true, maxChars: 255 },
    { name: "description", type: "string", maxChars: 2048 },
    LOCALE_FIELD,
    ...CREATE_FIELDS,
  ],
  run: (call) => {
    const { params, context, caller } = call;
    checkResourceUuid(textOf(params, "resourceUuid"));
    checkCreateTags(call);
    const row = context.store.topics.add({
      uuid: newUuid(call),
      name: requiredText(params, "name"),
      description: textOf(params, "description"),
      locale: textOf(params, "locale"),
      accountUuid: caller.accountUuid,
    });
    attachCreateTags(call, row.uuid, "SNSTopicVO");
    return { inventory: topicInventory(row, context) };
  },
};

const update: Command = {
  name: "UpdateSNSTopic",
  method: "PUT",
  paths: [`${BASE}/{uuid}/actions`],
  kind: "async",
  wrapper: "updateSNSTopic",
  changing: true,
  module: "sns",
  fields: [
    UUID_FIELD,
    { name: "name", type: "string", maxChars: 255 },
    { name: "description", type: "string", maxChars: 2048 },
    LOCALE_FIELD,
  ],
  run: (call) => {
    const row = topicOf(call);
    row.name = textOf(call.params, "name") ?? row.name;
    row.description = textOf(call.params, "description") ?? row.description;
    row.locale = textOf(call.params, "locale") ?? row.locale;
    return touched(row, call);
  },
};

/** Lives under /zwatch, unlike everything else about topics (section 6.1). */
const changeState: Command = {
  name: "ChangeSNSTopicState",
  method: "PUT",
  paths: ["/zwatch/topics/{uuid}/actions"],
  kind: "async",
  wrapper: "changeSNSTopicState",
  changing: true,
  module: "sns",
  fields: [UUID_FIELD, { name: "stateEvent", type: "string", required: true, values: ["enable", "disable"] }],
  run: (call) => {
    const row = topicOf(call);
    row.state = stateAfter(requiredText(call.params, "stateEvent"));
    return touched(row, call);
  },
};

const remove: Command = {
  name: "DeleteSNSTopic",
  method: "DELETE",
  paths: [`${BASE}/{uuid}`],
  kind: "async",
  changing: true,
  module: "sns",
  fields: [{ ...UUID_FIELD, ifMissing: "success" }, DELETE_MODE],
  run: (call) => {
    const row = topicOf(call);
    if (BUILT_IN.has(row.uuid)) refuseBuiltIn(`topic[${row.name}]`);
    call.context.store.topics.remove(row.uuid);
    return {};
  },
};

function topicOf(call: Call): Topic {
  const uuid = requiredText(call.params, "uuid");
  const row = found(call.context.store.topics.row(uuid), "uuid", uuid, "SNSTopicVO");
  checkOwner(row, call);
  return row;
}

function touched(row: Topic, { context }: Call): Inventory {
  context.store.touch(row);
  return { inventory: topicInventory(row, context) };
}

const LINK_PATH = `${BASE}/{topicUuid}/endpoints/{endpointUuid}`;
const LINK_FIELDS: readonly Field[] = [
  { name: "topicUuid", type: "string", required: true, refersTo: "SNSTopicVO" },
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
    if (store.subscriptions.row(key) !== undefined) internal(`Duplicate entry '${key}' for key 'PRIMARY'`);
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
