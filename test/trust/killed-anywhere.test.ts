/**
 * The provider process or the CLI dies at every boundary of a request. `npm test` tries a sample; `npm run test:kill` tries all points.
 * A point that fails is named; `KILL_POINT='<its name, or how it begins>' npm run test:kill` tries it alone.
 */
import { CLI_POINT } from "./cli-kill-points";
import { describePoint, killAt, killFigures, type KillPoint, killPointsOf } from "./kill-points";
import { inParallel, publishFigures, tryAll } from "./report";
import { SCENARIOS } from "./scenarios";
import { World } from "./world";

const ONLY = process.env["KILL_POINT"];
const IS_WHOLE = process.env["npm_lifecycle_event"] === "test:kill" || ONLY !== undefined;
const WORKERS = 3;
const HOUR_MS = 3_600_000;

jest.setTimeout(IS_WHOLE ? HOUR_MS : 300_000);

/** One point of each of these is tried by `npm test`. */
const SAMPLED: ReadonlySet<string> = new Set([
  "create of an endpoint with everything",
  "update of every field of an endpoint",
  "replacement of an endpoint",
  "delete of an endpoint with everything",
  "create of a robot with everything",
  "update of every field of a robot",
  "replacement of a robot with everything",
  "delete of a robot",
  "update of every field of a topic",
  "create of a topic and its links",
  "delete of a topic and its links",
  "replacement of every link",
]);

let worlds: World[] = [];
beforeAll(async () => {
  worlds = await Promise.all(Array.from({ length: WORKERS }, () => World.create()));
});
afterAll(() => Promise.all(worlds.map((world) => world.dispose())));

/** Somebody repeats a point of the other suite. */
const isElsewhere = ONLY?.startsWith(CLI_POINT) === true;

(isElsewhere ? test.skip : test)(
  "a program converges to exactly what it declares, wherever the provider process or the CLI was killed",
  async () => {
    const points: KillPoint[] = [];
    await inParallel([...SCENARIOS.entries()], worlds, async ([index, scenario], world) => {
      if (!(ONLY?.startsWith(`${scenario.name}: `) ?? (IS_WHOLE || SAMPLED.has(scenario.name)))) {
        return;
      }
      const all = await killPointsOf(world, scenario);
      if (IS_WHOLE) {
        points.push(...all.filter((point) => ONLY === undefined || describePoint(point).startsWith(ONLY)));
      }
      // Another share of the way in every scenario.
      else {
        points.push(all[Math.floor((all.length * (index + 0.5)) / SCENARIOS.length)] as KillPoint);
      }
    });
    const { results, failures } = await tryAll(points, worlds, {
      attempt: (point, world) => killAt(world, point),
      nameOf: describePoint,
      tidy: (world) => world.endProviders(),
    });
    expect(points.length).toBeGreaterThan(0);
    expect(failures.join("\n\n")).toBe("");
    if (!IS_WHOLE || ONLY !== undefined) {
      return;
    }
    publishFigures("killed-anywhere", { scenarios: SCENARIOS.length, ...killFigures(points, results) });
  },
);
