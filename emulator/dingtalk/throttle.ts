import type { Clock } from "../frame/clock";
import { refuse } from "./errors";
import type { DingTalkSwitches } from "./switches";

const MINUTE_MS = 60_000;

/** Counts the messages of each robot: so many a minute, then nothing for ten. UNVERIFIED: how the minute is counted. */
export class Throttle {
  private readonly clock: Clock;
  private readonly sentMs = new Map<string, number[]>();
  private readonly silentUntilMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Counts a message, or refuses it. */
  admit(token: string, switches: DingTalkSwitches): void {
    const now = this.clock.now();
    if (now < (this.silentUntilMs.get(token) ?? -Infinity)) {
      tooFast(switches);
    }
    const recent = (this.sentMs.get(token) ?? []).filter((ms) => ms > now - MINUTE_MS && ms <= now);
    this.sentMs.set(token, recent);
    if (recent.length >= switches.messagesPerMinute) {
      this.silentUntilMs.set(token, now + switches.throttleMs);
      tooFast(switches);
    }
    recent.push(now);
  }

  /** Forgets all counts. */
  reset(): void {
    this.sentMs.clear();
    this.silentUntilMs.clear();
  }
}

function tooFast({ tooFastCode, messagesPerMinute }: DingTalkSwitches): never {
  if (tooFastCode === 410100) {
    refuse(410100, "发送速度太快而限流");
  }
  refuse(130101, `send too fast, exceed ${String(messagesPerMinute)} times per minute`);
}
