import { ConfigError, IncompleteError, NetworkError, TimeoutError } from "../../provider/core/errors";
import { flag, setOf, text, type FieldType } from "../../provider/core/fields/field-types";
import { autoName, defineFields } from "../../provider/core/fields/fields";
import { idsOf } from "../../provider/core/fields/ids";
import { IdMemory } from "../../provider/core/lifecycle/id-memory";
import { createRedactor } from "../../provider/core/redact";
import type { Connection, Context } from "../../provider/core/lifecycle/definition";
import { DynamicFront, type FrontHost } from "../../provider/pulumi/process/dynamic-front";
import { HIDDEN_BAG } from "../../provider/pulumi/hidden-bag";
import { systemClock } from "../../provider/core/clock";

/** The front with a resource of its own: what it makes of results and failures of any lifecycle. */

const UNKNOWN_ON_THE_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

const STUB = "exports.handler=…";
const KEY = "0123456789abcdef".repeat(4);
const BAG = { v: 1, key: KEY, name: "first", urn: "urn:pulumi:s::p::t::now" };
const TENANCY = { site: "here", account: "me" };
const BAG_WITH_TENANCY = { ...BAG, tenancy: TENANCY };

/** A map whose keys have one form, as those of persons have. */
function people(): FieldType<Record<string, string>> {
  return {
    shape: { kind: "map", keys: "name", values: { kind: "text" } },
    normalise: (value) =>
      Object.fromEntries(
        Object.entries(value as Record<string, string>).map(([key, member]) => [key.toLowerCase(), member]),
      ),
    canonicalKey: (given) => given.toLowerCase(),
  };
}

const fields = defineFields({
  name: { type: text(), default: autoName(20), change: "update" },
  token: { type: text(), secret: true, required: true, change: "update" },
  kind: {
    type: text({ inspect: (value, path, findings) => value === "odd" && findings.warn(path, "is odd.") }),
    change: "replace",
  },
  tags: { type: setOf(text()), change: "update" },
  mode: { type: text(), change: "ignored", local: true },
  people: { type: people(), change: "update" },
  on: { type: flag(), default: true, change: "update" },
});

type Values = Record<string, unknown>;
type Definition = ConstructorParameters<typeof DynamicFront>[0];

interface Stage {
  readonly front: DynamicFront;
  readonly ids: IdMemory;
  readonly lines: string[];
  readonly contexts: Context[];
  readonly connects: ((key: string) => string | undefined)[];
}

function stage(
  lifecycle: Partial<Definition> = {},
  host: Partial<FrontHost> & { tenancy?: Connection["tenancy"]; ready?: Connection["ready"] } = {},
): Stage {
  const ids = new IdMemory();
  const lines: string[] = [];
  const said: string[] = [];
  const contexts: Context[] = [];
  const connects: Stage["connects"] = [];
  const redactor = createRedactor();
  const { tenancy = async () => TENANCY, ready = async () => undefined, ...others } = host;
  const noted =
    <A extends unknown[], R>(operation: (ctx: Context, ...rest: A) => R) =>
    (ctx: Context, ...rest: A): R => {
      contexts.push(ctx);
      return operation(ctx, ...rest);
    };
  const state: Values = { name: "n", token: "t0ken", on: true, made: "today" };
  const definition: Definition = {
    token: "cloud:Thing",
    noun: "thing",
    fields,
    outputs: { made: {} },
    ...(lifecycle.normaliseId === undefined ? {} : { normaliseId: lifecycle.normaliseId }),
    create: noted(lifecycle.create ?? (async () => ({ id: "7", state }))),
    read: noted(lifecycle.read ?? (async () => state)),
    update: noted(lifecycle.update ?? (async () => state)),
    delete: noted(lifecycle.delete ?? (async () => undefined)),
  };
  const front = new DynamicFront(definition, {
    clock: systemClock,
    run: (operation) => operation(),
    signal: new AbortController().signal,
    log: (urn) => ({
      progress: (line) => lines.push(`${urn ?? "stack"} info ${line}`),
      note: (line) => lines.push(`${urn ?? "stack"} note ${line}`),
      warn: (line) => lines.push(`${urn ?? "stack"} warning ${line}`),
    }),
    redact: (line) => redactor.redact(line),
    addSecrets: (values) => values.forEach((value) => redactor.add(value as string)),
    connect: (config) => {
      connects.push(config);
      return { verifySettings: () => undefined, ready, tenancy, close: async () => undefined };
    },
    ids,
    isNews: (message) => !said.includes(message) && said.push(message) > 0,
    silence: () => undefined,
    adviceOn: () => undefined,
    ...others,
  });
  return { front, ids, lines, contexts, connects };
}

