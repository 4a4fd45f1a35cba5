import type { Table } from "../../frame/table";
import type { Context } from "../context";
import type { Dated } from "../entities";
import { internal } from "../errors";
import type { Inventory } from "../inventory";
import { requiredText, textOf, type Call, type Command, type Field, type Module } from "../operation";
import { CREATE_FIELDS } from "../params";
import type { Store } from "../store";
import type { ResourceType } from "../store-tools";
import {
  attachCreateTags,
  checkCreateTags,
  checkOwner,
  checkResourceUuid,
  DELETE_MODE,
  found,
  newUuid,
  stateAfter,
} from "./checks";

/** What every kind of object has. */
interface OwnedRow extends Dated {
  uuid: string;
  accountUuid: string;
}

/** Names that a command has besides those that follow from its kind. */
interface Names {
  readonly name: string;
  readonly path: string;
}

/**
 * One kind of object with the calls that all kinds have in the same form: create, update, state and delete.
 * What is peculiar to a kind comes as a function.
 */
export class Kind<Row extends OwnedRow> {
  readonly type: ResourceType;
  private readonly module: Module;
  private readonly table: (store: Store) => Table<Row>;
  private readonly inventory: (row: Row, context: Context) => Inventory;

  constructor(options: {
    readonly type: ResourceType;
    readonly module: Module;
    table(store: Store): Table<Row>;
    inventory(row: Row, context: Context): Inventory;
  }) {
    this.type = options.type;
    this.module = options.module;
    this.table = options.table;
    this.inventory = options.inventory;
  }

  /** A parameter that names an object of this kind; an unknown one is SYS.1003. */
  reference(name: string): Field {
    return { name, type: "string", required: true, refersTo: this.type };
  }

  /** The object that a parameter names, if the caller may change it. */
  of(call: Call, field = "uuid"): Row {
    const uuid = requiredText(call.params, field);
    const row = found(this.table(call.context.store).row(uuid), field, uuid, this.type);
    checkOwner(row, call);
    return row;
  }

  /** The answer that shows an object. */
  shown(row: Row, { context }: Call): Inventory {
    return { inventory: this.inventory(row, context) };
  }

  /** The same after a change. */
  touched(row: Row, call: Call): Inventory {
    call.context.store.touch(row);
    return this.shown(row, call);
  }

  /**
   * A call that makes an object: `resourceUuid` and tags as everywhere (section 8).
   * @param members checks the parameters and gives what they say; `after` adds what hangs on the object
   */
  create(
    { name, path }: Names,
    fields: readonly Field[],
    members: (call: Call) => Partial<Row>,
    after: (row: Row, call: Call) => void = () => undefined,
  ): Command {
    return {
      ...this.common(name, "POST", path),
      wrapper: "params",
      fields: [...fields, ...CREATE_FIELDS],
      run: (call) => {
        checkResourceUuid(textOf(call.params, "resourceUuid"));
        const given = members(call);
        checkCreateTags(call);
        const table = this.table(call.context.store);
        const { uuid } = table.add({ ...given, uuid: newUuid(call), accountUuid: call.caller.accountUuid });
        const row = table.row(uuid) ?? internal("the row that was just written is gone");
        after(row, call);
        attachCreateTags(call, uuid, this.type);
        return this.shown(row, call);
      },
    };
  }

  /** A call that changes members of an object. */
  update(
    { name, path, wrapper }: Names & { readonly wrapper: string },
    fields: readonly Field[],
    apply: (row: Row, call: Call) => void,
  ): Command {
    return {
      ...this.common(name, "PUT", path),
      wrapper,
      fields: [this.reference("uuid"), ...fields],
      run: (call) => {
        const row = this.of(call);
        apply(row, call);
        return this.touched(row, call);
      },
    };
  }

  /** The call that enables and disables; `setState` throws where that is not allowed. */
  changeState(
    names: Names & { readonly wrapper: string },
    setState: (row: Row, state: "Enabled" | "Disabled") => void,
  ): Command {
    const event: Field = {
      name: "stateEvent",
      type: "string",
      required: true,
      values: ["enable", "disable"],
    };
    return this.update(names, [event], (row, { params }) => {
      setState(row, stateAfter(requiredText(params, "stateEvent")));
    });
  }

  /** The call that deletes: what is not there counts as deleted (section 4.4). */
  remove({ name, path }: Names, refuse: (row: Row) => void = () => undefined): Command {
    return {
      ...this.common(name, "DELETE", path),
      fields: [{ ...this.reference("uuid"), ifMissing: "success" }, DELETE_MODE],
      run: (call) => {
        const row = this.of(call);
        refuse(row);
        this.table(call.context.store).remove(row.uuid);
        return {};
      },
    };
  }

  private common(name: string, method: Command["method"], path: string) {
    return { name, method, paths: [path], kind: "async", changing: true, module: this.module } as const;
  }
}

/** Fields that nearly every object has. */
export const NAME: Field = { name: "name", type: "string", maxChars: 255 };
export const DESCRIPTION: Field = { name: "description", type: "string", maxChars: 2048 };
/** A name that a create call must have. */
export const REQUIRED_NAME: Field = { ...NAME, required: true };

/** Applies name and description when present, `""` included. */
export function applyNameAndDescription(
  row: { name: string; description: string | undefined },
  { params }: Call,
): void {
  row.name = textOf(params, "name") ?? row.name;
  row.description = textOf(params, "description") ?? row.description;
}
