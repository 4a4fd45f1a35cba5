/**
 * The real CLI, or the provider process under it, dies in the middle of a change. `npm test` tries a few points; `npm run test:kill`
 * tries all. A point that fails is named; `KILL_POINT='<its name, or how it begins>' npm run test:kill` tries it alone.
 */
import {
  CLI_POINT,
  type CliKillPoint,
  cliKillPointsOf,
  describeCliPoint,
  killCliAt,
} from "./cli-kill-points";
import { CliStack } from "./cli-stack";
import { killFigures } from "./kill-points";
import { inParallel, publishFigures, tryAll } from "./report";
import { SCENARIOS } from "./scenarios";
import { World } from "./world";

const ONLY = process.env["KILL_POINT"];
const IS_WHOLE = process.env["npm_lifecycle_event"] === "test:kill" || ONLY !== undefined;
const WORKERS = 2;
const HOUR_MS = 3_600_000;

jest.setTimeout(IS_WHOLE ? HOUR_MS : 300_000);

/** One change of each kind for each resource; those with the most requests. */
const CHOSEN: ReadonlySet<string> = new Set([
  "create of an endpoint with everything",
  "update of every field of an endpoint",
  "replacement of an endpoint",
  "delete of an endpoint with everything",
  "create of a robot with everything",
  "update of every field of a robot",
  "replacement of a robot with everything",
  "delete of a robot",
]);
/** One point of each of these is tried by `npm test`; the share is that of the way that was gone by then. */
const SAMPLED: ReadonlyMap<string, number> = new Map([
  ["create of an endpoint with everything", 0.5],
  ["replacement of a robot with everything", 0.7],
]);

let worlds: World[] = [];
let stacks: CliStack[] = [];
beforeAll(async () => {
  worlds = await Promise.all(Array.from({ length: WORKERS }, () => World.create()));
  stacks = await Promise.all(worlds.map((world) => CliStack.create(world)));
});
afterAll(async () => {
  await Promise.all(stacks.map((stack) => stack.dispose()));
  await Promise.all(worlds.map((world) => world.dispose()));
});

/** Somebody repeats a point of the other suite. */
const isElsewhere = ONLY?.startsWith(CLI_POINT) === false;

(isElsewhere ? test.skip : test)(
  "a program converges to exactly what it declares, wherever the CLI or the provider under it was killed",
  async () => {
    const points: CliKillPoint[] = [];
    await inParallel(SCENARIOS, stacks, async (scenario, cli) => {
      const share = SAMPLED.get(scenario.name);
      const isChosen = IS_WHOLE ? CHOSEN.has(scenario.name) : share !== undefined;
      if (!isChosen || ONLY?.startsWith(`${CLI_POINT}${scenario.name}: `) === false) {
        return;
      }
      const all = await cliKillPointsOf(cli, scenario);
      if (IS_WHOLE) {
        points.push(...all.filter((point) => ONLY === undefined || describeCliPoint(point).startsWith(ONLY)));
      } else {
        points.push(all[Math.floor(all.length * (share ?? 0))] as CliKillPoint);
      }
    });
    const { results, failures } = await tryAll(points, stacks, {
      attempt: (point, cli) => killCliAt(cli, point),
      nameOf: describeCliPoint,
    });
    expect(points.length).toBeGreaterThan(0);
    expect(failures.join("\n\n")).toBe("");
    if (!IS_WHOLE || ONLY !== undefined) {
      return;
    }
    publishFigures("killed-cli", { scenarios: CHOSEN.size, ...killFigures(points, results) });
  },
);