const INPUTS = { __provider: STUB, [HIDDEN_BAG]: BAG, token: secret("t0ken"), name: "n", on: true };
const STATE = { ...INPUTS, [HIDDEN_BAG]: BAG_WITH_TENANCY, token: "t0ken", made: "today" };

describe("an id that a person wrote", () => {
  const normaliseId = idsOf(text());

  test("is read in its canonical form", async () => {
    const seen: unknown[] = [];
    const read = async (_ctx: Context, id: string): Promise<Values> => {
      seen.push(id);
      return { name: "n", token: "t0ken" };
    };
    const { front, ids } = stage({ read, normaliseId });
    expect(await front.read(" 7\n", STATE)).toMatchObject({ id: "7" });
    expect(seen).toEqual(["7"]);
    expect(ids.isSeen("7")).toBe(true);
  });

  test.each([
    ["7\u0007x", "id: must not contain line breaks or other control characters, but has U+0007. Remove it."],
    [" ", "id: is missing. Give the id of an object that exists."],
  ])("is refused before any call where it cannot be one: %j", async (id, said) => {
    const { front, connects } = stage({ normaliseId });
    expect((await failure(front.read(id, STATE))).message).toBe(`${said}\nResource: thing`);
    expect(connects).toEqual([]);
  });
});

async function failure(work: Promise<unknown>): Promise<Error & Values> {
  return work.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: Error & Values) => error,
  );
}

