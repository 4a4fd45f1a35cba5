import { text, type Members } from "../../frame/value";
import { DELETE_MODE } from "../rest/checks";
import type { Context } from "../rest/context";
import { internal, invalid, notFound, refused } from "../rest/errors";
import { dates, type Inventory } from "../rest/inventory";
import { objectsOf, reference, requiredText, type Call, type Command, type Field } from "../rest/operation";
import { datedTable, type Dated, type Getter, type Store, type TableSpec, type Undated } from "../rest/store";
import { ofClass } from "../rest/wire";
import type { Kind, OwnedRow } from "./kind";
import { topics } from "./topic";

/** The only type of action there is (section 6.5). */
const SNS_ACTION = "sns";

/** A topic that something publishes to; `actionUuid` is the topic's (section 6.5). */
export interface TopicAction extends Dated {
  actionUuid: string;
  actionType: string;
}

/** `actions` of create calls. */
export const ACTIONS: Field = { name: "actions", type: "objects" };

type WantedAction = Pick<TopicAction, "actionUuid" | "actionType">;

/** What the calls that add and remove an action need to know of their owner's kind. */
interface CallOptions<Owner extends OwnedRow> {
  readonly kind: Kind<Owner>;
  /** Path of the owners. */
  readonly base: string;
  /** What a second action with the same topic is refused with (section 6.5). */
  readonly duplicate: "SYS.1006" | "SYS.1007";
  /** Whether the answer of a removal shows the owner. */
  readonly removalShowsOwner: boolean;
}

/** The topics that the objects of one kind publish to, with the calls that add them and take them away (section 6.5). */
export class TopicActions<
  Name extends string,
  Member extends string,
  Row extends TopicAction & Record<Member, string>,
