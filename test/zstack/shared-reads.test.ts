import { RECENT_MS } from "../../provider/core/transport/shared-read";
import { AT_A_TIME, inWaves } from "../support/waves";
import { definition, inputsOf, useEmulator } from "../support/zstack";

/** How few queries the reads of a whole stack come to, although the engine hands over a few at a time. */

const lab = useEmulator(61);

function put(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => lab.emulator.zstack.endpoints.add({ name: `${index}` }).uuid,
  );
}

const read = (uuid: string): Promise<{ name: string } | undefined> =>
  definition.read(lab.bench.context(), uuid, inputsOf());

const queries = (): number => lab.emulator.journal.count("QuerySNSDingTalkEndpoint");

test("a refresh of two hundred endpoints takes three queries", async () => {
  const uuids = put(200);
  const states = await inWaves(uuids, read);
  expect(states.map((state) => state?.name)).toEqual(uuids.map((_, index) => String(index)));
  expect(queries()).toBe(3);
});

test("a destroy of a hundred looks three times, and deletes each once", async () => {
  const uuids = put(100);
  await inWaves(uuids, (uuid) => definition.delete(lab.bench.context(), uuid, {}));
  expect(lab.emulator.zstack.endpoints.list()).toEqual([]);
  expect(lab.emulator.journal.count("DeleteSNSApplicationEndpoint")).toBe(100);
  expect(queries()).toBe(3);
});

test("a create costs its own call and at most one query, besides what asks for the job", async () => {
  const names = Array.from({ length: 100 }, (_, index) => `endpoint ${index}`);
  await inWaves(names, (name) =>
    definition.create(
      lab.bench.context({ identity: { key: name.padEnd(64, "0"), name } }),
      inputsOf({ name }),
    ),
  );
  expect(lab.emulator.zstack.endpoints.list()).toHaveLength(100);
  expect(lab.emulator.journal.count("CreateSNSDingTalkEndpoint")).toBe(100);
  // Those of the first two waves besides: whether an earlier attempt is there.
  expect(queries()).toBeLessThanOrEqual(100 + 2);
});

describe("what is shared", () => {
  /** Reads until a scan is there that others may share. */
  async function scanned(): Promise<string[]> {
    const uuids = put(3 * AT_A_TIME);
    await inWaves(uuids, read);
    return uuids;
  }

  test("is as old as it may be, and then read anew", async () => {
    const [uuid = ""] = await scanned();
    lab.emulator.zstack.endpoints.edit(uuid, { name: "renamed" });
    expect(await read(uuid)).toMatchObject({ name: "0" });
    lab.bench.clock.pass(RECENT_MS + 1);
    expect(await read(uuid)).toMatchObject({ name: "renamed" });
  });

  test("is read anew once this process has changed anything", async () => {
    const [uuid = "", other = ""] = await scanned();
    await definition.update(lab.bench.context(), other, inputsOf(), inputsOf({ name: "changed" }));
    lab.emulator.zstack.endpoints.edit(uuid, { name: "renamed" });
    expect(await read(uuid)).toMatchObject({ name: "renamed" });
    expect(await read(other)).toMatchObject({ name: "changed" });
  });

  test("is no proof that an object is gone, or not there yet", async () => {
    await scanned();
    const [late = ""] = put(1);
    expect(await read(late)).toMatchObject({ name: "0" });
  });

  test("never decides what a change finds", async () => {
    const [uuid = ""] = await scanned();
    lab.emulator.zstack.endpoints.edit(uuid, { name: "renamed" });
    await definition.update(lab.bench.context(), uuid, inputsOf({ name: "0" }), inputsOf({ name: "0" }));
    expect(lab.emulator.zstack.endpoints.get(uuid)?.name).toBe("0");
  });

  test("is not read at all where a cloud has far more objects than are asked for", async () => {
    put(1_100);
    const uuids = lab.emulator.zstack.endpoints
      .list()
      .map(({ uuid }) => uuid)
      .slice(0, 5 * AT_A_TIME);
    await inWaves(uuids, read);
    // The third wave finds out; the others ask for their own.
    expect(queries()).toBe(6);
  });
});

test("an attempt that came while nobody looked is found when it is made a second time", async () => {
  await inWaves(put(3 * AT_A_TIME), read);
  const identity = { key: "a".repeat(64), name: "ops" };
  const { id } = await definition.create(lab.bench.context({ identity }), inputsOf());
  await lab.nextRun();
  // This run has scanned the endpoints before the attempt of the last one is executed at last.
  const row = lab.emulator.zstack.endpoints.get(id);
  lab.emulator.zstack.endpoints.remove(id);
  await inWaves(
    lab.emulator.zstack.endpoints.list().map(({ uuid }) => uuid),
    (uuid) => definition.delete(lab.bench.context(), uuid, {}),
  );
  lab.emulator.zstack.endpoints.add(row as never);
  const again = await definition.create(lab.bench.context({ identity }), inputsOf());
  expect(again.id).toBe(id);
  expect(lab.emulator.zstack.endpoints.list()).toHaveLength(1);
});
