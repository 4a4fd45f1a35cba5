/** Where a run of the real CLI can be killed, generated from the journal of an undisturbed one; and what a user does then. */
import { type CliStack, urnOf } from "./cli-stack";
import type { Recovery, Scenario, Victim } from "./kill-points";

/**
 * The moment, relative to the nth request of the change: `before` the server does its work, when that is `committed` and no answer sent,
 * or as soon as it is `answered`.
 */
export interface CliKillPoint {
  readonly scenario: Scenario;
  readonly victim: Victim;
  readonly request: number;
  readonly operation: string;
  readonly moment: "before" | "committed" | "answered";
}

const REFRESH = ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"];
const ASKS_FOR_REFRESH = /pending operations[^]*pulumi refresh/;

/** Runs that a user may need at most. */
const MAX_UPS = 2;
/** More than the 200 ms after which a process asks whether its engine is still there. */
const NOTICE_MS = 400;
/**
 * Each request can be cut in six ways (two victims, three moments). A step of five visits every request, and the ways in turn; all
 * ways of all requests are tried at the provider process, which is ten times as fast.
 */
const STEP = 5;

/** What the names of these points begin with, and those of no others. */
export const CLI_POINT = "CLI: ";

export function describeCliPoint({ scenario, victim, request, operation, moment }: CliKillPoint): string {
  return `${CLI_POINT}${scenario.name}: ${victim} killed, request ${request} (${operation}) ${moment}`;
}

/** The chosen kill points of a change: around its changing requests, and around the first poll of a job. */
export async function cliKillPointsOf(cli: CliStack, scenario: Scenario): Promise<CliKillPoint[]> {
  await prepare(cli, scenario);
  const { journal } = cli.world.emulator;
  const seen = journal.count();
  await cli.pulumi(upOf(cli, scenario));
  const requests = journal.entries
    .slice(seen)
    .map(({ operation = "", changing }, index) => ({ operation, changing, request: index + 1 }));
  await cli.assertExactly(scenario.after);
  const firstPoll = requests.find(({ operation }) => operation === "PollJob");
  const all = requests
    .filter((one) => one.changing || one === firstPoll)
    .flatMap(({ request, operation }) =>
      (["before", "committed", "answered"] as const).flatMap((moment) =>
        (["cli", "provider"] as const).map((victim) => ({ scenario, victim, request, operation, moment })),
      ),
    );
  return all.filter((_point, index) => index % STEP === 0);
}

/** Kills a run at a point, then does what a user would do, and looks whether everything is as declared. */
export async function killCliAt(cli: CliStack, point: CliKillPoint): Promise<Recovery> {
  const { scenario, victim } = point;
  const { zstack, securitycenter } = cli.world.emulator;
  const faults = scenario.cloud === "zstack" ? zstack.faults : securitycenter.china.faults;
  await prepare(cli, scenario);
  let isKilled = false;
  let signal = (): void => undefined;
  const kill = (): void => {
    isKilled = true;
    if (victim === "cli") {
      signal();
    } else {
      for (const pid of cli.providers()) {
        process.kill(pid, "SIGKILL");
      }
    }
  };
  faults.add({ after: point.request - 1, ...ruleAt(cli, point, kill) });
  const run = cli.start(upOf(cli, scenario));
  signal = () => run.signal("SIGKILL");
  const { signal: endedBy } = await run.ended;
  expect(isKilled).toBe(true);
  expect(endedBy).toBe(victim === "cli" ? "SIGKILL" : undefined);
  await cli.providersEnded();
  // Only a process that had no time to leaves its session behind.
  if (victim === "cli") {
    expect(zstack.sessions.list()).toEqual([]);
  }
  faults.clear();
  return recover(cli, point);
}

function ruleAt(cli: CliStack, { victim, moment, request }: CliKillPoint, kill: () => void) {
  const { journal } = cli.world.emulator;
  const entry = journal.count() + request - 1;
  if (moment === "answered") {
    const killOnceAnswered = async (): Promise<void> => {
      while (journal.entries[entry]?.outcome === "pending") {
        await new Promise(setImmediate);
      }
      kill();
    };
    return { then: () => void killOnceAnswered() };
  }
  // With its engine gone, the request is under way for as long as a process takes to notice.
  const fault =
    victim === "cli"
      ? { kind: "slow" as const, ms: NOTICE_MS, committed: moment === "committed" }
      : { kind: moment === "before" ? ("dropBeforeCommit" as const) : ("dropAfterCommit" as const) };
  return moment === "before" ? { fault, before: kill } : { fault, then: kill };
}

/** Every other user looks first. */
async function recover(cli: CliStack, { scenario, victim, request }: CliKillPoint): Promise<Recovery> {
  // The engine says so itself: a killed command leaves its lock.
  if (victim === "cli") {
    await cli.pulumi(["cancel", "--yes"]);
  }
  const looksFirst = request % 2 === 0;
  if (looksFirst) {
    await cli.pulumi(REFRESH);
  }
  let said = "";
  let ups = 0;
  for (let exitCode: number | undefined = 1; exitCode !== 0; ups += 1) {
    const isLast = ups + 1 === MAX_UPS;
    // Who does not look repeats the command that was cut off, flags and all: a forced replacement leaves no other trace.
    const args = ups === 0 && !looksFirst ? upOf(cli, scenario) : upOf(cli);
    ({ exitCode, text: said } = await cli.pulumi(args, { expectExit: isLast ? 0 : "any" }));
    cli.world.assertNoTwins();
  }
  // A create that was under way stays in the engine's books until a refresh, which it asks for.
  if (ASKS_FOR_REFRESH.test(said)) {
    await cli.pulumi(REFRESH);
  }
  await cli.assertExactly(scenario.after);
  await cli.pulumi(["preview", "--refresh", "--expect-no-changes"]);
  return { ups };
}

/** A stack, and clouds, as they are before the change; and the changed program. */
async function prepare(cli: CliStack, { before, after }: Scenario): Promise<void> {
  await cli.begin([...new Set([...before, ...after].map(({ name }) => name))]);
  if (before.length > 0) {
    cli.declare(before);
    await cli.pulumi(upOf(cli));
  }
  cli.declare(after);
}

function upOf({ stack }: CliStack, scenario?: Scenario): string[] {
  const replaced = scenario?.after.filter(({ name }) => scenario.options?.replace?.includes(name)) ?? [];
  return ["up", "--yes", "--skip-preview", ...replaced.flatMap((one) => ["--replace", urnOf(stack, one)])];
}