> {
  readonly table: TableSpec<Name, Row>;
  private readonly owner: string;
  private readonly member: Member;

  /**
   * @param owner `Alarm` or `EventSubscription`, as in the names of the calls
   * @param member the member and parameter that names the owner
   */
  constructor(
    name: Name,
    owner: string,
    member: Member,
    words: { readonly noun: string; readonly owner: string },
  ) {
    this.owner = owner;
    this.member = member;
    this.table = datedTable<Name, Row>(name, {
      noun: words.noun,
      key: (row) => this.key(row[member], row.actionUuid),
      hangsOn: [member, "actionUuid"],
      members: {
        [member]: text(words.owner),
        actionUuid: text("The topic that is published to."),
        actionType: text("sns, the only type that there is."),
      } as unknown as Members<Undated<Row>>,
      defaults: () => ({ [member]: "", actionUuid: "", actionType: SNS_ACTION }) as unknown as Undated<Row>,
    });
  }

  private key(ownerUuid: string, actionUuid: string): string {
    return `${ownerUuid}/${actionUuid}`;
  }

  /** The actions of an object, in order of insertion. */
  of(ownerUuid: string, store: Store): Row[] {
    const rows = store.of(this.table).rows();
    return rows.filter((row) => row[this.member] === ownerUuid);
  }

  /** The same as the object's answer shows them. */
  inventories(ownerUuid: string, context: Context): Inventory[] {
    return this.of(ownerUuid, context.store).map((row) => {
      const { createdMs: _createdMs, lastOpMs: _lastOpMs, ...shown } = row;
      const className = `org.zstack.zwatch.alarm.${this.owner}ActionInventory`;
      return ofClass(className, { ...shown, ...dates(row, context) });
    });
  }

  /** Fields by which objects are found: `actions.actionUuid` finds those that publish to a topic. */
  get fields(): Readonly<Record<string, Getter<{ uuid: string }>>> {
    return {
      "actions.actionUuid": ({ uuid }, store) => this.of(uuid, store).map((action) => action.actionUuid),
      "actions.actionType": ({ uuid }, store) => this.of(uuid, store).map((action) => action.actionType),
    };
  }

  /** Refuses the actions of a create call that name no topic. */
  check(call: Call): void {
    for (const action of wantedActions(call)) {
      checkAction(action, call);
    }
  }

  /** Adds the actions of a create call. */
  addWanted(ownerUuid: string, call: Call): void {
    for (const action of wantedActions(call)) {
      this.add(ownerUuid, action, call);
    }
  }

  private add(ownerUuid: string, action: WantedAction, { context }: Call): void {
    context.store.of(this.table).add({ [this.member]: ownerUuid, ...action } as unknown as Partial<Row>);
  }

  /** The calls that add a topic to an object, and take it away. */
  calls<Owner extends OwnedRow>({
    kind,
    base,
    duplicate,
    removalShowsOwner,
  }: CallOptions<Owner>): readonly Command[] {
    const member = this.member;
    const common = { kind: "async", changing: true, module: "zwatch" } as const;
    const owner = reference(kind.table, member);
    const has = ({ context }: Call, { uuid }: Owner, actionUuid: string): boolean =>
      context.store.of(this.table).row(this.key(uuid, actionUuid)) !== undefined;
    const add: Command = {
      ...common,
      name: `AddActionTo${this.owner}`,
      method: "POST",
      paths: [`${base}/{${member}}/actions`],
      wrapper: "params",
      fields: [
        owner,
        { name: "actionUuid", type: "string", required: true },
        { name: "actionType", type: "string", required: true },
      ],
      run: (call) => {
        const row = kind.of(call, member);
        const action = {
          actionUuid: requiredText(call.params, "actionUuid"),
          actionType: requiredText(call.params, "actionType"),
        };
        if (has(call, row, action.actionUuid)) {
          this.refuseDuplicate(duplicate, row, action);
        }
        checkAction(action, call);
        this.add(row.uuid, action, call);
        return kind.shown(row, call);
      },
    };
    const remove: Command = {
      ...common,
      name: `RemoveActionFrom${this.owner}`,
      method: "DELETE",
      paths: [`${base}/{${member}}/actions/{actionUuid}`],
      fields: [
        { ...owner, ifMissing: (switches) => switches.removeActionUnknownOwner },
        { name: "actionUuid", type: "string", required: true },
        DELETE_MODE,
      ],
      run: (call) => {
        const row = kind.of(call, member);
        const actionUuid = requiredText(call.params, "actionUuid");
        const { store, switches } = call.context;
        if (!has(call, row, actionUuid) && switches.removeMissingAction === "SYS.1003") {
          notFound("actionUuid", actionUuid, `${this.owner}ActionVO`);
        }
        store.of(this.table).remove(this.key(row.uuid, actionUuid));
        return removalShowsOwner ? kind.shown(row, call) : {};
      },
    };
    return [add, remove];
  }

  private refuseDuplicate(
    code: "SYS.1006" | "SYS.1007",
    { uuid }: { uuid: string },
    { actionUuid, actionType }: WantedAction,
  ): never {
    const owner = this.owner;
    const en_US = `duplicate action[uuid:${actionUuid}, type:${actionType}] for the ${owner}[uuid:${uuid}]`;
    const zh_CN = `${owner}[uuid:${uuid}]上已有动作[uuid:${actionUuid},类型:${actionType}]`;
    return code === "SYS.1006" ? refused(en_US, zh_CN) : invalid(en_US, zh_CN);
  }
}

/** Reads `actions` of a create call. */
function wantedActions({ params }: Call): WantedAction[] {
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

/** SYS.1007 for another type and for a topic that does not exist (section 6.5). */
function checkAction({ actionUuid, actionType }: WantedAction, { context }: Call): void {
  if (actionType !== SNS_ACTION) {
    invalid(`invalid action type[${actionType}]`, `无效的动作类型[${actionType}]`);
  }
  if (context.store.of(topics).row(actionUuid) === undefined) {
    invalid(
      `action[uuid:${actionUuid}, type:${actionType}] not found`,
      `找不到动作[uuid:${actionUuid},类型:${actionType}]`,
    );
  }
}
