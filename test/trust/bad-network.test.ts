/**
 * Nearly every third request fails. `npm test` tries a few seeds; `npm run test:network` tries a hundred.
 * A seed that fails is named; `NETWORK_SEED=<seed>,… npm run test:network` tries it alone.
 */
import { type Outcome, runOverBadNetwork } from "./bad-network";
import { inParallel, reportFigures } from "./report";
import { World } from "./world";

const ONLY = process.env["NETWORK_SEED"];
const IS_WHOLE = process.env["npm_lifecycle_event"] === "test:network";
const HOUR_MS = 3_600_000;
const seedsUpTo = (last: number): number[] => Array.from({ length: last }, (_, n) => n + 1);
const SEEDS = ONLY !== undefined ? ONLY.split(",").map(Number) : seedsUpTo(IS_WHOLE ? 100 : 3);
/** They mostly wait. */
const WORKERS = IS_WHOLE ? 6 : 3;

jest.setTimeout(IS_WHOLE ? HOUR_MS : 300_000);

let worlds: World[] = [];
beforeAll(async () => {
  worlds = await Promise.all(Array.from({ length: WORKERS }, () => World.create()));
});
afterAll(() => Promise.all(worlds.map((world) => world.dispose())));

test("a program of both clouds is created, changed and destroyed over a network that loses every third request", async () => {
  const outcomes: Outcome[] = [];
  const failures: string[] = [];
  await inParallel(SEEDS, worlds, async (seed, world) => {
    try {
      outcomes.push(await runOverBadNetwork(world, seed));
    } catch (error) {
      await world.endProviders();
      failures.push(`NETWORK_SEED=${seed}\n${error instanceof Error ? error.message : String(error)}`);
    }
  });
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + of(one), 0);
  const runs = outcomes.flatMap((outcome) => outcome.runs);
  if (IS_WHOLE && ONLY === undefined) {
    reportFigures("bad-network", {
      seeds: SEEDS.length,
      failed: failures.length,
      requests: sum(({ requests }) => requests),
      faults: sum(({ faults }) => faults),
      changesInOneRun: runs.filter((count) => count === 1).length,
      changes: runs.length,
      mostRuns: Math.max(0, ...runs),
    });
  }
  expect(failures.join("\n\n")).toBe("");
});
