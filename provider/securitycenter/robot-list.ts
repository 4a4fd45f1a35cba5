import { describeDingTalk, type RobotPage, type RobotRow } from "./api";
import type { SecurityCenterClient } from "./client";
import { mayBeBadInput } from "./failures";

/** All robots of an account, as far as paging can tell. */
export interface RobotScan {
  readonly rows: readonly RobotRow[];
  /** Whether the pages agreed with each other; only then does a missing robot mean anything. */
  readonly isClean: boolean;
}

/** The documentation names no maximum; 50 should be safe everywhere (sheet 4.2), and a lower answer is followed. */
const PAGE_SIZE = 50;
/** What the service takes by itself, so it cannot refuse it. */
const DOCUMENTED_PAGE_SIZE = 20;
const MAX_PAGES = 400;
/** How often a list that changed while it was read is read again. */
const MAX_SCANS = 4;

/** Reads the list of robots, all pages of it, and again while rows move between them. */
export class RobotList {
  private pageSize = PAGE_SIZE;

  constructor(private readonly client: SecurityCenterClient) {}

  async scan(): Promise<RobotScan> {
    const found = new Map<string, RobotRow>();
    for (let scan = 1; ; scan++) {
      const once = await this.scanOnce();
      for (const row of once.rows) {
        found.set(row.Id, row);
      }
      if (once.isClean || scan === MAX_SCANS) {
        // A clean scan is the truth; without one, whatever was seen in any of them.
        return once.isClean ? once : { rows: [...found.values()], isClean: false };
      }
    }
  }

  private async scanOnce(): Promise<RobotScan> {
    const rows = new Map<string, RobotRow>();
    let total: number | undefined;
    let isSteady = true;
    for (let currentPage = 1; currentPage <= MAX_PAGES; currentPage++) {
      const page = currentPage === 1 ? await this.firstPage() : await this.page(currentPage);
      isSteady &&= total === undefined || total === page.totalCount;
      total = page.totalCount;
      for (const row of page.rows) {
        rows.set(row.Id, row);
      }
      // Trust what the server says of its pages: it may serve fewer rows than were asked for.
      const pageSize = page.pageSize > 0 ? page.pageSize : page.rows.length;
      if (page.rows.length === 0 || currentPage * pageSize >= page.totalCount) {
        return { rows: [...rows.values()], isClean: isSteady && rows.size === page.totalCount };
      }
    }
    return { rows: [...rows.values()], isClean: false };
  }

  private async firstPage(): Promise<RobotPage> {
    try {
      return await this.page(1);
    } catch (error) {
      if (this.pageSize === DOCUMENTED_PAGE_SIZE || !mayBeBadInput(error)) {
        throw error;
      }
    }
    // Perhaps the page was too large for the service.
    const page = await describeDingTalk(this.client, { currentPage: 1, pageSize: DOCUMENTED_PAGE_SIZE });
    this.pageSize = DOCUMENTED_PAGE_SIZE;
    return page;
  }

  private page(currentPage: number): Promise<RobotPage> {
    return describeDingTalk(this.client, { currentPage, pageSize: this.pageSize });
  }
}
