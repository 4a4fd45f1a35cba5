/**
 * The ids a process has met. A replacement must not find its own predecessor, and one object must not be taken over by
 * two resources. A memory, not a lock: another process has its own.
 */
export class IdMemory {
  private readonly seen = new Set<string>();
  private readonly taken = new Map<string, string | undefined>();

  /** Remembers an id that belongs to a resource of this process's run. */
  markSeen(id: string): void {
    this.seen.add(id);
  }

  /** Whether a diff, read, update or delete of this process had this id. */
  isSeen(id: string): boolean {
    return this.seen.has(id);
  }

  /**
   * Claims an id for one create; false when another resource of this process has it.
   *
   * @param key who claims it
   */
  take(id: string, key?: string): boolean {
    if (this.seen.has(id) || this.taken.has(id)) {
      return false;
    }
    this.taken.set(id, key);
    return true;
  }

  /** Whether a create of this process claimed the id for another resource than this one. */
  isTakenByAnother(id: string, key: string | undefined): boolean {
    return this.taken.has(id) && this.taken.get(id) !== key;
  }
}
