import { choice } from "../../frame/value";
import { refuseBuiltIn } from "../rest/checks";
import type { Context } from "../rest/context";
import { dates, type Inventory } from "../rest/inventory";
import { requiredText, textOf, type Field } from "../rest/operation";
import { part } from "../rest/part";
import { ACCOUNT_MEMBER, resourceTable, UUID_MEMBER, type Dated } from "../rest/store";
import { has } from "../rest/version";
import { ofClass } from "../rest/wire";
import {
  applyNameAndDescription,
  DESCRIPTION,
  DESCRIPTION_MEMBER,
  Kind,
  NAME,
  NAME_MEMBER,
  REQUIRED_NAME,
  STATE_MEMBER,
} from "./kind";

const BASE = "/sns/topics";
/** Built-in topics that cannot be deleted (section 6.1). */
const SYSTEM_ALARM_TOPIC_UUID = "e7d6f5e23bb74e99a2777126078b551c";
/** Takes HTTP endpoints only (section 6.1). */
export const API_TOPIC_UUID = "7bfa0eb8555b3528ace936edfd1d74f1";
const BUILT_IN: ReadonlySet<string> = new Set([API_TOPIC_UUID, SYSTEM_ALARM_TOPIC_UUID]);
const LOCALE_SINCE = "4.6.21";
const LOCALE: Field = { name: "locale", type: "string", values: ["zh_CN", "en_US"], since: LOCALE_SINCE };

/** A topic (section 6.1). */
export interface Topic extends Dated {
  uuid: string;
  name: string;
  description: string | undefined;
  state: string;
  locale: string | undefined;
  accountUuid: string;
}

export const topics = resourceTable<"topics", Topic>("topics", "SNSTopicVO", {
  noun: "topic",
  members: {
    uuid: UUID_MEMBER,
    name: NAME_MEMBER,
    description: DESCRIPTION_MEMBER,
    state: STATE_MEMBER,
    locale: choice("Language of its messages; the server's by default.", ["zh_CN", "en_US"]).optional(),
    accountUuid: ACCOUNT_MEMBER,
  },
  defaults: ({ uuid, accountUuid }) => ({
    uuid: uuid(),
    name: "topic",
    description: undefined,
    state: "Enabled",
    locale: undefined,
    accountUuid,
  }),
  builtIn: [
    { uuid: SYSTEM_ALARM_TOPIC_UUID, name: "system-alarm" },
    { uuid: API_TOPIC_UUID, name: "api" },
  ],
});

function topicInventory(row: Topic, context: Context): Inventory {
  const { uuid, name, description, state, locale } = row;
  const localized = has(context.switches.serverVersion, LOCALE_SINCE);
  return ofClass("org.zstack.sns.SNSTopicInventory", {
    uuid,
    name,
    description,
    state,
    locale: localized ? locale : undefined,
    ...dates(row, context),
  });
}

const kind = new Kind<Topic>({
  table: topics,
  module: "sns",
  inventory: topicInventory,
  queried: ["uuid", "name", "description", "state", "locale"],
});

/** Section 6.1. */
const create = kind.create({ name: "CreateSNSTopic", path: BASE }, [REQUIRED_NAME, DESCRIPTION, LOCALE], {
  members: ({ params }) => ({
    name: requiredText(params, "name"),
    description: textOf(params, "description"),
    locale: textOf(params, "locale"),
  }),
});

const update = kind.update(
  { name: "UpdateSNSTopic", path: `${BASE}/{uuid}/actions`, wrapper: "updateSNSTopic" },
  [NAME, DESCRIPTION, LOCALE],
  {
    apply: (row, call) => {
      applyNameAndDescription(row, call);
      row.locale = textOf(call.params, "locale") ?? row.locale;
    },
  },
);

/** Lives under /zwatch, unlike everything else about topics (section 6.1). */
const changeState = kind.changeState(
  { name: "ChangeSNSTopicState", path: "/zwatch/topics/{uuid}/actions", wrapper: "changeSNSTopicState" },
  (row, state) => {
    row.state = state;
  },
);

/** Takes subscriptions along, and the actions of alarms and events without a word (section 6.1). */
const remove = kind.remove({ name: "DeleteSNSTopic", path: `${BASE}/{uuid}` }, (row) => {
  if (BUILT_IN.has(row.uuid)) {
    refuseBuiltIn(`topic[${row.name}]`);
  }
});

export const topic = part({
  tables: [topics],
  operations: [create, update, changeState, remove, kind.query({ name: "QuerySNSTopic", path: BASE })],
});