describe("check", () => {
  test("gives canonical inputs with the bag, and warns nobody about good ones", async () => {
    const { front, lines } = stage();
    const news = { ...INPUTS, tags: ["b", " a"], name: secret(" n "), kind: UNKNOWN_ON_THE_WIRE };
    expect(await front.check({}, news)).toEqual({
      inputs: {
        name: "n",
        token: secret("t0ken"),
        kind: UNKNOWN_ON_THE_WIRE,
        tags: ["b", "a"],
        on: true,
        [HIDDEN_BAG]: BAG,
      },
      failures: [],
    });
    expect(lines).toEqual([]);
  });

  test("names no property in a failure: the engine would print its value", async () => {
    const { front } = stage();
    const { failures } = await front.check({}, { [HIDDEN_BAG]: BAG, colour: 1, on: "true" });
    expect(failures).toEqual([
      { property: "", reason: "colour: is not an argument of this resource." },
      { property: "", reason: "token: is required. Give a value." },
      {
        property: "",
        reason:
          "on: must be true or false, but is a string. Read it with config.getBoolean(), or write it without quotes.",
      },
    ]);
  });

  test("keeps the key and the name that the resource was first registered under", async () => {
    const { front } = stage();
    const today = { v: 1, key: "f".repeat(64), name: "renamed", urn: "urn:new", timeouts: { create: 5 } };
    const { inputs } = await front.check(INPUTS, { token: "x", [HIDDEN_BAG]: today });
    // As it was recorded: what differs from it would show in every diff.
    expect(inputs?.[HIDDEN_BAG]).toEqual(BAG);
    expect(inputs?.["name"]).toBe("first-0123456");
    const { outs } = await front.update("7", STATE, { ...inputs, __provider: STUB });
    expect(outs?.[HIDDEN_BAG]).toEqual({
      ...BAG_WITH_TENANCY,
      now: { urn: "urn:new", timeouts: { create: 5 } },
    });
  });

  test("keeps what describes nothing on the server as it was recorded: a change of it is no difference", async () => {
    const { front } = stage();
    const check = async (olds: Values, adopt: Values): Promise<unknown> =>
      (await front.check(olds, { ...INPUTS, ...adopt })).inputs?.["mode"];
    expect(await check({}, { mode: "new" })).toBe("new");
    expect(await check({ ...INPUTS, mode: "old" }, { mode: "new" })).toBe("old");
    expect(await check({ ...INPUTS, mode: "old" }, {})).toBe("old");
    expect(await check(INPUTS, { mode: "new" })).toBeUndefined();
  });

  test("warns of a value when it is new or has changed, and not in every run", async () => {
    const { front, lines } = stage();
    await front.check({}, { ...INPUTS, kind: "odd" });
    expect(lines.splice(0)).toEqual([`${BAG.urn} warning kind: is odd.`]);
    await front.check({ ...INPUTS, kind: "odd" }, { ...INPUTS, kind: "odd", name: "m" });
    expect(lines.splice(0)).toEqual([]);
    await front.check({ ...INPUTS, kind: "good" }, { ...INPUTS, kind: "odd" });
    expect(lines).toEqual([`${BAG.urn} warning kind: is odd.`]);
  });

  test("says what is wrong with the connection before anything uses it: once at length, then in short", async () => {
    const connect = () => {
      throw new ConfigError("The connection is not set up.", { hint: "Set it up." });
    };
    const { front } = stage({}, { connect });
    const failures = async () => (await front.check({}, INPUTS)).failures?.map(({ reason }) => reason);
    expect(await failures()).toEqual(["The connection is not set up.\nSet it up."]);
    expect(await failures()).toEqual(["The connection is not set up."]);
  });

  test("masks what the program gave as a secret in everything it says", async () => {
    const { front, lines } = stage();
    const news = {
      ...INPUTS,
      kind: "odd",
      tags: ["private", 1],
      [HIDDEN_BAG]: { ...BAG, secrets: ["tags"] },
    };
    const { failures } = await front.check({}, { ...news, private: "x" });
    expect(failures?.map(({ reason }) => reason)).toEqual([
      "[redacted]: is not an argument of this resource.",
      "tags[1]: must be a string, but is a number. Write it in quotes.",
    ]);
    expect(lines).toEqual([`${BAG.urn} warning kind: is odd.`]);
  });

  test("warns of a connection that believes anybody, when an object is first seen through it", async () => {
    const { front, lines } = stage({}, { adviceOn: () => "It believes anybody." });
    const { outs } = await front.create(INPUTS);
    await front.create(INPUTS);
    expect(lines.splice(0)).toEqual(["stack warning It believes anybody."]);
    const later = stage({}, { adviceOn: () => "It believes anybody." });
    await later.front.read("7", { ...outs, token: "t0ken" });
    expect(later.lines).toEqual([]);
    await later.front.read("8", STATE);
    expect(later.lines).toEqual(["stack warning It believes anybody."]);
  });

  test("refuses to go on without a value that the engine left out because its resource has failed", async () => {
    const { front } = stage();
    const bag = { ...BAG, unknown: ["kind", "token", "tags"] };
    const { token: _token, ...rest } = INPUTS;
    const news = { ...rest, tags: ["a", UNKNOWN_ON_THE_WIRE], [HIDDEN_BAG]: bag };
    const { failures, inputs } = await front.check({}, news);
    const lost =
      "is not known: the resource that it comes from has failed. Mend that one, then run the command again.";
    expect(failures?.map(({ reason }) => reason)).toEqual([`kind: ${lost}`, `token: ${lost}`]);
    expect(inputs?.[HIDDEN_BAG]).toEqual(BAG);
  });

  test("names a value that no argument takes, where it stands", async () => {
    const odd = { __dingtalkOddValue: "a Map", remedy: "Write it out." };
    const { failures } = await stage().front.check({}, { ...INPUTS, tags: ["a", odd], name: odd });
    expect(failures?.map(({ reason }) => reason)).toEqual([
      "name: cannot be a Map. Write it out.",
      "tags[1]: cannot be a Map. Write it out.",
    ]);
  });

  test("gives a map whose keys it had to rewrite as a secret: nobody tells it whether there is one in it", async () => {
    const { front } = stage();
    const { inputs } = await front.check({}, { ...INPUTS, people: { A: "x" } });
    expect(inputs?.["people"]).toEqual(secret({ a: "x" }));
    expect((await front.check({}, { ...INPUTS, people: { a: "x" } })).inputs?.["people"]).toEqual({ a: "x" });
  });

  test("takes what the program ignores by position from the element that means the same", async () => {
    const { front } = stage();
    const news = { ...INPUTS, tags: ["c", "a"], [HIDDEN_BAG]: { ...BAG, ignored: ["tags[0]"] } };
    const { inputs } = await front.check({ ...INPUTS, tags: ["b", "a"] }, news);
    expect(inputs).toMatchObject({ tags: ["b", "a"], [HIDDEN_BAG]: BAG });
    const { outs } = await front.update("7", STATE, { ...inputs, __provider: STUB });
    // A refresh compares what was recorded with the live object, without a check before.
    const live = { ...outs, __provider: STUB, token: "t0ken", tags: ["d", "a"] };
    expect(await stage().front.diff("7", live, { ...INPUTS, tags: ["b", "a"] })).toEqual({ changes: false });
  });

  test.each<[string, unknown]>([
    ["none", undefined],
    ["one without a key", { v: 1, name: "y" }],
    ["nonsense", "bag"],
  ])("begins anew where the old inputs have %s for a bag", async (_what, bag) => {
    const { inputs } = await stage().front.check({ [HIDDEN_BAG]: bag }, INPUTS);
    expect(inputs?.[HIDDEN_BAG]).toEqual(BAG);
  });

  test("refuses a resource that does not come from our class", async () => {
    const error = await failure(stage().front.check({}, { token: "x" }));
    expect(error.message).toBe("This thing was not declared with the class of pulumi-dingtalk.");
  });
});

