import type { Caller, Context } from "./context";
import { folded, like } from "./collation";
import { internal, textFailure } from "./errors";
import type { Inventory } from "./inventory";
import { equalsIgnoreCase, javaTrim, parseInt32 } from "./java";
import { parseCondition, type Condition } from "./condition";
import type { Getter, Store } from "./store";

/** What a query runs over. */
export interface QueryTarget {
  /** All rows that the caller may see (section 7, visibility). */
  rows(context: Context, caller: Caller): readonly object[];
  /** The value of each field that conditions and sort may name. */
  field(name: string, store: Store): Getter<object> | undefined;
  /** Members that are primitives in the server's class: shown with their default when not selected. */
  readonly primitives: Readonly<Record<string, unknown>>;
  render(row: object, context: Context): Inventory;
  /** The key that orders rows when no sort is given. */
  key(row: object): string;
}

/** The parameters of a query, parsed by the REST layer. */
export interface QueryParams {
  readonly conditions: readonly Condition[];
  readonly limit: number;
  readonly start: number;
  readonly sort: { readonly field: string; readonly descending: boolean } | undefined;
  readonly fields: readonly string[] | undefined;
  readonly count: boolean;
  readonly replyWithCount: boolean;
}

/** Rows in an answer when no limit is given (section 7). */
const DEFAULT_LIMIT = 1000;

/** Reads the query string; bad numbers and conditions without an operator are 400 text (section 7). */
export function parseQuery(query: URLSearchParams, uuid: string | undefined): QueryParams {
  const plain = {
    limit: DEFAULT_LIMIT,
    start: 0,
    sort: undefined,
    fields: undefined,
    count: false,
    replyWithCount: false,
  };
  // A uuid in the path makes the server ignore everything else.
  if (uuid !== undefined) {
    return { ...plain, conditions: [{ field: "uuid", operator: "=", value: uuid }] };
  }
  const sort = javaTrim(query.get("sort") ?? "");
  return {
    conditions: [...new Set(query.getAll("q"))].map(parseCondition),
    limit: integer(query, "limit", DEFAULT_LIMIT),
    start: integer(query, "start", 0),
    sort: sort === "" ? undefined : { field: sort.replace(/^[+-]/, ""), descending: sort.startsWith("-") },
    fields: query.get("fields")?.split(",").map(javaTrim),
    count: equalsIgnoreCase(query.get("count") ?? "", "true"),
    replyWithCount: equalsIgnoreCase(query.get("replyWithCount") ?? "", "true"),
  };
}

function integer(query: URLSearchParams, name: string, initial: number): number {
  const text = query.get(name);
  if (text === null) {
    return initial;
  }
  return parseInt32(text) ?? textFailure(400, `Invalid value for ${name}: ${text}`);
}

/** Runs a query (section 7). The caller adds `schema`. */
export function runQuery(
  target: QueryTarget,
  params: QueryParams,
  context: Context,
  caller: Caller,
): Inventory {
  const { store } = context;
  const tests = params.conditions.map((condition) => test(target, condition, store));
  const visible = context.switches.readsLookEmpty ? [] : target.rows(context, caller);
  const found = visible.filter((row) => tests.every((matches) => matches(row)));
  if (params.count) {
    return { total: found.length };
  }
  const sorted = inOrder(target, found, params, context);
  const { maxPageRows, replyWithCount } = context.switches;
  const limit = Math.min(Math.max(params.limit, 0), maxPageRows === 0 ? Infinity : maxPageRows);
  const page = sorted.slice(params.start, params.start + limit);
  const shown = page.map((row) => select(target, target.render(row, context), params.fields, store));
  return { inventories: shown, total: params.replyWithCount && replyWithCount ? found.length : undefined };
}

/** The values of a field of a row. */
function getter(target: QueryTarget, name: string, store: Store): (row: object) => readonly unknown[] {
  const found = target.field(name, store);
  if (found !== undefined) {
    return (row) => found(row, store);
  }
  return internal(`no field ${name} in the inventory that is queried`);
}

type Test = (row: object) => boolean;

function test(target: QueryTarget, { field, operator, value }: Condition, store: Store): Test {
  const get = getter(target, field, store);
  if (value.includes("'")) {
    internal(`cannot parse the query: unexpected quote in the value of ${field}`);
  }
  const some =
    (matches: (found: unknown) => boolean): Test =>
    (row) =>
      get(row).some(matches);
  switch (operator) {
    case "=":
      return some((found) => folded(found) === folded(value));
    case "!=":
      return some((found) => folded(found) !== folded(value));
    case ">":
      return some((found) => compare(found, value) > 0);
    case ">=":
      return some((found) => compare(found, value) >= 0);
    case "<":
      return some((found) => compare(found, value) < 0);
    case "<=":
      return some((found) => compare(found, value) <= 0);
    case "?=": {
      const wanted = new Set(value.split(",").map(folded));
      return some((found) => wanted.has(folded(found)));
    }
    case "!?=": {
      const unwanted = new Set(value.split(",").map(folded));
      return (row) => !get(row).some((found) => unwanted.has(folded(found)));
    }
    case "~=": {
      const pattern = like(value);
      return some(pattern);
    }
    case "!~=": {
      const pattern = like(value);
      return (row) => !get(row).some(pattern);
    }
    case "is null":
      return (row) => get(row).length === 0;
    case "not null":
      return (row) => get(row).length > 0;
  }
}

function compare(found: unknown, value: string): number {
  if (typeof found === "number" && /^[+-]?\d+(\.\d+)?$/.test(value)) {
    return found - Number(value);
  }
  const left = folded(found);
  const right = folded(value);
  return left < right ? -1 : left > right ? 1 : 0;
}

function inOrder(target: QueryTarget, rows: object[], { sort }: QueryParams, context: Context): object[] {
  if (sort !== undefined) {
    const get = getter(target, sort.field, context.store);
    const sign = sort.descending ? -1 : 1;
    const value = (row: object): string | number => {
      const [first] = get(row);
      return typeof first === "number" ? first : folded(first ?? "");
    };
    return [...rows].sort((a, b) => {
      const left = value(a);
      const right = value(b);
      return left === right ? 0 : left < right ? -sign : sign;
    });
  }
  switch (context.switches.queryOrder) {
    case "insertion":
      return rows;
    case "shuffled":
      return context.random.shuffle(rows);
    case "uuid":
      return [...rows].sort((a, b) => (target.key(a) < target.key(b) ? -1 : 1));
  }
}

/** Keeps the selected members; primitives that were not selected show their default (section 7). */
function select(
  target: QueryTarget,
  inventory: Inventory,
  fields: readonly string[] | undefined,
  store: Store,
): Inventory {
  if (fields === undefined) {
    return inventory;
  }
  for (const name of fields) {
    getter(target, name, store);
  }
  for (const name of Object.keys(inventory)) {
    if (fields.includes(name)) {
      continue;
    }
    inventory[name] = name in target.primitives ? target.primitives[name] : undefined;
  }
  return inventory;
}
