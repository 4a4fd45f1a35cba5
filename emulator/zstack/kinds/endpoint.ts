import { InputError, type Members } from "../../frame/value";
import { stateAfter } from "../rest/checks";
import type { Context } from "../rest/context";
import { invalid } from "../rest/errors";
import type { Inventory } from "../rest/inventory";
import { requiredText } from "../rest/operation";
import { part } from "../rest/part";
import { resourceTable, type ResourceSpec } from "../rest/store";
import { has } from "../rest/version";
import { dingTalkEndpoint } from "./dingtalk-endpoint";
import {
  applyGenericUpdate,
  BASE_MEMBERS,
  baseEndpoint,
  endpoints,
  isListed,
  PLATFORM,
  PRIMITIVES,
  QUERIED,
  QUERIED_BESIDES,
  type EndpointBase,
  type EndpointForm,
} from "./endpoint-form";
import { httpEndpoint } from "./http-endpoint";
import { DESCRIPTION, Kind, NAME } from "./kind";
import { SYSTEM_PLATFORM_UUID } from "./platform";
import { weComEndpoint } from "./wecom-endpoint";

const BASE = "/sns/application-endpoints";
const ACTIONS = `${BASE}/{uuid}/actions`;
const HIDE_EVENT_SINCE = "5.2.0";

/** The forms that endpoints have. */
const FORMS = [dingTalkEndpoint, httpEndpoint, weComEndpoint] as const;

/** An endpoint of a form that this server has no calls for: it can be listed, renamed, subscribed and deleted. */
export interface OtherEndpoint extends EndpointBase {
  type: "AliyunSms" | "Email" | "FeiShu" | "MicrosoftTeams" | "Snmp" | "UniversalSms";
}

type FormRow<F> = F extends { readonly form: EndpointForm<infer Row> } ? Row : never;
type KeysOf<U> = U extends unknown ? keyof U : never;
/** A union that can be read before its form is known: what a form does not have is `undefined` there. */
type Readable<U, All = U> = U extends unknown
  ? U & Readonly<Partial<Record<Exclude<KeysOf<All>, keyof U>, undefined>>>
  : never;

/** An endpoint; `type` tells its form. */
export type Endpoint = Readable<FormRow<(typeof FORMS)[number]> | OtherEndpoint>;

/** A form, as far as it does not matter which. */
interface AnyForm {
  readonly type: string;
  readonly members: Members<object>;
  readonly defaults: object;
  render(row: EndpointBase, context: Context): Inventory;
}

const DEFAULT_TYPE = "DingTalk";
const DEFAULT_URL = "https://oapi.dingtalk.com/robot/send?access_token=added";

const forms: ReadonlyMap<string, AnyForm> = new Map(FORMS.map(({ form }) => [form.type, form as AnyForm]));
/** Members that some forms have and others do not. */
const formMembers = Object.assign({}, ...FORMS.map(({ form }) => form.members)) as Members<object>;

function membersOf(type: string): readonly string[] {
  return Object.keys(forms.get(type)?.members ?? {});
}

const table = resourceTable<"endpoints", EndpointBase>("endpoints", endpoints.resourceType, {
  noun: "endpoint",
  hangsOn: ["platformUuid"],
  members: { ...BASE_MEMBERS, ...formMembers },
  defaults: ({ uuid, accountUuid }, { type = DEFAULT_TYPE }) => ({
    uuid: uuid(),
    name: "endpoint",
    description: undefined,
    type,
    state: "Enabled",
    platformUuid: SYSTEM_PLATFORM_UUID,
    accountUuid,
    url: type === "Email" ? undefined : DEFAULT_URL,
    ...forms.get(type)?.defaults,
  }),
  refuse: (given, row) => {
    const type = given.type ?? row?.type ?? DEFAULT_TYPE;
    const own = membersOf(type);
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined || !Object.hasOwn(formMembers, name) || own.includes(name)) {
        continue;
      }
      const has = own.length === 0 ? "It has none of its own" : `Of its own it has ${own.join(", ")}`;
      throw new InputError(`${name}: no member of an endpoint of type ${type}. ${has}.`);
    }
  },
  // Another type takes what the old one had away, and brings what it has itself.
  edited: (row) => {
    const { type } = row;
    const own = membersOf(type);
    const kept = Object.entries(row).filter(([name]) => own.includes(name));
    for (const name of Object.keys(formMembers)) {
      Reflect.deleteProperty(row, name);
    }
    Object.assign(row, forms.get(type)?.defaults, Object.fromEntries(kept));
  },
}) as ResourceSpec<"endpoints", Endpoint>;

/** Endpoints of all forms; answers show base members only (section 5.1). */
const kind = new Kind<EndpointBase>({
  table: endpoints,
  module: "sns",
  inventory: baseEndpoint,
  queried: QUERIED,
  queriedBesides: QUERIED_BESIDES,
  primitives: PRIMITIVES,
  isSeen: isListed,
});

/** Section 5.4, second half. */
const update = kind.update(
  { name: "UpdateSNSApplicationEndpoint", path: ACTIONS, wrapper: "updateSNSApplicationEndpoint" },
  [NAME, DESCRIPTION, PLATFORM],
  { apply: applyGenericUpdate },
);

/** Section 5.5. */
const changeState = kind.update(
  { name: "ChangeSNSApplicationEndpointState", path: ACTIONS, wrapper: "changeSNSApplicationEndpointState" },
  [{ name: "stateEvent", type: "string", required: true, values: ["enable", "disable", "hide"] }],
  {
    apply: (row, { params, context: { switches } }) => {
      const event = requiredText(params, "stateEvent");
      if (event === "hide" && !has(switches.serverVersion, HIDE_EVENT_SINCE)) {
        invalid(
          "valid value for field[stateEvent] are [enable, disable]",
          "字段[stateEvent]的有效值为[enable, disable]",
        );
      }
      row.state = event === "hide" ? switches.hiddenStateName : stateAfter(event);
    },
  },
);

/** Section 5.6. */
const remove = kind.remove({ name: "DeleteSNSApplicationEndpoint", path: `${BASE}/{uuid}` });

/** Unlike the other two generic calls, the query shows each endpoint as its own form does (section 5.3). */
const queryAll = kind.query({ name: "QuerySNSApplicationEndpoint", path: BASE }, (row, context) => {
  const form = forms.get(row.type);
  return form === undefined ? baseEndpoint(row, context) : form.render(row, context);
});

export const endpoint = part({
  tables: [table],
  operations: [...FORMS.flatMap(({ operations }) => operations), update, changeState, remove, queryAll],
});
