import type { RobotRow } from "../api/actions";

/**
 * What the lists of a process have shown so far. The answer to a create names no robot, a list may be late, and a service may give the id
 * of a robot that is gone to a new one; so new robots are told from old ones by what was seen before. Which resource stands for a robot is
 * not known here: that is `IdMemory`, which every cloud has.
 */
export class RobotMemory {
  /** When the robots that any list has shown were made, by their id. */
  private readonly madeAt = new Map<string, number | undefined>();
  private readonly deleted = new Map<string, number | undefined>();
  private latest: ReadonlySet<string> = new Set();

  /** Remembers what a list shows. */
  note(rows: readonly RobotRow[]): void {
    for (const row of rows) {
      this.madeAt.set(row.Id, row.GmtCreate ?? this.madeAt.get(row.Id));
    }
    this.latest = new Set(rows.filter((row) => !this.isDeleted(row)).map(({ Id }) => Id));
  }

  /**
   * Tells robots that were there by now from those that come later. `"another of this id"`: its id was seen, but it was made at another
   * moment. `"seen"`: its id was, but not in the latest list, and the list does not say when it was made.
   */
  untilNow(): (row: RobotRow) => "there" | "seen" | "another of this id" | "new" {
    const madeAt = new Map(this.madeAt);
    const { latest } = this;
    return (row) => {
      if (!madeAt.has(row.Id)) {
        return "new";
      }
      const before = madeAt.get(row.Id);
      if (row.GmtCreate != null && before !== undefined) {
        return row.GmtCreate === before ? "there" : "another of this id";
      }
      return latest.has(row.Id) ? "there" : "seen";
    };
  }

  /** Remembers that this process deleted a robot: a list that shows it still is a late one. */
  markDeleted(id: string): void {
    this.deleted.set(id, this.madeAt.get(id));
  }

  /** Whether this process deleted the robot; a new one under its id was made at another moment. */
  isDeleted({ Id, GmtCreate }: RobotRow): boolean {
    const madeAt = this.deleted.get(Id);
    return this.deleted.has(Id) && (GmtCreate == null || madeAt === undefined || GmtCreate === madeAt);
  }
}
