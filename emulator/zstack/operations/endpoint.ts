import type { Endpoint } from "../entities";
import { baseEndpoint } from "../inventory";
import { query, requiredText, textOf, type Call, type Command, type Operation } from "../operation";
import { endpointTarget } from "../targets";
import { has, SINCE } from "../version";
import { checkOwner, DELETE_MODE, found, stateAfter } from "./checks";
import { invalid } from "../errors";

const BASE = "/sns/application-endpoints";

/** Section 5.4, second half. */
const update: Command = {
  name: "UpdateSNSApplicationEndpoint",
  method: "PUT",
  paths: [`${BASE}/{uuid}/actions`],
  kind: "async",
  wrapper: "updateSNSApplicationEndpoint",
  changing: true,
  module: "sns",
  fields: [
    { name: "uuid", type: "string", required: true, refersTo: "SNSApplicationEndpointVO" },
    { name: "name", type: "string", maxChars: 255 },
    { name: "description", type: "string", maxChars: 2048 },
    {
      name: "platformUuid",
      type: "string",
      refersTo: "SNSApplicationPlatformVO",
      since: SINCE.connectionStatus,
    },
  ],
  run: (call) => {
    const row = endpointOf(call);
    applyGenericUpdate(row, call);
    return { inventory: baseEndpoint(row, call.context) };
  },
};

/** Applies name, description and platformUuid when present, `""` included; nothing else (section 5.4). */
export function applyGenericUpdate(row: Endpoint, { params, context }: Call): void {
  const { store, switches } = context;
  row.name = textOf(params, "name") ?? row.name;
  const description = textOf(params, "description");
  if (description !== undefined && (description !== "" || switches.descriptionClearable)) {
    row.description = description;
  }
  row.platformUuid = textOf(params, "platformUuid") ?? row.platformUuid;
  store.touch(row);
}

/** Section 5.5. */
const changeState: Command = {
  name: "ChangeSNSApplicationEndpointState",
  method: "PUT",
  paths: [`${BASE}/{uuid}/actions`],
  kind: "async",
  wrapper: "changeSNSApplicationEndpointState",
  changing: true,
  module: "sns",
  fields: [
    { name: "uuid", type: "string", required: true, refersTo: "SNSApplicationEndpointVO" },
    { name: "stateEvent", type: "string", required: true, values: ["enable", "disable", "hide"] },
  ],
  run: (call) => {
    const { store, switches } = call.context;
    const event = requiredText(call.params, "stateEvent");
    if (event === "hide" && !has(switches.serverVersion, SINCE.hideEvent)) {
      invalid(
        "valid value for field[stateEvent] are [enable, disable]",
        "字段[stateEvent]的有效值为[enable, disable]",
      );
    }
    const row = endpointOf(call);
    row.state = event === "hide" ? switches.hiddenStateName : stateAfter(event);
    store.touch(row);
    return { inventory: baseEndpoint(row, call.context) };
  },
};

/** Section 5.6. */
const remove: Command = {
  name: "DeleteSNSApplicationEndpoint",
  method: "DELETE",
  paths: [`${BASE}/{uuid}`],
  kind: "async",
  changing: true,
  module: "sns",
  fields: [
    {
      name: "uuid",
      type: "string",
      required: true,
      refersTo: "SNSApplicationEndpointVO",
      ifMissing: "success",
    },
    DELETE_MODE,
  ],
  run: (call) => {
    call.context.store.endpoints.remove(endpointOf(call).uuid);
    return {};
  },
};

function endpointOf(call: Call): Endpoint {
  const uuid = requiredText(call.params, "uuid");
  const row = found(call.context.store.endpoints.row(uuid), "uuid", uuid, "SNSApplicationEndpointVO");
  checkOwner(row, call);
  return row;
}

/** Calls that work on endpoints of every kind (section 5.1). */
export const endpointOperations: readonly Operation[] = [
  update,
  changeState,
  remove,
  query("QuerySNSApplicationEndpoint", BASE, endpointTarget(), { module: "sns" }),
];
