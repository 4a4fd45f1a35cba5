import type { Caller, Context } from "./context";
import type { Inventory } from "./inventory";
import type { QueryTarget } from "./query";
import type { Dated, Getter, TableKey } from "./store";

/** Builds what a query runs over: fields with the names of members, the dates, and any others. */
export function queryTarget<Row extends Dated>(options: {
  readonly table: TableKey<Row>;
  /** Which rows are found at all; all of them unless said otherwise. */
  isSeen?(row: Row, caller: Caller, context: Context): boolean;
  /** Members of the row that conditions may name. */
  readonly members: readonly (keyof Row & string)[];
  /** Other names. */
  readonly more?: Readonly<Record<string, Getter<Row>>>;
  readonly primitives?: Readonly<Record<string, unknown>>;
  /** What tells rows apart, and orders them. */
  key(row: Row): string;
  render(row: Row, context: Context): Inventory;
}): QueryTarget {
  const { table, isSeen, key, render } = options;
  const fields = new Map<string, Getter<Row>>(Object.entries(options.more ?? {}));
  for (const name of options.members) {
    fields.set(name, (row) => present(row[name]));
  }
  fields.set("createDate", (row) => present(row.createdMs));
  fields.set("lastOpDate", (row) => present(row.lastOpMs));
  return {
    rows: (context, caller) => {
      const rows = context.store.of(table).rows();
      return isSeen === undefined ? rows : rows.filter((row) => isSeen(row, caller, context));
    },
    field: (name, store) => (fields.get(name) as Getter<object> | undefined) ?? store.joined(table, name),
    primitives: options.primitives ?? {},
    key,
    render,
  };
}

/** A value as a field has it: none where there is nothing. */
export function present(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value];
}

/** Whether an object belongs to the caller, or the caller is the admin (section 7, visibility). */
export function isOwn({ accountUuid }: { readonly accountUuid: string }, caller: Caller): boolean {
  return caller.admin || accountUuid === caller.accountUuid;
}
