import { internal, invalid, notFound } from "../errors";
import { dingTalkPerson, type Inventory } from "../inventory";
import { isBlank } from "../java";
import { query, requiredText, textOf, type Call, type Command, type Operation } from "../operation";
import { CREATE_FIELDS } from "../params";
import { personTarget } from "../targets";
import { SINCE } from "../version";
import {
  checkCreateTags,
  checkOwner,
  checkPhone,
  checkResourceUuid,
  DELETE_MODE,
  fitColumn,
  found,
  newUuid,
  REMARK_COLUMN_CHARS,
} from "./checks";

const BASE = "/sns/application-endpoints/ding-talk";
const ENDPOINT = "SNSDingTalkEndpointVO";

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
    { name: "endpointUuid", type: "string", required: true, refersTo: "SNSApplicationEndpointVO" },
    { name: "phoneNumber", type: "string", required: true, maxChars: 64 },
    { name: "remark", type: "string", maxChars: 128, since: SINCE.robots },
    ...CREATE_FIELDS,
  ],
  run: runAdd,
};

function runAdd(call: Call): Inventory {
  const { params, context } = call;
  const { store } = context;
  const endpointUuid = requiredText(params, "endpointUuid");
  const endpoint = found(store.endpoints.row(endpointUuid), "endpointUuid", endpointUuid, ENDPOINT);
  if (endpoint.type !== "DingTalk") {
    notFound("endpointUuid", endpointUuid, ENDPOINT);
  }
  checkOwner(endpoint, call);
  checkResourceUuid(textOf(params, "resourceUuid"));
  const phoneNumber = requiredText(params, "phoneNumber");
  checkPhone(phoneNumber);
  refuseDuplicate(call, endpointUuid, phoneNumber);
  checkCreateTags(call);
  const { uuid } = store.persons.add({
    uuid: newUuid(call),
    endpointUuid,
    phoneNumber,
    remark: textOf(params, "remark"),
  });
  return { inventory: dingTalkPerson(personRow(call, uuid), context) };
}

/** The server counts rows with the number on the endpoint, the person itself included (section 5.7). */
function refuseDuplicate({ context }: Call, endpointUuid: string, phoneNumber: string): void {
  if (context.store.personsOf(endpointUuid).some((person) => person.phoneNumber === phoneNumber)) {
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
  since: SINCE.robots,
  fields: [
    { name: "uuid", type: "string", required: true, refersTo: "SNSDingTalkAtPersonVO" },
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
    store.endpoints.row(endpointUuid) === undefined &&
    switches.personUpdateUnknownEndpoint === "SYS.1003"
  ) {
    notFound("endpointUuid", endpointUuid, ENDPOINT);
  }
  const row = personRow(call, requiredText(params, "uuid"));
  const owner = store.endpoints.row(row.endpointUuid);
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
    row.remark = fitColumn("remark", remark, REMARK_COLUMN_CHARS, switches.secretColumnOverflow);
  }
  store.touch(row);
  return { inventory: dingTalkPerson(row, context) };
}

function personRow({ context }: Call, uuid: string) {
  return context.store.persons.row(uuid) ?? internal(`no person ${uuid}`);
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
    const endpoint = store.endpoints.row(requiredText(call.params, "endpointUuid"));
    // Neither an unknown endpoint nor an unknown number is an error (section 4.4).
    if (endpoint === undefined) {
      return {};
    }
    checkOwner(endpoint, call);
    const phoneNumber = requiredText(call.params, "phoneNumber");
    for (const person of store.personsOf(endpoint.uuid)) {
      if (person.phoneNumber === phoneNumber) {
        store.persons.remove(person.uuid);
      }
    }
    return {};
  },
};

export const atPersonOperations: readonly Operation[] = [
  add,
  update,
  remove,
  query("QuerySNSDingTalkAtPerson", `${BASE}/at-persons`, personTarget, {
    module: "sns",
    since: SINCE.robots,
  }),
];