describe("diff", () => {
  test.each<[string, Values, Values, object]>([
    ["nothing", {}, {}, { changes: false }],
    ["order and white space", { tags: ["a", "b"] }, { tags: [" b", "a"] }, { changes: false }],
    ["the bag alone", {}, { [HIDDEN_BAG]: { ...BAG, urn: "urn:other" } }, { changes: false }],
    ["the stub alone", {}, { __provider: "exports.handler=new" }, { changes: true }],
    ["an update", {}, { name: "m" }, { replaces: [], deleteBeforeReplace: true }],
    ["a secret", {}, { token: secret("other") }, { replaces: [], deleteBeforeReplace: true }],
    ["a replacement", {}, { kind: "k" }, { replaces: ["kind"], deleteBeforeReplace: true }],
    ["an unknown value", {}, { name: UNKNOWN_ON_THE_WIRE }, { replaces: [], deleteBeforeReplace: true }],
    [
      "an unknown replacing one",
      {},
      { kind: UNKNOWN_ON_THE_WIRE },
      { replaces: ["kind"], deleteBeforeReplace: true },
    ],
    [
      "the stub and more",
      {},
      { __provider: "exports.handler=new", name: "m" },
      { replaces: [], deleteBeforeReplace: true },
    ],
  ])("of %s", async (_what, olds, news, expected) => {
    const { front, ids } = stage();
    const result = await front.diff("7", { ...STATE, ...olds }, { ...INPUTS, ...news });
    expect(result).toEqual(expected);
    // Without `changes` the engine compares the inputs itself and shows exact paths.
    expect("changes" in result).toBe("changes" in expected);
    expect(ids.isSeen("7")).toBe(true);
  });
});

test("diff refuses that two resources of the program stand for one object, whichever came first", async () => {
  const { front, ids } = stage();
  ids.take("7", "f".repeat(64));
  await front.check(INPUTS, INPUTS);
  expect((await failure(front.diff("7", STATE, INPUTS))).message).toMatch(
    /^Another resource of this program stands for the thing 7, too\./,
  );
});

