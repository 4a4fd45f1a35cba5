import { internal } from "../errors";
import { baseEndpoint, fullEndpoint, type Inventory } from "../inventory";
import { isBlank } from "../java";
import { listOf, query, requiredText, textOf, type Call, type Command, type Operation } from "../operation";
import { CREATE_FIELDS } from "../params";
import { endpointTarget } from "../targets";
import { SINCE } from "../version";
import {
  attachCreateTags,
  checkCreateTags,
  checkEndpointQuota,
  checkOwner,
  checkPhone,
  checkResourceUuid,
  fitColumn,
  found,
  newUuid,
  REMARK_COLUMN_CHARS,
  SECRET_COLUMN_CHARS,
  URL_COLUMN_CHARS,
} from "./checks";
import { applyGenericUpdate } from "./endpoint";
import { checkWebhookUrl } from "./webhook-url";

const BASE = "/sns/application-endpoints/ding-talk";

/** Section 5.2. */
const create: Command = {
  name: "CreateSNSDingTalkEndpoint",
  method: "POST",
  paths: [BASE],
  kind: "async",
  wrapper: "params",
  changing: true,
  module: "sns",
  fields: [
    { name: "name", type: "string", required: true, maxChars: 255 },
    { name: "url", type: "string", required: true, maxChars: 2048 },
    { name: "description", type: "string", maxChars: 2048 },
    { name: "atAll", type: "boolean" },
    { name: "secret", type: "string", maxChars: 128, since: SINCE.robots },
    { name: "atPersonPhoneNumbers", type: "list", nonEmpty: true },
    { name: "atPersonList", type: "map", since: SINCE.robots },
    { name: "platformUuid", type: "string", refersTo: "SNSApplicationPlatformVO" },
    ...CREATE_FIELDS,
  ],
  run: runCreate,
};

function runCreate(call: Call): Inventory {
  const { params, context, caller } = call;
  const { store, switches } = context;
  checkResourceUuid(textOf(params, "resourceUuid"));
  const url = requiredText(params, "url");
  checkWebhookUrl(url);
  const persons = personsToCreate(call);
  for (const phone of persons.keys()) {
    checkPhone(phone);
  }
  checkCreateTags(call);
  checkEndpointQuota(call);

  const uuid = newUuid(call);
  const secret = textOf(params, "secret");
  const column = fitColumn("url", url, URL_COLUMN_CHARS, switches.urlColumnOverflow);
  const remarks = [...persons].map(([phoneNumber, remark]) => ({
    phoneNumber,
    remark:
      remark === undefined
        ? undefined
        : fitColumn("remark", remark, REMARK_COLUMN_CHARS, switches.secretColumnOverflow),
  }));
  store.endpoints.add({
    uuid,
    type: "DingTalk",
    name: requiredText(params, "name"),
    description: textOf(params, "description"),
    url: column,
    atAll: params.atAll === true,
    // Blank counts as not given.
    secret: notBlank(secret),
    accountUuid: caller.accountUuid,
  });
  for (const person of remarks) {
    const dates = switches.personDatesAfterCreate === "missing" ? { createdMs: undefined } : {};
    store.persons.add({ endpointUuid: uuid, ...person, ...dates });
  }
  attachCreateTags(call, uuid, "SNSApplicationEndpointVO");
  const row = store.endpoints.row(uuid) ?? internal("the row that was just written is gone");
  return { inventory: fullEndpoint(row, context, true) };
}

/** Phone → remark. The map wins outright over the list; duplicates in the list are folded (section 5.2). */
function personsToCreate({ params }: Call): Map<string, string | undefined> {
  const map = params.atPersonList as Readonly<Record<string, string | null>> | undefined;
  if (map !== undefined) {
    return new Map(Object.entries(map).map(([phone, remark]) => [phone, remark ?? undefined]));
  }
  return new Map((listOf(params, "atPersonPhoneNumbers") ?? []).map((phone) => [phone, undefined]));
}

/** Section 5.4. */
const update: Command = {
  name: "UpdateSNSDingTalkEndpoint",
  method: "PUT",
  paths: [`${BASE}/{uuid}/actions`],
  kind: "async",
  wrapper: "updateSNSDingTalkEndpoint",
  changing: true,
  module: "sns",
  since: SINCE.robots,
  fields: [
    { name: "uuid", type: "string", required: true, refersTo: "SNSApplicationEndpointVO" },
    { name: "name", type: "string", maxChars: 255 },
    { name: "description", type: "string", maxChars: 2048 },
    { name: "url", type: "string", maxChars: 256 },
    { name: "atAll", type: "boolean" },
    { name: "secret", type: "string", maxChars: 256 },
    {
      name: "platformUuid",
      type: "string",
      refersTo: "SNSApplicationPlatformVO",
      since: SINCE.connectionStatus,
    },
  ],
  run: runUpdate,
};

function runUpdate(call: Call): Inventory {
  const { params, context } = call;
  const { store, switches } = context;
  const uuid = requiredText(params, "uuid");
  const row = found(store.endpoints.row(uuid), "uuid", uuid, "SNSApplicationEndpointVO");
  checkOwner(row, call);
  const url = textOf(params, "url");
  if (url !== undefined && !isBlank(url)) {
    checkWebhookUrl(url);
  }
  // The message is a generic update too: that is all that another kind of endpoint understands of it.
  if (row.type !== "DingTalk") {
    applyGenericUpdate(row, call);
    return { inventory: baseEndpoint(row, context) };
  }

  const secret = textOf(params, "secret");
  const column =
    secret === undefined
      ? undefined
      : fitColumn("secret", secret, SECRET_COLUMN_CHARS, switches.secretColumnOverflow);
  row.name = notBlank(textOf(params, "name")) ?? row.name;
  row.description = notBlank(textOf(params, "description")) ?? row.description;
  row.url = notBlank(url) ?? row.url;
  if (typeof params.atAll === "boolean") {
    row.atAll = params.atAll;
  }
  if (column !== undefined && (column !== "" || switches.secretClearable)) {
    row.secret = column;
  }
  store.touch(row);
  return { inventory: fullEndpoint(row, context) };
}

function notBlank(value: string | undefined): string | undefined {
  return isBlank(value) ? undefined : value;
}

export const dingTalkEndpointOperations: readonly Operation[] = [
  create,
  update,
  query("QuerySNSDingTalkEndpoint", BASE, endpointTarget("DingTalk"), { module: "sns" }),
];
