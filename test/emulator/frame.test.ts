import { Clock } from "../../emulator/frame/clock";
import { Faults } from "../../emulator/frame/faults";
import { Journal } from "../../emulator/frame/journal";
import { Random } from "../../emulator/frame/random";
import { redactQuery, redactText, redactValue } from "../../emulator/frame/redact";
import { amount, choice, flag, names, SwitchBoard, text } from "../../emulator/frame/switches";
import { Table } from "../../emulator/frame/table";
import { list, number, text as anyText, word } from "../../emulator/frame/value";

describe("clock", () => {
  test("runs with real time until it is told otherwise", () => {
    let real = 1000;
    const clock = new Clock(() => real);
    expect(clock.now()).toBe(1000);
    clock.set(5000);
    real += 10;
    expect(clock.now()).toBe(5010);
    clock.advance(90);
    expect(clock.now()).toBe(5100);
    clock.freeze();
    real += 1000;
    expect([clock.now(), clock.frozen]).toEqual([5100, true]);
    clock.advance(-100);
    clock.resume();
    real += 1;
    expect([clock.now(), clock.frozen]).toEqual([5001, false]);
    clock.reset();
    expect(clock.now()).toBe(real);
  });

  test("takes dates and ISO text, and refuses what is no moment", () => {
    const clock = new Clock(() => 0);
    clock.freeze("2024-01-01T00:00:00Z");
    expect(clock.now()).toBe(Date.UTC(2024, 0, 1));
    clock.set(new Date(7));
    expect(clock.now()).toBe(7);
    expect(() => {
      clock.set("soon");
    }).toThrow(RangeError);
    for (const wrong of [NaN, 1e20, -1e20]) {
      expect(() => {
        clock.advance(wrong);
      }).toThrow(RangeError);
      expect(() => {
        clock.set(wrong);
      }).toThrow("moment from 1970 to 9999");
    }
  });
});

