import type { TransportFault, ZStackFault } from "../../emulator";
import { IncompleteError } from "../../provider/core/errors";
import { failureOf, useEmulator } from "../support/zstack";
import { LINKS, putSides } from "../support/zstack-links";

/** The three links are one lifecycle; what each of them says and sends is in `zstack-links.ts`. */

const lab = useEmulator(7);
beforeEach(() => putSides(lab.emulator));

describe.each(LINKS)("$noun", (link) => {
  const { noun, sides, destroying, attach, detach, query } = link;
  const id = `${sides[0]}/${sides[1]}`;
  const inputs = link.inputs(sides);
  const { create, read, update, remove, changed } = link.lifecycle(() => lab.bench);
  const isThere = () => link.rows(lab.emulator).includes(id);
  const put = () => link.put(lab.emulator, sides);
  const takeAway = () => link.takeAway(lab.emulator, id);

  describe("create", () => {
    test("makes the link, and its id is both uuids", async () => {
      const made = await create(inputs);
      expect(made).toEqual({ id, state: inputs });
      expect(changed(made.state, inputs, id)).toEqual([]);
      expect(link.rows(lab.emulator)).toEqual([id]);
      expect(lab.changes()).toEqual([attach]);
      expect(lab.bench.warnings).toEqual([]);
      expect(await read(id)).toEqual(inputs);
    });

    test("takes a link over that is there, with a warning and without a call", async () => {
      put();
      expect(await create(inputs)).toEqual({ id, state: inputs });
      expect(lab.changes()).toEqual([]);
      expect(lab.bench.warnings).toEqual([
        `The ${noun} ${id} is there already, and belongs to this resource from now on. Destroying this resource ${destroying}.`,
      ]);
    });

    test("is content when somebody else makes the link at the same moment", async () => {
      lab.emulator.zstack.faults.add({ operation: attach, before: put });
      expect((await create(inputs)).id).toBe(id);
      expect(link.rows(lab.emulator)).toEqual([id]);
    });

    test.each(["SYS.1000", "SYS.1006", "SYS.1007"])(
      "is content with a refusal %s when the link is there",
      async (code) => {
        lab.emulator.zstack.faults.add({ operation: attach, before: put, fault: { kind: "jobFails", code } });
        expect((await create(inputs)).id).toBe(id);
      },
    );

    test.each(["SYS.1000", "SYS.1006", "SYS.1007", "ID.1002"])(
      "fails with a refusal %s when the link is not there and both sides are",
      async (code) => {
        lab.emulator.zstack.faults.add({ operation: attach, fault: { kind: "jobFails", code } });
        expect(await failureOf(create(inputs))).toMatchObject({ name: "JobFailedError", apiCode: code });
        expect(lab.emulator.journal.count(attach)).toBe(1);
      },
    );

    test.each([0, 1] as const)("names side %d when that does not exist", async (index) => {
      link.remove(lab.emulator, index);
      expect(await failureOf(create(inputs))).toMatchObject({
        name: "InputError",
        message:
          `The ${noun} cannot be made: there is no ${link.nouns[index]} ${sides[index]}, or this account cannot see it.\n` +
          "Check the uuid. If it was deleted outside Pulumi and is part of this program, run `pulumi up --refresh`.",
      });
      expect(isThere()).toBe(false);
    });

    test("says the refusal itself when the missing side cannot be looked for", async () => {
      link.remove(lab.emulator, 1);
      lab.emulator.zstack.faults.add({
        operation: attach,
        then: () => void (lab.emulator.zstack.switches.deniedOperations = ["*"]),
      });
      expect(await failureOf(create(inputs))).toMatchObject({ name: "JobFailedError" });
    });

    test.each<[string, TransportFault | ZStackFault]>([
      ["dropped, nothing done", { kind: "dropBeforeCommit" }],
      ["dropped, done", { kind: "dropAfterCommit" }],
      ["the job's record lost, done", { kind: "jobLost" }],
      ["the job's record lost, nothing done", { kind: "jobLost", committed: false }],
      ["a job that never ends, done", { kind: "jobStuck" }],
      ["the server's own timeout, done", { kind: "jobFails", code: "SYS.1001", committed: true }],
      ["an internal error after the work", { kind: "jobFails", code: "SYS.1000", committed: true }],
      ["an expired session", { kind: "expireSessions" }],
    ])("ends with one link after %s", async (_what, fault) => {
      lab.emulator.zstack.faults.add({ operation: attach, fault });
      expect((await create(inputs)).id).toBe(id);
      expect(link.rows(lab.emulator)).toEqual([id]);
    });

    test.each<[string, ZStackFault, string]>([
      ["a job that never ends", { kind: "jobStuck", committed: false }, "TimeoutError"],
      ["the server's own timeout", { kind: "jobFails", code: "SYS.1001" }, "JobFailedError"],
    ])("fails after %s when nothing was done", async (_what, fault, name) => {
      lab.emulator.zstack.faults.add({ operation: attach, fault });
      expect(await failureOf(create(inputs))).toMatchObject({ name });
      expect(isThere()).toBe(false);
    });

    test("is unfinished where ZStack accepts and shows nothing, and finished by the next update", async () => {
      lab.emulator.zstack.faults.add({ operation: attach, then: takeAway });
      const error = await failureOf(create(inputs));
      expect(error).toMatchObject({
        name: "IncompleteError",
        id,
        message: `ZStack accepted the ${noun}, but does not show it.`,
      });
      expect(error["state"]).toEqual(inputs);
      expect(await update(id, inputs, inputs)).toEqual(inputs);
      expect(isThere()).toBe(true);
      expect(lab.changes()).toEqual([attach, attach]);
    });

    test("is unfinished where it cannot be looked at afterwards: the id is kept", async () => {
      lab.emulator.zstack.faults.add({
        operation: attach,
        then: () => void (lab.emulator.zstack.switches.deniedOperations = [query]),
      });
      const error = await failureOf(create(inputs));
      expect(error).toBeInstanceOf(IncompleteError);
      expect(error).toMatchObject({ id });
      expect(isThere()).toBe(true);
    });

    test("of two resources with the same pair, the second is refused, at once or later", async () => {
      const twin = { identity: { key: "f".repeat(64), name: "twin" } };
      const results = await Promise.allSettled([create(inputs), create(inputs, twin)]);
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      expect((await failureOf(create(inputs, twin))).message).toMatch(
        `The ${noun} ${id} already belongs to another resource of this program.\nOne object can be managed by one resource only.`,
      );
      expect(lab.changes()).toEqual([attach]);
    });

    test("after a delete in the same run, as in a forced replacement, makes it again", async () => {
      await create(inputs);
      lab.bench.ids.release(id, "0".repeat(64));
      await remove(id);
      expect((await create(inputs)).id).toBe(id);
      expect(lab.changes()).toEqual([attach, detach, attach]);
    });

    test("that is out of time before it begins changes nothing", async () => {
      await failureOf(create(inputs, { signal: AbortSignal.abort(new Error("out of time")) }));
      expect(lab.changes()).toEqual([]);
    });
  });

  describe("read", () => {
    test.each<[string, () => void]>([
      ["the link was taken away", takeAway],
      ["its first side is gone", () => link.remove(lab.emulator, 0)],
      ["its second side is gone", () => link.remove(lab.emulator, 1)],
    ])(
      "finds nothing when %s; delete has nothing to do, update makes it or says what is missing",
      async (what, happens) => {
        await create(inputs);
        happens();
        lab.emulator.journal.clear();
        expect(await read(id)).toBeUndefined();
        await remove(id);
        expect(lab.changes()).toEqual([]);
        if (what === "the link was taken away") {
          expect(await update(id, inputs, inputs)).toEqual(inputs);
          expect(isThere()).toBe(true);
        } else {
          expect((await failureOf(update(id, inputs, inputs))).message).toContain(
            "cannot be made: there is no",
          );
        }
      },
    );

    test("is not confused by other links of both sides", async () => {
      link.putOthers(lab.emulator);
      expect(await read(id)).toBeUndefined();
      put();
      expect(await read(id)).toEqual(inputs);
    });

    test.each([
      "",
      "x",
      sides[0],
      `${sides[0]}/`,
      `${id}/`,
      `${id}/${sides[0]}`,
      `${sides[0]}/x`,
      `${sides[0]}!=/${sides[1]}`,
    ])("refuses %j as an id", async (given) => {
      for (const work of [() => read(given), () => remove(given), () => update(given, inputs, inputs)]) {
        expect((await failureOf(work())).message).toBe(
          `${given} cannot be the id of this ${noun}.\nIt has the form ${link.fields.join("/")}, each 32 hex digits.`,
        );
      }
      expect(lab.emulator.journal.count()).toBe(0);
    });
  });

  test("update of a link that is there sends nothing", async () => {
    put();
    expect(await update(id, inputs, inputs)).toEqual(inputs);
    expect(lab.changes()).toEqual([]);
  });

  describe("delete", () => {
    test("takes the link away, and has nothing to do the second time", async () => {
      link.putOthers(lab.emulator);
      const others = link.rows(lab.emulator);
      put();
      await remove(id);
      await remove(id);
      expect(link.rows(lab.emulator)).toEqual(others);
      expect(lab.changes()).toEqual([detach]);
      for (const index of [0, 1] as const) {
        expect(link.exists(lab.emulator, index)).toBe(true);
      }
    });

    test.each([0, 1] as const)("is content when side %d goes at the same moment", async (index) => {
      put();
      lab.emulator.zstack.faults.add({ operation: detach, before: () => link.remove(lab.emulator, index) });
      await remove(id);
      expect(isThere()).toBe(false);
    });

    test.each<[string, TransportFault | ZStackFault]>([
      ["dropped, nothing done", { kind: "dropBeforeCommit" }],
      ["dropped, done", { kind: "dropAfterCommit" }],
      ["the job's record lost, done", { kind: "jobLost" }],
      ["an expired session", { kind: "expireSessions" }],
    ])("ends without the link after %s", async (_what, fault) => {
      put();
      lab.emulator.zstack.faults.add({ operation: detach, fault });
      await remove(id);
      expect(isThere()).toBe(false);
    });

    test.each(["SYS.1003", "SYS.1000", "ID.1002"])("fails with %s while the link is there", async (code) => {
      put();
      lab.emulator.zstack.faults.add({ operation: detach, fault: { kind: "jobFails", code } });
      expect(await failureOf(remove(id))).toMatchObject({ apiCode: code });
      expect(isThere()).toBe(true);
    });
  });
});
