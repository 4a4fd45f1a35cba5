import { flag, InputError, text } from "../../frame/value";
import {
  checkOwner,
  checkResourceUuid,
  CREATE_FIELDS,
  DELETE_MODE,
  fitColumn,
  found,
  newUuid,
} from "../rest/checks";
import type { Context } from "../rest/context";
import { internal, invalid, notFound } from "../rest/errors";
import { dates, type Inventory } from "../rest/inventory";
import { isBlank } from "../rest/java";
import { query, reference, requiredText, textOf, type Call, type Command } from "../rest/operation";
import { part } from "../rest/part";
import { isOwn, queryTarget } from "../rest/query-target";
import { resourceTable, UUID_MEMBER, type Dated, type Store } from "../rest/store";
import { has } from "../rest/version";
import { ofClass } from "../rest/wire";
import { endpoints, ROBOTS_SINCE } from "./endpoint-form";
import { checkCreateTags, TAG_FIELDS } from "./tag";

const BASE = "/sns/application-endpoints/ding-talk";
const ENDPOINT = "SNSDingTalkEndpointVO";
/** Phone numbers that the server takes (section 5.2): plus, two or three digits, dash, eleven digits. */
const PHONE = /^\+\d{2,3}-\d{11}$/;
const REMARK_COLUMN_CHARS = 128;

/** Of endpoints whose messages mention persons. */
export const AT_ALL_MEMBER = flag("Whether messages mention everybody.");

/** A person who is mentioned: `phoneNumber` holds the user id for WeCom endpoints. */
export interface Person extends Dated {
  uuid: string;
  endpointUuid: string;
  phoneNumber: string;
  remark: string | undefined;
}

export const persons = resourceTable<"persons", Person>("persons", "SNSDingTalkAtPersonVO", {
  noun: "person",
  hangsOn: ["endpointUuid"],
  members: {
    uuid: UUID_MEMBER,
    endpointUuid: text("The endpoint whose messages mention the person."),
    phoneNumber: text(
      "Phone number such as +86-13900001111; the user id where the endpoint is of type WeCom.",
    ),
    remark: text("Who it is.").optional(),
  },
  defaults: ({ uuid }) => ({
    uuid: uuid(),
    endpointUuid: "",
    phoneNumber: "+86-13800000000",
    remark: undefined,
  }),
  // Nobody would ever see a person of an endpoint that is not there.
  refuse: ({ endpointUuid }, _row, store) => {
    if (endpointUuid !== undefined && store.of(endpoints).row(endpointUuid) === undefined) {
      throw new InputError("endpointUuid: there is no endpoint with this uuid. Add the endpoint first.");
    }
  },
});

/** The persons of an endpoint, in order of insertion. */
export function personsOf(endpointUuid: string, store: Store): Person[] {
  const rows = store.of(persons).rows();
  return rows.filter((person) => person.endpointUuid === endpointUuid);
}

/** The persons of an endpoint in the order of an answer. */
export function shownPersons(endpointUuid: string, { store, switches, random }: Context): Person[] {
  const rows = personsOf(endpointUuid, store);
  return switches.personOrder === "shuffled" ? random.shuffle(rows) : rows;
}

/** A mentioned person of a DingTalk endpoint (section 5.7). `asCreated`: in the answer that made the endpoint. */
export function dingTalkPerson(row: Person, context: Context, asCreated = false): Inventory {
  const robots = has(context.switches.serverVersion, ROBOTS_SINCE);
  return ofClass("org.zstack.sns.platform.dingtalk.SNSDingTalkAtPersonInventory", {
    uuid: row.uuid,
    phoneNumber: row.phoneNumber,
    endpointUuid: row.endpointUuid,
    remark: robots ? row.remark : undefined,
    ...(robots ? personDates(row, context, asCreated) : {}),
  });
}

/** Dates of a person: an answer that made the endpoint has them only if a switch says so. */
export function personDates(row: Person, context: Context, asCreated: boolean): Inventory {
  return asCreated && context.switches.personDatesAfterCreate !== "present" ? {} : dates(row, context);
}

/** Refuses a phone number of the wrong form. */
export function checkPhone(phone: string): void {
  if (!PHONE.test(phone)) {
    invalid(`invalid phone number[${phone}]`, `手机号[${phone}]无效`);
  }
}

/** A remark for its column. */
export function fitRemark(remark: string, { switches }: Context): string {
  return fitColumn("remark", remark, REMARK_COLUMN_CHARS, switches.secretColumnOverflow);
}

/** Section 5.7. */
const add: Command = {
  name: "AddSNSDingTalkAtPerson",
  method: "POST",
  paths: [`${BASE}/at-persons`],
  kind: "async",
  wrapper: "params",
  changing: true,
  module: "sns",
  fields: [
    reference(endpoints, "endpointUuid"),
    { name: "phoneNumber", type: "string", required: true, maxChars: 64 },
    { name: "remark", type: "string", maxChars: 128, since: ROBOTS_SINCE },
    ...CREATE_FIELDS,
  ],
  run: runAdd,
};

