import { IdMemory } from "../../provider/core/lifecycle/id-memory";

/** Which resources stand for an object, as one process comes to know it. */

const OLD = "key of the old name";
const NEW = "key of the new name";

describe("a claim", () => {
  test("is given to one resource of the program, and to it again", () => {
    const ids = new IdMemory();
    expect([ids.take("a", NEW), ids.take("a", NEW), ids.take("a", OLD), ids.take("b", OLD)]).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

  test("is refused for the object of a resource that the program was seen to declare", () => {
    const ids = new IdMemory();
    ids.hold("a", OLD);
    expect(ids.take("a", NEW)).toBe(false);
  });

  test("is given where the other resource is only in the stack: it may be this one under its old name", () => {
    const ids = new IdMemory();
    ids.meet("a", OLD);
    expect(ids.take("a", NEW)).toBe(true);
  });

  test("is given again once the object was deleted with the resource that stood for it", () => {
    const ids = new IdMemory();
    ids.hold("a", OLD);
    ids.release("a", OLD);
    expect(ids.take("a", NEW)).toBe(true);
  });
});

describe("a delete", () => {
  test.each<[string, (ids: IdMemory) => void, boolean]>([
    ["of what was not met before", () => undefined, true],
    ["of the resource's own object", (ids) => ids.hold("a", OLD), true],
    ["of an object that another resource has taken over", (ids) => ids.take("a", NEW), false],
    ["of an object that another resource of the program stands for", (ids) => ids.hold("a", NEW), false],
    ["of an object that another resource of the stack stands for", (ids) => ids.meet("a", NEW), false],
    ["of an object whose own resource had no marks yet", (ids) => ids.hold("a", NEW, OLD), true],
    ["of another object", (ids) => ids.hold("b", NEW), true],
  ])("%s", (_what, before, isAllowed) => {
    const ids = new IdMemory();
    before(ids);
    expect(ids.release("a", OLD)).toBe(isAllowed);
  });

  test("of one of two resources for one object leaves it to the last one", () => {
    const ids = new IdMemory();
    ids.meet("a", OLD);
    ids.meet("a", NEW);
    expect([ids.release("a", OLD), ids.release("a", NEW)]).toEqual([false, true]);
  });

  test("of a resource without any marks does not take the object from one that has some", () => {
    const ids = new IdMemory();
    ids.hold("a", NEW);
    expect(ids.release("a", undefined)).toBe(false);
  });
});

test("an id counts as seen, whichever way it was met", () => {
  const ids = new IdMemory();
  ids.meet("met", OLD);
  ids.hold("held", OLD);
  ids.take("taken", OLD);
  ids.release("released", OLD);
  expect(["met", "held", "taken", "released", "other"].map((id) => ids.isSeen(id))).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
});

test("a memory says whether it has met the program, and not only the stack", () => {
  const ids = new IdMemory();
  ids.meet("a", OLD);
  ids.release("a", OLD);
  expect(ids.hasMetProgram).toBe(false);
  ids.hold("a", NEW);
  expect(ids.hasMetProgram).toBe(true);
});
