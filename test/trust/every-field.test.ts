import { start, type Emulator } from "../../emulator";
import type { AnyDefinition } from "../../provider/core/lifecycle/cloud";
import { isSameValue } from "../../provider/core/fields/diff";
import { EXISTING, TWO_VALUES } from "../support/field-values";
import { inNewProcess } from "../support/in-new-process";
import { allDefinitions } from "./support/all-definitions";

/**
 * Every argument of every resource travels to the service and back: with the create, changed alone, and taken away. What is read is what
 * the service has: a read is told another value than the one that was written.
 */

type Values = Record<string, unknown>;

jest.setTimeout(60_000);

let emulator: Emulator;
beforeAll(async () => {
  emulator = await start({ seed: 11, zstack: { pollsBeforeDone: 0 } });
});
afterAll(() => emulator.close());
beforeEach(() => {
  const { zstack } = emulator;
  for (const index of [0, 1] as const) {
    zstack.tagPatterns.add({ uuid: EXISTING.pattern[index], name: `pattern ${index}` });
    zstack.topics.add({ uuid: EXISTING.topic[index], name: `topic ${index}` });
    zstack.endpoints.add({ uuid: EXISTING.endpoint[index], name: `endpoint ${index}` });
    zstack.alarms.add({ uuid: EXISTING.alarm[index], name: `alarm ${index}` });
    zstack.eventSubscriptions.add({ uuid: EXISTING.subscription[index], name: `events ${index}` });
  }
});
afterEach(() => {
  emulator.reset();
});

/** The arguments that describe something on the server. */
function sentArguments({ fields }: AnyDefinition): string[] {
  const table = fields as Readonly<Record<string, { change: unknown; local?: true }>>;
  return Object.keys(table).filter(
    (name) => table[name]?.change !== "ignored" && table[name]?.local !== true,
  );
}

/** What a process that knows little may have recorded: another value; of lists that are managed in part, those in question. */
function misled(one: unknown, other: unknown): unknown {
  return Array.isArray(one) && Array.isArray(other)
    ? [...(other as unknown[]), ...(one as unknown[])]
    : other;
}

const CASES = allDefinitions().flatMap((definition) =>
  sentArguments(definition).map((name) => [definition.token, name, definition] as const),
);

test("every argument has values here", () => {
  expect(CASES.filter(([, name]) => TWO_VALUES[name] === undefined).map(([, name]) => name)).toEqual([]);
});

test.each(CASES)("%s: %s is made, changed and taken away on the server", async (token, name, definition) => {
  const fields = definition.fields as Readonly<
    Record<string, { required?: true; default?: unknown; unclearable?: true; change: unknown; type: never }>
  >;
  const field = fields[name];
  const [one, other] = TWO_VALUES[name] ?? [];
  const plainDefault = (argument: string): unknown =>
    argument === "name"
      ? "named"
      : fields[argument]?.required === true
        ? TWO_VALUES[argument]?.[0]
        : fields[argument]?.default;
  const others = Object.fromEntries(
    Object.keys(fields)
      .filter((argument) => argument !== name)
      .map((argument) => [argument, plainDefault(argument)] as const)
      .filter(([, value]) => value !== undefined),
  );
  const inputsWith = (value: unknown): Values => ({
    ...others,
    ...(value === undefined ? {} : { [name]: value }),
  });
  const expectOnServer = async (id: string, value: unknown, wrong: unknown): Promise<Values> => {
    const state = await inNewProcess(
      emulator,
      token,
      (ctx) => definition.read(ctx, id, inputsWith(misled(value ?? one, wrong)) as never) as Promise<Values>,
    );
    expect({ is: state[name], isRight: isSameValue(field as never, state[name], value) }).toMatchObject({
      isRight: true,
    });
    return state;
  };

  const { id } = await inNewProcess(emulator, token, (ctx) => definition.create(ctx, inputsWith(one)));
  let state = await expectOnServer(id, one, other);
  if (field?.change === "replace") {
    return;
  }
  await inNewProcess(emulator, token, (ctx) => definition.update(ctx, id, state as never, inputsWith(other)));
  state = await expectOnServer(id, other, one);
  if (field?.required === true || field?.unclearable === true || field?.default !== undefined) {
    return;
  }
  await inNewProcess(emulator, token, (ctx) =>
    definition.update(ctx, id, state as never, inputsWith(undefined)),
  );
  await expectOnServer(id, undefined, other);
});