describe("results", () => {
  const ODD: Values = {
    name: undefined,
    token: "t0ken",
    made: new Date(0),
    big: 12345678901234567890n,
    bad: Number.NaN,
    infinite: -Infinity,
    list: [undefined, new Date(1), [Number.NaN]],
    nested: { gone: undefined, kept: null, text: "x" },
    unknown: undefined,
  };
  const CLEAN = {
    token: secret("t0ken"),
    made: "1970-01-01T00:00:00.000Z",
    big: "12345678901234567000",
    bad: null,
    infinite: null,
    list: [null, "1970-01-01T00:00:00.001Z", [null]],
    nested: { kept: null, text: "x" },
  };

  test("of create are clean, secret where they must be, and know the place", async () => {
    const big = { ...ODD, big: 12345678901234567000n };
    const { front, ids } = stage({ create: async () => ({ id: "7", state: big }) });
    expect(await front.create(INPUTS)).toEqual({
      id: "7",
      outs: { ...CLEAN, [HIDDEN_BAG]: BAG_WITH_TENANCY },
    });
    expect(ids.isSeen("7")).toBe(true);
  });

  test("of update are, too", async () => {
    const { front } = stage({ update: async () => ({ ...ODD, big: 12345678901234567000n }) });
    expect(await front.update("7", STATE, INPUTS)).toEqual({
      outs: { ...CLEAN, [HIDDEN_BAG]: BAG_WITH_TENANCY },
    });
  });

  test("of read are, and the inputs as well, which hold arguments only and no place", async () => {
    const { front } = stage({ read: async () => ({ ...ODD, big: 1n, kind: "k" }) });
    expect(await front.read("7", STATE)).toEqual({
      id: "7",
      props: { ...CLEAN, big: "1", kind: "k", [HIDDEN_BAG]: BAG_WITH_TENANCY },
      inputs: { token: secret("t0ken"), kind: "k", [HIDDEN_BAG]: BAG },
    });
  });

  test("reach a lifecycle as plain values", async () => {
    const create = jest.fn(async () => ({ id: "7", state: {} }));
    await stage({ create }).front.create({ ...INPUTS, tags: secret([secret("a")]) });
    expect(create).toHaveBeenCalledWith(expect.anything(), {
      token: "t0ken",
      name: "n",
      on: true,
      tags: ["a"],
    });
  });
});

describe("read", () => {
  test("gives what a list still has in the recorded order, so that paths name the same elements", async () => {
    const { front } = stage({ read: async () => ({ token: "t0ken", tags: ["a", "b", "new"] }) });
    const { props, inputs } = await front.read("7", { ...STATE, tags: ["b", "gone", "a"] });
    expect([props?.["tags"], inputs?.["tags"]]).toEqual([
      ["b", "a", "new"],
      ["b", "a", "new"],
    ]);
  });

  test("learns what is secret on the server, and keeps it out of later messages", async () => {
    const read = jest
      .fn<Promise<Values>, []>()
      .mockResolvedValueOnce({ token: "put-there-by-others" })
      .mockRejectedValueOnce(new Error("The server says: put-there-by-others"));
    const { front } = stage({ read });
    await front.read("7", STATE);
    expect((await failure(front.read("7", STATE))).message).toBe("The server says: [redacted]");
  });

  test("of something that is gone gives an empty id", async () => {
    const { front } = stage({ read: async () => undefined });
    expect(await front.read("7", STATE)).toEqual({ id: "", props: {} });
  });

  test("for `get` of something that does not exist fails, and names the place", async () => {
    const { front } = stage({ read: async () => undefined });
    const error = await failure(front.read("7", { __provider: STUB, [HIDDEN_BAG]: { ...BAG, get: true } }));
    expect(error.message).toBe(
      "There is no thing with the id 7.\nLooked in: here (account me)\nCheck the id, and that this account may see the object.",
    );
  });

  test("of what `get` once found and is gone now gives an empty id", async () => {
    const { front } = stage({ read: async () => undefined });
    const props = { ...STATE, [HIDDEN_BAG]: { ...BAG, get: true } };
    expect(await front.read("7", props)).toMatchObject({ id: "" });
  });

  test("of a minimal imported entry works without a bag", async () => {
    const { front, contexts } = stage();
    const result = await front.read("7", { __provider: STUB });
    expect(result).toEqual({
      id: "7",
      props: { name: "n", token: secret("t0ken"), on: true, made: "today" },
      inputs: { name: "n", token: secret("t0ken"), on: true },
    });
    expect(contexts[0]).toMatchObject({ identity: undefined, recordedTenancy: undefined });
  });
});

