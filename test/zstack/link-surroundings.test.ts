import type { ZStackSwitches } from "../../emulator";
import { definitions } from "../../provider/zstack/definitions";
import type { TopicInputs } from "../../provider/program/zstack-resources";
import { uuidFromKey } from "../../provider/zstack/fields/uuids";
import { failureOf, lifecycleOf, useEmulator } from "../support/zstack";
import { LINKS, putSides } from "../support/zstack-links";

/** Topics and links in the installation they live in: other places, servers of every kind, and many at once. */

const NOBODY = uuidFromKey("nobody", 0);
const ELSEWHERE = { recordedTenancy: { site: "http://10.0.0.9:8080/zstack" } };

const lab = useEmulator(8);
beforeEach(() => putSides(lab.emulator));

describe.each(LINKS)("$noun", (link) => {
  const { noun, sides, query } = link;
  const id = sides.join("/");
  const inputs = link.inputs(sides);
  const { create, read, update, remove } = link.lifecycle(() => lab.bench);

  test("in another place is fine while it is found there, and refused when it is not", async () => {
    link.put(lab.emulator, sides);
    expect(await read(id, inputs, ELSEWHERE)).toEqual(inputs);
    await remove(id, inputs, ELSEWHERE);
    lab.emulator.journal.clear();
    for (const work of [
      () => read(id, inputs, ELSEWHERE),
      () => update(id, inputs, inputs, ELSEWHERE),
      () => remove(id, inputs, ELSEWHERE),
    ]) {
      expect(await failureOf(work())).toMatchObject({
        name: "WrongTenancyError",
        message: expect.stringContaining(`${noun} ${id} was not found`) as string,
      });
    }
    expect(lab.changes()).toEqual([]);
  });

  test("a hundred of them are read with a few queries, and only the one that is not there is missing", async () => {
    const many = link.putMany(lab.emulator, 100);
    const found = await Promise.all([...many, `${NOBODY}/${sides[1]}`].map((one) => read(one)));
    expect(found.map((one) => one === undefined)).toEqual([...many.map(() => false), true]);
    expect(lab.emulator.journal.count(query)).toBe(link.queriesOf100);
  });

  test.each<[string, Partial<ZStackSwitches>]>([
    ["no permission", { deniedOperations: [query] }],
    ["a node that starts", { ready: false }],
    ["a missing module", { snsAvailable: false, zwatchAvailable: false }],
  ])("%s never looks like gone", async (_what, switches) => {
    link.put(lab.emulator, sides);
    Object.assign(lab.emulator.zstack.switches, switches);
    await failureOf(read(id));
    await failureOf(remove(id));
    await failureOf(create(inputs));
    expect(link.rows(lab.emulator)).toEqual([id]);
    expect(lab.changes()).toEqual([]);
  });

  test.each<[Partial<ZStackSwitches>]>([
    [{ removeActionUnknownOwner: "SYS.1003", removeMissingAction: "SYS.1003" }],
    [{ removeActionUnknownOwner: "success", removeMissingAction: "success" }],
  ])("is deleted while the link or a side goes at the same moment, with %j", async (switches) => {
    Object.assign(lab.emulator.zstack.switches, switches);
    for (const happens of [
      () => link.takeAway(lab.emulator, id),
      () => link.remove(lab.emulator, 0),
      () => link.remove(lab.emulator, 1),
    ]) {
      lab.emulator.reset();
      putSides(lab.emulator);
      link.put(lab.emulator, sides);
      const handle = lab.emulator.zstack.faults.add({ operation: link.detach, before: happens });
      await remove(id);
      expect(handle.fired).toBe(1);
      handle.remove();
      expect(link.rows(lab.emulator)).toEqual([]);
    }
  });
});

/** Positions of a switch in which whole lives go on as always. */
const POSITIONS: [Partial<ZStackSwitches>][] = [
  [{ serverVersion: "5.0.0" }],
  [{ serverVersion: "5.3.20" }],
  [{ locale: "zh_CN" }],
  [{ timezone: "UTC" }],
  [{ pollsBeforeDone: 5 }],
  [{ admin: false }],
  [{ elaboration: false }],
  [{ causes: "cause" }],
  [{ causes: "causes", globalErrorCode: true }],
  [{ dateFormat: "java9" }],
  [{ dateFormat: "java20" }],
  [{ dateFormat: "epoch" }],
  [{ queryOrder: "insertion" }],
  [{ queryOrder: "shuffled" }],
  [{ uuidReuse: false }],
  [{ tagsOnCreate: "attached" }],
  [{ descriptionClearable: false }],
  [{ subscribeEventUnknownTopic: "accepted" }],
];

describe("the lives of a topic and its links", () => {
  const topic = lifecycleOf(definitions.Topic, () => lab.bench);
  const FULL: TopicInputs = {
    name: "duty",
    description: "text",
    locale: "en_US",
    enabled: false,
    adopt: "never",
    userTags: ["a"],
  };
  const BARE: TopicInputs = { name: "bare", locale: "zh_CN", enabled: true, adopt: "never" };
  const links = LINKS.map((link) => ({ ...link, ...link.lifecycle(() => lab.bench) }));

  test.each(POSITIONS)("go well with %j", async (switches) => {
    Object.assign(lab.emulator.zstack.switches, switches);
    const made = await topic.create(FULL);
    const joined = links.map((link) => {
      const sides = link.sides.map((uuid, index) => (link.nouns[index] === "topic" ? made.id : uuid));
      return { link, inputs: link.inputs([sides[0] ?? "", sides[1] ?? ""]), id: sides.join("/") };
    });
    for (const { link, inputs } of joined) {
      await link.create(inputs);
    }

    await lab.nextRun();
    expect(topic.changed(await topic.read(made.id, made.state), FULL, made.id)).toEqual([]);
    expect((await topic.read(made.id, made.state))?.createdAt).toBe(made.state.createdAt);
    for (const { link, inputs, id } of joined) {
      expect(await link.read(id)).toEqual(inputs);
      await link.update(id, inputs, inputs);
    }
    await topic.update(made.id, made.state, FULL);
    expect(lab.changes()).toEqual([]);

    const bare = await topic.update(made.id, made.state, BARE);
    expect(topic.changed(bare, BARE, made.id)).toEqual([]);
    expect(lab.emulator.zstack.topics.get(made.id)).toMatchObject({
      name: "bare",
      description: "",
      locale: "zh_CN",
      state: "Enabled",
    });
    for (const { link, id } of joined) {
      expect(link.rows(lab.emulator)).toContain(id);
      await link.remove(id);
      expect(link.rows(lab.emulator)).toEqual([]);
      expect(await link.read(id)).toBeUndefined();
    }
    await topic.remove(made.id, bare);
    await topic.remove(made.id, bare);
    expect(lab.emulator.zstack.topics.get(made.id)).toBeUndefined();
    expect(lab.bench.warnings).toEqual([]);
  });
});
