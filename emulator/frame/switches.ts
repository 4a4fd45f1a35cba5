/** One row of a cloud's switch table: a quirk or an unknown of the real service that can be set either way. */
export interface Switch<T> {
  readonly meaning: string;
  /** The values in words or as a closed list. */
  readonly values: string | readonly T[];
  readonly default: T;
  /** Section of the fact sheet that the switch comes from. */
  readonly source: string;
  accepts(value: unknown): boolean;
}

/** The values that belong to a table. */
export type SwitchValues<Table> = {
  -readonly [K in keyof Table]: Table[K] extends Switch<infer T> ? T : never;
};

/** A switch for use in documentation. */
export interface SwitchRow {
  readonly name: string;
  readonly meaning: string;
  readonly values: string;
  readonly default: unknown;
  readonly source: string;
}

/** A yes or no. */
export function flag(meaning: string, initial: boolean, source: string): Switch<boolean> {
  return { meaning, values: [true, false], default: initial, source, accepts: (v) => typeof v === "boolean" };
}

/** One of a closed list. */
export function choice<const T extends string | number>(
  meaning: string,
  values: readonly T[],
  initial: NoInfer<T>,
  source: string,
): Switch<T> {
  return { meaning, values, default: initial, source, accepts: (v) => values.includes(v as T) };
}

/** An integer of at least `min`. */
export function amount(meaning: string, initial: number, source: string, min = 0): Switch<number> {
  return {
    meaning,
    values: `integer of at least ${String(min)}`,
    default: initial,
    source,
    accepts: (v) => Number.isInteger(v) && (v as number) >= min,
  };
}

/** A text that follows a rule. */
export function text(
  meaning: string,
  initial: string,
  source: string,
  rule = /^/,
  values = "text",
): Switch<string> {
  return { meaning, values, default: initial, source, accepts: (v) => typeof v === "string" && rule.test(v) };
}

/** A list of texts. */
export function texts(
  meaning: string,
  initial: readonly string[],
  source: string,
): Switch<readonly string[]> {
  return {
    meaning,
    values: "list of texts",
    default: initial,
    source,
    accepts: (v) => Array.isArray(v) && v.every((item) => typeof item === "string"),
  };
}

/** The switches of one cloud or site. Assigning an unknown name or a value that the table does not know throws. */
export class SwitchBoard<Table extends Readonly<Record<string, { readonly default: unknown }>>> {
  /** Read and assign freely: `board.values.pollsBeforeDone = 3`. */
  readonly values: SwitchValues<Table>;
  readonly #table: Readonly<Record<string, Switch<unknown>>>;
  readonly #initial: Readonly<Record<string, unknown>>;
  readonly #current = new Map<string, unknown>();

  /** @param initial values to start with and to return to on reset. */
  constructor(table: Table, initial: Partial<SwitchValues<Table>> = {}) {
    this.#table = table as unknown as Readonly<Record<string, Switch<unknown>>>;
    this.#initial = withoutUndefined(initial);
    const values = {};
    for (const name of Object.keys(table)) {
      Object.defineProperty(values, name, {
        enumerable: true,
        get: () => this.#current.get(name),
        set: (value: unknown) => this.#set(name, value),
      });
    }
    this.values = Object.preventExtensions(values) as SwitchValues<Table>;
    this.reset();
  }

  /** Sets several at once, or none when one of them is refused. Values of `undefined` are passed over. */
  set(changes: Partial<SwitchValues<Table>>): void {
    const given = Object.entries(withoutUndefined(changes));
    for (const [name, value] of given) this.#check(name, value);
    for (const [name, value] of given) this.#current.set(name, value);
  }

  /** Back to the values at the start. */
  reset(): void {
    for (const [name, row] of Object.entries(this.#table)) this.#current.set(name, row.default);
    this.set(this.#initial as Partial<SwitchValues<Table>>);
  }

  /** The table as rows, for documentation and for the control address. */
  rows(): SwitchRow[] {
    return switchRows(this.#table);
  }

  #set(name: string, value: unknown): void {
    this.#check(name, value);
    this.#current.set(name, value);
  }

  #check(name: string, value: unknown): void {
    const row = this.#table[name];
    if (row === undefined)
      throw new RangeError(`no switch ${name}; known: ${Object.keys(this.#table).join(", ")}`);
    if (!row.accepts(value)) throw new RangeError(`switch ${name} takes ${valuesInWords(row)}`);
  }
}

/** A table as rows, for documentation. */
export function switchRows(table: Readonly<Record<string, Switch<unknown>>>): SwitchRow[] {
  return Object.entries(table).map(([name, row]) => ({
    name,
    meaning: row.meaning,
    values: valuesInWords(row),
    default: row.default,
    source: row.source,
  }));
}

function valuesInWords(row: Switch<unknown>): string {
  return typeof row.values === "string" ? row.values : row.values.map((v) => JSON.stringify(v)).join(" | ");
}

function withoutUndefined(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