describe("what a lifecycle is given", () => {
  test("is who the resource is and where it was", async () => {
    const { front, contexts, lines } = stage();
    await front.read("7", STATE);
    await front.update("7", STATE, { ...INPUTS, [HIDDEN_BAG]: { ...BAG, urn: "urn:today" } });
    await front.delete("7", STATE);
    await front.create(INPUTS);
    expect(contexts.map(({ identity }) => identity)).toEqual(Array(4).fill({ key: KEY, name: "first" }));
    expect(contexts.map(({ recordedTenancy }) => recordedTenancy)).toEqual([
      TENANCY,
      TENANCY,
      TENANCY,
      undefined,
    ]);
    contexts.forEach(({ log }) => log.progress("x"));
    expect(lines.filter((line) => line.includes(" info "))).toEqual([
      `${BAG.urn} info x`,
      "urn:today info x",
      `${BAG.urn} info x`,
      `${BAG.urn} info x`,
    ]);
  });

  test("is the configuration of today, whenever it came", async () => {
    const { front, connects } = stage();
    const config = { get: (key: string) => `value of ${key}` };
    void front.configure({ config } as never);
    await front.read("7", STATE);
    expect(connects[0]?.("cloud:x")).toBe("value of cloud:x");
  });

  test("is nothing in an update of the stub alone: no call is made", async () => {
    const { front, contexts } = stage();
    const state = { ...STATE, tags: ["a"] };
    const news = { ...INPUTS, tags: ["a"], __provider: "exports.handler=new" };
    expect(await front.update("7", state, news)).toEqual({
      outs: {
        name: "n",
        token: secret("t0ken"),
        on: true,
        made: "today",
        tags: ["a"],
        [HIDDEN_BAG]: BAG_WITH_TENANCY,
      },
    });
    expect(contexts).toEqual([]);
  });
});

describe("delete", () => {
  test("leaves alone what another resource of this program took over, and says so", async () => {
    const { front, ids, contexts, lines } = stage();
    ids.take("7", "f".repeat(64));
    await front.delete("7", STATE);
    expect(contexts).toEqual([]);
    expect(lines).toEqual([
      `${BAG.urn} warning The thing 7 is left alone: another resource of this stack stands for it, too.`,
    ]);
  });

  test("leaves alone what another resource of the program was seen to stand for", async () => {
    const { front, contexts } = stage();
    const other = { ...BAG, key: "f".repeat(64) };
    await front.check({ ...INPUTS, [HIDDEN_BAG]: other }, INPUTS);
    await front.diff("7", { ...STATE, [HIDDEN_BAG]: other }, { ...INPUTS, [HIDDEN_BAG]: other });
    await front.delete("7", STATE);
    expect(contexts).toEqual([]);
  });

  test("of two resources that a refresh has met under one id, only the last one takes the object along", async () => {
    const { front, contexts } = stage();
    const other = { ...STATE, [HIDDEN_BAG]: { ...BAG, key: "f".repeat(64) } };
    await front.read("7", STATE);
    await front.read("7", other);
    contexts.length = 0;
    await front.delete("7", STATE);
    expect(contexts).toHaveLength(0);
    await front.delete("7", other);
    expect(contexts).toHaveLength(1);
  });

  test("says once that it has not seen the program, where the object may have another resource", async () => {
    const { front, lines } = stage();
    await front.delete("7", STATE);
    await front.delete("8", STATE);
    expect(lines).toEqual([expect.stringContaining("note Deletes without having seen the whole program.")]);
    const informed = stage();
    await informed.front.check(INPUTS, INPUTS);
    await informed.front.diff("9", STATE, INPUTS);
    await informed.front.delete("7", STATE);
    expect(informed.lines).toEqual([]);
  });

  test("removes what the resource itself made or took over in this run", async () => {
    const { front, ids, contexts } = stage();
    ids.take("7", KEY);
    await front.delete("7", STATE);
    expect(contexts).toHaveLength(1);
    expect(ids.isSeen("7")).toBe(true);
  });
});

