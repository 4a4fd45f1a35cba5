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
