import type { Robot } from "./entities";

interface Stale {
  readonly rows: readonly Robot[];
  readonly untilMs: number;
  calls: number;
}

/** Shows lists as they were before recent changes, for a while or for a number of calls (switches listLag…). */
export class ListLag {
  private stale: Stale[] = [];

  /** Keeps what the list shows, before a change; a change without lag keeps nothing. */
  remember(
    rows: readonly Robot[],
    nowMs: number,
    lag: { readonly ms: number; readonly calls: number },
  ): void {
    if (lag.ms === 0 && lag.calls === 0) {
      return;
    }
    this.stale.push({ rows: rows.map((row) => ({ ...row })), untilMs: nowMs + lag.ms, calls: lag.calls });
  }

  /** What one list call sees. */
  view(live: readonly Robot[], nowMs: number): readonly Robot[] {
    this.stale = this.stale.filter((entry) => entry.untilMs > nowMs || entry.calls > 0);
    const seen = this.stale[0]?.rows ?? live;
    for (const entry of this.stale) {
      entry.calls -= 1;
    }
    return seen;
  }

  /** Forgets all. */
  clear(): void {
    this.stale = [];
  }
}
