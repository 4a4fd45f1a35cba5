import type { Clock } from "../../frame/clock";
import type { Random } from "../../frame/random";
import { Table } from "../../frame/table";
import { moment, text, word, type Members } from "../../frame/value";

/** Dates of a row, epoch milliseconds on the emulator's clock; `undefined` where the server has none. */
export interface Dated {
  createdMs: number | undefined;
  lastOpMs: number | undefined;
}

/** What a table is found by. `Row` is what its rows have at least, as far as the finder needs to know. */
export interface TableKey<Row extends object> {
  readonly name: string;
  /** Never there: it ties the type of the rows to the key. */
  readonly row?: Row;
}

/** The table of resources: their uuids stand in the one table of all resources (section 8). */
export interface ResourceKey<Row extends object> extends TableKey<Row> {
  /** The database's name of the type, as tags and error texts use it: `SNSTopicVO`. */
  readonly resourceType: string;
}

/** What a store is told of one kind of rows. */
export interface TableSpec<Name extends string, Row extends object> extends TableKey<Row> {
  readonly name: Name;
  /** What one row is called in a sentence. */
  readonly noun: string;
  /** What may be said of a row. */
  readonly members: Members<Row>;
  key(row: Row): string;
  /** The row with everything that was not given. */
  complete(given: Partial<Row>, tools: StoreTools): Row;
  /** Throws InputError when a test says what such a row cannot have; `row` is absent for a new one. */
  refuse?(given: Partial<Row>, row: Row | undefined, store: Store): void;
  /** Runs after a test changed a row. */
  edited?(row: Row, tools: StoreTools): void;
  readonly resourceType?: string;
  /** Members with the uuid of a resource: what hangs on it goes when the resource goes. */
  readonly hangsOn?: readonly string[];
  /** Rows that are there from the start. */
  readonly builtIn?: readonly Partial<Row>[];
}

export type AnyTableSpec = TableSpec<string, object>;

/** A table of resources. */
export type ResourceSpec<Name extends string, Row extends object> = TableSpec<Name, Row> & ResourceKey<Row>;

/** The type of a table's rows. */
export type RowOf<Spec> = Spec extends TableSpec<string, infer Row> ? Row : never;

/** Values of a field of one row: several when a nested name reaches several rows, none when there is no value. */
export type Getter<Row> = (row: Row, store: Store) => readonly unknown[];

/** Fields that the queries of one kind have from another kind, which knows both. */
export interface Join {
  readonly to: TableKey<object>;
  readonly fields: Readonly<Record<string, Getter<never>>>;
}

/** What the rows of a new table are made with. */
export interface StoreTools {
  uuid(): string;
  hex(digits: number): string;
  now(): number;
  /** The account that things belong to unless something else is said. */
  readonly accountUuid: string;
}

/** The members of a row that are its own: dates come with every kind. */
export type Undated<Row> = Omit<Row, keyof Dated>;

interface DatedOptions<Row extends Dated> extends Pick<
  TableSpec<string, Row>,
  "noun" | "refuse" | "edited" | "builtIn"
> {
  readonly members: Members<Undated<Row>>;
  /** Everything that a row has when nothing is said. */
  defaults(tools: StoreTools, given: Partial<Row>): Undated<Row>;
  readonly hangsOn?: readonly (keyof Row & string)[];
}

/** Members that tables have in common. */
export const UUID_MEMBER = text(
  "Its id; a random one by default.",
  /^[0-9a-f]{32}$/,
  "text of 32 hexadecimal digits in lower case",
);
export const ACCOUNT_MEMBER = word("The account that it belongs to; the emulator's by default.");
export const DATED_MEMBERS: Members<Dated> = {
  createdMs: moment("When it was created; now by default.").optional(),
  lastOpMs: moment("When it was changed last; createdMs by default.").optional(),
};

/** A table of rows with dates that are no resources of their own: links, tags. */
export function datedTable<Name extends string, Row extends Dated>(
  name: Name,
  { members, defaults, edited, ...more }: DatedOptions<Row> & Pick<TableSpec<Name, Row>, "key">,
): TableSpec<Name, Row> {
  return {
    ...more,
    name,
    members: { ...members, ...DATED_MEMBERS } as unknown as Members<Row>,
    complete: (given, tools) =>
      ({ ...defaults(tools, given), ...given, ...datesOf(given, tools) }) as unknown as Row,
    edited: (row, tools) => {
      edited?.(row, tools);
      if (row.createdMs !== undefined) {
        row.lastOpMs = tools.now();
      }
    },
  };
}

