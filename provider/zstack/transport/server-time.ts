/**
 * The management node's wall clock. Access keys are signed over a date whose digits the server compares, by default,
 * with its own local time and without looking at the zone, so a client must know that zone.
 */

const MS_PER_MINUTE = 60_000;
const MINUTES_PER_HOUR = 60;
const OFFSET_PATTERN = /^(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})?$/;
const MAX_OFFSET_HOURS = 18;

/** Whether `zone` is an IANA time zone such as `Asia/Shanghai`, or an offset such as `+08:00`. */
export function isTimeZone(zone: string): boolean {
  if (parseOffsetMinutes(zone) !== undefined) {
    return true;
  }
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** How many minutes `zone` is ahead of UTC at an instant. */
export function offsetMinutesAt(zone: string, epochMs: number): number {
  const fixed = parseOffsetMinutes(zone);
  if (fixed !== undefined) {
    return fixed;
  }
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    timeZoneName: "longOffset",
  }).formatToParts(epochMs);
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  return name === "GMT" ? 0 : (parseOffsetMinutes(name) ?? 0);
}

/**
 * The `Date` header of a signed request: `Mon, 25 Dec 2023 14:05:12 +08:00`, English, in the given offset.
 *
 * The offset is written out because zone abbreviations are ambiguous where the server does check the zone (`CST`), and
 * `GMT` stands for a zero offset; both are forms that every server version parses (fact sheet 2.4 and 12.4).
 */
export function formatDateHeader(epochMs: number, offsetMinutes: number): string {
  const shifted = new Date(epochMs + offsetMinutes * MS_PER_MINUTE).toUTCString();
  return shifted.replace(/GMT$/, formatOffset(offsetMinutes));
}

function formatOffset(offsetMinutes: number): string {
  if (offsetMinutes === 0) {
    return "GMT";
  }
  const size = Math.abs(offsetMinutes);
  const hours = String(Math.floor(size / MINUTES_PER_HOUR)).padStart(2, "0");
  const minutes = String(size % MINUTES_PER_HOUR).padStart(2, "0");
  return `${offsetMinutes < 0 ? "-" : "+"}${hours}:${minutes}`;
}

function parseOffsetMinutes(zone: string): number | undefined {
  if (/^(?:GMT|UTC|Z)$/i.test(zone)) {
    return 0;
  }
  const match = OFFSET_PATTERN.exec(zone);
  const hours = Number(match?.[2]);
  const minutes = Number(match?.[3] ?? "0");
  if (match === null || hours > MAX_OFFSET_HOURS || minutes >= MINUTES_PER_HOUR) {
    return undefined;
  }
  return (match[1] === "-" ? -1 : 1) * (hours * MINUTES_PER_HOUR + minutes);
}
