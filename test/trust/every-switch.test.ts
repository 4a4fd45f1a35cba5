/**
 * What nobody could verify about the services, set to every value it can have: an object lives its whole life there, or ends as the
 * documents say. `npm test` tries a sample; `npm run test:switches` tries all. `SWITCH='<position, or how it begins>'` tries it alone.
 */
import { type Declaration, EngineModel } from "./engine-model";
import { publishFigures, tryAll } from "./report";
import { describePosition, type Outcome, OUTCOMES, type Position, positionsOf } from "./switch-positions";
import {
  endpoint,
  FULL_ENDPOINT,
  FULL_ROBOT,
  OTHER_FULL_ENDPOINT,
  OTHER_FULL_ROBOT,
  robot,
  World,
} from "./world";

const ONLY = process.env["SWITCH"];
const IS_WHOLE = process.env["npm_lifecycle_event"] === "test:switches" || ONLY !== undefined;
const WORKERS = 3;
const HOUR_MS = 3_600_000;
/** Of so many positions `npm test` tries one. */
const SAMPLE = 24;

jest.setTimeout(IS_WHOLE ? HOUR_MS : 300_000);

const PROGRAMS = {
  zstack: { created: [endpoint("duty", FULL_ENDPOINT)], changed: [endpoint("duty", OTHER_FULL_ENDPOINT)] },
  securitycenter: { created: [robot("duty", FULL_ROBOT)], changed: [robot("duty", OTHER_FULL_ROBOT)] },
};
const POSITIONS = [...positionsOf("zstack"), ...positionsOf("securitycenter")];

let worlds: World[] = [];
beforeAll(async () => {
  worlds = await Promise.all(Array.from({ length: WORKERS }, () => World.create()));
});
afterAll(() => Promise.all(worlds.map((world) => world.dispose())));

test("an object is created, left alone, repaired, changed and destroyed in every position of every switch", async () => {
  const positions = POSITIONS.filter((position, index) =>
    IS_WHOLE ? ONLY === undefined || describePosition(position).startsWith(ONLY) : index % SAMPLE === 0,
  );
  const documented: string[] = [];
  const { failures } = await tryAll(positions, worlds, {
    attempt: async (position, world) => {
      if ((await live(world, position)) === "as documented") {
        documented.push(describePosition(position));
      }
    },
    nameOf: describePosition,
    tidy: (world) => world.endProviders(),
  });
  expect(positions.length).toBeGreaterThan(0);
  expect(failures.join("\n\n")).toBe("");
  if (!IS_WHOLE || ONLY !== undefined) {
    return;
  }
  expect(documented.sort()).toEqual(Object.keys(OUTCOMES).sort());
  const switches = new Set(POSITIONS.map(({ cloud, name }) => `${cloud} ${name}`));
  publishFigures("every-switch", {
    switches: switches.size,
    positions: positions.length,
    documented: documented.length,
  });
});

/** One process creates; another one, which knows nothing but the state, does the rest. */
async function live(world: World, position: Position): Promise<"quiet" | "as documented"> {
  const { cloud, name, value } = position;
  const { created, changed } = PROGRAMS[cloud];
  const { zstack, securitycenter, journal } = world.emulator;
  world.reset(["duty"]);
  Object.assign(cloud === "zstack" ? zstack.switches : securitycenter.china.switches, { [name]: value });
  const outcome = OUTCOMES[describePosition(position)];
  const model = new EngineModel();
  let provider = await world.startProvider();

  /** `false` when the run ends as documented instead. */
  const converges = async (part: Outcome["at"], program: readonly Declaration[]): Promise<boolean> => {
    const { errors } = await model.up(provider, program);
    world.assertNoTwins();
    if (outcome?.at === part) {
      expect(errors.join("\n")).toMatch(outcome.says);
      // And so does the next run, which makes no twin either.
      const again = await model.up(provider, program);
      expect(again.errors.join("\n")).toMatch(outcome.says);
      world.assertNoTwins();
      return false;
    }
    expect(errors).toEqual([]);
    world.assertExactly(program, model);
    return true;
  };
  const isQuiet = async (program: readonly Declaration[]): Promise<void> => {
    const seen = journal.changing().length;
    expect(await model.up(provider, program)).toMatchObject({ steps: [], errors: [] });
    const written = journal.changing().slice(seen);
    expect(written.map(({ operation }) => operation)).toEqual([]);
  };
  const wholeLife = async (): Promise<boolean> => {
    if (!(await converges("create", created))) {
      return false;
    }
    await world.endProvider(provider);
    provider = await world.startProvider();
    await isQuiet(created);
    for (const { id } of model.recorded) {
      if (cloud === "zstack") {
        zstack.endpoints.edit(id, { description: "somebody else's" });
      } else {
        securitycenter.china.robots.edit(id, { dingTalkLang: "zh" });
      }
    }
    expect((await model.refresh(provider)).errors).toEqual([]);
    expect(await model.up(provider, created)).toMatchObject({ steps: ["update duty"], errors: [] });
    world.assertExactly(created, model);
    if (!(await converges("change", changed))) {
      return false;
    }
    await isQuiet(changed);
    return converges("change", []);
  };
  const isWhole = await wholeLife();
  await world.endProvider(provider);
  return isWhole ? "quiet" : "as documented";
}