describe("a failure", () => {
  const LEAKY = new NetworkError("no answer for t0ken at https://h/?access_token=abc", {
    outcome: "unknown",
  });

  test.each(["create", "read", "update", "delete"] as const)(
    "of %s is one message without secrets and without a stack",
    async (operation) => {
      const fails = (): Promise<never> => Promise.reject(LEAKY);
      const { front } = stage({ [operation]: fails });
      const error = await failure(
        {
          create: () => front.create(INPUTS),
          read: () => front.read("7", STATE),
          update: () => front.update("7", STATE, INPUTS),
          delete: () => front.delete("7", STATE),
        }[operation](),
      );
      const message = "no answer for [redacted] at https://h/?access_token=[redacted]";
      expect({ message: error.message, stack: error.stack }).toEqual({ message, stack: message });
      // The process prints `${error}: ${error.stack}`, and the engine the message besides.
      expect(String(error)).toBe("thing");
      expect(error).not.toHaveProperty("cause");
      expect(error).not.toHaveProperty("id");
    },
  );

  test("knows the recorded secret as well as the new one", async () => {
    const fails = () => Promise.reject(new Error("old one is 0ldSecret, new one is newS3cret"));
    const { front } = stage({ update: fails });
    const error = await failure(
      front.update("7", { ...STATE, token: "0ldSecret" }, { ...INPUTS, token: "newS3cret" }),
    );
    expect(error.message).toBe("old one is [redacted], new one is [redacted]");
  });

  test("that is no error is told nevertheless", async () => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- libraries do such things
    const { front } = stage({ read: () => Promise.reject("text") });
    expect((await failure(front.read("7", STATE))).message).toBe("text");
  });

  test("of the connection is one too, and nothing is called", async () => {
    const { front, contexts } = stage({}, { ready: () => Promise.reject(LEAKY) });
    expect((await failure(front.delete("7", STATE))).message).toContain("no answer for [redacted]");
    expect(contexts).toEqual([]);
  });
});

describe("an unfinished operation", () => {
  const incomplete = () =>
    Promise.reject(new IncompleteError("7", { name: "half", token: "l1ve" }, ["a: t0ken refused", "b: x"]));

  test.each(["create", "update"] as const)("of %s is kept with what the server holds", async (operation) => {
    const { front, ids } = stage({ [operation]: incomplete });
    const work = operation === "create" ? front.create(INPUTS) : front.update("7", STATE, INPUTS);
    const error = await failure(work);
    const { id, properties, reasons } = error;
    expect({ id, properties, reasons }).toEqual({
      id: "7",
      properties: { name: "half", token: secret("l1ve"), [HIDDEN_BAG]: BAG_WITH_TENANCY, __provider: STUB },
      reasons: ["a: [redacted] refused", "b: x"],
    });
    expect(error.message).toBe("a: [redacted] refused\nb: x");
    expect(ids.isSeen("7")).toBe(true);
  });

  test("keeps the recorded place when the place of today cannot be told", async () => {
    const { front } = stage({ update: incomplete }, { tenancy: () => Promise.reject(new Error("login")) });
    const error = await failure(front.update("7", STATE, INPUTS));
    expect((error["properties"] as Values)[HIDDEN_BAG]).toEqual(BAG_WITH_TENANCY);
  });
});

