/**
 * The provider process or the CLI dies at every boundary of a request. `npm test` tries a sample; `npm run test:kill` tries all points.
 * A point that fails is named; `KILL_POINT='<its name, or how it begins>' npm run test:kill` tries it alone.
 */
import { secret } from "../engine/provider-process";
import { describePoint, killAt, type KillPoint, killPointsOf, type Scenario } from "./kill-points";
import { inParallel, reportFigures } from "./report";
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

const ONLY = process.env["KILL_POINT"];
const IS_WHOLE = process.env["npm_lifecycle_event"] === "test:kill" || ONLY !== undefined;
const WORKERS = 3;
const HOUR_MS = 3_600_000;

jest.setTimeout(IS_WHOLE ? HOUR_MS : 300_000);

const zstack = { cloud: "zstack" } as const;
const china = { cloud: "china" } as const;
const full = endpoint("full", FULL_ENDPOINT);
const plain = endpoint("plain");
const fullRobot = robot("full", FULL_ROBOT);
const plainRobot = robot("plain");

const SCENARIOS: readonly Scenario[] = [
  { name: "create of an endpoint", before: [], after: [plain], ...zstack },
  { name: "create of an endpoint with everything", before: [], after: [full], ...zstack },
  {
    name: "update of an endpoint's webhook",
    before: [plain],
    after: [endpoint("plain", { webhookUrl: secret(webhookOf("other")) })],
    ...zstack,
  },
  {
    name: "update of every field of an endpoint",
    before: [full],
    after: [endpoint("full", OTHER_FULL_ENDPOINT)],
    ...zstack,
  },
  {
    name: "replacement of an endpoint",
    before: [plain],
    after: [endpoint("plain", { webhookUrl: secret(LONG_WEBHOOK) })],
    ...zstack,
  },
  {
    name: "replacement of an endpoint with everything",
    before: [full],
    after: [endpoint("full", { ...FULL_ENDPOINT, webhookUrl: secret(LONG_WEBHOOK) })],
    ...zstack,
  },
  { name: "delete of an endpoint", before: [plain], after: [], ...zstack },
  { name: "delete of an endpoint with everything", before: [full], after: [], ...zstack },
  { name: "create of a robot", before: [], after: [plainRobot], ...china },
  { name: "create of a robot with everything", before: [], after: [fullRobot], ...china },
  {
    name: "update of a robot's status",
    before: [plainRobot],
    after: [robot("plain", { enabled: false })],
    ...china,
  },
  {
    name: "update of every field of a robot",
    before: [fullRobot],
    after: [robot("full", OTHER_FULL_ROBOT)],
    ...china,
  },
  {
    name: "replacement of a robot with everything",
    before: [fullRobot],
    after: [fullRobot],
    options: { replace: ["full"] },
    ...china,
  },
  { name: "delete of a robot", before: [plainRobot], after: [], ...china },
];

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
]);

let worlds: World[] = [];
beforeAll(async () => {
  worlds = await Promise.all(Array.from({ length: WORKERS }, () => World.create()));
});
afterAll(() => Promise.all(worlds.map((world) => world.dispose())));

test("a program converges to exactly what it declares, wherever the provider process or the CLI was killed", async () => {
  const points: KillPoint[] = [];
  await inParallel([...SCENARIOS.entries()], worlds, async ([index, scenario], world) => {
    if (!(ONLY?.startsWith(`${scenario.name}: `) ?? (IS_WHOLE || SAMPLED.has(scenario.name)))) return;
    const all = await killPointsOf(world, scenario);
    if (IS_WHOLE)
      points.push(...all.filter((point) => ONLY === undefined || describePoint(point).startsWith(ONLY)));
    // Another share of the way in every scenario.
    else points.push(all[Math.floor((all.length * (index + 0.5)) / SCENARIOS.length)] as KillPoint);
  });
  const failures: string[] = [];
  await inParallel(points, worlds, async (point, world) => {
    try {
      await killAt(world, point);
    } catch (error) {
      await world.endProviders();
      failures.push(`${describePoint(point)}\n${error instanceof Error ? error.message : String(error)}`);
    }
  });
  if (IS_WHOLE && ONLY === undefined) {
    const of = (victim: string) => points.filter((point) => point.victim === victim).length;
    reportFigures("killed-anywhere", {
      scenarios: SCENARIOS.length,
      points: points.length,
      provider: of("provider"),
      cli: of("cli"),
      failed: failures.length,
    });
  }
  expect(points.length).toBeGreaterThan(0);
  expect(failures.join("\n\n")).toBe("");
});
