/** What the reference says must be allowed is what a resource calls in its life: nothing is missing there, and nothing too much. */
import { start, SECURITY_CENTER_COVERAGE, ZSTACK_COVERAGE, type Emulator } from "../../emulator";
import { EXISTING, TWO_VALUES } from "../support/field-values";
import { inNewProcess } from "../support/in-new-process";
import { allDefinitions } from "../trust/support/all-definitions";
import { inChinese, page, referencePageOf } from "./pages";

jest.setTimeout(60_000);

type Values = Record<string, unknown>;
type Fields = Readonly<Record<string, { required?: true; default?: unknown; change: unknown; local?: true }>>;

/** What a connection calls by itself, whatever it is used for. */
const OF_THE_CONNECTION: readonly string[] = ["LogInByAccount", "LogOut", "GetVersion", "PollJob"];
/** Said of calls that a life without trouble does not need. */
const IN_TROUBLE: readonly string[] = [
  "QuerySNSApplicationEndpoint",
  "QuerySNSTopic",
  "QuerySNSTopicSubscriber",
];

const OPERATIONS: readonly string[] = [...ZSTACK_COVERAGE, ...SECURITY_CENTER_COVERAGE].map(
  ({ operation }) => operation,
);

let emulator: Emulator;
beforeAll(async () => {
  emulator = await start({ seed: 11, zstack: { pollsBeforeDone: 0 } });
  const { zstack } = emulator;
  zstack.tagPatterns.add({ uuid: EXISTING.pattern[0], name: "pattern" });
  zstack.topics.add({ uuid: EXISTING.topic[0], name: "topic" });
  zstack.endpoints.add({ uuid: EXISTING.endpoint[0], name: "endpoint" });
  zstack.alarms.add({ uuid: EXISTING.alarm[0], name: "alarm" });
  zstack.eventSubscriptions.add({ uuid: EXISTING.subscription[0], name: "events" });
});
afterAll(() => emulator.close());

test.each(allDefinitions().map((definition) => [definition.token, definition]))(
  "%s calls what its page says, and nothing else",
  async (token, definition) => {
    emulator.journal.clear();
    const fields = definition.fields as Fields;
    const names = Object.keys(fields).filter((name) => fields[name]?.local !== true);
    const pick = (index: 0 | 1): Values =>
      Object.fromEntries(names.map((name) => [name, TWO_VALUES[name]?.[index]]));
    const rest: Values = Object.fromEntries(
      names
        .map(
          (name) => [name, fields[name]?.required ? TWO_VALUES[name]?.[0] : fields[name]?.default] as const,
        )
        .filter(([, value]) => value !== undefined),
    );
    const inputs = { ...pick(0), adopt: "never" };
    const { id, state } = await inNewProcess(emulator, token, (ctx) =>
      definition.create(ctx, inputs as never),
    );
    await inNewProcess(emulator, token, (ctx) => definition.read(ctx, id, state as never));
    if (names.some((name) => fields[name]?.change === "update")) {
      const persons = { "+86-13900000000": "another remark", "+86-13911111111": "" };
      const changed = { ...inputs, ...("atPersons" in fields ? { atPersons: persons } : {}), enabled: false };
      const after = await inNewProcess(emulator, token, (ctx) =>
        definition.update(ctx, id, state as never, changed as never),
      );
      const last = { ...rest, name: "named", adopt: "never" };
      await inNewProcess(emulator, token, (ctx) => definition.update(ctx, id, after as never, last as never));
    }
    await inNewProcess(emulator, token, (ctx) => definition.delete(ctx, id, state as never));

    const called = new Set(emulator.journal.operations().filter((one) => !OF_THE_CONNECTION.includes(one)));
    const file = referencePageOf(token);
    const said = permissionsOn(file);
    expect([...called].filter((operation) => !said.includes(operation))).toEqual([]);
    expect(said.filter((operation) => !called.has(operation) && !IN_TROUBLE.includes(operation))).toEqual([]);
    expect(said.filter((operation) => !OPERATIONS.includes(operation))).toEqual([]);
    expect(permissionsOn(String(inChinese(file)))).toEqual(said);
  },
);

/** The names of calls in the part of a page about permissions. */
function permissionsOn(file: string): string[] {
  const [, part = ""] = /^## (?:Permissions|权限)\n([^]*?)^## /m.exec(page(file).text) ?? [];
  const names = [...part.matchAll(/`(?:yundun-sas:)?([A-Z]\w+)`/g)].map(([, name = ""]) => name);
  return [...new Set(names)];
}