describe("random", () => {
  test("repeats itself for the same seed and makes well-formed uuids", () => {
    const ids = (seed: number) =>
      Array.from(
        { length: 200 },
        (
          (random) => () =>
            random.uuid()
        )(new Random(seed)),
      );
    expect(ids(1)).toEqual(ids(1));
    expect(ids(1)).not.toEqual(ids(2));
    expect(new Set(ids(3)).size).toBe(200);
    for (const id of ids(4)) {
      expect(id).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    }
  });

  test("shuffles without losing anything", () => {
    expect(new Random(1).shuffle([1, 2, 3, 4, 5]).sort()).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("redaction", () => {
  test.each([
    ["https://x/send?access_token=abc&x=1", "https://x/send?access_token=***&x=1"],
    ["https://x/send?a=1&sign=s%3D&timestamp=1", "https://x/send?a=1&sign=***&timestamp=1"],
    ["secret=abc", "secret=***"],
    ["nothing here", "nothing here"],
  ])("turns %s into %s", (raw, shown) => {
    expect(redactText(raw)).toBe(shown);
  });

  test("hides secret members at any depth, and keeps empty ones visible", () => {
    expect(
      redactValue({
        params: { secret: "s", password: "", name: "n", list: [{ AccessKeySecret: "k" }], token: 5 },
      }),
    ).toEqual({
      params: { secret: "***", password: "", name: "n", list: [{ AccessKeySecret: "***" }], token: "***" },
    });
  });

  test("shows as deep as any call goes, so that a body of brackets alone does no harm", () => {
    const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`) as unknown;
    expect(JSON.stringify(redactValue(deep))).toBe(`${"[".repeat(32)}"…"${"]".repeat(32)}`);
  });

  test("shows parameters of a query under any name", () => {
    expect(
      Object.entries(redactQuery(new URLSearchParams("__proto__=a&constructor=b&constructor=c"))),
    ).toEqual([
      ["__proto__", ["a"]],
      ["constructor", ["b", "c"]],
    ]);
  });

  test("hides secret parameters of a query", () => {
    expect(redactQuery(new URLSearchParams("q=uuid=1&q=url=http://a?access_token=b&Signature=x"))).toEqual({
      q: ["uuid=1", "url=http://a?access_token=***"],
      Signature: ["***"],
    });
  });
});

describe("switches", () => {
  const table = {
    on: flag("f", true, "1"),
    mode: choice("c", ["a", "b"], "a", "2"),
    size: amount("n", 3, "3", 1),
    word: text("t", "x", "4", /^[a-z]$/, "one letter"),
    names: names("l", ["q", "quay"], [], "5", "name"),
  };

  test("assign, refuse and go back to the values at the start", () => {
    const board = new SwitchBoard(table, { size: 9 });
    board.values.mode = "b";
    board.set({ on: false, names: ["q"] });
    expect({ ...board.values }).toEqual({ on: false, mode: "b", size: 9, word: "x", names: ["q"] });
    board.reset();
    expect({ ...board.values }).toEqual({ on: true, mode: "a", size: 9, word: "x", names: [] });
  });

  test.each([
    ["on", "yes"],
    ["mode", "c"],
    ["size", 0],
    ["size", 1.5],
    ["word", "xx"],
    ["names", [1]],
    ["names", ["no"]],
    ["names", "q"],
    ["on", null],
    ["unknown", 1],
    ["constructor", 1],
  ])("refuse %s = %j, and change nothing else in the same go", (name, value) => {
    const board = new SwitchBoard(table);
    expect(() => {
      board.set({ on: false, [name]: value });
    }).toThrow(RangeError);
    expect(board.values.on).toBe(true);
  });

  test("refuse an assignment to a name that does not exist", () => {
    const values = new SwitchBoard(table).values as Record<string, unknown>;
    expect(() => {
      values.typo = 1;
    }).toThrow("typo: There is no such switch. There are: on, mode, size, word, names.");
    expect(() => {
      values.mod = "b";
    }).toThrow('mod: There is no such switch. Did you mean "mode"?');
    expect(() => {
      values.mode = undefined;
    }).toThrow(RangeError);
    expect(() => Reflect.deleteProperty(values, "mode")).not.toThrow();
    expect(values.mode).toBe("a");
  });

  test("describe themselves as rows", () => {
    expect(new SwitchBoard(table).rows()[1]).toEqual({
      name: "mode",
      meaning: "c",
      values: '"a" | "b"',
      default: "a",
      source: "2",
    });
  });
});

describe("faults", () => {
  const request = (operation: string, method = "GET", path = "/p") =>
    ({ operation, method, path, auth: "none", changing: false }) as const;
  const drop = { kind: "dropBeforeCommit" } as const;
  const rules = () => new Faults<never>(["A", "B"], {});
  const draws = (faults: Faults, count: number) =>
    Array.from({ length: count }, () => (faults.draw(request("A")).fault === undefined ? "." : "x")).join("");

  test.each([
    [{}, "x....."],
    [{ times: 2 }, "xx...."],
    [{ times: "always" as const }, "xxxxxx"],
    [{ every: 2 }, ".x.x.x"],
    [{ every: 2, times: 1 }, ".x...."],
    [{ after: 3 }, "...x.."],
    [{ after: 1, every: 2, times: 2 }, "..x.x."],
  ])("with %j fire as %s", (when, expected) => {
    const faults = rules();
    faults.add({ operation: "A", fault: drop, ...when });
    expect(draws(faults, 6)).toBe(expected);
  });

  test.each([
    [{ operation: "A" }, true],
    [{ operation: ["B", "A"] }, true],
    [{ operation: "B" }, false],
    [{ method: "post" }, true],
    [{ method: "GET" }, false],
    [{ path: "/p" }, true],
    [{ path: "/q" }, false],
    [{ path: /\/\d+$/ }, true],
    [{ operation: "A", path: "/q" }, false],
  ])("match %j: %s", (rule, expected) => {
    const faults = rules();
    faults.add({ fault: drop, ...rule });
    expect(faults.draw(request("A", "POST", "/p/1")).fault !== undefined).toBe(expected);
  });

  test("count, list and can be removed", () => {
    const faults = rules();
    const handle = faults.add({ fault: drop });
    draws(faults, 3);
    expect([handle.seen, handle.fired, faults.list().length]).toEqual([3, 1, 1]);
    handle.remove();
    expect(faults.list()).toEqual([]);
  });

  test("let a rule with callbacks pass and still play the next one", async () => {
    const faults = rules();
    const seen: string[] = [];
    faults.add({
      before: ({ fired }) => void seen.push(`before ${String(fired)}`),
      then: () => void seen.push("then"),
    });
    faults.add({ fault: drop });
    const drawn = faults.draw(request("A"));
    await drawn.before();
    await drawn.then();
    expect([drawn.fault, seen]).toEqual([drop, ["before 1", "then"]]);
  });

  test.each([
    [{ times: 0 }],
    [{ every: 0 }],
    [{ after: -1 }],
    [{ opration: "A", fault: drop }],
    [{ operation: "C", fault: drop }],
    [{ operation: ["A", "C"], fault: drop }],
    [{ operation: "A" }],
    [{}],
    [{ method: "FETCH", fault: drop }],
    [{ path: "p", fault: drop }],
    [{ times: "often", fault: drop }],
    [{ every: 1.5, fault: drop }],
    [{ fault: { kind: "fire" } }],
    [{ fault: { kind: "constructor" } }],
    [{ fault: { kind: "status" } }],
    [{ fault: { kind: "status", status: 99 } }],
    [{ fault: { kind: "status", status: 500, headers: { "a b": "c" } } }],
    [{ fault: { kind: "status", status: 500, headers: { a: "b\nc" } } }],
    [{ fault: { kind: "slow", seconds: 1 } }],
    [{ fault: { kind: "redirect", location: "/\r\n" } }],
    [{ before: "soon" }],
  ])("refuse the rule %j", (rule) => {
    expect(() => rules().add(rule as never)).toThrow(RangeError);
  });
});

describe("journal", () => {
  test("numbers requests over a clear and starts anew on a reset", () => {
    const journal = new Journal(new Clock(() => 5));
    const write = () => {
      journal.open(
        "s",
        "GET",
        {},
        { path: "/", auth: "none", changing: false },
      )({ outcome: "answered", status: 200 });
    };
    write();
    journal.clear();
    write();
    expect(journal.entries).toEqual([
      expect.objectContaining({ sequence: 2, atMs: 5, status: 200, site: "s" }),
    ]);
    journal.reset();
    write();
    expect(journal.entries[0]?.sequence).toBe(1);
  });
});

describe("journal with more than it holds", () => {
  const write = (journal: Journal, path: string) =>
    journal.open("s", "GET", {}, { path, auth: "none", changing: false })({ outcome: "answered" });

  test("drops the oldest entries and says how many", () => {
    const journal = new Journal(new Clock(() => 5), { entries: 2, bytes: 1000 });
    for (const path of ["/a", "/b", "/c", "/d"]) {
      write(journal, path);
    }
    expect(journal.entries.map(({ path, sequence }) => [path, sequence])).toEqual([
      ["/c", 3],
      ["/d", 4],
    ]);
    expect([journal.count(), journal.dropped]).toEqual([2, 2]);
    journal.clear();
    expect(journal.dropped).toBe(0);
  });

  test("drops entries until their size fits, but never the newest", () => {
    const journal = new Journal(new Clock(() => 5), { entries: 9, bytes: 1000 });
    for (const path of ["/a", `/${"b".repeat(700)}`, `/${"c".repeat(2000)}`]) {
      write(journal, path);
    }
    expect([journal.entries.map(({ sequence }) => sequence), journal.dropped]).toEqual([[3], 2]);
    write(journal, "/d");
    expect([journal.entries.map(({ sequence }) => sequence), journal.dropped]).toEqual([[4], 3]);
  });
});

describe("table", () => {
  interface Thing {
    id: string;
    note: string | undefined;
    tags: readonly string[];
  }
  const things = (maxRows?: number) => {
    let last = 0;
    return new Table<Thing>(
      "thing",
      (row) => row.id,
      { id: word("Its id."), note: anyText("A note.").optional(), tags: list("Tags.", anyText("")) },
      {
        complete: (row) => ({ id: String((last += 1)), note: "n", tags: [], ...row }),
        ...(maxRows === undefined ? {} : { maxRows }),
      },
    );
  };

  test.each([
    [{ nots: "x" }, 'nots: There is no such member of a row of kind thing. Did you mean "note"?'],
    [{ zzzzzzz: 1 }, "zzzzzzz: There is no such member of a row of kind thing. There are: id, note, tags."],
    [JSON.parse('{"__proto__": {"note": "x"}}') as object, "__proto__: There is no such member"],
    [{ note: 5 }, "note: takes a text."],
    [{ tags: ["a", 1] }, "tags[1]: takes a text."],
    [{ tags: "a" }, "tags: takes a list of: text."],
    [{ id: "" }, "id: takes a text that is not empty."],
    [[], "The thing takes an object with id, note, tags."],
  ])("refuses to add or edit %j", (row, message) => {
    const table = things();
    const { id } = table.add({});
    expect(() => table.add(row as never)).toThrow(message);
    expect(() => table.edit(id, row as never)).toThrow(message);
    expect(table.list()).toEqual([{ id: "1", note: "n", tags: [] }]);
  });

  test("takes members away that a row can be without, and never the key", () => {
    const table = things();
    const { id } = table.add({ tags: undefined } as never);
    expect(table.edit(id, { note: undefined })).toEqual({ id: "1", note: undefined, tags: [] });
    expect(() => table.edit(id, { tags: undefined } as never)).toThrow("tags: cannot be taken away.");
    expect(() => table.edit(id, { id: "2" })).toThrow("The key 1 is for ever.");
    expect(() => table.add({ id })).toThrow("There is a row of kind thing with the key 1 already.");
  });

  test("goes back to the rows of the start, whatever became of them", () => {
    const table = things();
    table.add({ tags: ["a"] });
    table.keepAsInitial();
    for (const spoil of [
      () => table.edit("1", { note: "x" }),
      () => table.remove("1"),
      () => table.add({}),
    ]) {
      spoil();
      table.restore();
      expect(table.list()).toEqual([{ id: "1", note: "n", tags: ["a"] }]);
    }
  });

  test("forgets the oldest row when there are more than it holds", () => {
    const table = things(2);
    for (let i = 0; i < 4; i += 1) {
      table.add({});
    }
    expect(table.list().map(({ id }) => id)).toEqual(["3", "4"]);
  });

  test("gives copies away, and tells its hooks", () => {
    const gone: string[] = [];
    const members = { id: word("Its id."), n: number("A number.") };
    const table = new Table<{ id: string; n: number }>("thing", (row) => row.id, members, {
      complete: (row) => ({ id: "a", n: 0, ...row }),
      edited: (row) => (row.n += 100),
      removed: (row) => void gone.push(row.id),
    });
    table.add({});
    const copy = table.list()[0];
    if (copy !== undefined) {
      copy.n = 7;
    }
    expect(table.get("a")).toEqual({ id: "a", n: 0 });
    expect(table.edit("a", { n: 1 })).toEqual({ id: "a", n: 101 });
    expect(() => table.add({})).toThrow("already");
    expect(() => table.edit("b", {})).toThrow("There is no row of kind thing with the key b.");
    expect([table.remove("a"), table.remove("a"), gone, table.size]).toEqual([true, false, ["a"], 0]);
  });
});
