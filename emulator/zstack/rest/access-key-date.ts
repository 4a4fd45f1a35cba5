import { digitsMs, offsetMinutes, wallClock } from "./dates";
import type { ZStackSwitches } from "../switches";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FORMAT = /^([a-z]{3}), (\d{2}) ([a-z]{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) (\S+)$/;

/** Zone abbreviations that the server's parser knows, with the zone it takes them for (12.4: CST may mean Chicago). */
const ABBREVIATIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    gmt: "UTC",
    utc: "UTC",
    ut: "UTC",
    z: "UTC",
    cst: "America/Chicago",
    cdt: "America/Chicago",
    est: "America/New_York",
    edt: "America/New_York",
    mst: "America/Denver",
    mdt: "America/Denver",
    pst: "America/Los_Angeles",
    pdt: "America/Los_Angeles",
    jst: "Asia/Tokyo",
    kst: "Asia/Seoul",
    hkt: "Asia/Hong_Kong",
    sgt: "Asia/Singapore",
    ist: "Asia/Kolkata",
    msk: "Europe/Moscow",
    cet: "Europe/Paris",
    cest: "Europe/Paris",
    eet: "Europe/Athens",
    eest: "Europe/Athens",
    wet: "Europe/Lisbon",
    west: "Europe/Lisbon",
    bst: "Europe/London",
    aest: "Australia/Sydney",
    aedt: "Australia/Sydney",
    nzst: "Pacific/Auckland",
    nzdt: "Pacific/Auckland",
  }),
);

/** A Date header: its digits, and what is known of its zone. */
export interface ParsedDate {
  /** The digits as if they were UTC. */
  readonly digitsMs: number;
  /** A fixed offset in minutes, or the id of a zone. */
  readonly zone: number | string;
}

/**
 * Reads `EEE, dd MMM yyyy HH:mm:ss z` as the 5.2 server does (sections 2.4, 12.4): any letter case; `GMT`, `UTC`, `Z`,
 * known abbreviations, zone ids, `+08:00` and `GMT+08:00`. `undefined` for `+0800`, `GMT+8`, a wrong weekday, a
 * one-digit day and anything else.
 */
export function parseDateHeader(text: string): ParsedDate | undefined {
  const found = FORMAT.exec(text.toLowerCase());
  if (found === null) {
    return undefined;
  }
  const [, weekday = "", day, monthName = "", year, hour, minute, second, zoneText = ""] = found;
  const month = MONTHS.indexOf(monthName) + 1;
  if (month === 0) {
    return undefined;
  }
  const wall = {
    year: Number(year),
    month,
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
  const ms = digitsMs(wall);
  const back = new Date(ms);
  const isReal =
    back.getUTCDate() === wall.day && wall.hour < 24 && wall.minute < 60 && wall.second < 60 && wall.day > 0;
  if (!isReal || WEEKDAYS[back.getUTCDay()] !== weekday) {
    return undefined;
  }
  const zone = parseZone(zoneText);
  return zone === undefined ? undefined : { digitsMs: ms, zone };
}

function parseZone(text: string): number | string | undefined {
  const offset = /^(?:gmt|utc|ut)?([+-])(\d{2}):(\d{2})(?::\d{2})?$/.exec(text);
  if (offset !== null) {
    const [, sign, hours, minutes] = offset;
    const size = Number(hours) * 60 + Number(minutes);
    return size > 18 * 60 || Number(minutes) > 59 ? undefined : sign === "-" ? -size : size;
  }
  const known = ABBREVIATIONS.get(text);
  if (known !== undefined) {
    return known;
  }
  if (!/^[a-z][\w/+-]*$/.test(text)) {
    return undefined;
  }
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    // The only complaint of the constructor here is an unknown zone, which is what is being asked.
    return undefined;
  }
}

/** How far a Date header is from now: instants with checkTimeZone, else only the digits on the wall (section 2.4). */
export function skewMs(
  date: ParsedDate,
  nowMs: number,
  switches: Pick<ZStackSwitches, "checkTimeZone" | "timezone">,
): number {
  if (!switches.checkTimeZone) {
    return date.digitsMs - digitsMs(wallClock(nowMs, switches.timezone));
  }
  const minutes = typeof date.zone === "number" ? date.zone : offsetMinutes(date.digitsMs, date.zone);
  return date.digitsMs - minutes * 60_000 - nowMs;
}
