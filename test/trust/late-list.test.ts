/** The one gap: a robot's create is killed after the service made the robot, and the service's list does not show it yet. */
import { type Declaration, EngineModel, type Run } from "./engine-model";
import { robot, World } from "./world";

jest.setTimeout(120_000);

const CREATE = "CreateOrUpdateDingTalk";
const PROGRAM = [robot("late")];

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

/** A stack whose only create was killed after the work and before the answer; the list is late from then on. */
async function killed(model: EngineModel, lag: { listLagMs?: number; listLagCalls?: number }): Promise<void> {
  world.reset(["late"]);
  const { china } = world.emulator.securitycenter;
  Object.assign(china.switches, lag);
  const provider = await world.startProvider();
  const kill = async (): Promise<void> => {
    provider.signal("SIGKILL");
    await provider.exited;
  };
  china.faults.add({ operation: CREATE, then: kill });
  expect((await model.up(provider, PROGRAM)).errors).toHaveLength(1);
  expect(creates()).toBe(1);
}

async function up(model: EngineModel, program: readonly Declaration[] = PROGRAM): Promise<Run> {
  const provider = await world.startProvider();
  const run = await model.up(provider, program);
  await world.endProvider(provider);
  return run;
}

/** How often a robot was made; an update has an id. */
const creates = (): number =>
  world.emulator.journal.filter({ operation: CREATE }).filter(({ query }) => query["Id"] === undefined)
    .length;

const LAG_MS = 600_000;

test("a robot that is shown by the time of the next up is taken over", async () => {
  const model = new EngineModel();
  await killed(model, { listLagMs: LAG_MS });
  world.emulator.clock.advance(LAG_MS);
  expect(await up(model)).toMatchObject({ steps: ["create late"], errors: [] });
  expect(creates()).toBe(1);
  world.assertExactly(PROGRAM, model);
});

test("an up before that makes it again and says so, and no other does until somebody has chosen between the two", async () => {
  const model = new EngineModel();
  await killed(model, { listLagMs: LAG_MS });
  const [early] = (await up(model)).errors;
  expect(early).toContain("The robot was created, but the list does not show it.");
  expect(creates()).toBe(2);
  const ids = world.ownedIds();
  expect(ids).toHaveLength(2);

  world.emulator.clock.advance(LAG_MS);
  for (let run = 1; run <= 2; run += 1) {
    const [refusal] = (await up(model)).errors;
    for (const id of ids) {
      expect(refusal).toContain(id);
    }
    expect(refusal).toContain("adopt: { id }");
  }
  expect(creates()).toBe(2);

  // Somebody deletes one of them.
  world.emulator.securitycenter.china.robots.remove(ids[0] as string);
  expect(await up(model)).toMatchObject({ errors: [] });
  expect(creates()).toBe(2);
  world.assertExactly(PROGRAM, model);
});

test("a list that catches up during that up leaves one robot to the stack and one to nobody, which stays as it is", async () => {
  const model = new EngineModel();
  await killed(model, { listLagCalls: 3 });
  expect(await up(model)).toMatchObject({ steps: ["create late"], errors: [] });
  expect(creates()).toBe(2);
  expect(world.ownedIds()).toHaveLength(2);
  expect(await up(model)).toMatchObject({ steps: [], errors: [] });

  const { robots } = world.emulator.securitycenter.china;
  const [left] = world.ownedIds().filter((id) => model.recorded.every((one) => one.id !== id));
  const asItWas = { ...robots.get(left as string) };
  expect(await up(model, [])).toMatchObject({ steps: ["delete late"], errors: [] });
  expect(world.ownedIds()).toEqual([left]);
  expect(robots.get(left as string)).toEqual(asItWas);
});
