import { header, type WireRequest } from "../../frame/exchange";
import type { Context } from "./context";
import { has } from "./version";

/** The vendor's limit per client address and minute, and the first version that has one (section 4.2). */
const VENDOR_LIMIT_PER_MINUTE = 12_000;
const VENDOR_LIMIT_SINCE = "5.3.20";
const MINUTE_MS = 60_000;

/** Counts requests per client address; polls count too (section 4.2). */
export class RateLimiter {
  private minute = -1;
  private readonly counts = new Map<string, number>();

  /** Counts a request; false when it is one too many. */
  admits(request: WireRequest, { clock, switches }: Context): boolean {
    const vendor = has(switches.serverVersion, VENDOR_LIMIT_SINCE) ? VENDOR_LIMIT_PER_MINUTE : Infinity;
    const limit = switches.requestsPerMinute === 0 ? vendor : switches.requestsPerMinute;
    const minute = Math.floor(clock.now() / MINUTE_MS);
    if (minute !== this.minute) {
      this.minute = minute;
      this.counts.clear();
    }
    const forwarded = header(request, "x-forwarded-for")?.split(",")[0]?.trim();
    const address = forwarded === undefined || forwarded === "" ? request.remoteAddress : forwarded;
    const count = (this.counts.get(address) ?? 0) + 1;
    this.counts.set(address, count);
    return count <= limit;
  }

  /** Forgets all counts. */
  reset(): void {
    this.minute = -1;
    this.counts.clear();
  }
}