/** A table of resources, found by their uuid. */
export function resourceTable<Name extends string, Row extends Dated & { uuid: string }>(
  name: Name,
  resourceType: string,
  options: DatedOptions<Row>,
): ResourceSpec<Name, Row> {
  return { ...datedTable<Name, Row>(name, { ...options, key: (row) => row.uuid }), resourceType };
}

/** Dates for a new row: what was given, else now. */
function datesOf(row: Partial<Dated>, tools: StoreTools): Dated {
  const now = tools.now();
  return {
    createdMs: "createdMs" in row ? row.createdMs : now,
    lastOpMs: "lastOpMs" in row ? row.lastOpMs : "createdMs" in row ? row.createdMs : now,
  };
}

/**
 * Everything that a management node knows, one table per kind, without knowing any of them. Tests may look and change at
 * will; removing a resource takes along what the database would cascade to.
 */
export class Store {
  /** Type of every live resource by uuid: one shared table in the real database (section 8). */
  readonly resources = new Map<string, string>();
  /** Uuids of resources that were removed. */
  readonly deletedUuids = new Set<string>();
  private readonly clock: Clock;
  private readonly specs: readonly AnyTableSpec[];
  private readonly joins: readonly Join[];
  private readonly tablesByName = new Map<string, Table<object>>();

  /** @param accountUuid the account that things belong to unless something else is said */
  constructor(
    { specs, joins }: { readonly specs: readonly AnyTableSpec[]; readonly joins: readonly Join[] },
    { clock, random, accountUuid }: { clock: Clock; random: Random; accountUuid: string },
  ) {
    this.clock = clock;
    this.specs = specs;
    this.joins = joins;
    const tools: StoreTools = {
      uuid: () => random.uuid(),
      hex: (digits) => random.hex(digits),
      now: () => clock.now(),
      accountUuid,
    };
    for (const spec of specs) {
      this.tablesByName.set(spec.name, this.table(spec, tools));
    }
    for (const spec of specs) {
      for (const row of spec.builtIn ?? []) {
        this.of(spec).add(row);
      }
    }
  }

  private table(spec: AnyTableSpec, tools: StoreTools): Table<object> {
    const { resourceType } = spec;
    return new Table<object>(spec.noun, spec.key.bind(spec), spec.members, {
      complete: (given) => spec.complete(given, tools),
      refuse: (given, row) => spec.refuse?.(given, row, this),
      edited: (row) => spec.edited?.(row, tools),
      added: (row) => {
        if (resourceType !== undefined) {
          this.resources.set(uuidOf(row), resourceType);
        }
      },
      removed: (row) => {
        if (resourceType !== undefined) {
          this.resourceGone(uuidOf(row));
        }
      },
    });
  }

  /** The table of a kind. */
  of<Row extends object>({ name }: TableKey<Row>): Table<Row> {
    const table = this.tablesByName.get(name);
    if (table === undefined) {
      throw new Error(`no part of this server has the table ${name}`);
    }
    return table as unknown as Table<Row>;
  }

  /** A field that another kind has added to the queries of this one. */
  joined({ name }: TableKey<object>, field: string): Getter<object> | undefined {
    const join = this.joins.find(({ to, fields }) => to.name === name && Object.hasOwn(fields, field));
    return join?.fields[field] as Getter<object> | undefined;
  }

  /** All tables by their name. */
  tables(): Readonly<Record<string, Table<object>>> {
    return Object.fromEntries(this.tablesByName);
  }

  /** Back to the objects of the start. */
  reset(): void {
    this.resources.clear();
    this.deletedUuids.clear();
    for (const table of this.tablesByName.values()) {
      table.restore();
    }
  }

  /** What is there now is what is there from the start, and after every reset. */
  keepAsInitial(): void {
    for (const table of this.tablesByName.values()) {
      table.keepAsInitial();
    }
  }

  /** Notes a change of a row that the cloud itself made: the database touches lastOpDate. */
  touch(row: Dated): void {
    row.lastOpMs = this.clock.now();
  }

  private resourceGone(uuid: string): void {
    this.resources.delete(uuid);
    this.deletedUuids.add(uuid);
    for (const spec of this.specs) {
      const { hangsOn = [] } = spec;
      if (hangsOn.length === 0) {
        continue;
      }
      const table = this.of(spec);
      for (const row of table.rows()) {
        const members = row as Readonly<Record<string, unknown>>;
        if (hangsOn.some((member) => members[member] === uuid)) {
          table.remove(spec.key(row));
        }
      }
    }
  }
}

function uuidOf(row: object): string {
  return (row as { readonly uuid: string }).uuid;
}
