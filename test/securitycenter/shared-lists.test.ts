import { start, type Emulator } from "../../emulator";
import { benchFor, definition, inputsOf, type Bench } from "../support/securitycenter";
import { inWaves } from "../support/waves";

/** How few lists the robots of a whole stack come to, although the engine hands over a few at a time. */

jest.setTimeout(60_000);

let emulator: Emulator;
let bench: Bench;
beforeAll(async () => {
  emulator = await start({ seed: 62 });
});
afterAll(() => emulator.close());
beforeEach(() => {
  bench = benchFor(emulator);
});
afterEach(async () => {
  await bench.connection.close();
  emulator.reset();
});

const names = Array.from({ length: 48 }, (_, index) => `robot ${index}`);
const lists = (): number => emulator.journal.count("DescribeDingTalk");

const contextOf = (name: string) => bench.context({ identity: { key: name.padEnd(64, "0"), name } });

test("a refresh takes one list", async () => {
  const ids = names.map((actionName) => String(emulator.securitycenter.china.robots.add({ actionName }).id));
  await inWaves(names, (name, index) => definition.read(contextOf(name), ids[index] ?? "", {}));
  expect(lists()).toBe(1);
});

test("creates that the engine makes side by side share a list, and every id is the right one", async () => {
  await inWaves(names, async (name) => {
    const { id } = await definition.create(contextOf(name), inputsOf({ name }));
    expect(emulator.securitycenter.china.robots.get(id)?.actionName).toBe(name);
  });
  expect(emulator.journal.count("CreateOrUpdateDingTalk")).toBe(names.length);
  // Two of its own would be 96; how many share one depends on how fast they come.
  expect(lists()).toBeLessThan(names.length / 2);
});

test("a create that follows another one knows from its list what was there before", async () => {
  await definition.create(contextOf("first"), inputsOf({ name: "first" }));
  expect(lists()).toBe(2);
  await definition.create(contextOf("second"), inputsOf({ name: "second" }));
  expect(lists()).toBe(3);
});

test("deletes share a list as well", async () => {
  const ids = names.map((actionName) => String(emulator.securitycenter.china.robots.add({ actionName }).id));
  await inWaves(names, (name, index) => definition.delete(contextOf(name), ids[index] ?? "", {}));
  expect(emulator.securitycenter.china.robots.list()).toEqual([]);
  expect(lists()).toBeLessThan(names.length / 2);
});
