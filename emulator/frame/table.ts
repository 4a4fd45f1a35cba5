/** What a table does besides holding rows. */
export interface TableHooks<Row> {
  /** Fills in what the caller of `add` left out. */
  complete(row: Partial<Row>): Row;
  /** Runs after a row went in. */
  added?(row: Row): void;
  /** Runs after `edit` changed a row. */
  edited?(row: Row): void;
  /** Runs after a row was removed; removes what hangs on it. */
  removed?(row: Row): void;
}

/**
 * One kind of object of a cloud, open to tests: what they do here happens behind the back of every client,
 * without any check and without a trace in the journal.
 */
export class Table<Row extends object> {
  readonly #rows = new Map<string, Row>();
  readonly #hooks: TableHooks<Row>;
  readonly #key: (row: Row) => string;

  constructor(key: (row: Row) => string, hooks: TableHooks<Row>) {
    this.#key = key;
    this.#hooks = hooks;
  }

  /** How many rows there are. */
  get size(): number {
    return this.#rows.size;
  }

  /** Copies of all rows, in order of insertion. */
  list(): Row[] {
    return this.rows().map((row) => ({ ...row }));
  }

  /** A copy of one row, or `undefined`. */
  get(key: string): Row | undefined {
    const row = this.#rows.get(key);
    return row === undefined ? undefined : { ...row };
  }

  /** Puts a row in; members that are left out get sensible values. Throws when the key is taken. */
  add(row: Partial<Row>): Row {
    const complete = this.#hooks.complete(row);
    const key = this.#key(complete);
    if (this.#rows.has(key)) throw new RangeError(`there is a row ${key} already`);
    this.#rows.set(key, complete);
    this.#hooks.added?.(complete);
    return { ...complete };
  }

  /** Changes members of a row; `undefined` removes one. Throws when there is no such row. */
  edit(key: string, changes: Partial<Row>): Row {
    const row = this.#rows.get(key);
    if (row === undefined) throw new RangeError(`there is no row ${key}`);
    Object.assign(row, changes);
    this.#hooks.edited?.(row);
    return { ...row };
  }

  /** Takes a row out, with what hangs on it; false when there was none. */
  remove(key: string): boolean {
    const row = this.#rows.get(key);
    if (row === undefined) return false;
    this.#rows.delete(key);
    this.#hooks.removed?.(row);
    return true;
  }

  /** Takes all rows out without any of the consequences of `remove`. */
  clear(): void {
    this.#rows.clear();
  }

  /** The live rows, for the cloud itself. */
  rows(): Row[] {
    return [...this.#rows.values()];
  }

  /** The live row, for the cloud itself. */
  row(key: string): Row | undefined {
    return this.#rows.get(key);
  }
}
