import type { Emulator } from "../../emulator";
import { IdMemory } from "../../provider/core/id-memory";
import type { Context } from "../../provider/core/resource";
import { ZStackConnection } from "../../provider/zstack/connection";
import {
  DingTalkEndpoint,
  type DingTalkEndpointInputs,
} from "../../provider/zstack/resources/dingtalk-endpoint";
import type { ZStackSettings } from "../../provider/zstack/settings";
import { fastClock, type FakeClock } from "./clocks";

export const WEBHOOK = "https://oapi.dingtalk.com/robot/send?access_token=abc";

/** The definition whose lifecycle is under test. */
export const { definition } = DingTalkEndpoint;

/** Canonical inputs: what `check` makes of a program that says this much. */
export function inputsOf(given: Partial<DingTalkEndpointInputs> = {}): DingTalkEndpointInputs {
  return { name: "ops", webhookUrl: WEBHOOK, atAll: false, enabled: true, adopt: "never", ...given };
}

/** Settings for an emulator: its account, unless told otherwise. */
export function settingsFor(emulator: Emulator, more: Partial<ZStackSettings> = {}): ZStackSettings {
  const { accountName, accountPassword } = emulator.zstack;
  return {
    endpoint: `${emulator.url}/zstack`,
    credentials: { kind: "account", name: accountName, password: accountPassword },
    timezone: undefined,
    transport: { requestTimeoutMs: 10_000 },
    jobTimeoutMs: 300_000,
    ...more,
  };
}

/** The emulator's access key as credentials. */
export function accessKeyOf(emulator: Emulator): ZStackSettings["credentials"] {
  const { accessKeyId, accessKeySecret } = emulator.zstack;
  return { kind: "accessKey", id: accessKeyId, secret: accessKeySecret };
}

/** A connection that waits for nothing, with everything a lifecycle function needs. */
export interface Bench {
  readonly connection: ZStackConnection;
  readonly clock: FakeClock;
  readonly ids: IdMemory;
  readonly warnings: string[];
  readonly progress: string[];
  context(more?: Partial<Context<ZStackConnection>>): Context<ZStackConnection>;
}

export function benchFor(emulator: Emulator, more: Partial<ZStackSettings> = {}): Bench {
  const clock = fastClock();
  const connection = new ZStackConnection(settingsFor(emulator, more), clock);
  const ids = new IdMemory();
  const warnings: string[] = [];
  const progress: string[] = [];
  return {
    connection,
    clock,
    ids,
    warnings,
    progress,
    context: (others) => ({
      connection,
      clock,
      ids,
      signal: new AbortController().signal,
      log: { warn: (line) => warnings.push(line), progress: (line) => progress.push(line) },
      identity: { key: "0".repeat(64), name: "ops" },
      recordedPlace: undefined,
      ...others,
    }),
  };
}

/** The error of something that must fail. */
export async function failureOf(work: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  let result: unknown;
  try {
    result = await work;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error(`it did not fail, but gave ${JSON.stringify(result)}`);
}
