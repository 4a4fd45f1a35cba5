import type { ZStackSwitches } from "../switches";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** The digits a clock on the wall shows. */
export interface WallClock {
  readonly year: number;
  /** 1 … 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clock on the wall of a zone shows at an instant. */
export function wallClock(ms: number, timezone: string): WallClock {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: timezone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(timezone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(ms).map((part) => [part.type, Number(part.value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

/** Wall-clock digits as if they were UTC, in milliseconds: for comparing digits. */
export function digitsMs(wall: WallClock): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
}

/** Offset of a zone from UTC at an instant, in minutes. */
export function offsetMinutes(ms: number, timezone: string): number {
  const whole = Math.floor(ms / 1000) * 1000;
  return Math.round((digitsMs(wallClock(whole, timezone)) - whole) / 60_000);
}

/** `+08:00` */
export function offsetText(minutes: number): string {
  const pad = (n: number): string => String(n).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** A date as answers carry it (section 9): US English in the node's zone, second precision, no zone; or epoch ms. */
export function renderDate(
  ms: number,
  switches: Pick<ZStackSwitches, "dateFormat" | "timezone">,
): string | number {
  if (switches.dateFormat === "epoch") {
    return Math.floor(ms / 1000) * 1000;
  }
  const { year, month, day, hour, minute, second } = wallClock(ms, switches.timezone);
  const pad = (n: number): string => String(n).padStart(2, "0");
  const time = `${String(hour % 12 === 0 ? 12 : hour % 12)}:${pad(minute)}:${pad(second)}`;
  const date = `${MONTHS[month - 1] ?? ""} ${String(day)}, ${String(year)}`;
  const comma = switches.dateFormat === "java8" ? "" : ",";
  const space = switches.dateFormat === "java20" ? "\u202f" : " ";
  return `${date}${comma} ${time}${space}${hour < 12 ? "AM" : "PM"}`;
}
