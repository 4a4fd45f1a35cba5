import { fail } from "./errors";
import type { SecurityCenterSwitches } from "./switches";

/** Value of `Version` when an account has several editions (section 4.6). */
const SEVERAL = 8;
/** Enterprise and Ultimate (section 9). */
const EDITIONS_WITH_ROBOTS: ReadonlySet<number> = new Set([3, 7]);

/** The highest edition of the account. */
export function effectiveEdition({ edition, highestEdition }: SecurityCenterSwitches): number {
  return edition === SEVERAL ? highestEdition : edition;
}

/** Refuses what the account's edition does not have. */
export function requireEdition(switches: SecurityCenterSwitches): void {
  if (EDITIONS_WITH_ROBOTS.has(effectiveEdition(switches))) {
    return;
  }
  // UNVERIFIED: code and status for the DingTalk operations.
  const code = switches.editionTooLowCode;
  fail(
    code === "NoPermission" ? 403 : 400,
    code,
    "The edition of Security Center that you use does not support this operation.",
  );
}