function runAdd(call: Call): Inventory {
  const { params, context } = call;
  const { store } = context;
  const endpointUuid = requiredText(params, "endpointUuid");
  const endpoint = found(store.of(endpoints).row(endpointUuid), "endpointUuid", endpointUuid, ENDPOINT);
  if (endpoint.type !== "DingTalk") {
    notFound("endpointUuid", endpointUuid, ENDPOINT);
  }
  checkOwner(endpoint, call);
  checkResourceUuid(textOf(params, "resourceUuid"));
  const phoneNumber = requiredText(params, "phoneNumber");
  checkPhone(phoneNumber);
  refuseDuplicate(call, endpointUuid, phoneNumber);
  checkCreateTags(call);
  const { uuid } = store
    .of(persons)
    .add({ uuid: newUuid(call), endpointUuid, phoneNumber, remark: textOf(params, "remark") });
  return { inventory: dingTalkPerson(personRow(call, uuid), context) };
}

/** The server counts rows with the number on the endpoint, the person itself included (section 5.7). */
function refuseDuplicate({ context }: Call, endpointUuid: string, phoneNumber: string): void {
  if (personsOf(endpointUuid, context.store).some((person) => person.phoneNumber === phoneNumber)) {
    invalid(`phone number[${phoneNumber}] already exists`, `手机号[${phoneNumber}]已存在`);
  }
}

const update: Command = {
  name: "UpdateAtPersonOfAtDingTalkEndpoint",
  method: "PUT",
  paths: [`${BASE}/at-persons/{uuid}/actions`],
  kind: "async",
  wrapper: "updateAtPersonOfAtDingTalkEndpoint",
  changing: true,
  module: "sns",
  since: ROBOTS_SINCE,
  fields: [
    reference(persons, "uuid"),
    { name: "endpointUuid", type: "string", required: true },
    { name: "phoneNumber", type: "string", maxChars: 256 },
    { name: "remark", type: "string", maxChars: 128 },
  ],
  run: runUpdate,
};

function runUpdate(call: Call): Inventory {
  const { params, context } = call;
  const { store, switches } = context;
  const endpointUuid = requiredText(params, "endpointUuid");
  if (
    store.of(endpoints).row(endpointUuid) === undefined &&
    switches.personUpdateUnknownEndpoint === "SYS.1003"
  ) {
    notFound("endpointUuid", endpointUuid, ENDPOINT);
  }
  const row = personRow(call, requiredText(params, "uuid"));
  const owner = store.of(endpoints).row(row.endpointUuid);
  if (owner !== undefined) {
    checkOwner(owner, call);
  }
  const phoneNumber = textOf(params, "phoneNumber") ?? "";
  if (!isBlank(phoneNumber)) {
    checkPhone(phoneNumber);
    refuseDuplicate(call, endpointUuid, phoneNumber);
    row.phoneNumber = phoneNumber;
  }
  const remark = textOf(params, "remark");
  if (remark !== undefined) {
    row.remark = fitRemark(remark, context);
  }
  store.touch(row);
  return { inventory: dingTalkPerson(row, context) };
}

function personRow({ context }: Call, uuid: string): Person {
  return context.store.of(persons).row(uuid) ?? internal(`no person ${uuid}`);
}

const remove: Command = {
  name: "RemoveSNSDingTalkAtPerson",
  method: "DELETE",
  paths: [`${BASE}/{endpointUuid}/at-persons/{phoneNumber}`],
  kind: "async",
  changing: true,
  module: "sns",
  fields: [
    { name: "endpointUuid", type: "string", required: true },
    { name: "phoneNumber", type: "string", required: true },
    DELETE_MODE,
  ],
  run: (call) => {
    const { store } = call.context;
    const endpoint = store.of(endpoints).row(requiredText(call.params, "endpointUuid"));
    // Neither an unknown endpoint nor an unknown number is an error (section 4.4).
    if (endpoint === undefined) {
      return {};
    }
    checkOwner(endpoint, call);
    const phoneNumber = requiredText(call.params, "phoneNumber");
    for (const person of personsOf(endpoint.uuid, store)) {
      if (person.phoneNumber === phoneNumber) {
        store.of(persons).remove(person.uuid);
      }
    }
    return {};
  },
};

/** Only persons of DingTalk endpoints are found. */
const target = queryTarget<Person>({
  table: persons,
  isSeen: (row, caller, { store }) => {
    const endpoint = store.of(endpoints).row(row.endpointUuid);
    return endpoint?.type === "DingTalk" && isOwn(endpoint, caller);
  },
  members: ["uuid", "phoneNumber", "endpointUuid", "remark"],
  more: TAG_FIELDS,
  key: (row) => row.uuid,
  render: (row, context) =>
    dingTalkPerson(row, context, context.switches.personDatesAfterCreate === "missing"),
});

export const atPerson = part({
  tables: [persons],
  operations: [
    add,
    update,
    remove,
    query("QuerySNSDingTalkAtPerson", `${BASE}/at-persons`, target, { module: "sns", since: ROBOTS_SINCE }),
  ],
});
