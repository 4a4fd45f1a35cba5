import { partial, InputError, type Members, type Value } from "./value";

/** What a table does besides holding rows. */
export interface TableHooks<Row> {
  /** Fills in what the caller of `add` left out. */
  complete(row: Partial<Row>): Row;
  /** Throws InputError when such a row cannot have what is given; `row` is absent for a new one. */
  refuse?(given: Partial<Row>, row: Row | undefined): void;
  /** Runs after a row went in. */
  added?(row: Row): void;
  /** Runs after `edit` changed a row. */
  edited?(row: Row): void;
  /** Runs after a row was removed; removes what hangs on it. */
  removed?(row: Row): void;
  /** Rows at most; one more, and the oldest is forgotten. */
  readonly maxRows?: number;
}

/**
 * One kind of object of a cloud, open to tests: what they do here happens behind the back of every client,
 * without any check and without a trace in the journal.
 */
export class Table<Row extends object> {
  /** What one row is called in a sentence. */
  readonly noun: string;
  /** The members of a row, all of them free to be left out of `add`. */
  readonly members: Value<Partial<Row>>;
  private readonly rowsByKey = new Map<string, Row>();
  private readonly hooks: TableHooks<Row>;
  private readonly key: (row: Row) => string;
  /** Members that a row cannot be without. */
  private readonly required: ReadonlySet<string>;
  private initial: readonly Row[] = [];

  /**
   * @param noun what one row is called in a sentence: `endpoint`
   * @param key what tells rows apart
   * @param members what may be said of a row; a member that is no member here is refused
   */
  constructor(noun: string, key: (row: Row) => string, members: Members<Row>, hooks: TableHooks<Row>) {
    this.noun = noun;
    this.key = key;
    this.members = partial(`A row: ${noun}.`, members, `member of a row of kind ${noun}`);
    this.required = new Set(
      Object.entries<Value<unknown>>(members).flatMap(([name, member]) => (member.isOptional ? [] : [name])),
    );
    this.hooks = hooks;
  }

  /** How many rows there are. */
  get size(): number {
    return this.rowsByKey.size;
  }

  /** Copies of all rows, in order of insertion. */
  list(): Row[] {
    return this.rows().map((row) => ({ ...row }));
  }

  /** A copy of one row, or `undefined`. */
  get(key: string): Row | undefined {
    const row = this.rowsByKey.get(key);
    return row === undefined ? undefined : { ...row };
  }

  /**
   * Puts a row in; members that are left out get sensible values.
   * @throws InputError for members and values that a row cannot have, and for a key that is taken.
   */
  add(row: Partial<Row>): Row {
    this.members.check(row, `The ${this.noun}`);
    // A member that no row can be without is left out when it is `undefined`.
    const given = Object.entries(row).filter(
      ([name, value]) => value !== undefined || !this.required.has(name),
    );
    this.hooks.refuse?.(Object.fromEntries(given) as Partial<Row>, undefined);
    const complete = this.hooks.complete(Object.fromEntries(given) as Partial<Row>);
    const key = this.key(complete);
    if (this.rowsByKey.has(key)) {
      throw new InputError(`There is a row of kind ${this.noun} with the key ${key} already.`);
    }
    this.rowsByKey.set(key, complete);
    this.hooks.added?.(complete);
    this.forgetOldest();
    return { ...complete };
  }

  /**
   * Changes members of a row; `undefined` takes one away.
   * @throws InputError for members and values that a row cannot have, for another key, and when there is no such row.
   */
  edit(key: string, changes: Partial<Row>): Row {
    this.members.check(changes, `The ${this.noun}`);
    const row = this.rowsByKey.get(key);
    if (row === undefined) {
      throw new InputError(`There is no row of kind ${this.noun} with the key ${key}.`);
    }
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined && this.required.has(name)) {
        throw new InputError(`${name}: cannot be taken away. Leave it out, or give it another value.`);
      }
    }
    if (this.key({ ...row, ...changes }) !== key) {
      throw new InputError(`The key ${key} is for ever. Remove the row, and add one with the other key.`);
    }
    this.hooks.refuse?.(changes, row);
    Object.assign(row, changes);
    this.hooks.edited?.(row);
    return { ...row };
  }

  /** Takes a row out, with what hangs on it; false when there was none. */
  remove(key: string): boolean {
    const row = this.rowsByKey.get(key);
    if (row === undefined) {
      return false;
    }
    this.rowsByKey.delete(key);
    this.hooks.removed?.(row);
    return true;
  }

  /** Takes all rows out without any of the consequences of `remove`. */
  clear(): void {
    this.rowsByKey.clear();
  }

  /** The rows of now are those of the start, from here on. */
  keepAsInitial(): void {
    this.initial = structuredClone(this.rows());
  }

  /** Back to the rows of the start, the very same, without any of the consequences of `remove`. */
  restore(): void {
    this.clear();
    for (const row of structuredClone(this.initial)) {
      this.rowsByKey.set(this.key(row), row);
      this.hooks.added?.(row);
    }
  }

  private forgetOldest(): void {
    const { maxRows = Infinity } = this.hooks;
    for (const key of this.rowsByKey.keys()) {
      if (this.rowsByKey.size <= maxRows) {
        return;
      }
      this.rowsByKey.delete(key);
    }
  }

  /** The live rows, for the cloud itself. */
  rows(): Row[] {
    return [...this.rowsByKey.values()];
  }

  /** The live row, for the cloud itself. */
  row(key: string): Row | undefined {
    return this.rowsByKey.get(key);
  }
}
