import type { Clock } from "../../core/clock";
import { isApiFailure, NetworkError } from "../../core/errors";
import { dingTalkEndpointsByUuid, getCurrentTime } from "../api";
import type { ZStackClient } from "../transport/client";
import { Code, TextCode } from "../transport/failures";
import { offsetMinutesAt } from "../transport/server-time";

/** Where the zone is not configured, these are tried first; installations in China are by far the most frequent. */
const LIKELY_ZONES: readonly string[] = ["Asia/Shanghai", "UTC"];
/** A well-formed uuid that nothing has. */
const NO_UUID = "00000000000010008000000000000000";

/** The wall clock of a management node. */
export interface WallClock {
  /** How far its instant is ahead of ours. */
  readonly aheadMs: number;
  /** How far its zone is ahead of UTC. */
  readonly offsetMinutes: number;
}

/** What a clock is measured with. */
export interface Measuring {
  readonly clock: Clock;
  readonly anonymous: ZStackClient;
  /** The node's zone; found out when not given. */
  readonly timezone: string | undefined;
  /** A client whose calls are signed as if this were the node's clock. */
  readonly signingWith: (wallClock: WallClock) => ZStackClient;
}

/** Measures a management node's clock once, when it is first needed. */
export class ServerClock {
  private measured: Promise<WallClock> | undefined;

  constructor(private readonly by: Measuring) {}

  get(): Promise<WallClock> {
    this.measured ??= measure(this.by).catch((error: unknown) => {
      this.measured = undefined;
      throw error;
    });
    return this.measured;
  }
}

async function measure(by: Measuring): Promise<WallClock> {
  const { clock, timezone } = by;
  const aheadMs = (await serverNow(by)) - clock.now();
  const offsetMinutes =
    timezone === undefined
      ? await measureOffset(by, aheadMs)
      : offsetMinutesAt(timezone, clock.now() + aheadMs);
  return { aheadMs, offsetMinutes };
}

/**
 * Finds the zone by signing a harmless query with one after the other. The server says its time as an instant only, and refuses
 * a date of another zone without saying which one it wants.
 */
async function measureOffset({ clock, signingWith }: Measuring, aheadMs: number): Promise<number> {
  let refusal: unknown;
  for (const offsetMinutes of candidateOffsets(clock.now() + aheadMs)) {
    try {
      await dingTalkEndpointsByUuid.query(signingWith({ aheadMs, offsetMinutes }), [NO_UUID]);
      return offsetMinutes;
    } catch (error) {
      if (isApiFailure(error, Code.PERMISSION_DENIED)) {
        return offsetMinutes;
      }
      if (!isApiFailure(error, TextCode.KEY_SKEW)) {
        throw error;
      }
      refusal = error;
    }
  }
  throw refusal;
}

/** The management node's epoch time; our own where it cannot be told. */
async function serverNow({ anonymous, clock }: Measuring): Promise<number> {
  try {
    return await getCurrentTime(anonymous);
  } catch (error) {
    if (error instanceof NetworkError) {
      throw error;
    }
    return clock.now();
  }
}

/** Every offset from UTC that is in use at an instant, likely ones first: fewer than forty. */
function* candidateOffsets(epochMs: number): Generator<number> {
  const tried = new Set<number>();
  const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const zone of [ownZone, ...LIKELY_ZONES, ...Intl.supportedValuesOf("timeZone")]) {
    const offsetMinutes = offsetMinutesAt(zone, epochMs);
    if (!tried.has(offsetMinutes)) {
      tried.add(offsetMinutes);
      yield offsetMinutes;
    }
  }
}