describe("a deadline of customTimeouts", () => {
  /** Ends when the operation's signal does. */
  const untilOutOfTime = (ctx: Context): Promise<never> =>
    new Promise((_resolve, reject) => {
      ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason as Error));
    });
  const with1ms = (operation: string) => ({ ...BAG, timeouts: { [operation]: 0.001 } });
  const LATE = (operation: string) =>
    `The ${operation} did not finish within the 0.001 seconds of its customTimeouts.\nRun the command again: it takes up what is there. Give it more time if the service is slow.`;

  test.each(["create", "update", "delete"] as const)("ends a %s", async (operation) => {
    const { front } = stage({ [operation]: untilOutOfTime });
    const properties = { ...INPUTS, [HIDDEN_BAG]: with1ms(operation) };
    const error = await failure(
      {
        create: () => front.create(properties),
        // The program's of today counts, not the recorded one.
        update: () => front.update("7", STATE, properties),
        delete: () => front.delete("7", properties),
      }[operation](),
    );
    expect(error.message).toBe(LATE(operation));
  });

  test("ends an operation that still waits for the service to answer at all", async () => {
    const { front, contexts } = stage({}, { ready: () => new Promise(() => undefined) });
    const error = await failure(front.create({ ...INPUTS, [HIDDEN_BAG]: with1ms("create") }));
    expect(error.message).toBe(LATE("create"));
    expect(contexts).toEqual([]);
  });

  test("of another operation does not count", async () => {
    const { front } = stage();
    await expect(front.create({ ...INPUTS, [HIDDEN_BAG]: with1ms("delete") })).resolves.toBeDefined();
  });

  test("is not the only thing that ends an operation: the process does, too", async () => {
    const stopping = new AbortController();
    const { front } = stage({ create: untilOutOfTime }, { signal: stopping.signal });
    const work = failure(front.create(INPUTS));
    await new Promise(setImmediate);
    stopping.abort(new TimeoutError("The engine is gone."));
    expect((await work).message).toBe("The engine is gone.");
  });
});

describe("what the service does not show", () => {
  const learning = async (ctx: Context): Promise<Values> => {
    ctx.unshown?.learn("token");
    return { name: "n", token: "t0ken", on: true };
  };
  const bagOf = (props: Values | undefined): unknown => props?.[HIDDEN_BAG];
  const LEARNT = { ...BAG_WITH_TENANCY, unshown: ["token"] };

  test("is recorded with the state by a create, an update, a read and an unfinished one, and not with the inputs", async () => {
    const { front } = stage({
      create: async (ctx) => ({ id: "7", state: await learning(ctx) }),
      update: learning,
      read: learning,
    });
    expect(bagOf((await front.create(INPUTS)).outs)).toEqual(LEARNT);
    expect(bagOf((await front.update("7", STATE, INPUTS)).outs)).toEqual(LEARNT);
    const read = await front.read("7", STATE);
    expect([bagOf(read.props), bagOf(read.inputs)]).toEqual([LEARNT, BAG]);
    const unfinished = stage({
      update: async (ctx) => {
        throw new IncompleteError("7", await learning(ctx), ["no"]);
      },
    });
    const { properties } = await failure(unfinished.front.update("7", STATE, INPUTS));
    expect(bagOf(properties as Values)).toEqual(LEARNT);
  });

  test("is told to the next operation, and kept by it until the service shows it", async () => {
    const known: boolean[] = [];
    const recorded = { ...STATE, [HIDDEN_BAG]: LEARNT };
    const { front } = stage({
      read: async (ctx) => {
        known.push(ctx.unshown?.has("token") === true);
        return { name: "n", token: "t0ken", on: true };
      },
      update: async (ctx) => {
        known.push(ctx.unshown?.has("token") === true);
        ctx.unshown?.forget("token");
        return { name: "n", token: "t0ken", on: true };
      },
    });
    expect(bagOf((await front.read("7", recorded)).props)).toEqual(LEARNT);
    expect(bagOf((await front.update("7", recorded, INPUTS)).outs)).toEqual(BAG_WITH_TENANCY);
    expect(known).toEqual([true, true]);
  });

  test("outlives an update that only brings the stub up to date", async () => {
    const { front } = stage();
    const recorded = { ...STATE, [HIDDEN_BAG]: LEARNT, __provider: "older" };
    expect(bagOf((await front.update("7", recorded, INPUTS)).outs)).toEqual(LEARNT);
  });
});
