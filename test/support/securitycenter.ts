import type { Emulator, SecurityCenterSiteHandle } from "../../emulator";
import { definitions } from "../../provider/securitycenter/definitions";
import { check } from "../../provider/core/fields/check";
import { diff } from "../../provider/core/fields/diff";
import { IdMemory } from "../../provider/core/lifecycle/id-memory";
import { RECENT_MS } from "../../provider/core/transport/shared-read";
import { inRecordedOrder } from "../../provider/core/fields/recorded-order";
import type { Context } from "../../provider/core/lifecycle/definition";
import { SecurityCenterConnection } from "../../provider/securitycenter/connection";
import { type DingTalkRobotInputs, type DingTalkRobotState } from "../../provider/program/securitycenter";
import type { SecurityCenterSettings } from "../../provider/securitycenter/settings/settings";
import type { Site } from "../../provider/securitycenter/settings/sites";
import { fastClock, type FakeClock } from "./clocks";

export const WEBHOOK =
  "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
export const OTHER_WEBHOOK =
  "https://oapi.dingtalk.com/robot/send?access_token=fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

/** The definition whose lifecycle is under test. */
export const definition = definitions.DingTalkRobot;

/** Canonical inputs: what `check` makes of a program that says this much. */
export function inputsOf(given: Record<string, unknown> = {}): DingTalkRobotInputs {
  const program = {
    name: "alerts",
    webhookUrl: WEBHOOK,
    alertRules: [{ type: "hc", conditions: { item_level: ["high", "medium"] } }],
    ...given,
  };
  const { inputs, findings } = check(definition, program, { key: "0".repeat(64), name: "alerts" });
  if (findings.issues.length > 0) {
    throw new Error(`not canonical: ${JSON.stringify(findings.issues)}`);
  }
  return inputs as unknown as DingTalkRobotInputs;
}

/** Settings for a site of an emulator, with its permanent keys unless told otherwise. */
export function settingsFor(
  emulator: Emulator,
  site: Site = "china",
  more: Partial<SecurityCenterSettings> = {},
): SecurityCenterSettings {
  const { accessKeyId, accessKeySecret } = emulator.securitycenter;
  return {
    site,
    endpoint: emulator.securitycenter[site].url,
    credentials: { kind: "keys", keys: { accessKeyId, accessKeySecret } },
    transport: { requestTimeoutMs: 10_000 },
    ...more,
  };
}

type RobotContext = Context<SecurityCenterConnection>;

/** A connection that waits for nothing, with everything a lifecycle function needs. */
export interface Bench {
  readonly connection: SecurityCenterConnection;
  readonly clock: FakeClock;
  readonly ids: IdMemory;
  readonly site: SecurityCenterSiteHandle;
  readonly warnings: string[];
  readonly progress: string[];
  readonly secrets: string[];
  context(more?: Partial<RobotContext>): RobotContext;
  create(
    inputs: DingTalkRobotInputs,
    more?: Partial<RobotContext>,
  ): Promise<{ id: string; state: DingTalkRobotState }>;
  read(
    id: string,
    state?: Partial<DingTalkRobotState>,
    more?: Partial<RobotContext>,
  ): Promise<DingTalkRobotState | undefined>;
  update(
    id: string,
    state: Partial<DingTalkRobotState>,
    inputs: DingTalkRobotInputs,
    more?: Partial<RobotContext>,
  ): Promise<DingTalkRobotState>;
  remove(id: string, more?: Partial<RobotContext>): Promise<void>;
}

/** A bench is one process: it has its own connection and its own memory of ids. Its operations are so far apart that no read is recent. */
export function benchFor(
  emulator: Emulator,
  site: Site = "china",
  more: Partial<SecurityCenterSettings> = {},
): Bench {
  const clock = fastClock();
  const secrets: string[] = [];
  const connection = new SecurityCenterConnection(settingsFor(emulator, site, more), {
    clock,
    onSecret: (value) => secrets.push(value),
  });
  const ids = new IdMemory();
  const warnings: string[] = [];
  const progress: string[] = [];
  const context: Bench["context"] = (others) => ({
    connection,
    clock,
    ids,
    signal: new AbortController().signal,
    log: {
      warn: (line) => warnings.push(line),
      note: (line) => progress.push(line),
      progress: (line) => progress.push(line),
    },
    identity: { key: "0".repeat(64), name: "alerts" },
    recordedTenancy: undefined,
    ...others,
  });
  return {
    connection,
    clock,
    ids,
    site: emulator.securitycenter[site],
    warnings,
    progress,
    secrets,
    context,
    // In the order in which the front hands states on.
    create: async (inputs, others) => {
      clock.pass(2 * RECENT_MS);
      const { id, state } = await definition.create(context(others), inputs);
      return { id, state: ordered(state, inputs) };
    },
    read: async (id, state = {}, others = {}) => {
      clock.pass(2 * RECENT_MS);
      const live = await definition.read(context(others), id, state);
      return live === undefined ? undefined : ordered(live, state);
    },
    update: async (id, state, inputs, others) =>
      ordered(await definition.update(context(others), id, state, inputs), inputs),
    remove: (id, others) => {
      clock.pass(2 * RECENT_MS);
      return definition.delete(context(others), id, {});
    },
  };
}

function ordered(state: DingTalkRobotState, known: object): DingTalkRobotState {
  return inRecordedOrder(definition.fields, { ...state }, { ...known }) as unknown as DingTalkRobotState;
}

/** The fields in which a state differs from what is declared. */
export function driftOf(state: object | undefined, inputs: DingTalkRobotInputs, id?: string): string[] {
  if (state === undefined) {
    return ["gone"];
  }
  return [...diff(definition.fields, { ...state }, { ...inputs }, id).changed];
}

/** The calls that create a robot: those without an id. */
export function creates(emulator: Emulator): number {
  return emulator.journal
    .filter({ operation: "CreateOrUpdateDingTalk" })
    .filter((entry) => entry.query["Id"] === undefined).length;
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
