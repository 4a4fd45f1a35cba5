/** Who a resource is; absent for one that was put into the stack without the package's own marks. */
type Key = string | undefined;

/** A resource that was met standing for an object. */
interface Holder {
  readonly keys: Set<Key>;
  /** Whether the program declares it; else it is only known to be in the stack. */
  inProgram: boolean;
}

/**
 * The objects a process has met, and which resources stand for them. A replacement must not find its own predecessor, two resources must
 * not manage one object, and an object must not be deleted with one resource while another stands for it: so is it after a rename without
 * an alias, when the new name has taken the object over and the old one is still in the stack. A memory, not a lock: another process has
 * its own, and fills it before the first delete, because the program's resources are compared before what is no longer in it is deleted.
 */
export class IdMemory {
  private readonly seen = new Set<string>();
  private readonly holders = new Map<string, Holder[]>();
  private metProgram = false;

  /** Whether this process has met any resource that the program declares. */
  get hasMetProgram(): boolean {
    return this.metProgram;
  }

  /** Remembers that a resource of the stack stands for an object, whether or not the program still declares it. */
  meet(id: string, key: Key): void {
    this.seen.add(id);
    if (!this.holdersOf(id).some(({ keys }) => keys.has(key))) {
      this.holdersOf(id).push({ keys: new Set([key]), inProgram: false });
    }
  }

  /**
   * Remembers that a resource of the program stands for an object.
   *
   * @param keys who the resource is, and who it was when its state was written
   */
  hold(id: string, ...keys: readonly Key[]): void {
    this.metProgram = true;
    this.seen.add(id);
    const known = this.holdersOf(id).find((holder) => keys.some((key) => holder.keys.has(key)));
    const holder = known ?? { keys: new Set(), inProgram: true };
    keys.forEach((key) => holder.keys.add(key));
    holder.inProgram = true;
    if (known === undefined) {
      this.holdersOf(id).push(holder);
    }
  }

  /** Whether this process has met the id, in whatever operation. */
  isSeen(id: string): boolean {
    return this.seen.has(id);
  }

  /** Whether another resource of the program stands for the object. */
  isHeldByAnother(id: string, key: Key): boolean {
    return this.holdersOf(id).some(({ keys, inProgram }) => inProgram && !keys.has(key));
  }

  /**
   * Claims an object for one create; false when another resource of the program stands for it. One that is only in the stack does not
   * count: it may be the same resource under its old name.
   */
  take(id: string, key: Key): boolean {
    if (this.isHeldByAnother(id, key)) {
      return false;
    }
    this.hold(id, key);
    return true;
  }

  /**
   * Forgets that a resource stands for an object, because it is being deleted.
   *
   * @returns whether the object may be deleted: no other resource, in the program or in the stack, stands for it
   */
  release(id: string, key: Key): boolean {
    this.seen.add(id);
    const others = this.holdersOf(id).filter(({ keys }) => !keys.has(key));
    this.holders.set(id, others);
    return others.length === 0;
  }

  private holdersOf(id: string): Holder[] {
    const known = this.holders.get(id) ?? [];
    this.holders.set(id, known);
    return known;
  }
}
