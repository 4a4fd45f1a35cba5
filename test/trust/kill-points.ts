/** Where a run can be killed, generated from the journal of an undisturbed one; and what happens when it is. */
import { type Declaration, EngineModel, type Run, type UpOptions } from "./engine-model";
import type { World } from "./world";

/** A change of a program. */
export interface Scenario {
  /** For example `"update of an endpoint, every field"`. */
  readonly name: string;
  readonly before: readonly Declaration[];
  readonly after: readonly Declaration[];
  readonly options?: UpOptions;
  /** The cloud whose requests are counted. */
  readonly cloud: "zstack" | "china";
}

/** Who is killed: the provider process, or the CLI, which the process notices by itself. */
export type Victim = "provider" | "cli";

/**
 * The moment, relative to the nth request of the change: `before` it reaches the server (which is after the answer to the one before it),
 * when its work is `committed` and no answer sent, or when the last one is `answered` and nothing of it recorded.
 */
export interface KillPoint {
  readonly scenario: Scenario;
  readonly victim: Victim;
  readonly request: number;
  readonly operation: string;
  readonly moment: "before" | "committed" | "answered";
}

/** What one kill came to. */
export interface Recovery {
  /** Runs of `pulumi up` until everything was as declared. */
  readonly ups: number;
}

/** Runs that a user may need at most until everything is as declared. */
const MAX_RUNS = 2;
/** More than the 200 ms after which a process asks whether its engine is still there. */
const NOTICE_MS = 400;

export function describePoint({ scenario, victim, request, operation, moment }: KillPoint): string {
  return `${scenario.name}: ${victim} killed, request ${request} (${operation}) ${moment}`;
}

/** What a whole run came to. */
export function killFigures(
  points: readonly { readonly victim: "provider" | "cli" }[],
  recoveries: readonly Recovery[],
): Record<string, number> {
  const of = (victim: string) => points.filter((point) => point.victim === victim).length;
  return {
    points: points.length,
    providerKilled: of("provider"),
    cliKilled: of("cli"),
    mostUps: Math.max(...recoveries.map(({ ups }) => ups)),
  };
}

/** All kill points of a change. */
export async function killPointsOf(world: World, scenario: Scenario): Promise<KillPoint[]> {
  world.reset(namesIn(scenario));
  const { provider, model } = await prepared(world, scenario);
  const { journal } = world.emulator;
  const seen = journal.count();
  const run = await model.up(provider, scenario.after, scenario.options);
  expect(run.errors).toEqual([]);
  const requests = journal.entries
    .slice(seen)
    .map(({ operation, method, path }) => operation ?? `${method} ${path}`);
  world.assertExactly(scenario.after, model);
  await world.endProvider(provider);
  const within = requests.flatMap((operation, index) =>
    (["before", "committed"] as const).map((moment) => ({ request: index + 1, operation, moment })),
  );
  const end = { request: requests.length, operation: requests.at(-1) ?? "", moment: "answered" as const };
  return [
    ...within.map((point) => ({ scenario, victim: "provider" as const, ...point })),
    // What the CLI was told when it was alive is recorded, so the last answer counts for the CLI only.
    ...[...within, end].map((point) => ({ scenario, victim: "cli" as const, ...point })),
  ];
}

/** Kills a run at a point, then does what a user would do, and looks whether everything is as declared. */
export async function killAt(world: World, point: KillPoint): Promise<Recovery> {
  const { scenario, victim, moment } = point;
  world.reset(namesIn(scenario));
  const { provider, model } = await prepared(world, scenario);
  const { journal, zstack, securitycenter } = world.emulator;
  const faults = scenario.cloud === "zstack" ? zstack.faults : securitycenter.china.faults;
  const seen = journal.count();
  let isKilled = false;
  const isCliAlive = (): boolean => {
    const answered = journal.entries.slice(seen).filter(({ outcome }) => outcome !== "pending").length;
    return victim === "provider" || (moment === "answered" ? answered < point.request : !isKilled);
  };
  const kill = async (): Promise<void> => {
    isKilled = true;
    if (victim === "cli") {
      provider.loseEngine();
      return;
    }
    provider.signal("SIGKILL");
    await provider.exited;
  };
  if (moment !== "answered") {
    faults.add({ after: point.request - 1, ...ruleAt(point, kill) });
  }
  await model.up(provider, scenario.after, scenario.options, isCliAlive);
  if (moment === "answered") {
    await kill();
  }
  expect(isKilled).toBe(true);
  await provider.exited;
  // Only a process that had no time to leaves its session behind.
  if (victim === "cli") {
    expect(zstack.sessions.list()).toEqual([]);
  }
  await world.endProviders();
  faults.clear();
  return recover(world, model, point);
}

function ruleAt({ victim, moment }: KillPoint, kill: () => Promise<void>) {
  if (victim === "provider") {
    return moment === "before"
      ? { fault: { kind: "dropBeforeCommit" } as const, before: kill }
      : { then: kill };
  }
  // The request is under way for as long as a process takes to notice that its engine is gone.
  return moment === "before"
    ? { fault: { kind: "slow", ms: NOTICE_MS, committed: false } as const, before: kill }
    : { fault: { kind: "slow", ms: NOTICE_MS } as const, then: kill };
}

/** Every other user looks first. */
async function recover(world: World, model: EngineModel, point: KillPoint): Promise<Recovery> {
  const { scenario, request } = point;
  const history: Run[] = [];
  const provider = await world.startProvider();
  const looksFirst = request % 2 === 0;
  if (looksFirst) {
    history.push(await model.refresh(provider));
  }
  for (let run = 1; run <= MAX_RUNS; run += 1) {
    // Who does not look repeats the command that was cut off, flags and all: a forced replacement leaves no other trace.
    const options = run === 1 && !looksFirst ? scenario.options : undefined;
    const up = await model.up(provider, scenario.after, options);
    history.push(up);
    world.assertNoTwins();
    if (up.errors.length === 0) {
      break;
    }
  }
  expect(history.at(-1)?.errors).toEqual([]);
  world.assertExactly(scenario.after, model);
  const again = await model.up(provider, scenario.after);
  expect(again).toMatchObject({ steps: [], errors: [] });
  await world.endProvider(provider);
  return { ups: history.length - (looksFirst ? 1 : 0) };
}

async function prepared(world: World, scenario: Scenario) {
  const provider = await world.startProvider();
  const model = new EngineModel();
  const { errors } = await model.up(provider, scenario.before);
  expect(errors).toEqual([]);
  return { provider, model };
}

function namesIn({ before, after }: Scenario): string[] {
  return [...new Set([...before, ...after].map(({ name }) => name))];
}
