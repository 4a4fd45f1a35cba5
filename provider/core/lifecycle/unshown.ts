/**
 * The properties of one object that its service does not show at all. Learnt when one was written with success and is not there when the
 * object is read back; kept in the state, so that a later read does not take it for removed. Forgotten as soon as it is shown again.
 */
export class Unshown {
  private readonly names: Set<string>;

  /** @param recorded what was learnt so far */
  constructor(recorded: readonly string[] = []) {
    this.names = new Set(recorded);
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  learn(name: string): void {
    this.names.add(name);
  }

  forget(name: string): void {
    this.names.delete(name);
  }

  /** In a fixed order; `undefined` when everything is shown. */
  get recorded(): string[] | undefined {
    return this.names.size === 0 ? undefined : [...this.names].sort();
  }
}
