import type { Endpoint } from "../entities";
import { invalid } from "../errors";
import { baseEndpoint } from "../inventory";
import { query, requiredText, textOf, type Call, type Operation } from "../operation";
import { endpointTarget } from "../targets";
import { has, SINCE } from "../version";
import { stateAfter } from "./checks";
import { DESCRIPTION, Kind, NAME } from "./kind";

const BASE = "/sns/application-endpoints";
const ACTIONS = `${BASE}/{uuid}/actions`;

/** Endpoints of all kinds; answers show base fields only (section 5.1). */
const endpoint = new Kind<Endpoint>({
  type: "SNSApplicationEndpointVO",
  module: "sns",
  table: (store) => store.endpoints,
  inventory: baseEndpoint,
});

/** Section 5.4, second half. */
const update = endpoint.update(
  { name: "UpdateSNSApplicationEndpoint", path: ACTIONS, wrapper: "updateSNSApplicationEndpoint" },
  [
    NAME,
    DESCRIPTION,
    {
      name: "platformUuid",
      type: "string",
      refersTo: "SNSApplicationPlatformVO",
      since: SINCE.connectionStatus,
    },
  ],
  applyGenericUpdate,
);

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
const changeState = endpoint.update(
  { name: "ChangeSNSApplicationEndpointState", path: ACTIONS, wrapper: "changeSNSApplicationEndpointState" },
  [{ name: "stateEvent", type: "string", required: true, values: ["enable", "disable", "hide"] }],
  (row, { params, context: { switches } }) => {
    const event = requiredText(params, "stateEvent");
    if (event === "hide" && !has(switches.serverVersion, SINCE.hideEvent)) {
      invalid(
        "valid value for field[stateEvent] are [enable, disable]",
        "字段[stateEvent]的有效值为[enable, disable]",
      );
    }
    row.state = event === "hide" ? switches.hiddenStateName : stateAfter(event);
  },
);

/** Section 5.6. */
const remove = endpoint.remove({ name: "DeleteSNSApplicationEndpoint", path: `${BASE}/{uuid}` });

/** Calls that work on endpoints of every kind (section 5.1). */
export const endpointOperations: readonly Operation[] = [
  update,
  changeState,
  remove,
  query("QuerySNSApplicationEndpoint", BASE, endpointTarget(), { module: "sns" }),
];
