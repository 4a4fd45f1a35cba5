import type { Platform } from "../entities";
import { platformInventory } from "../inventory";
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
import { platformTarget } from "../targets";
import {
  checkCreateTags,
  checkOwner,
  checkResourceUuid,
  DELETE_MODE,
  found,
  newUuid,
  refuseBuiltIn,
  stateAfter,
} from "./checks";

const BASE = "/sns/application-platforms";
const TYPE = "SNSApplicationPlatformVO";
const UUID_FIELD: Field = { name: "uuid", type: "string", required: true, refersTo: TYPE };

/** Section 6.3. */
const createEmail: Command = {
  name: "CreateSNSEmailPlatform",
  method: "POST",
  paths: [`${BASE}/email`],
  kind: "async",
  wrapper: "params",
  changing: true,
  module: "sns",
  fields: [
    { name: "name", type: "string", required: true, maxChars: 255 },
    { name: "description", type: "string", maxChars: 2048 },
    { name: "smtpServer", type: "string", required: true },
    { name: "smtpPort", type: "integer", required: true, min: 1, max: 65535 },
    { name: "username", type: "string" },
    { name: "password", type: "string" },
    { name: "encryptType", type: "string", values: ["SSL", "STARTTLS", "NONE"] },
    ...CREATE_FIELDS,
  ],
  run: (call) => {
    const { params, context, caller } = call;
    checkResourceUuid(textOf(params, "resourceUuid"));
    checkCreateTags(call);
    const row = context.store.platforms.add({
      uuid: newUuid(call),
      type: "Email",
      name: requiredText(params, "name"),
      description: textOf(params, "description"),
      smtpServer: textOf(params, "smtpServer"),
      smtpPort: typeof params.smtpPort === "number" ? params.smtpPort : undefined,
      username: textOf(params, "username"),
      password: textOf(params, "password"),
      encryptType: textOf(params, "encryptType"),
      accountUuid: caller.accountUuid,
    });
    return { inventory: platformInventory(row, context) };
  },
};

const update: Command = {
  name: "UpdateSNSApplicationPlatform",
  method: "PUT",
  paths: [`${BASE}/{uuid}/actions`],
  kind: "async",
  wrapper: "updateSNSApplicationPlatform",
  changing: true,
  module: "sns",
  fields: [
    UUID_FIELD,
    { name: "name", type: "string", maxChars: 255 },
    { name: "description", type: "string", maxChars: 2048 },
  ],
  run: (call) => {
    const row = platformOf(call);
    row.name = textOf(call.params, "name") ?? row.name;
    row.description = textOf(call.params, "description") ?? row.description;
    call.context.store.touch(row);
    return { inventory: platformInventory(row, call.context) };
  },
};

const changeState: Command = {
  name: "ChangeSNSApplicationPlatformState",
  method: "PUT",
  paths: [`${BASE}/{uuid}/actions`],
  kind: "async",
  wrapper: "changeSNSApplicationPlatformState",
  changing: true,
  module: "sns",
  fields: [UUID_FIELD, { name: "stateEvent", type: "string", required: true, values: ["enable", "disable"] }],
  run: (call) => {
    const row = platformOf(call);
    if (row.type === "system") refuseBuiltIn("the system platform");
    row.state = stateAfter(requiredText(call.params, "stateEvent"));
    call.context.store.touch(row);
    return { inventory: platformInventory(row, call.context) };
  },
};

/** Takes the platform's endpoints along (section 6.3). */
const remove: Command = {
  name: "DeleteSNSApplicationPlatform",
  method: "DELETE",
  paths: [`${BASE}/{uuid}`],
  kind: "async",
  changing: true,
  module: "sns",
  fields: [{ ...UUID_FIELD, ifMissing: "success" }, DELETE_MODE],
  run: (call) => {
    const row = platformOf(call);
    if (row.type === "system") refuseBuiltIn("the system platform");
    call.context.store.platforms.remove(row.uuid);
    return {};
  },
};

function platformOf(call: Call): Platform {
  const uuid = requiredText(call.params, "uuid");
  const row = found(call.context.store.platforms.row(uuid), "uuid", uuid, TYPE);
  checkOwner(row, call);
  return row;
}

export const platformOperations: readonly Operation[] = [
  createEmail,
  update,
  changeState,
  remove,
  query("QuerySNSApplicationPlatform", BASE, platformTarget, { module: "sns" }),
];
