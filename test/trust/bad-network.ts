/** A program of both clouds over a network on which nearly every third request fails, all of it following from one seed. */
import { type Declaration, EngineModel } from "./engine-model";
import { secret } from "../engine/provider-process";
import type { SecurityCenterFault, TransportFault } from "../../emulator";
import {
  endpoint,
  FULL_ENDPOINT,
  FULL_ROBOT,
  LONG_WEBHOOK,
  OTHER_FULL_ENDPOINT,
  OTHER_FULL_ROBOT,
  robot,
  webhookOf,
  World,
} from "./world";

const FAULT_RATE = 0.3;
/** More than a whole run makes at one cloud. */
const REQUESTS = 2_000;
/** Runs that one change of the program may need. */
const MAX_RUNS = 8;

const NAMES: readonly string[] = ["one", "two", "three"].flatMap((name) => [`e-${name}`, `r-${name}`]);

const CREATED: readonly Declaration[] = [
  endpoint("e-one"),
  endpoint("e-two", FULL_ENDPOINT),
  endpoint("e-three", { enabled: false, description: "third" }),
  robot("r-one"),
  robot("r-two", FULL_ROBOT),
  robot("r-three", { enabled: false }),
];
const CHANGED: readonly Declaration[] = [
  endpoint("e-one", { atAll: true, userTags: ["late"] }),
  endpoint("e-two", OTHER_FULL_ENDPOINT),
  // Too long for an update, so this one is replaced.
  endpoint("e-three", { webhookUrl: secret(LONG_WEBHOOK) }),
  robot("r-one", { webhookUrl: secret(webhookOf("other")) }),
  robot("r-two", OTHER_FULL_ROBOT),
  robot("r-three", { language: "en" }),
];

/** What a seed came to. */
export interface Outcome {
  readonly seed: number;
  /** Runs until the program was as declared: created, changed, destroyed. */
  readonly runs: readonly number[];
  readonly requests: number;
  readonly faults: number;
  /** Every request and what became of it, in order: the same for the same seed. */
  readonly trace: readonly string[];
}

/** Something that runs programs over a world. */
export interface Runner {
  /** One `pulumi up`, and the errors that it ended with. */
  up(program: readonly Declaration[]): Promise<readonly string[]>;
  /** Fails unless state and servers hold exactly the declared objects. */
  assertExactly(program: readonly Declaration[]): void | Promise<void>;
  dispose(): Promise<void>;
}

/** Runs at the provider process: each of them is a process of its own, as with each `pulumi up`. */
export function processRunner(world: World): Runner {
  const model = new EngineModel();
  return {
    up: async (program) => {
      const provider = await world.startProvider();
      const { errors } = await model.up(provider, program);
      await world.endProvider(provider);
      return errors;
    },
    assertExactly: (program) => {
      world.assertExactly(program, model);
    },
    dispose: () => world.endProviders(),
  };
}

/**
 * Creates, changes and destroys the program in a world of its own, whose ids and shuffles come from the seed, too. Fails when it does
 * not converge in time, makes twins or touches what is foreign.
 */
export async function runOverBadNetwork(
  seed: number,
  startRunner: (world: World) => Runner | Promise<Runner> = processRunner,
): Promise<Outcome> {
  const world = await World.create(seed);
  try {
    world.reset(NAMES);
    const runner = await startRunner(world);
    try {
      breakNetwork(world, seed);
      const runs: number[] = [];
      for (const program of [CREATED, CHANGED, []]) {
        runs.push(await untilConverged(world, runner, program));
      }
      const { entries } = world.emulator.journal;
      const trace = entries.map(
        ({ site, operation, method, path, fault }) =>
          `${site} ${operation ?? `${method} ${path}`} ${fault ?? ""}`,
      );
      const faults = entries.filter(({ fault }) => fault !== undefined).length;
      return { seed, runs, requests: entries.length, faults, trace };
    } finally {
      await runner.dispose();
    }
  } finally {
    await world.dispose();
  }
}

async function untilConverged(
  world: World,
  runner: Runner,
  program: readonly Declaration[],
): Promise<number> {
  const errors: string[] = [];
  for (let run = 1; run <= MAX_RUNS; run += 1) {
    const failed = await runner.up(program);
    world.assertNoTwins();
    if (failed.length === 0) {
      await runner.assertExactly(program);
      return run;
    }
    errors.push(...failed);
  }
  throw new Error(`not as declared after ${MAX_RUNS} runs:\n${errors.join("\n")}`);
}

/** What many seeds came to. */
export function networkFigures(outcomes: readonly Outcome[]): Record<string, number> {
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + of(one), 0);
  const runs = outcomes.flatMap((outcome) => outcome.runs);
  return {
    seeds: outcomes.length,
    requests: sum(({ requests }) => requests),
    faults: sum(({ faults }) => faults),
    changes: runs.length,
    changesInOneUp: runs.filter((count) => count === 1).length,
    mostUps: Math.max(...runs),
  };
}

/** Plans which request of which cloud fails how. */
function breakNetwork({ emulator }: World, seed: number): void {
  const random = randomFrom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const transport = (): TransportFault =>
    pick<() => TransportFault>([
      () => ({ kind: "dropBeforeCommit" }),
      () => ({ kind: "dropAfterCommit" }),
      () => ({ kind: "status", status: 500, committed: random() < 0.5 }),
      () => ({ kind: "status", status: 502, committed: random() < 0.5 }),
      () => ({ kind: "truncated" }),
      () => ({ kind: "slow", ms: Math.floor(random() * 50) }),
      () => ({ kind: "slow", ms: Math.floor(random() * 50) }),
    ])();
  const throttled: SecurityCenterFault = { kind: "throttled", retryAfterMs: 20 };
  const limited: TransportFault = { kind: "status", status: 429 };
  const indexes = Array.from({ length: REQUESTS }, (_, index) => index).filter(() => random() < FAULT_RATE);
  // The last first: a rule that fires hides its request from those behind it, which have all fired already.
  for (const after of indexes.reverse()) {
    const isLimited = random() < 1 / 8;
    emulator.zstack.faults.add({ after, fault: isLimited ? limited : transport() });
    emulator.securitycenter.china.faults.add({ after, fault: isLimited ? throttled : transport() });
  }
}

/** Mulberry32; the emulator's own generator is not part of its surface. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
