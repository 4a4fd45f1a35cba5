/** A moment: epoch milliseconds, a Date, or text that `Date.parse` understands. */
export type Moment = number | Date | string;

/**
 * The only source of time of an emulator: sessions, jobs, dates and skew all ask it.
 * Runs with the real clock until it is set, advanced or frozen. It does not delay anything by itself.
 */
export class Clock {
  readonly #real: () => number;
  #offsetMs = 0;
  #frozenAtMs: number | undefined;

  /** @param real where real time comes from, epoch milliseconds. */
  constructor(real: () => number = Date.now) {
    this.#real = real;
  }

  /** Now, in epoch milliseconds. */
  now(): number {
    return this.#frozenAtMs ?? this.#real() + this.#offsetMs;
  }

  /** True while time stands still. */
  get frozen(): boolean {
    return this.#frozenAtMs !== undefined;
  }

  /** Jumps to a moment; a running clock runs on from there, a frozen one stays frozen. */
  set(moment: Moment): void {
    const ms = toMs(moment);
    if (this.#frozenAtMs !== undefined) this.#frozenAtMs = ms;
    else this.#offsetMs = ms - this.#real();
  }

  /** Moves by a span of milliseconds; a negative span moves back. */
  advance(ms: number): void {
    if (!Number.isFinite(ms)) throw new RangeError("advance needs a finite number of milliseconds");
    if (this.#frozenAtMs !== undefined) this.#frozenAtMs += ms;
    else this.#offsetMs += ms;
  }

  /** Stops time, now or at the given moment. */
  freeze(moment?: Moment): void {
    this.#frozenAtMs = moment === undefined ? this.now() : toMs(moment);
  }

  /** Lets time run on from where it stands. */
  resume(): void {
    if (this.#frozenAtMs === undefined) return;
    this.#offsetMs = this.#frozenAtMs - this.#real();
    this.#frozenAtMs = undefined;
  }

  /** Back to real time. */
  reset(): void {
    this.#offsetMs = 0;
    this.#frozenAtMs = undefined;
  }
}

function toMs(moment: Moment): number {
  const ms =
    typeof moment === "number" ? moment : moment instanceof Date ? moment.getTime() : Date.parse(moment);
  if (!Number.isFinite(ms))
    throw new RangeError("not a moment: give epoch milliseconds, a Date or ISO 8601 text");
  return ms;
}
