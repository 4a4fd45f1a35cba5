const SECONDS_PER_UNIT: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
};

/** A duration as Pulumi's `customTimeouts` take it (`1h30m`, `90s`), in seconds; `undefined` when it is none. */
export function durationSeconds(duration: string): number | undefined {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join("") !== duration.trim()) {
    // The engine refuses it with a message of its own.
    return undefined;
  }
  return parts.reduce(
    (sum, [, number, unit]) => sum + Number(number) * (SECONDS_PER_UNIT[unit ?? ""] ?? 0),
    0,
  );
}
