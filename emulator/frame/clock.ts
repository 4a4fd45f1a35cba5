import { InputError, isMoment } from "./value";

/** A moment: epoch milliseconds, a Date, or text that `Date.parse` understands. */
export type Moment = number | Date | string;

/**
 * The only source of time of an emulator: sessions, jobs, dates and skew all ask it.
 * Runs with the real clock until it is set, advanced or frozen. It does not delay anything by itself.
 */
export class Clock {
  private readonly real: () => number;
  private offsetMs = 0;
  private frozenAtMs: number | undefined;

  /** @param real where real time comes from, epoch milliseconds. */
  constructor(real: () => number = Date.now) {
    this.real = real;
  }

  /** Now, in epoch milliseconds. */
  now(): number {
    return this.frozenAtMs ?? this.real() + this.offsetMs;
  }

  /** True while time stands still. */
  get frozen(): boolean {
    return this.frozenAtMs !== undefined;
  }

  /** Jumps to a moment; a running clock runs on from there, a frozen one stays frozen. */
  set(moment: Moment): void {
    const ms = toMs(moment);
    if (this.frozenAtMs !== undefined) {
      this.frozenAtMs = ms;
    } else {
      this.offsetMs = ms - this.real();
    }
  }

  /** Moves by a span of milliseconds; a negative span moves back. */
  advance(ms: number): void {
    if (!Number.isFinite(ms)) {
      throw new InputError("advance takes a finite number of milliseconds.");
    }
    // Beyond, dates cannot be printed.
    toMs(this.now() + ms);
    if (this.frozenAtMs !== undefined) {
      this.frozenAtMs += ms;
    } else {
      this.offsetMs += ms;
    }
  }

  /** Stops time, now or at the given moment. */
  freeze(moment?: Moment): void {
    this.frozenAtMs = moment === undefined ? this.now() : toMs(moment);
  }

  /** Lets time run on from where it stands. */
  resume(): void {
    if (this.frozenAtMs === undefined) {
      return;
    }
    this.offsetMs = this.frozenAtMs - this.real();
    this.frozenAtMs = undefined;
  }

  /** Back to real time. */
  reset(): void {
    this.offsetMs = 0;
    this.frozenAtMs = undefined;
  }
}

/** What a moment may be, in words. */
export const MOMENT_WORDS = "moment from 1970 to 9999: epoch milliseconds or ISO 8601 text";

/** A moment in epoch milliseconds, or `undefined` for what is none. */
export function momentMs(moment: Moment): number | undefined {
  const ms =
    typeof moment === "number" ? moment : moment instanceof Date ? moment.getTime() : Date.parse(moment);
  return isMoment(ms) ? ms : undefined;
}

function toMs(moment: Moment): number {
  const ms = momentMs(moment);
  if (ms === undefined) {
    throw new InputError(`The clock takes a ${MOMENT_WORDS}, or a Date.`);
  }
  return ms;
}
