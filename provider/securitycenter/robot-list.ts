import { describeDingTalk, type RobotRow } from "./api";
import type { SecurityCenterClient } from "./client";

/** All robots of an account, as far as paging can tell. */
export interface RobotScan {
  readonly rows: readonly RobotRow[];
  /** Whether the pages agreed with each other; only then does a missing robot mean anything. */
  readonly isClean: boolean;
}

/** The documentation names no maximum; 50 is safe everywhere (sheet 4.2), and a lower answer is followed. */
const PAGE_SIZE = 50;
const MAX_PAGES = 400;
/** How often a list that changed while it was read is read again. */
const MAX_SCANS = 4;

/** Reads all pages, and again while rows move between them. */
export async function scanRobots(client: SecurityCenterClient): Promise<RobotScan> {
  const found = new Map<string, RobotRow>();
  for (let scan = 1; ; scan++) {
    const once = await scanOnce(client);
    for (const row of once.rows) {
      found.set(row.Id, row);
    }
    if (once.isClean || scan === MAX_SCANS) {
      // A clean scan is the truth; without one, whatever was seen in any of them.
      return once.isClean ? once : { rows: [...found.values()], isClean: false };
    }
  }
}

async function scanOnce(client: SecurityCenterClient): Promise<RobotScan> {
  const rows = new Map<string, RobotRow>();
  let total: number | undefined;
  let isSteady = true;
  for (let currentPage = 1; currentPage <= MAX_PAGES; currentPage++) {
    const page = await describeDingTalk(client, { currentPage, pageSize: PAGE_SIZE });
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
