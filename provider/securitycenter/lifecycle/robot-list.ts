import { describeDingTalk, type RobotPage, type RobotRow } from "../api/actions";
import type { SecurityCenterClient } from "../transport/client";
import { mayBeBadInput } from "../transport/failures";

/** All robots of an account, as far as paging can tell. */
export interface RobotScan {
  readonly rows: readonly RobotRow[];
  /** Whether the pages agreed with each other; only then does a missing robot mean anything. */
  readonly isClean: boolean;
}

/**
 * The documentation names no maximum; most operations of this product take 100, and what is served instead is followed (sheet 4.2). The
 * last is what the service takes by itself, so it cannot refuse it.
 */
const PAGE_SIZES = [100, 50, 20] as const;
const MAX_PAGES = 400;
/** How often a list that changed while it was read is read again. */
const MAX_SCANS = 4;

/** Reads the list of robots, all pages of it, and again while rows move between them. */
export class RobotList {
  private pageSize: number = PAGE_SIZES[0];

  constructor(private readonly client: SecurityCenterClient) {}

  /** @param begins told when the first page is asked for */
  async scan(begins: () => void): Promise<RobotScan> {
    const found = new Map<string, RobotRow>();
    for (let scan = 1; ; scan++) {
      const once = await this.scanWhole(begins);
      for (const row of once.rows) {
        found.set(row.Id, row);
      }
      if (once.isClean || scan === MAX_SCANS) {
        // A clean scan is the truth; without one, whatever was seen in any of them.
        return once.isClean ? once : { rows: [...found.values()], isClean: false };
      }
    }
  }

  /**
   * One scan; and another one in pages of the size that is really served, where the service serves fewer rows than it says: the rows
   * between its pages may be out of reach otherwise.
   */
  private async scanWhole(begins: () => void): Promise<RobotScan> {
    const once = await this.scanOnce(begins);
    if (once.servedRows === undefined || once.servedRows === 0 || once.servedRows >= this.pageSize) {
      return once;
    }
    const before = this.pageSize;
    this.pageSize = once.servedRows;
    const again = await this.scanOnce(begins);
    if (again.isClean) {
      return again;
    }
    // It was something else.
    this.pageSize = before;
    return { rows: [...once.rows, ...again.rows], isClean: false };
  }

  /** All pages until one comes short; `servedRows` then says how many rows a page really has at most. */
  private async scanOnce(begins: () => void): Promise<RobotScan & { readonly servedRows?: number }> {
    const rows = new Map<string, RobotRow>();
    let total: number | undefined;
    let isSteady = true;
    let mostRows = 0;
    for (let currentPage = 1; currentPage <= MAX_PAGES; currentPage++) {
      const page = currentPage === 1 ? await this.firstPage(begins) : await this.page(currentPage);
      isSteady &&= total === undefined || total === page.totalCount;
      total = page.totalCount;
      mostRows = Math.max(mostRows, page.rows.length);
      for (const row of page.rows) {
        rows.set(row.Id, row);
      }
      // What the service says of the size of its pages is true only if they have so many rows.
      const pageSize = page.pageSize > 0 ? page.pageSize : page.rows.length;
      const rowsLeft = page.totalCount - (currentPage - 1) * pageSize;
      const isShort = page.rows.length < Math.min(pageSize, rowsLeft);
      if (isShort || page.rows.length === 0 || rowsLeft <= pageSize) {
        const isClean = isSteady && rows.size === page.totalCount;
        return {
          rows: [...rows.values()],
          isClean,
          ...(isShort && !isClean ? { servedRows: mostRows } : {}),
        };
      }
    }
    return { rows: [...rows.values()], isClean: false };
  }

  private async firstPage(begins: () => void, pageSize = this.pageSize): Promise<RobotPage> {
    try {
      const page = await describeDingTalk(this.client, { currentPage: 1, pageSize }, { onSend: begins });
      this.pageSize = pageSize;
      return page;
    } catch (error) {
      // Perhaps the page was too large for the service.
      const smaller = PAGE_SIZES.find((size) => size < pageSize);
      if (smaller === undefined || !mayBeBadInput(error)) {
        throw error;
      }
      return this.firstPage(begins, smaller);
    }
  }

  private page(currentPage: number): Promise<RobotPage> {
    return describeDingTalk(this.client, { currentPage, pageSize: this.pageSize });
  }
}
