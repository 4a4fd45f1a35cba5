import * as value from "./value";

/** One row of a cloud's switch table: a quirk or an unknown of the real service that can be set either way. */
export interface Switch<T> {
  readonly meaning: string;
  /** The values in words or as a closed list. */
  readonly values: string | readonly T[];
  readonly default: T;
  /** Section of the fact sheet that the switch comes from. */
  readonly source: string;
  /** What it takes. */
  readonly value: value.Value<T>;
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
  return made(value.flag(meaning), [true, false], initial, source);
}

/** One of a closed list. */
export function choice<const T extends string | number>(
  meaning: string,
  values: readonly T[],
  initial: NoInfer<T>,
  source: string,
): Switch<T> {
  return made(value.choice(meaning, values), values, initial, source);
}

/** An integer of at least `min`. */
export function amount(meaning: string, initial: number, source: string, min = 0): Switch<number> {
  const taken = value.integer(meaning, min);
  return made(taken, taken.words, initial, source);
}

/** A text that follows a rule. */
export function text(
  meaning: string,
  initial: string,
  source: string,
  rule: RegExp | ((given: string) => boolean) = /^/,
  values = "text",
): Switch<string> {
  const isFine = typeof rule === "function" ? rule : (given: string) => rule.test(given);
  const taken = value.other<string>(meaning, values, (given) => typeof given === "string" && isFine(given));
  return made(taken, values, initial, source);
}

/** A list of names of a closed list that is too long to be repeated, or `*` for all of them. */
export function names(
  meaning: string,
  known: readonly string[],
  initial: readonly string[],
  source: string,
  words: string,
): Switch<readonly string[]> {
  return made(
    value.list(meaning, value.nameOf(meaning, words, ["*", ...known])),
    `list of: ${words}, "*"`,
    initial,
    source,
  );
}

function made<T>(taken: value.Value<T>, values: Switch<T>["values"], initial: T, source: string): Switch<T> {
  return { meaning: taken.meaning, values, default: initial, source, value: taken };
}

/** The switches of one cloud or site. Assigning an unknown name or a value that the table does not know throws. */
export class SwitchBoard<Table extends Readonly<Record<string, { readonly default: unknown }>>> {
  /** Read and assign freely: `board.values.pollsBeforeDone = 3`. */
  readonly values: SwitchValues<Table>;
  private readonly table: Readonly<Record<string, Switch<unknown>>>;
  private readonly taken: value.Value<object>;
  private readonly initial: object;
  private readonly current: Record<string, unknown> = {};

  /** @param initial values to start with and to return to on reset. */
  constructor(table: Table, initial: Partial<SwitchValues<Table>> = {}) {
    this.table = table as unknown as Readonly<Record<string, Switch<unknown>>>;
    this.taken = value.partial("The switches.", switchMembers(this.table), "switch");
    this.initial = initial;
    this.values = new Proxy(this.current, {
      set: (_target, name, given: unknown) => {
        // Setting nothing is no way to pass over a switch.
        this.set({ [name]: given === undefined ? null : given } as Partial<SwitchValues<Table>>);
        return true;
      },
      deleteProperty: () => false,
    }) as SwitchValues<Table>;
    this.reset();
  }

  /** Sets several at once, or none when one of them is refused. Values of `undefined` are passed over. */
  set(changes: Partial<SwitchValues<Table>>): void {
    Object.assign(this.current, withoutUndefined(this.taken.check(changes, "The switches")));
  }

  /** Back to the values at the start. */
  reset(): void {
    for (const [name, row] of Object.entries(this.table)) {
      this.current[name] = row.default;
    }
    this.set(this.initial);
  }

  /** The table as rows, for documentation and for the control address. */
  rows(): SwitchRow[] {
    return switchRows(this.table);
  }
}

/** What each switch of a table takes, for the options that an emulator starts with. */
export function switchMembers<Table>(table: Table): value.Members<SwitchValues<Table>> {
  const rows = Object.entries(table as Readonly<Record<string, Switch<unknown>>>);
  return Object.fromEntries(rows.map(([name, row]) => [name, row.value])) as value.Members<
    SwitchValues<Table>
  >;
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
