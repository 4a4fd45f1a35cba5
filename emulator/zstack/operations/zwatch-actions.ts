import { internal, invalid, notFound, refused } from "../errors";
import { objectsOf, requiredText, type Call, type Command, type Field } from "../operation";
import type { Label } from "../entities";
import { checkOwner, DELETE_MODE, found } from "./checks";
import type { Inventory } from "../inventory";

/** The only type of action there is (section 6.5). */
const SNS_ACTION = "sns";

/** `actions` and `labels` of create calls. */
export const ACTIONS: Field = { name: "actions", type: "objects" };
export const LABELS: Field = { name: "labels", type: "objects" };
export const EMERGENCY_LEVEL: Field = {
  name: "emergencyLevel",
  type: "string",
  values: ["Emergent", "Important", "Normal"],
};

/** Topics that an alarm or event subscription publishes to, as a create call names them. */
export interface WantedAction {
  readonly actionUuid: string;
  readonly actionType: string;
}

/** Reads `actions` of a create call. */
export function wantedActions({ params }: Call): WantedAction[] {
  const wanted = (objectsOf(params, "actions") ?? []).map(({ actionUuid = "", actionType = "" }) => ({
    actionUuid,
    actionType,
  }));
  const uuids = wanted.map(({ actionUuid }) => actionUuid);
  // UNVERIFIED: the same topic twice in one call; two rows with one primary key cannot be written.
  if (new Set(uuids).size < uuids.length) {
    internal(`Duplicate entry in actions for key 'PRIMARY'`);
  }
  return wanted;
}

/** Reads `labels` of a create call: `op` is `Equal` unless said otherwise. */
export function wantedLabels({ params, context }: Call): Label[] {
  return (objectsOf(params, "labels") ?? []).map(({ key = "", op = "Equal", value = "" }) => ({
    uuid: context.random.uuid(),
    key,
    op,
    value,
  }));
}

/** SYS.1007 for another type and for a topic that does not exist (section 6.5). */
export function checkAction({ actionUuid, actionType }: WantedAction, { context }: Call): void {
  if (actionType !== SNS_ACTION) {
    invalid(`invalid action type[${actionType}]`, `无效的动作类型[${actionType}]`);
  }
  if (context.store.topics.row(actionUuid) === undefined) {
    invalid(
      `action[uuid:${actionUuid}, type:${actionType}] not found`,
      `找不到动作[uuid:${actionUuid},类型:${actionType}]`,
    );
  }
}

/** What adding and removing an action needs to know of alarms, or of event subscriptions. */
export interface ActionOwner<Row extends { uuid: string; accountUuid: string }> {
  /** `Alarm` or `EventSubscription`, as in the names of the calls. */
  readonly noun: string;
  readonly type: "AlarmVO" | "EventSubscriptionVO";
  /** Below /zwatch. */
  readonly base: string;
  /** The path variable that names the owner. */
  readonly variable: string;
  /** What a second action with the same topic is refused with (section 6.5). */
  readonly duplicate: "SYS.1006" | "SYS.1007";
  row(call: Call, uuid: string): Row | undefined;
  hasAction(call: Call, owner: Row, actionUuid: string): boolean;
  addAction(call: Call, owner: Row, action: WantedAction): void;
  removeAction(call: Call, owner: Row, actionUuid: string): void;
  shown(row: Row, call: Call): Inventory;
  /** The answer of a removal. */
  removed(row: Row, call: Call): Inventory;
}

/** The calls that add a topic to an alarm or event subscription, and take it away (section 6.5). */
export function actionCalls<Row extends { uuid: string; accountUuid: string }>(
  kind: ActionOwner<Row>,
): readonly Command[] {
  const { noun, type, base, variable } = kind;
  const common = { kind: "async", changing: true, module: "zwatch" } as const;
  const add: Command = {
    ...common,
    name: `AddActionTo${noun}`,
    method: "POST",
    paths: [`${base}/{${variable}}/actions`],
    wrapper: "params",
    fields: [
      { name: variable, type: "string", required: true, refersTo: type },
      { name: "actionUuid", type: "string", required: true },
      { name: "actionType", type: "string", required: true },
    ],
    run: (call) => {
      const owner = ownerOf(kind, call);
      const action = {
        actionUuid: requiredText(call.params, "actionUuid"),
        actionType: requiredText(call.params, "actionType"),
      };
      if (kind.hasAction(call, owner, action.actionUuid)) {
        refuseDuplicate(kind, owner, action);
      }
      checkAction(action, call);
      kind.addAction(call, owner, action);
      return kind.shown(owner, call);
    },
  };
  const remove: Command = {
    ...common,
    name: `RemoveActionFrom${noun}`,
    method: "DELETE",
    paths: [`${base}/{${variable}}/actions/{actionUuid}`],
    fields: [
      {
        name: variable,
        type: "string",
        required: true,
        refersTo: type,
        ifMissing: (switches) => switches.removeActionUnknownOwner,
      },
      { name: "actionUuid", type: "string", required: true },
      DELETE_MODE,
    ],
    run: (call) => {
      const owner = ownerOf(kind, call);
      const actionUuid = requiredText(call.params, "actionUuid");
      const { removeMissingAction } = call.context.switches;
      if (!kind.hasAction(call, owner, actionUuid) && removeMissingAction === "SYS.1003") {
        notFound("actionUuid", actionUuid, `${noun}ActionVO`);
      }
      kind.removeAction(call, owner, actionUuid);
      return kind.removed(owner, call);
    },
  };
  return [add, remove];
}

function ownerOf<Row extends { uuid: string; accountUuid: string }>(kind: ActionOwner<Row>, call: Call): Row {
  const uuid = requiredText(call.params, kind.variable);
  const row = found(kind.row(call, uuid), kind.variable, uuid, kind.type);
  checkOwner(row, call);
  return row;
}

function refuseDuplicate(
  { duplicate, noun }: { duplicate: "SYS.1006" | "SYS.1007"; noun: string },
  owner: { uuid: string },
  { actionUuid, actionType }: WantedAction,
): never {
  const en_US = `duplicate action[uuid:${actionUuid}, type:${actionType}] for the ${noun}[uuid:${owner.uuid}]`;
  const zh_CN = `${noun}[uuid:${owner.uuid}]上已有动作[uuid:${actionUuid},类型:${actionType}]`;
  return duplicate === "SYS.1006" ? refused(en_US, zh_CN) : invalid(en_US, zh_CN);
}
