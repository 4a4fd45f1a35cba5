/** Compares dotted version numbers: negative, zero or positive. Missing parts count as 0. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

/** True when a server of this version has what appeared in `since` (section 0.1). */
export function has(serverVersion: string, since: string | undefined): boolean {
  return since === undefined || compareVersions(serverVersion, since) >= 0;
}

/** First versions of what a client may miss (section 0.1). */
export const SINCE = {
  topicLocale: "4.6.21",
  tagUuids: "3.4.0",
  nestedPlatform: "4.7.21",
  /** secret, person remarks and dates, DingTalk update, person update and query, test connection, WeCom. */
  robots: "5.0.0",
  /** connectionStatus, and platformUuid in both updates. */
  connectionStatus: "5.1.8",
  hideEvent: "5.2.0",
  rateLimit: "5.3.20",
} as const;
