import { choice, text } from "../../frame/value";
import {
  checkOwner,
  checkResourceUuid,
  CREATE_FIELDS,
  DELETE_MODE,
  found,
  newUuid,
  stateAfter,
} from "../rest/checks";
import type { Caller, Context } from "../rest/context";
import { internal } from "../rest/errors";
import type { Inventory } from "../rest/inventory";
import {
  query,
  reference,
  requiredText,
  textOf,
  type Call,
  type Command,
  type Field,
  type Module,
  type Query,
} from "../rest/operation";
import { isOwn, queryTarget } from "../rest/query-target";
import type { Dated, Getter, ResourceKey } from "../rest/store";
import { attachCreateTags, checkCreateTags, TAG_FIELDS } from "./tag";

/** What every kind of object has. */
export interface OwnedRow extends Dated {
  uuid: string;
  accountUuid: string;
}

/** Names that a call has besides those that follow from its kind. */
export interface Names {
  readonly name: string;
  readonly path: string;
  readonly since?: string;
}

/** What is peculiar to the call that makes an object of a kind. */
export interface Creation<Row> {
  /** Refuses what the generic checks of fields let through. */
  check?(call: Call): void;
  /** What the parameters say. */
  members(call: Call): Partial<Row>;
  /** Makes what hangs on the object. */
  after?(row: Row, call: Call): void;
}

/** What is peculiar to a call that changes an object. */
export interface Change<Row> {
  check?(call: Call): void;
  apply(row: Row, call: Call): void;
}

/** What a kind is made of. */
export interface KindOptions<Row extends OwnedRow> {
  readonly table: ResourceKey<Row>;
  readonly module: Module;
  /** The object as an answer shows it. `asCreated`: in the answer of the call that made it. */
  inventory(row: Row, context: Context, asCreated: boolean): Inventory;
  /** Members of the row that queries may name, besides the dates and the tags. */
  readonly queried: readonly (keyof Row & string)[];
  /** Other names in queries. */
  readonly queriedBesides?: Readonly<Record<string, Getter<Row>>>;
  /** Members that are primitives in the server's class: shown with their default when not selected. */
  readonly primitives?: Readonly<Record<string, unknown>>;
  /** What queries find; what belongs to the caller unless said otherwise. */
  isSeen?(row: Row, caller: Caller, context: Context): boolean;
  /** Refuses one more object for an account that has its quota. */
  checkQuota?(call: Call): void;
}

/**
 * One kind of object with the calls that all kinds have in the same form: create, update, state, delete and query.
 * What is peculiar to a kind comes as a function.
 */
export class Kind<Row extends OwnedRow> {
  readonly table: ResourceKey<Row>;
  private readonly options: KindOptions<Row>;

  constructor(options: KindOptions<Row>) {
    this.table = options.table;
    this.options = options;
  }

  /** The object that a parameter names, if the caller may change it. */
  of(call: Call, field = "uuid"): Row {
    const uuid = requiredText(call.params, field);
    const row = found(call.context.store.of(this.table).row(uuid), field, uuid, this.table.resourceType);
    checkOwner(row, call);
    return row;
  }

  /** The answer that shows an object. */
  shown(row: Row, { context }: Call, asCreated = false): Inventory {
    return { inventory: this.options.inventory(row, context, asCreated) };
  }

  /** A call that makes an object: `resourceUuid` and tags as everywhere (section 8). */
  create(names: Names, fields: readonly Field[], { check, members, after }: Creation<Row>): Command {
    return {
      ...this.common(names, "POST"),
      wrapper: "params",
      fields: [...fields, ...CREATE_FIELDS],
      run: (call) => {
        checkResourceUuid(textOf(call.params, "resourceUuid"));
        check?.(call);
        checkCreateTags(call);
        this.options.checkQuota?.(call);
        const table = call.context.store.of(this.table);
        const own = { uuid: newUuid(call), accountUuid: call.caller.accountUuid };
        const { uuid } = table.add({ ...members(call), ...own });
        const row = table.row(uuid) ?? internal("the row that was just written is gone");
        after?.(row, call);
        attachCreateTags(call, uuid, this.table.resourceType);
        return this.shown(row, call, true);
      },
    };
  }

  /** A call that changes members of an object. */
  update(
    names: Names & { readonly wrapper: string },
    fields: readonly Field[],
    { check, apply }: Change<Row>,
  ): Command {
    return {
      ...this.common(names, "PUT"),
      wrapper: names.wrapper,
      fields: [reference(this.table, "uuid"), ...fields],
      run: (call) => {
        const row = this.of(call);
        check?.(call);
        apply(row, call);
        call.context.store.touch(row);
        return this.shown(row, call);
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
    return this.update(names, [event], {
      apply: (row, { params }) => {
        setState(row, stateAfter(requiredText(params, "stateEvent")));
      },
    });
  }

  /** The call that deletes: what is not there counts as deleted (section 4.4). */
  remove(names: Names, refuse: (row: Row) => void = () => undefined): Command {
    return {
      ...this.common(names, "DELETE"),
      fields: [{ ...reference(this.table, "uuid"), ifMissing: "success" }, DELETE_MODE],
      run: (call) => {
        const row = this.of(call);
        refuse(row);
        call.context.store.of(this.table).remove(row.uuid);
        return {};
      },
    };
  }

  /** The call that finds objects. `render`: as another answer than that of the other calls. */
  query(
    { name, path, since }: Names,
    render = (row: Row, context: Context) => this.options.inventory(row, context, false),
  ): Query {
    const { module, queried, queriedBesides, primitives = {}, isSeen = isOwn } = this.options;
    const target = queryTarget<Row>({
      table: this.table,
      isSeen,
      members: queried,
      more: { ...TAG_FIELDS, ...queriedBesides },
      primitives,
      key: (row) => row.uuid,
      render,
    });
    return query(name, path, target, { module, ...(since === undefined ? {} : { since }) });
  }

  private common({ name, path, since }: Names, method: Command["method"]) {
    return {
      name,
      method,
      paths: [path],
      kind: "async",
      changing: true,
      module: this.options.module,
      ...(since === undefined ? {} : { since }),
    } as const;
  }
}

/** Parameters that nearly every object has. */
export const NAME: Field = { name: "name", type: "string", maxChars: 255 };
export const DESCRIPTION: Field = { name: "description", type: "string", maxChars: 2048 };
/** A name that a create call must have. */
export const REQUIRED_NAME: Field = { ...NAME, required: true };

/** Members that nearly every row has. */
export const NAME_MEMBER = text("Its name.");
export const DESCRIPTION_MEMBER = text("Its description.").optional();
export const STATE_MEMBER = choice("Whether it is in use.", ["Enabled", "Disabled"]);

/** Applies name and description when present, `""` included. */
export function applyNameAndDescription(
  row: { name: string; description: string | undefined },
  { params }: Call,
): void {
  row.name = textOf(params, "name") ?? row.name;
  row.description = textOf(params, "description") ?? row.description;
}
