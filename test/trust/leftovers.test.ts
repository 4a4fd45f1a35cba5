/** The CLI ends in every way in which a user ends it; nothing of ours stays behind. */
import { EventEmitter, once } from "node:events";
import * as fs from "node:fs";
import { ENGINE_TEST_TIMEOUT_MS, type RunningCommand } from "../engine/harness";
import { connectionOf, endpoint, until } from "../engine/support/lab";
import { robot, RobotLab } from "../engine/support/robot-lab";
import { inParallel } from "./report";
import { providersOf } from "./support/processes";

jest.setTimeout(2 * ENGINE_TEST_TIMEOUT_MS);

/** How long the server takes for the calls that are under way: longer than it takes the process to notice its engine's end. */
const CALL_MS = 2_000;
/** How long a call that is never answered is under way when nothing cuts it off: longer than the process waits for one at its end. */
const REQUEST_TIMEOUT_SECONDS = "6";
/** The engine's end is noticed within a second; a call on the wire and the logout get eight at most. The rest is for slow machines. */
const MAX_SURVIVAL_MS = 20_000;
/** A provider process has about 150 MB; one that loops on a broken pipe had ten times that after minutes, and grew. */
const MAX_MEMORY_MB = 500;
const PAGE_BYTES = 4096;
/** The logout, and what was about to be sent when the end came. */
const MAX_LATER_REQUESTS = 3;

/** What a user, a terminal or the system does to the CLI. */
const ENDS: Record<string, (command: RunningCommand) => Promise<void>> = {
  "Ctrl-C": async ({ pid }) => void process.kill(-pid, "SIGINT"),
  "Ctrl-C twice": async (command) => {
    process.kill(-command.pid, "SIGINT");
    await command.printed(/\^C/);
    process.kill(-command.pid, "SIGINT");
  },
  SIGTERM: async (command) => command.signal("SIGTERM"),
  "SIGHUP to its group": async ({ pid }) => void process.kill(-pid, "SIGHUP"),
  "kill -9": async (command) => command.signal("SIGKILL"),
  "a closed terminal": async (command) => command.signal("SIGKILL"),
};
const TERMINAL = "a closed terminal";
const hasTerminals = process.platform === "linux" && fs.existsSync("/usr/bin/script");

const MOMENTS = ["in the middle of a call", "in a call that is never answered", "between calls"] as const;
type Moment = (typeof MOMENTS)[number];

interface Outcome {
  /** From the end of the CLI to that of the last provider process; infinite when one had to be killed. */
  survivedMs: number;
  peakMemoryMb: number;
  sessions: number;
  logins: number;
  /** Requests that came after the CLI was gone, and those of them that change something. */
  later: number;
  laterChanges: string[];
}

const CREATES = ["CreateSNSDingTalkEndpoint", "CreateOrUpdateDingTalk"] as const;

async function endAt(end: string, moment: Moment): Promise<Outcome> {
  const lab = await RobotLab.create({
    config: {
      "zstack:requestTimeoutSeconds": REQUEST_TIMEOUT_SECONDS,
      "securitycenter:requestTimeoutSeconds": REQUEST_TIMEOUT_SECONDS,
    },
  });
  try {
    const { emulator, site, project } = lab;
    const { zstack, journal } = emulator;
    // The program keeps running, so that the CLI has something to wait for between calls.
    lab.declare(endpoint("first"), robot("second"), "setTimeout(() => undefined, 600_000);");
    const server = new EventEmitter();
    const reached = once(server, "both wait");
    let waiting = 0;
    const rule = {
      fault: { kind: "slow", ...(moment === "in the middle of a call" ? { ms: CALL_MS } : {}) },
      before: () => {
        waiting += 1;
        if (waiting === CREATES.length) {
          server.emit("both wait");
        }
      },
    } as const;
    if (moment !== "between calls") {
      zstack.faults.add({ operation: CREATES[0], ...rule });
      site.faults.add({ operation: CREATES[1], ...rule });
    }
    const command = project.start(["up", "--yes", "--skip-preview"], {
      env: connectionOf(emulator),
      terminal: end === TERMINAL,
    });
    if (moment === "between calls") {
      await command.printed(/(first|second) created[\s\S]*(first|second) created/);
    } else {
      await reached;
    }

    const watched = providersOf(project).map(({ pid }) => pid);
    expect(watched.length).toBeGreaterThan(0);
    let peakMemoryMb = 0;
    await ENDS[end]?.(command);
    await command.ended;
    const began = performance.now();
    const seen = journal.count();
    const isOver = (): boolean => performance.now() - began > MAX_SURVIVAL_MS;
    await until(() => {
      peakMemoryMb = Math.max(peakMemoryMb, ...watched.map(memoryOf));
      return isOver() || providersOf(project).length === 0;
    });
    const later = journal.entries.slice(seen);
    return {
      survivedMs: isOver() ? Infinity : performance.now() - began,
      peakMemoryMb,
      sessions: zstack.sessions.size,
      logins: journal.count("LogInByAccount"),
      later: later.length,
      laterChanges: later.flatMap(({ changing, operation = "?" }) => (changing ? [operation] : [])),
    };
  } finally {
    await lab.dispose();
  }
}

/** Resident memory; 0 when the process is gone, or where the system does not tell it as Linux does. */
function memoryOf(pid: number): number {
  try {
    const [, pages = "0"] = fs.readFileSync(`/proc/${pid}/statm`, "utf8").split(" ");
    return (Number(pages) * PAGE_BYTES) / 2 ** 20;
  } catch {
    return 0;
  }
}

const ROWS = Object.keys(ENDS)
  .filter((end) => end !== TERMINAL || hasTerminals)
  .flatMap((end) => MOMENTS.map((moment): [string, Moment] => [end, moment]));
const outcomes = new Map<string, Outcome | Error>();

beforeAll(async () => {
  await inParallel(ROWS, ["one", "two", "three"], async ([end, moment]) => {
    outcomes.set(`${end} ${moment}`, await endAt(end, moment).catch((error: Error) => error));
  });
});

/** The engine kills a process five seconds after it was told twice: on a busy machine a logout behind a call that hangs comes too late. */
const isHurried = (end: string, moment: Moment): boolean =>
  end === "Ctrl-C twice" && moment === "in a call that is never answered";

test.each(ROWS)("%s %s leaves no provider process and no session", (end, moment) => {
  const outcome = outcomes.get(`${end} ${moment}`);
  if (!(outcome instanceof Object) || outcome instanceof Error) {
    throw outcome ?? new Error("it did not run");
  }
  expect(outcome.survivedMs).toBeLessThan(MAX_SURVIVAL_MS);
  expect(outcome.peakMemoryMb).toBeLessThan(MAX_MEMORY_MB);
  expect(outcome.logins).toBe(1);
  if (!isHurried(end, moment)) {
    expect(outcome.sessions).toBe(0);
  }
  expect(outcome.laterChanges).toEqual([]);
  expect(outcome.later).toBeLessThanOrEqual(MAX_LATER_REQUESTS);
});
